/**
 * What is hidden in records before anybody is given them: by the history, to observers, to watchers. The console output of
 * the inner logger stays as it is; Nest's `ConsoleLogger` has an option `redact` of its own.
 *
 * @publicApi
 */
export interface RedactOptions {
  /**
   * Names of secret fields, beside the default ones, as in Nest's own `redact`: a name (`'pass_code'`) at any depth, or
   * a dotted path (`'user.email'`), which are the last names that lead to a field. Case does not matter, and
   * places in arrays are no names.
   * @default []
   */
  keys?: readonly string[];
  /**
   * Hides the fields of `DEFAULT_SECRET_KEYS` and what ends as `DEFAULT_SECRET_ENDINGS`: passwords, tokens, keys, cookies,
   * card data.
   * @default true
   */
  defaults?: boolean;
  /**
   * Hides what looks like a secret in any text: bearer and basic credentials, JSON web tokens, card numbers, private
   * keys, URLs with credentials, tokens of known issuers; and what stands there behind a secret name (`password=…`).
   * @default true
   */
  patterns?: boolean;
  /**
   * What stands in the place of a secret, at most 64 characters.
   * @default '[REDACTED]'
   */
  censor?: string;
  /**
   * Puts `[hmac:<16 hex digits>]` there instead, a keyed hash (HMAC-SHA-256, its first 64 bits): equal secrets stay
   * comparable, and without the key nobody can try out candidates. Costs some microseconds for each secret.
   * @default no hash, the censor
   */
  hash?: {
    /** The key, at least 16 characters; keep it as secret as what it hides. */
    key: string;
  };
}
