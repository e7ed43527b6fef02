import { EventEmitter } from 'node:events';

/** Methods of what acts: streams and Observables, thenables as a query that has not run, writers of the Web's streams. */
const ACTS = ['pipe', 'subscribe', 'then', 'getWriter', Symbol.asyncIterator] as const;

/** What a copy of would be broken, and who looks inside finds sockets, headers and other people's data. */
const WEB_CLASSES = ['EventTarget', 'Request', 'Response', 'Blob'] as const;

/**
 * Whether an object acts instead of only holding data: a request, a response, a socket, a stream, an emitter, a promise,
 * an Observable, a query. Of such a one a record tells the name, never what is in it.
 *
 * Reads no accessors, so that it runs no code of the object. A plain object holds data, whatever its fields are called.
 */
export function isLiving(value: object): boolean {
  if (value instanceof EventEmitter) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null || Array.isArray(value)) return false;
  if (WEB_CLASSES.some((name) => isInstance(value, name))) return true;
  return ACTS.some((name) => name in value && typeof dataOf(value, name) === 'function') || isWrapper(value);
}

/** How a living object shows in a record: `[IncomingMessage]`. */
export function livingName(value: object): string {
  const constructor = dataOf(value, 'constructor');
  const name = typeof constructor === 'function' ? dataOf(constructor, 'name') : undefined;
  return `[${typeof name === 'string' && name !== '' ? name : 'Object'}]`;
}

/** A framework's own object around Node's, as Fastify's `Request` and `Reply`. */
function isWrapper(value: object): boolean {
  return Object.getOwnPropertyDescriptor(value, 'raw')?.value instanceof EventEmitter;
}

function isInstance(value: object, name: string): boolean {
  const found: unknown = Reflect.get(globalThis, name);
  return typeof found === 'function' && value instanceof found;
}

/** What a property holds, its own or inherited; `undefined` for an accessor. */
function dataOf(value: object, name: PropertyKey): unknown {
  for (let owner: object | null = value; owner; owner = Object.getPrototypeOf(owner) as object | null) {
    const descriptor = Object.getOwnPropertyDescriptor(owner, name);
    if (descriptor) return descriptor.value;
  }
  return undefined;
}
