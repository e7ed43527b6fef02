import { defer, from, throwError, type ObservableInput } from 'rxjs';
import { type AuditCall } from './audit-call.js';
import { insideOf } from './audit-scope.js';
import { followAsyncGenerator, followObservable } from './follow-result.js';
import { type ResultShape } from './result-shape.js';
import { runMethod } from './run-method.js';

/**
 * Runs the method of a closed call once its intent is durable, and gives the result back once its outcome is. Also for
 * what Nest calls, whatever that returns: Nest awaits it.
 */
export async function runClosed(call: AuditCall, method: () => unknown): Promise<unknown> {
  try {
    await call.admit();
    return await runMethod(call, method);
  } finally {
    await call.recorded;
  }
}

/** The same for a caller who needs to get at once what the method would have returned. */
export function startClosed(call: AuditCall, method: () => unknown, shape: ResultShape): unknown {
  switch (shape) {
    case 'promise':
      return runClosed(call, method);
    case 'observable':
      return observeClosed(call, method);
    case 'async generator':
      return generateClosed(call, method);
  }
}

/** What the caller of a closed method gets where nobody could audit it. */
export function refuse(error: unknown, shape: ResultShape | undefined): unknown {
  switch (shape) {
    case 'promise':
      return Promise.reject(error);
    case 'observable':
      return throwError(() => error);
    case 'async generator':
      return refusedGenerator(error);
    case undefined:
      throw error;
  }
}

/** Each subscription is a call with an intent of its own; the method itself runs once, for the first. */
function observeClosed(call: AuditCall, method: () => unknown): unknown {
  let returned: ObservableInput<unknown> | undefined;
  const source = defer(() => from((returned ??= method() as ObservableInput<unknown>)));
  return followObservable(source, call);
}

async function* generateClosed(call: AuditCall, method: () => unknown): AsyncGenerator {
  await call.admit();
  call.begin();
  return yield* followAsyncGenerator(insideOf(call, method) as AsyncGenerator, call);
}

// oxlint-disable-next-line require-yield
async function* refusedGenerator(error: unknown): AsyncGenerator {
  throw error;
}
