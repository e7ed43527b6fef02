/** A position as a line of a stack names it. */
export interface Position {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/**
 * Reads the position out of one line of a formatted stack.
 *
 * `    at Service.work (file:///app/src/service.ts:12:5)` -> `{ file: 'file:///app/src/service.ts', line: 12 }`
 *
 * @returns `undefined` for a line without a position (`at <anonymous>`, native code)
 */
export function mappedPosition(stackLine: string): Position | undefined {
  // Columns and lines are cut off from the end: file names may hold colons and parentheses of their own.
  const end = stackLine.endsWith(')') ? stackLine.length - 1 : stackLine.length;
  const column = stackLine.lastIndexOf(':', end);
  const line = stackLine.lastIndexOf(':', column - 1);
  if (line < 0) return undefined;
  const number = Number(stackLine.slice(line + 1, column));
  if (!Number.isInteger(number) || number < 1) return undefined;
  const open = stackLine.indexOf(' (');
  const start = open >= 0 && stackLine.endsWith(')') ? open + 2 : stackLine.indexOf('at ') + 3;
  return { file: stackLine.slice(start, line).replace(/^async /, ''), line: number };
}
