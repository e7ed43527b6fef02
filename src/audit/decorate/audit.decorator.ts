import { noteDecorator } from '../../options/package-copies.js';
import { UseGuards, UseInterceptors } from '@nestjs/common';
import { type AuditAction } from '../audit-actions.js';
import { nestLevelOf } from '../../record/level.js';
import { injectHostModule } from '../call/audit-host.js';
import {
  type AnyMethod,
  type AsyncMethod,
  type AuditOptions,
  type UntypedMethod,
} from '../describe/audit-options.js';
import { AuditGuard } from '../nest/audit.guard.js';
import { AuditInterceptor } from '../nest/audit.interceptor.js';
import { adoptOwnMethods } from '../nest/stand-in.js';
import * as messages from '../audit.messages.js';
import {
  auditedMethodOf,
  markAudited,
  registerAudited,
  registryOf,
  setAuditDefaults,
} from '../describe/audited-method.js';
import { declareName } from '../describe/class-name.js';
import { inherit } from './inherit.js';
import { resultShapeOf } from '../call/result-shape.js';
import { wrapMethod, type Method } from './wrap-method.js';

/**
 * What `@Audit()` is with `failure: 'closed'`: only for methods whose callers wait anyway. A synchronous one would have
 * to run before its intent is stored.
 *
 * @publicApi
 */
export type ClosedMethodDecorator = <Method extends AsyncMethod>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<Method>,
) => void;

const GUARDED = Symbol('nestjs-log-stream:guarded-class');

/**
 * Audits a method: exactly one record per call, however it ends, whether Nest calls it (HTTP, WebSocket, microservice,
 * GraphQL) or the application does. The method's value, error and timing stay as they are.
 *
 * ```ts
 * @Audit<UsersController['changeRole']>('user_role_changed', {
 *   metadata: ({ args: [id, { role }], result }) => ({ id, role, before: result?.before }),
 * })
 * ```
 *
 * A `super` call of another audited method, and any other method that the audited one calls, is a call of its own.
 * An Observable makes one record per subscription, a generator one when it has ended; a stream that is still
 * there after ten seconds, and every `@Sse()`, makes one for its start as well. Middleware and routes that do not exist stay outside.
 *
 * With `failure: 'closed'` the method does not run, and its caller gets an `AuditUnavailableError` (503), unless an
 * intent has been made durable before; and the result is held back until the outcome is durable, or the trail's
 * deadline has passed. Where an interceptor around this one tries again, outside of HTTP, each attempt is a call of its own.
 *
 * @throws TypeError at the class definition, when the action is missing or an option cannot be honoured
 * @publicApi
 */
export function Audit<Method extends AnyMethod = UntypedMethod>(
  action: AuditAction,
  options: AuditOptions<Method> & { readonly failure: 'closed' },
): ClosedMethodDecorator;

/**
 * Audits a method: exactly one record per call, however it ends.
 *
 * @throws TypeError at the class definition, when the action is missing or an option cannot be honoured
 * @publicApi
 */
export function Audit<Method extends AnyMethod = UntypedMethod>(
  action: AuditAction,
  options?: AuditOptions<Method>,
): MethodDecorator;

/**
 * On a class: defaults for the options of its audited methods, and of its subclasses'. Audits nothing by itself. A
 * method's own option replaces the default; `include` and `redact` add up.
 *
 * @publicApi
 */
export function Audit(defaults: AuditOptions): ClassDecorator;

export function Audit(
  actionOrDefaults: string | AuditOptions,
  options: AuditOptions<never> = {},
): MethodDecorator & ClassDecorator & ClosedMethodDecorator {
  noteDecorator();
  const decorate = (target: object, key?: string | symbol, descriptor?: PropertyDescriptor): void => {
    if (key === undefined) decorateClass(target as Function, actionOrDefaults);
    else decorateMethod(target, key, descriptor, actionOrDefaults, options as unknown as AuditOptions);
  };
  return decorate;
}

function decorateClass(target: Function, defaults: unknown): void {
  if (typeof defaults !== 'object' || defaults === null)
    throw new TypeError(messages.actionOnClass(target.name));
  checkOptions(target.name, defaults);
  setAuditDefaults(target, defaults);
}

function decorateMethod(
  prototype: object,
  key: string | symbol,
  descriptor: PropertyDescriptor | undefined,
  action: unknown,
  options: AuditOptions,
): void {
  const where = `${prototype.constructor.name}.${String(key)}`;
  if (typeof prototype === 'function' || typeof descriptor?.value !== 'function') {
    throw new TypeError(messages.notAMethod(where));
  }
  if (typeof action === 'object') throw new TypeError(messages.defaultsOnMethod(where));
  if (typeof action !== 'string' || action === '')
    throw new TypeError(messages.decoratorActionMissing(where));
  if (auditedMethodOf(descriptor.value) || registryOf(prototype).has(key))
    throw new TypeError(messages.auditedTwice(where));
  checkOptions(where, options);

  const audited = { name: String(key), action, options };
  const original = descriptor.value as Method;
  const shape = resultShapeOf(original, prototype, key);
  if (shape === 'none' && options.failure === 'closed')
    throw new TypeError(messages.closedIsSynchronous(where));
  descriptor.value = wrapMethod(original, audited, shape === 'none' ? undefined : shape);
  markAudited(descriptor.value, audited);
  registerAudited(prototype, key, audited);
  declareName(prototype);
  // Before the method's other interceptors, whatever the order of the decorators: it has to see what they do.
  UseInterceptors(AuditInterceptor)(prototype, key, descriptor);
  inherit(descriptor.value, original);
  guardFirst(prototype.constructor);
  injectHostModule(prototype, adoptOwnMethods);
}

/**
 * Puts the guard before the class's own: method decorators run first. It is on the class because global guards do not
 * run for a microservice that was connected without `inheritAppConfig`.
 */
function guardFirst(target: Function): void {
  if (Reflect.hasMetadata(GUARDED, target)) return;
  Reflect.defineMetadata(GUARDED, true, target);
  UseGuards(AuditGuard)(target);
}

function checkOptions(where: string, { failure = 'open', level = 'log' }: AuditOptions): void {
  if (failure !== 'open' && failure !== 'closed')
    throw new TypeError(messages.failureUnknown(where, failure));
  if (!nestLevelOf(level)) throw new TypeError(messages.decoratorLevelUnknown(where, level));
}
