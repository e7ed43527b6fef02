import { type ExecutionContext } from '@nestjs/common';
import { Extraction } from './extraction.js';
import { peerOf } from './peer.js';
import { readPath, readText } from './read-path.js';

/**
 * What a record says about the request that a call belongs to: the route's pattern, never the address itself, whose
 * parts and query may hold secrets.
 *
 * @publicApi
 */
export interface AuditRequest {
  /** HTTP method; `query`, `mutation` or `subscription` for GraphQL. */
  readonly method?: string;
  /** Pattern of the HTTP route, as `/users/:id`. */
  readonly route?: string;
  /** WebSocket event or microservice message pattern; channel, subject or topic where there is no pattern. */
  readonly pattern?: string;
  /** Field of a GraphQL operation. */
  readonly field?: string;
  /** Address of the client, as the platform sees it (`trust proxy` included). */
  readonly ip?: string;
  /** What the platform or a logging middleware called the request. */
  readonly id?: string;
}

type Reader = (context: ExecutionContext) => AuditRequest;

/** How the contexts of Nest's transports are asked for it: TCP and RabbitMQ, Redis, NATS, MQTT and Kafka. */
const RPC_PATTERNS = ['getPattern', 'getChannel', 'getSubject', 'getTopic'] as const;

const READERS: Readonly<Record<string, Reader>> = {
  http: (context) => {
    const request: unknown = context.getArgByIndex(0);
    const route = readText(request, 'routeOptions', 'url') ?? readText(request, 'route', 'path');
    return { method: readText(request, 'method'), route, ...clientOf(request) };
  },
  ws: (context) => ({ pattern: readText(context.switchToWs().getPattern()) }),
  rpc: (context) => {
    const shared: unknown = context.switchToRpc().getContext();
    const asked = RPC_PATTERNS.map((method) => callText(shared, method));
    // gRPC brings its metadata as the context, and the call itself as a further argument.
    return { pattern: [...asked, callText(context.getArgByIndex(2), 'getPath')].find((found) => found) };
  },
  graphql: (context) => {
    const info: unknown = context.getArgByIndex(3);
    const method = readText(info, 'operation', 'operation');
    return {
      method,
      field: readText(info, 'fieldName'),
      ...clientOf(readPath(context.getArgByIndex(2), 'req')),
    };
  },
};

/** Where each kind of context carries the user that a guard or an adapter has authenticated. */
const USERS: Readonly<Record<string, (context: ExecutionContext) => readonly unknown[]>> = {
  http: (context) => [readPath(context.getArgByIndex(0), 'user')],
  ws: (context) => {
    const client: unknown = context.switchToWs().getClient();
    return [
      readPath(client, 'user'),
      readPath(client, 'data', 'user'),
      readPath(client, 'request', 'user'),
      readPath(client, 'upgradeReq', 'user'),
    ];
  },
  rpc: (context) => [readPath(context.switchToRpc().getContext(), 'user')],
  graphql: (context) => {
    const shared: unknown = context.getArgByIndex(2);
    return [readPath(shared, 'req', 'user'), readPath(shared, 'user')];
  },
};

/** Arguments of Nest's own making, which hold no data of the call and must not be copied. */
const PLATFORM_ARGS: Readonly<Record<string, readonly number[]>> = {
  http: [0, 1, 2],
  ws: [0],
  rpc: [1],
  graphql: [2, 3],
};

/** The request, the response, the socket: whatever the platform brought to a handler. */
export function platformObjectsOf(context: ExecutionContext | undefined): ReadonlySet<unknown> {
  const indexes = context ? (PLATFORM_ARGS[context.getType<string>()] ?? []) : [];
  return new Set(indexes.map((index) => context?.getArgByIndex<unknown>(index)));
}

/** `undefined` when nothing is known. Never throws. */
export function requestOf(context: ExecutionContext | undefined): AuditRequest | undefined {
  if (!context) return undefined;
  const read = new Extraction(() => READERS[context.getType<string>()]?.(context)).value ?? {};
  const known = Object.entries(read).filter(([, value]) => value !== undefined);
  return known.length > 0 ? Object.fromEntries(known) : undefined;
}

export function userOf(context: ExecutionContext | undefined): unknown {
  if (!context) return undefined;
  return USERS[context.getType<string>()]?.(context).find((user) => user !== undefined && user !== null);
}

function clientOf(request: unknown): AuditRequest {
  const id = readPath(request, 'id');
  return {
    ip: readText(request, 'ip') ?? peerOf(request),
    id: typeof id === 'number' ? String(id) : readText(id),
  };
}

function callText(target: unknown, method: string): string | undefined {
  const call = readPath(target, method);
  return typeof call === 'function' ? readText(Reflect.apply(call, target, [])) : undefined;
}
