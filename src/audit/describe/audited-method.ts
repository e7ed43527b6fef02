import { type AuditOptions } from './audit-options.js';

const AUDITED_METHOD = Symbol('nestjs-log-stream:audited-method');
const AUDITED_KEYS = Symbol('nestjs-log-stream:audited-keys');
const AUDIT_DEFAULTS = Symbol('nestjs-log-stream:audit-defaults');

/** What `@Audit('action', options)` says about a method. One object per decorator: its identity is the method's. */
export interface AuditedMethod {
  readonly name: string;
  readonly action: string;
  readonly options: AuditOptions;
}

/** @param method the function itself; or what stands in for it, as a foreign decorator's wrapper or a bound copy */
export function markAudited(method: object, audited: AuditedMethod): void {
  Reflect.defineMetadata(AUDITED_METHOD, audited, method);
}

/**
 * Remembers under which key a class has an audited method. What has been attached to a function is lost as soon as
 * something else takes its place; class and key are not.
 */
export function registerAudited(prototype: object, key: PropertyKey, audited: AuditedMethod): void {
  Reflect.defineMetadata(AUDITED_KEYS, new Map([...registryOf(prototype), [key, audited]]), prototype);
}

/** The audited methods of a class itself by their keys, whatever stands there now. */
export function registryOf(prototype: object): ReadonlyMap<PropertyKey, AuditedMethod> {
  const own: unknown = Reflect.getOwnMetadata(AUDITED_KEYS, prototype);
  return (own as ReadonlyMap<PropertyKey, AuditedMethod> | undefined) ?? new Map();
}

/** The audited method that instances of a class have under a key, hidden ones included; overridden ones are not. */
export function auditedMethodAt(prototype: object, key: PropertyKey): AuditedMethod | undefined {
  const holder = chainOf(prototype).find((candidate) => Object.hasOwn(candidate, key));
  if (!holder) return undefined;
  const method: unknown = Object.getOwnPropertyDescriptor(holder, key)?.value;
  return auditedMethodOf(method) ?? registryOf(holder).get(key);
}

/** A prototype and those that it inherits from, without `Object.prototype`. */
export function chainOf(prototype: object): readonly object[] {
  const parent: unknown = Object.getPrototypeOf(prototype);
  if (typeof parent !== 'object' || parent === null || parent === Object.prototype) return [prototype];
  return [prototype, ...chainOf(parent)];
}

export function auditedMethodOf(method: unknown): AuditedMethod | undefined {
  if (typeof method !== 'function') return undefined;
  return Reflect.getMetadata(AUDITED_METHOD, method) as AuditedMethod | undefined;
}

export function setAuditDefaults(target: object, defaults: AuditOptions): void {
  Reflect.defineMetadata(AUDIT_DEFAULTS, defaults, target);
}

/** Of the class, or else of the nearest parent that has some. */
export function auditDefaultsOf(target: object): AuditOptions | undefined {
  return Reflect.getMetadata(AUDIT_DEFAULTS, target) as AuditOptions | undefined;
}
