import { Observable } from 'rxjs';

/** What the caller of an asynchronous method gets at once. */
export type ResultShape = 'promise' | 'observable' | 'async generator';

/** Of functions, as `Object.prototype.toString` names them, and of types, as `emitDecoratorMetadata` writes them down. */
const ASYNCHRONOUS: ReadonlyMap<unknown, ResultShape> = new Map<unknown, ResultShape>([
  ['[object AsyncFunction]', 'promise'],
  ['[object AsyncGeneratorFunction]', 'async generator'],
  [Promise, 'promise'],
  [Observable, 'observable'],
]);

const SYNCHRONOUS: ReadonlySet<unknown> = new Set<unknown>([
  '[object GeneratorFunction]',
  String,
  Number,
  Boolean,
  Array,
]);

/**
 * Tells what a method returns before it has run, as far as that can be told: by the kind of function that it is, or by
 * its declared type. `undefined` when it cannot.
 */
export function resultShapeOf(
  method: Function,
  prototype: object,
  key: string | symbol,
): ResultShape | 'none' | undefined {
  const kind = Object.prototype.toString.call(method);
  const declared: unknown = Reflect.getMetadata('design:returntype', prototype, key);
  if (SYNCHRONOUS.has(kind) || SYNCHRONOUS.has(declared)) return 'none';
  return ASYNCHRONOUS.get(kind) ?? ASYNCHRONOUS.get(declared);
}
