import { UseFilters, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { type Observable } from 'rxjs';
import {
  auditedMethodAt,
  auditedMethodOf,
  chainOf,
  markAudited,
  registryOf,
  type AuditedMethod,
} from '../describe/audited-method.js';
import { readPath } from '../describe/read-path.js';
import { interceptFirst } from '../../story/first-interceptor.js';
import { AuditObserver } from './audit.observer.js';
import { followHandler } from './follow-handler.js';

const OBSERVED = Symbol('nestjs-log-stream:observed-handler');

/**
 * Follows a handler that stands in for an audited method. One for all apps that share the class: Nest would construct an
 * interceptor for each only where it had found it when it scanned the modules. So the call is the one that the guards have
 * opened; where there is none, the method opens its own, inside of this context.
 */
class StandInInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return followHandler(context, next, () => undefined);
  }
}

/**
 * Makes what stands in for audited methods known as such: what a foreign decorator has put in their place without a copy
 * of their metadata. Found by class and key.
 *
 * @returns where that was not possible: several methods have one and the same stand-in
 */
export function adoptStandIns(prototypes: Iterable<object>): readonly (readonly [object, PropertyKey])[] {
  const claims = [...prototypes].flatMap((prototype) =>
    [...registryOf(prototype)].map(([key, audited]) => ({
      prototype,
      key,
      audited,
      standIn: ownMethod(prototype, key),
    })),
  );
  const open = claims.filter(({ standIn }) => standIn && !auditedMethodOf(standIn));
  const isShared = (standIn: unknown, audited: AuditedMethod): boolean =>
    open.some((other) => other.standIn === standIn && other.audited !== audited);
  for (const { standIn, audited } of open)
    if (!isShared(standIn, audited)) adopt(standIn as Function, audited);
  return open
    .filter(({ standIn, audited }) => isShared(standIn, audited))
    .map(({ prototype, key }) => [prototype, key]);
}

/** The same for what an instance has of its own, as `this.find = this.find.bind(this)` in its constructor. */
export function adoptOwnMethods(instance: object): void {
  const prototype = Object.getPrototypeOf(instance) as object;
  for (const key of auditedKeysOf(prototype)) {
    const own = ownMethod(instance, key);
    const audited = auditedMethodAt(prototype, key);
    if (own && audited && !auditedMethodOf(own)) {
      adopt(own, audited);
      observe(own);
    }
  }
}

/** Keys of the audited methods of a class, inherited ones included, that an instance has something else for. */
export function hiddenMethods(instance: object): readonly PropertyKey[] {
  const prototype = Object.getPrototypeOf(instance) as object;
  return auditedKeysOf(prototype).filter((key) => {
    const method = readPath(instance, key);
    const audited = auditedMethodAt(prototype, key);
    return typeof method === 'function' && audited !== undefined && auditedMethodOf(method) !== audited;
  });
}

/** Binds the observer behind all other filters of a handler: Nest asks the last one first. */
export function observe(handler: Function): void {
  if (Reflect.hasOwnMetadata(OBSERVED, handler)) return;
  Reflect.defineMetadata(OBSERVED, true, handler);
  UseFilters(new AuditObserver())({}, handler.name, { value: handler });
}

function adopt(standIn: Function, audited: AuditedMethod): void {
  markAudited(standIn, audited);
  // Before its other interceptors, as the decorator does it.
  interceptFirst(standIn, new StandInInterceptor());
}

function auditedKeysOf(prototype: object): readonly PropertyKey[] {
  return [...new Set(chainOf(prototype).flatMap((each) => [...registryOf(each).keys()]))];
}

function ownMethod(holder: object, key: PropertyKey): Function | undefined {
  const value: unknown = Object.getOwnPropertyDescriptor(holder, key)?.value;
  return typeof value === 'function' ? value : undefined;
}
