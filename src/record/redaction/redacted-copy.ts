import { types } from 'node:util';
import { type EntryList, isEntryList } from '../entry-list.js';
import { isLiving, livingName } from '../living-object.js';
import { RECORD_LIMITS } from '../record-limits.js';
import { isNamedBefore, isNamedBeside } from './beside.js';
import { copyWithFields, printedFields } from './copy-with-fields.js';
import { type Redaction } from './redaction.js';
import { type PathStep } from './secret-keys.js';

/** Objects looked at for one message. `logger.log(request)` reaches thousands; Nest prints only the outer levels. */
const MOST_OBJECTS = 10_000;

/** Says what the secret that it is given is replaced by. */
export type Replace = (secret: unknown) => string;

/**
 * Copies what is about to be printed as a message without its secrets; what has none is returned as it is, so that
 * it prints as always. As Nest's own `redact` does, it looks at fields, arrays, maps, sets and errors, and keeps the
 * classes of what it copies. Getters, which printing does not call either, are not called. Of what lives, as a request or
 * a stream, only the name is printed.
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
      case 'function':
        return this.object(value);
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
      return this.structured(value);
    } catch {
      // As a revoked proxy: nobody can tell what printing would show of it.
      return this.instead(value, '[Unreadable]');
    } finally {
      this.ancestors.pop();
    }
  }

  private structured(value: object): unknown {
    if (Array.isArray(value)) return this.list(value);
    if (types.isMap(value)) return this.map(value);
    if (types.isSet(value)) return this.set(value);
    // Their fields are the bytes.
    if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return value;
    if (value instanceof URL) return this.href(value);
    if (isEntryList(value)) return this.entries(value);
    const isFunction = typeof value === 'function';
    if (!isFunction && !types.isPromise(value) && isLiving(value)) {
      return this.instead(value, livingName(value));
    }
    return this.withFields(value, value);
  }

  private field(name: string, value: unknown): unknown {
    const field = this.redaction.names.of(name);
    if (this.redaction.names.isSecret(field, this.way, value)) {
      return this.instead(value, this.replace(value));
    }
    this.way.push(field);
    try {
      return this.visit(value);
    } finally {
      this.way.pop();
    }
  }

  private list(source: readonly unknown[]): unknown {
    return this.withFields(source, this.elements(source) ?? source);
  }

  /** @returns `undefined` when there is no secret in them */
  private elements(source: readonly unknown[]): unknown[] | undefined {
    let copy: unknown[] | undefined;
    for (let index = 0; index < Math.min(source.length, RECORD_LIMITS.entries); index++) {
      const value = source[index];
      const redacted = isNamedBefore(this.redaction.names, source, index)
        ? this.instead(value, this.replace(value))
        : this.visit(value);
      if (Object.is(redacted, value)) continue;
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
    return this.withFields(source, isCopy ? new Map(entries) : source);
  }

  private set(source: ReadonlySet<unknown>): unknown {
    const values: unknown[] = [];
    for (const value of source) {
      if (values.length === RECORD_LIMITS.entries) break;
      values.push(value);
    }
    const copy = this.elements(values);
    return this.withFields(source, copy ? new Set(copy) : source);
  }

  /** A text: the parts of an address that has no password any more would not fit together. */
  private href(url: URL): unknown {
    const clean = this.redaction.texts?.clean(url.href, RECORD_LIMITS.text) ?? url.href;
    return clean === url.href ? url : this.instead(url, clean);
  }

  private entries(source: EntryList): unknown {
    const entries = new Map<string, unknown>();
    let isCopy = false;
    for (const [name, value] of source) {
      if (entries.size === RECORD_LIMITS.entries) break;
      const redacted = this.field(name, value);
      isCopy ||= !Object.is(redacted, value);
      entries.set(name, entries.has(name) ? [entries.get(name), redacted].flat() : redacted);
    }
    return isCopy ? entries : source;
  }

  /**
   * Looks at the own fields of anything, and puts those that are secret into a copy.
   *
   * @param content the same without the secrets that are in it otherwise, as in the elements of a list
   */
  private withFields(source: object, content: object): unknown {
    const fields: Record<PropertyKey, PropertyDescriptor> = {};
    // A proxy is printed as what is behind it, whatever it says about itself: a copy prints what it says.
    let isCopy = types.isProxy(source);
    this.isNeeded ||= isCopy;
    for (const key of printedFields(source)) {
      const descriptor = Object.getOwnPropertyDescriptor(source, key);
      if (!descriptor) continue;
      const hasValue = 'value' in descriptor;
      const redacted: unknown = hasValue ? this.fieldOf(source, key, descriptor.value) : undefined;
      const isSecret = hasValue && !Object.is(redacted, descriptor.value);
      isCopy ||= isSecret;
      const field = isSecret ? { ...descriptor, value: redacted } : descriptor;
      // By assignment `__proto__` would be lost.
      Object.defineProperty(fields, key, {
        value: field,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    if (!isCopy) return content;
    // V8 may define `stack` as an accessor that works on the original only.
    if (source instanceof Error && fields['stack']?.get) {
      fields['stack'] = { value: this.visit(source.stack), configurable: true, writable: true };
    }
    return copyWithFields(content, fields);
  }

  private fieldOf(source: object, key: string | symbol, value: unknown): unknown {
    if (typeof key === 'symbol') return this.field(key.description ?? '', value);
    if (isNamedBeside(this.redaction.names, source, key, value)) {
      return this.instead(value, this.replace(value));
    }
    return this.field(key, value);
  }
}
