import { type PlainObject, type PlainValue } from '../wire/plain-value.js';
import { types } from 'node:util';
import { functionText, isArray, isError, reasonOf } from './describe-value.js';
import { type EntryList, isEntryList } from './entry-list.js';
import { isLiving, livingName } from './living-object.js';
import { plainError } from './plain-error.js';
import { type PlainError } from '../wire/plain-error.js';
import { RECORD_LIMITS } from './record-limits.js';
import { isNamedBefore, isNamedBeside } from './redaction/beside.js';
import { type FieldName } from './redaction/field-names.js';
import { type Redaction } from './redaction/redaction.js';
import { SizeBudget } from './size-budget.js';

/**
 * Makes whatever was logged plain: cycles, `BigInt`, `Map`, getters that throw and values of any size become
 * JSON values within {@link RECORD_LIMITS}, without their secrets. Never throws.
 */
export class PlainWriter {
  private readonly ancestors: object[] = [];
  /** The names that lead to the value that is being written. */
  private readonly way: FieldName[] = [];
  private renamed = 0;

  /** @param redaction what must not be seen; the budget of a record takes it out of texts */
  constructor(
    private readonly budget: SizeBudget,
    private readonly redaction?: Redaction,
  ) {}

  /** @returns `undefined` for what JSON leaves out (`undefined` itself) */
  value(value: unknown): PlainValue | undefined {
    switch (typeof value) {
      case 'string':
        return this.text(value);
      case 'number':
        this.budget.spend(8);
        if (!Number.isFinite(value)) return String(value);
        return this.redaction?.texts?.cleanNumber(value) ?? value;
      case 'boolean':
        this.budget.spend(5);
        return value;
      case 'undefined':
        return undefined;
      case 'object':
        return value === null ? null : this.object(value);
      case 'function':
        return this.text(functionText(value));
      default:
        return this.text(String(value));
    }
  }

  text(value: string): string {
    return this.budget.text(value);
  }

  error(value: Error): PlainError {
    const plain = this.named('error', value);
    return typeof plain === 'object' ? (plain as PlainError) : { name: 'Error', message: String(plain) };
  }

  /** An object's own field as a plain value. */
  field(source: object, key: string): PlainValue | undefined {
    return Object.hasOwn(source, key) ? this.named(key, this.read(source, key)) : undefined;
  }

  /** The value of a field as a plain value, or what stands in its place. */
  named(name: string, value: unknown): PlainValue | undefined {
    return this.redaction ? this.fieldValue(this.redaction.names.of(name), value) : this.value(value);
  }

  /** What stands in the place of a secret value. */
  replaced(value: unknown, { replacement }: Redaction): string {
    if (!replacement.isHash || this.budget.exhausted) {
      this.budget.spend(replacement.censor.length);
      return replacement.censor;
    }
    // Hashed as a whole, not as much of it as this record has room for: else equal values would differ.
    const own = new SizeBudget();
    const plain = new PlainWriter(own).value(value);
    this.budget.spend(own.spent);
    return replacement.of(typeof plain === 'string' ? plain : (JSON.stringify(plain) ?? ''));
  }

  /** The names of an object's fields, as many as a record may hold. */
  names(source: object): string[] {
    const names = Object.keys(source);
    if (names.length <= RECORD_LIMITS.entries) return names;
    this.budget.truncate();
    return names.slice(0, RECORD_LIMITS.entries);
  }

  /** Reads a field that may be a getter that throws. */
  read(source: object, key: string): unknown {
    try {
      return (source as Record<string, unknown>)[key];
    } catch (error) {
      return `[Throws: ${reasonOf(error)}]`;
    }
  }

  /**
   * Sets a field of a plain object, unless it is left out.
   *
   * @param original the name that was logged, where the field has another one in the record
   */
  put(target: PlainObject, key: string, value: unknown, original = key): void {
    if (value === undefined) return;
    if (this.budget.exhausted) return this.budget.truncate();
    const field = this.redaction?.names.ofRenamed(key, original);
    if (key.length > RECORD_LIMITS.name) this.budget.truncate();
    let name = this.budget.cut(field?.visible ?? key, RECORD_LIMITS.name);
    // Two names that hold secrets may look the same.
    if (field && field.visible !== key && Object.hasOwn(target, name)) name += `#${++this.renamed}`;
    this.budget.spend(name.length);
    const plain = (field ? this.fieldValue(field, value) : this.value(value)) ?? null;
    if (name === '__proto__') {
      // An assignment would call the setter.
      Object.defineProperty(target, name, {
        value: plain,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    } else {
      target[name] = plain;
    }
  }

  /** Copies a field of an object, unless a field beside it says that it is a secret. */
  copy(target: PlainObject, source: object, key: string, name = key): void {
    const value = this.read(source, key);
    const { redaction } = this;
    const isSecret = redaction && isNamedBeside(redaction.names, source, key, value);
    this.put(target, name, isSecret ? this.replaced(value, redaction) : value, key);
  }

  private fieldValue(field: FieldName, value: unknown): PlainValue | undefined {
    if (value === undefined) return undefined;
    if (this.redaction?.names.isSecret(field, this.way, value)) return this.replaced(value, this.redaction);
    if (typeof value !== 'object') return this.value(value);
    this.way.push(field);
    try {
      return this.value(value);
    } finally {
      this.way.pop();
    }
  }

  private object(value: object): PlainValue {
    if (this.ancestors.includes(value)) return this.text('[Circular]');
    if (this.budget.exhausted || this.ancestors.length >= RECORD_LIMITS.depth) {
      this.budget.truncate();
      return this.text(isArray(value) ? '[Array]' : '[Object]');
    }
    this.budget.spend(2);
    this.ancestors.push(value);
    try {
      return this.structured(value);
    } catch (error) {
      return this.text(`[Unreadable: ${reasonOf(error)}]`);
    } finally {
      this.ancestors.pop();
    }
  }

  private structured(value: object): PlainValue {
    if (Array.isArray(value)) return this.list(value);
    if (isError(value)) return plainError(value, this) as PlainObject;
    if (types.isMap(value)) return this.map(value);
    if (types.isSet(value)) return this.list(value);
    if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) {
      return this.text(`[${value.constructor.name}: ${value.byteLength} bytes]`);
    }
    if (types.isRegExp(value) || types.isBoxedPrimitive(value)) return this.text(String(value));
    if (types.isPromise(value) || types.isWeakMap(value) || types.isWeakSet(value)) {
      return this.text(`[${value.constructor.name}]`);
    }
    if (types.isDate(value))
      return this.text(Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString());
    const toJson = this.read(value, 'toJSON');
    if (typeof toJson === 'function') {
      const json: unknown = toJson.call(value);
      // One that returns itself would call `toJSON` for ever.
      if (json !== value) return this.value(json) ?? null;
    }
    if (isEntryList(value)) return this.entries(value);
    return isLiving(value) ? this.text(livingName(value)) : this.fields(value);
  }

  /** By name; the values of a name that is there more than once as a list. */
  private entries(source: EntryList): PlainObject {
    const values = new Map<string, unknown[]>();
    let entries = 0;
    for (const [name, value] of source) {
      if (++entries > RECORD_LIMITS.entries) {
        this.budget.truncate();
        break;
      }
      values.set(name, [...(values.get(name) ?? []), value]);
    }
    const plain: PlainObject = {};
    for (const [name, all] of values) this.put(plain, name, all.length === 1 ? all[0] : all);
    return plain;
  }

  private fields(source: object): PlainObject {
    const plain: PlainObject = {};
    for (const key of this.names(source)) this.copy(plain, source, key);
    return plain;
  }

  private map(source: ReadonlyMap<unknown, unknown>): PlainValue {
    const entries: [unknown, unknown][] = [];
    for (const entry of source) {
      if (entries.length === RECORD_LIMITS.entries) {
        this.budget.truncate();
        break;
      }
      entries.push(entry);
    }
    if (!entries.every(([key]) => typeof key === 'string')) return this.pairs(entries);
    const plain: PlainObject = {};
    for (const [key, value] of entries) this.put(plain, key as string, value);
    return plain;
  }

  /** A map whose keys are not all names: those that are still say what is secret. */
  private pairs(source: readonly [unknown, unknown][]): PlainValue[] {
    const plain: PlainValue[] = [];
    for (const [key, value] of source) {
      if (this.budget.exhausted) {
        this.budget.truncate();
        break;
      }
      this.budget.spend(4);
      const name = this.value(key) ?? null;
      plain.push([name, (typeof key === 'string' ? this.named(key, value) : this.value(value)) ?? null]);
    }
    return plain;
  }

  private list(source: Iterable<unknown>): PlainValue[] {
    const { redaction } = this;
    const plain: PlainValue[] = [];
    for (const value of source) {
      if (plain.length === RECORD_LIMITS.entries || this.budget.exhausted) {
        this.budget.truncate();
        break;
      }
      this.budget.spend(1);
      const isSecret =
        redaction && Array.isArray(source) && isNamedBefore(redaction.names, source, plain.length);
      plain.push(isSecret ? this.replaced(value, redaction) : (this.value(value) ?? null));
    }
    return plain;
  }
}
