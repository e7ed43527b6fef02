import { type PlainError } from '../wire/plain-error.js';
import { type PlainObject } from '../wire/plain-value.js';

/** What an error is written with: `PlainWriter`, which comes back here for the errors inside of others. */
export interface ErrorWriter {
  text(value: string): string;
  names(source: object): string[];
  read(source: object, key: string): unknown;
  put(target: PlainObject, key: string, value: unknown): void;
  copy(target: PlainObject, source: object, key: string): void;
}

/** Converts an error, its own primitive fields, its cause and its `errors`, as Nest's JSON logger does, and
 * those of a `SuppressedError`. */
export function plainError(error: Error, writer: ErrorWriter): PlainError {
  const plain: PlainObject = {
    name: writer.text(textOf(() => error.name, 'Error')),
    message: writer.text(textOf(() => error.message, '')),
  };
  const stack = textOf(() => error.stack, '');
  if (stack) plain['stack'] = writer.text(stack);
  for (const key of writer.names(error)) {
    if (key in plain || key === 'cause' || key === 'errors') continue;
    const value = writer.read(error, key);
    const isPrimitive = value === null || (typeof value !== 'object' && typeof value !== 'function');
    if (isPrimitive) writer.copy(plain, error, key);
  }
  const cause = writer.read(error, 'cause');
  if (cause !== undefined) writer.put(plain, 'cause', cause);
  const errors = writer.read(error, 'errors');
  if (Array.isArray(errors)) writer.put(plain, 'errors', errors);
  // Of a `SuppressedError`: what was thrown while another error was already on its way, as by `using`.
  if (Object.hasOwn(error, 'suppressed')) {
    for (const key of ['error', 'suppressed']) {
      if (!Object.hasOwn(plain, key)) writer.put(plain, key, writer.read(error, key));
    }
  }
  return plain as PlainError;
}

/** A stack that was logged as text, as `logger.error(message, error.stack)` does. */
export function errorOfStack(stack: string, message: string, writer: ErrorWriter): PlainError {
  const text = writer.text(stack);
  // The first line of V8's stacks: the name, and the message where there is one. Of what was cleaned of secrets: a
  // line may hold a part of one.
  const head = /^(?:Uncaught )?([A-Z]\w*(?:Error|Exception)?)(?:: (.*))?$/m.exec(
    text.slice(0, 1_000).split('\n')[0]!,
  );
  const isHead = head !== null && stack.includes('\n');
  return {
    name: isHead ? head[1]! : 'Error',
    message: writer.text(isHead ? (head[2] ?? '') : message),
    stack: text,
  };
}

function textOf(read: () => unknown, fallback: string): string {
  try {
    const value = read();
    return typeof value === 'string' ? value : fallback;
  } catch {
    return fallback;
  }
}
