import { AsyncLocalStorage } from 'node:async_hooks';
import { type AuditActorLike } from './actor.js';

/** One for all copies of this package: the app may run as somebody by one, and audit by the other. */
const ACTORS = Symbol.for('nestjs-log-stream:actors');

/**
 * Runs a function on behalf of an actor: every `@Audit` record made during it, and during everything that it
 * starts, names that actor. For jobs, queues and scripts, where no request says who acts.
 *
 * @publicApi
 */
export function runAs<T>(actor: AuditActorLike, work: () => T): T {
  return actors().run(actor, work);
}

/** The actor of the innermost {@link runAs}. */
export function actingAs(): AuditActorLike | undefined {
  return actors().getStore();
}

function actors(): AsyncLocalStorage<AuditActorLike> {
  const shared = globalThis as unknown as Record<symbol, AsyncLocalStorage<AuditActorLike> | undefined>;
  return (shared[ACTORS] ??= new AsyncLocalStorage());
}
