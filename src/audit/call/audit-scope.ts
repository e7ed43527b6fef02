import { type ExecutionContext } from '@nestjs/common';
import { AsyncLocalStorage } from 'node:async_hooks';
import { type AuditCall } from './audit-call.js';
import { type HandlerCall } from './handler-call.js';
import { requestOf, type AuditRequest } from '../describe/request.js';

/** The handler that we are in. */
export interface Surroundings {
  readonly context: ExecutionContext | undefined;
  /** The request that it is about, as it was when the handler's call began. */
  readonly request: AuditRequest | undefined;
}

/** Where we are: in a handler (`context`), on the way to the audited method of a call (`entrance`), or past that. */
interface Position extends Surroundings {
  readonly entrance?: AuditCall;
}

/**
 * What the parts of one call know of each other. The stores hold no state of their own: each value belongs to the
 * asynchronous context of one call and goes with it.
 */
const positions = new AsyncLocalStorage<Position>();
const awaited = new AsyncLocalStorage<HandlerCall | undefined>();

/** Runs what will lead to the audited method of a call that is already being followed. */
export function atEntranceOf<T>(call: AuditCall, work: () => T): T {
  const { context, request } = call.subject;
  return positions.run({ context, request, entrance: call }, work);
}

/** Runs the audited method itself: calls that it makes are calls of their own. */
export function insideOf<T>(call: AuditCall, work: () => T): T {
  const { context, request } = call.subject;
  return positions.run({ context, request }, work);
}

/** Runs a handler that is not audited itself, but may call what is. */
export function inContext<T>(context: ExecutionContext, work: () => T): T {
  return positions.run(surroundingsOf(context), work);
}

/** The call at whose door we are. */
export function callAtEntrance(): AuditCall | undefined {
  return positions.getStore()?.entrance;
}

/** The handler that we are in; `undefined` outside of handlers. */
export function currentSurroundings(): Surroundings | undefined {
  return positions.getStore();
}

/** To be asked when the handler's call begins. */
export function surroundingsOf(context: ExecutionContext): Surroundings {
  return { context, request: requestOf(context) };
}

/**
 * Remembers a handler's call from its first guard on, for the rest of its asynchronous context: a guard has nothing
 * to wrap, so there is nothing that `run()` could be given.
 */
export function awaitCall(call: HandlerCall | undefined): void {
  if (call !== awaited.getStore()) awaited.enterWith(call);
}

/** The handler's call whose guards we are behind. */
export function awaitedCall(): HandlerCall | undefined {
  return awaited.getStore();
}
