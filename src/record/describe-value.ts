import { types } from 'node:util';

/** How a function shows in a record. */
export function functionText(value: object): string {
  const kind = /^class\b/.test(Function.prototype.toString.call(value)) ? 'class' : 'Function';
  return `[${kind}: ${nameOf(value) || '(anonymous)'}]`;
}

function nameOf(value: object): string {
  try {
    const { name } = value as { name: unknown };
    return typeof name === 'string' ? name : '';
  } catch {
    return '';
  }
}

/** `Array.isArray` throws for a revoked proxy. */
export function isArray(value: object): boolean {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

/** Whether a value is an error, also one of another realm, as of `node:vm` and jest. */
export function isError(value: unknown): value is Error {
  return types.isNativeError(value) || value instanceof Error;
}

/** What was thrown, which may be anything. */
export function reasonOf(error: unknown): string {
  try {
    return String(isError(error) ? error.message : error);
  } catch {
    return 'unknown';
  }
}
