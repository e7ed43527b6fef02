import { AsyncLocalStorage } from 'node:async_hooks';
import { type AuditActorLike } from './actor.js';

const actors = new AsyncLocalStorage<AuditActorLike>();

/**
 * Runs a function on behalf of an actor: every `@Audit` record made during it, and during everything that it
 * starts, names that actor. For jobs, queues and scripts, where no request says who acts.
 *
 * @publicApi
 */
export function runAs<T>(actor: AuditActorLike, work: () => T): T {
  return actors.run(actor, work);
}

/** The actor of the innermost {@link runAs}. */
export function actingAs(): AuditActorLike | undefined {
  return actors.getStore();
}
