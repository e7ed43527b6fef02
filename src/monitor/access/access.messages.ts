export const principalMustHave = (field: string, expected: string): string =>
  `a principal must have ${expected} as \`${field}\``;

export const noPrincipal = (what: string): string =>
  `${what} is no principal, which is an object of its own with at least one of id, categories, filter and expiresAt, ` +
  'and nothing else (`true` is somebody who may see everything)';

export const CATEGORIES_EXPECTED = "a list of 'system' and 'audit'";
export const ID_EXPECTED = 'a text that is not empty';
export const EXPIRY_EXPECTED = 'a Date or a number of milliseconds since the epoch';
export const FILTER_EXPECTED = (problem: string): string => `a filter of the monitor (${problem})`;
export const noSuchField = (field: string, meant: string | undefined): string =>
  `a principal has no \`${field}\`, which would restrict nothing; ` +
  (meant === undefined
    ? 'it has id, categories, filter and expiresAt alone: make one of what your user has'
    : `it is \`${meant}\``);

export const answeredNoPrincipal = (problem: string): string =>
  `the option \`authorize\` of LogStreamModule answered with what lets nobody in: ${problem}`;

export const secretsExpected = (authorizer: string, what: string): string =>
  `${authorizer} needs ${what}; is an environment variable missing?`;

export const TOKENS_EXPECTED = 'a token, a list of tokens, a Map of tokens to principals, or a function';
export const USERS_EXPECTED =
  'an object of user names (without colon) to passwords or { password, principal }, or a function';

export const REALM_EXPECTED =
  'The `realm` of basicAuth() must be a text of printable ASCII without quotes and backslashes, as `log stream`.';

export const TICKET_KEY = `A key for tickets must have at least 32 bytes, as from \`openssl rand -base64 32\`.`;
export const TICKET_REDEEM =
  'The option `redeem` of LogStreamTickets must be a function (id, expiresAt) that answers true once for each id.';
export const ticketTtl = (most: number): string =>
  `The \`ttl\` of a ticket must be a whole number of milliseconds from 1 to ${most}.`;
export const ticketTooLong = (most: number): string =>
  `The principal is too large for a ticket, which may have ${most} characters.`;
