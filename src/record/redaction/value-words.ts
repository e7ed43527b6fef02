/** What says that there is no secret, or that it is not shown: `token=null`. */
const NO_SECRET = words(
  'no none null nil undefined nan true false yes on off empty blank missing absent required optional set unset ' +
    'redacted hidden masked filtered string number boolean',
);

/**
 * What stands behind the name of a secret in an ordinary sentence: `password: must be …`. That a scanner needs such a
 * list is known from the keyword plugin of detect-secrets.
 */
const SAID_OF_SECRETS = words(
  'a an the is are was were be been not ok given provided present found loaded ignored skipped used unused unknown ' +
    'valid invalid wrong incorrect bad good weak strong short long too malformed unexpected expected unsupported ' +
    'supported expired expires revoked rotated renewed refreshed issued created updated changed removed deleted ' +
    'reset sent received stored saved cleared accepted rejected denied forbidden refused disabled enabled failed ' +
    'failure success succeeded matched match mismatch matches mismatched verified unverified confirmed pending must ' +
    'should cannot can could may might will would has have had does did do object any secret password token type ' +
    'length count for from in of to by with and or if at as already only',
);

/** Schemes of `Authorization` (IANA's registry, and those in use beside it): what follows one is the secret. */
const SCHEME =
  /^(?:basic|bearer|concealed|digest|dpop|gnap|hoba|mutual|negotiate|oauth|privatetoken|scram-sha-1|scram-sha-256|vapid|token|api-?key|ntlm|hawk|signature|jwt|key|bot|aws4-hmac-sha256|aws4-ecdsa-p256-sha256|sharedkey(?:lite)?|genie-?key|googlelogin)[ \t]{1,4}(?=[^ \t\r\n])/i;

/** Characters of a value that are enough to tell what it is. */
export const LOOKED_AT = 32;

/** Length of the scheme at the beginning of a value, with the space behind it; 0 when there is none. */
export function schemeLength(beginning: string): number {
  return SCHEME.exec(beginning)?.[0].length ?? 0;
}

/**
 * Whether a text goes on about the secret, rather than telling it.
 *
 * @param isSentence as behind a colon; behind an equals sign stands a value, which may be any word
 */
export function isSaidOfSecret(beginning: string, isSentence: boolean): boolean {
  const word = /^[a-z]{1,16}(?![\w$@#%!+/=-])/i.exec(beginning)?.[0].toLowerCase();
  return word !== undefined && (NO_SECRET.has(word) || (isSentence && SAID_OF_SECRETS.has(word)));
}

/** Two words of lower-case letters: prose, and no token looks like that. */
export function isProse(beginning: string): boolean {
  return /^[a-z]{2,14} \(?[a-z]{2,14}(?![\w=:])/.test(beginning);
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}
