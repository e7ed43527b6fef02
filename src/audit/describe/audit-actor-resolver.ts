import { type ExecutionContext } from '@nestjs/common';
import { type AuditActorLike } from './actor.js';

/**
 * The call whose actor is asked for.
 *
 * @publicApi
 */
export interface AuditActorQuery {
  readonly action: string;
  /** Of the handler that Nest called, also for methods that this handler calls; `undefined` outside of handlers. */
  readonly context: ExecutionContext | undefined;
}

/**
 * Names the actor of a call where the application knows better than `request.user`. Bind a provider of default
 * scope to this token, in any module.
 *
 * A resolver that throws, rejects or does not answer in time makes the actor `unknown`; `undefined` passes the
 * question on to the request, WebSocket client or message context.
 *
 * @publicApi
 */
export abstract class AuditActorResolver {
  abstract resolve(
    query: AuditActorQuery,
  ): AuditActorLike | undefined | null | Promise<AuditActorLike | undefined | null>;
}
