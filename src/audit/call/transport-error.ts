import { type ExecutionContext } from '@nestjs/common';
import { type AuditUnavailableError } from '../deliver/audit-unavailable.error.js';

/**
 * The error as the transport of a handler passes it on: outside of HTTP and GraphQL Nest hides every exception that is
 * not of the transport's own kind behind "Internal server error".
 */
export async function transportError(
  error: AuditUnavailableError,
  context: ExecutionContext,
): Promise<Error> {
  const { message, code } = error;
  const answer = { status: 'error', message, code };
  switch (context.getType()) {
    case 'ws':
      return Object.assign(await wsException(answer), { cause: error });
    case 'rpc':
      return Object.assign(await rpcException(answer), { cause: error });
    default:
      return error;
  }
}

/** Loaded here: an app without gateways never comes here. */
async function wsException(answer: object): Promise<Error> {
  const { WsException } = await import('@nestjs/websockets');
  return new WsException(answer);
}

/** Only apps with microservices have the package, and only they come here. */
async function rpcException(answer: object): Promise<Error> {
  const { RpcException } = await import('@nestjs/microservices');
  return new RpcException(answer);
}
