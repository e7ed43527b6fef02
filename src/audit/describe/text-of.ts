import { types } from 'node:util';

/** The text of any value, also of one that refuses to be printed. */
export function textOf(value: unknown): string {
  try {
    return types.isNativeError(value) || value instanceof Error ? value.message : String(value);
  } catch {
    return '[A value that cannot be printed]';
  }
}
