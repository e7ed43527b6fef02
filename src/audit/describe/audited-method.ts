import { type AuditOptions } from './audit-options.js';

const AUDITED_METHOD = Symbol('nestjs-log-stream:audited-method');
const AUDIT_DEFAULTS = Symbol('nestjs-log-stream:audit-defaults');

/** What `@Audit('action', options)` says about a method. One object per decorator: its identity is the method's. */
export interface AuditedMethod {
  readonly name: string;
  readonly action: string;
  readonly options: AuditOptions;
}

export function markAudited(method: object, audited: AuditedMethod): void {
  Reflect.defineMetadata(AUDITED_METHOD, audited, method);
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
