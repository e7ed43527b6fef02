/**
 * What made a record an audit record. Only `api` and `decorator` can be trusted: whoever can get text
 * logged can forge a flag or a prefix.
 *
 * @publicApi
 */
export type AuditOrigin = 'api' | 'decorator' | 'flag' | 'logger_prefix' | 'message_prefix';
