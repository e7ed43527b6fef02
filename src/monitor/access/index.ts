export { type Authorize } from '../../options/log-stream-options.js';
export { anyOf } from './any-of.js';
export { basicAuth, type BasicAuthOptions, type BasicUsers, type VerifyPassword } from './basic-auth.js';
export { bearerToken, type BearerTokens, type VerifyToken } from './bearer-token.js';
export { LogStreamTickets, type LogStreamTicketsOptions, type TicketOptions } from './log-stream-tickets.js';
export { type Authorization, type Principal } from '../../wire/principal.js';
export { type Authorizer } from './authorizer.js';
export { type RedeemTicket } from './used-tickets.js';
export { type TicketExtras } from './ticket-extras.js';
