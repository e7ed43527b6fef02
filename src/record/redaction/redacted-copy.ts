import { types } from 'node:util';
import { RECORD_LIMITS } from '../record-limits.js';
import { type PathStep } from './secret-keys.js';
import { type Redaction } from './redaction.js';

/** Objects looked at for one message. `logger.log(request)` reaches thousands; Nest prints only the outer levels. */
const MOST_OBJECTS = 10_000;

/** Says what the secret that it is given is replaced by. */
export type Replace = (secret: unknown) => string;

/**
 * Copies what is about to be printed as a message without its secrets; what has none is returned as it is, so that
 * it prints as always. As Nest's own `redact` does, it looks at fields, arrays, maps, sets and errors, and keeps the
 * classes of what it copies. Getters, which printing does not call either, are not called.
 */
export class RedactedCopy {
  private readonly way: PathStep[] = [];
  private readonly ancestors: object[] = [];
  private objects = 0;
  private isNeeded = false;

  constructor(
    private readonly redaction: Redaction,
    private readonly replace: Replace,
  ) {}

  of(message: unknown): unknown {
    const copy = this.visit(message);
    // A cycle alone needs none: printing says so in its own words.
    return this.isNeeded ? copy : message;
  }

  private visit(value: unknown): unknown {
    switch (typeof value) {
      case 'string':
        return this.instead(value, this.redaction.texts?.clean(value, RECORD_LIMITS.text) ?? value);
      case 'number':
        return this.instead(value, this.redaction.texts?.cleanNumber(value) ?? value);
      case 'object':
        return value === null ? null : this.object(value);
      default:
        return value;
    }
  }

  private instead<T>(original: unknown, replacement: T): T {
    this.isNeeded ||= !Object.is(original, replacement);
    return replacement;
  }

  private object(value: object): unknown {
    if (this.ancestors.includes(value)) return '[Circular]';
    this.objects += 1;
    if (this.ancestors.length > RECORD_LIMITS.depth || this.objects > MOST_OBJECTS) {
      return this.instead(value, '[Object]');
    }
    this.ancestors.push(value);
    try {
      if (Array.isArray(value)) return this.list(value) ?? value;
      if (types.isMap(value)) return this.map(value);
      if (types.isSet(value)) return this.set(value);
      return isOpaque(value) ? value : this.fields(value);
    } catch {
      // As a revoked proxy: nobody can tell what printing would show of it.
      return this.instead(value, '[Unreadable]');
    } finally {
      this.ancestors.pop();
    }
  }

  private field(name: string, value: unknown): unknown {
    const field = this.redaction.names.of(name);
    if (this.redaction.names.isSecret(field, this.way, value)) return this.instead(value, this.replace(value));
    this.way.push(field);
    try {
      return this.visit(value);
    } finally {
      this.way.pop();
    }
  }

  private list(source: readonly unknown[]): unknown[] | undefined {
    let copy: unknown[] | undefined;
    for (let index = 0; index < Math.min(source.length, RECORD_LIMITS.entries); index++) {
      const redacted = this.visit(source[index]);
      if (Object.is(redacted, source[index])) continue;
      copy ??= source.slice();
      copy[index] = redacted;
    }
    return copy;
  }

  private map(source: ReadonlyMap<unknown, unknown>): unknown {
    const entries: [unknown, unknown][] = [];
    let isCopy = false;
    for (const [key, value] of source) {
      if (entries.length === RECORD_LIMITS.entries) break;
      const [name, redacted] = [
        this.visit(key),
        typeof key === 'string' ? this.field(key, value) : this.visit(value),
      ];
      isCopy ||= !Object.is(redacted, value) || !Object.is(name, key);
      entries.push([name, redacted]);
    }
    return isCopy ? new Map(entries) : source;
  }

  private set(source: ReadonlySet<unknown>): unknown {
    const values: unknown[] = [];
    for (const value of source) {
      if (values.length === RECORD_LIMITS.entries) break;
      values.push(value);
    }
    const copy = this.list(values);
    return copy ? new Set(copy) : source;
  }

  private fields(source: object): object {
    const descriptors = Object.getOwnPropertyDescriptors(source) as Record<PropertyKey, PropertyDescriptor>;
    // A proxy is printed as what is behind it, whatever it says about itself: a copy prints what it says.
    let isCopy = types.isProxy(source);
    this.isNeeded ||= isCopy;
    for (const name of Object.getOwnPropertyNames(source)) {
      const descriptor = descriptors[name];
      if (!descriptor || !('value' in descriptor)) continue;
      const redacted = this.field(name, descriptor.value);
      if (Object.is(redacted, descriptor.value)) continue;
      isCopy = true;
      Object.defineProperty(descriptors, name, { value: { ...descriptor, value: redacted } });
    }
    if (!isCopy) return source;
    // V8 may define `stack` as an accessor that works on the original only.
    if (source instanceof Error && descriptors['stack']?.get) {
      descriptors['stack'] = { value: this.visit(source.stack), configurable: true, writable: true };
    }
    return Object.create(Object.getPrototypeOf(source) as object | null, descriptors) as object;
  }
}

/** What is not printed field by field. */
function isOpaque(value: object): boolean {
  return (
    ArrayBuffer.isView(value) ||
    types.isAnyArrayBuffer(value) ||
    types.isDate(value) ||
    types.isRegExp(value) ||
    types.isPromise(value) ||
    types.isBoxedPrimitive(value) ||
    types.isWeakMap(value) ||
    types.isWeakSet(value)
  );
}
