/**
 * Names whose values are secrets wherever they stand, in snake case; {@link DEFAULT_SECRET_KEYS} has the other spellings.
 *
 * What must stay out of logs is the OWASP Logging Cheat Sheet's "Data to exclude"; how people call it comes from the
 * deny list of Sentry's scrubber and from the filter of a new Rails app. Left out of theirs is what more often
 * names no secret: `auth`, `session`, `email`, `salt`, `certificate`, and anything matched by a part of a name.
 */
const NAMES = [
  'password',
  'passwd',
  'passphrase',
  'pwd',
  'pin',
  'otp',
  'secret',
  'client_secret',
  'credentials',
  'connection_string',
  'token',
  'access_token',
  'refresh_token',
  'id_token',
  'auth_token',
  'session_token',
  'csrf_token',
  'xsrf_token',
  'api_key',
  'api_token',
  'api_secret',
  'access_key',
  'secret_key',
  'secret_access_key',
  'private_key',
  'signing_key',
  'encryption_key',
  'authorization',
  'proxy_authorization',
  'cookie',
  'set_cookie',
  'x_api_key',
  'x_auth_token',
  'x_access_token',
  'x_csrf_token',
  'x_xsrf_token',
  'x_amz_security_token',
  'credit_card',
  'credit_card_number',
  'card_number',
  'cvv',
  'cvc',
  'ssn',
] as const;

/**
 * Fields that are hidden unless `redact.defaults` is false, at any depth and in any case: as `api_key`, as the header
 * `api-key`, and as `apikey`, which is also `apiKey`.
 *
 * @publicApi
 */
export const DEFAULT_SECRET_KEYS: readonly string[] = Object.freeze([
  ...new Set(NAMES.flatMap((name) => [name, name.replaceAll('_', '-'), name.replaceAll('_', '')])),
]);
