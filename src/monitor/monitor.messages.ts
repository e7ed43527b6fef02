import { type ResolvedLimits } from '../options/resolved-options.js';
import { thrownText } from './thrown-text.js';

export const foreignAdapter = (path: string): string =>
  `The monitor on '${path}' needs plain WebSockets, but something else than its own adapter has created its server. If ` +
  "this app replaces Nest's `ApplicationConfig` or its method `getIoAdapter`, let it call the one that was there.";

export const noSlashAtEnd = (path: string): string =>
  `The monitor is at ${path}, without a slash at the end.`;

export const needsUpgrade = (path: string): string =>
  `${path} speaks WebSocket: connect with ws:// or wss://. Behind a proxy, let it pass the headers Upgrade and Connection on.`;

export const pathTaken = (path: string): string =>
  `The monitor shares '${path}' with another gateway of this app, whose options would decide who may watch. ` +
  'Give that gateway another path, or set the option `path` of LogStreamModule.';

export const watchRefused = (path: string, reason: string, unreported: number): string =>
  `Refused to let somebody watch '${path}': ${reason}.` +
  (unreported > 0 ? ` (${unreported} more since the last such line)` : '');

export const NOT_LOCAL =
  'only this machine may watch while the option `authorize` of LogStreamModule is not set; ' +
  'set it to decide who else may';

export const FOREIGN_ORIGIN =
  'its page comes from another host; add its origin to the option `allowedOrigins` of LogStreamModule to allow it';

export const NOT_AUTHORIZED = 'the option `authorize` of LogStreamModule said no';

export const FORBIDDEN =
  'the option `authorize` of LogStreamModule knows who it is, but lets them see nothing';

export const REVOKED = 'the permission was withdrawn while it was being looked up';

export const expiredBefore = (time: number): string =>
  `its permission ended at ${new Date(time).toISOString()} (\`expiresAt\` is in milliseconds since the epoch)`;

export const undecidedFor = ({ authorizeMs }: Pick<ResolvedLimits, 'authorizeMs'>): string =>
  `the option \`authorize\` of LogStreamModule did not answer within ${authorizeMs} ms (\`limits.authorizeMs\`)`;

export const tooManyClients = ({ clients }: Pick<ResolvedLimits, 'clients'>): string =>
  `there are ${clients} clients already; see the option \`limits.clients\` of LogStreamModule`;

export const tooManyFromAddress = ({
  clientsPerAddress,
}: Pick<ResolvedLimits, 'clientsPerAddress'>): string =>
  `there are ${clientsPerAddress} clients of its address already; see the option \`limits.clientsPerAddress\` of ` +
  'LogStreamModule';

export const tooManyMessages = ({ count, windowMs }: ResolvedLimits['messages']): string =>
  `More than ${count} messages in ${windowMs / 1000} s.`;

export const authorizeThrew = (error: unknown): string =>
  `the option \`authorize\` of LogStreamModule threw ${thrownText(error)}`;

export const admissionFailed = (error: unknown): string =>
  `letting it in failed (${thrownText(error)}); if no code of this app stands in the way, report it as a bug`;
