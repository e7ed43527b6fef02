import { type RecordRow, type Row } from './row.js';

/** Puts records that follow each other and say the same into the first of them. */
export function foldRepeats(rows: readonly Row[]): Row[] {
  const folded: Row[] = [];
  let first: RecordRow | undefined;
  let count = 1;
  let last: RecordRow | undefined;
  const close = (): void => {
    if (!first) return;
    const repeats = last && { count, spanMs: Math.max(0, last.time - first.time), last: last.key };
    folded.push(repeats ? { ...first, repeats } : first);
    first = last = undefined;
    count = 1;
  };
  for (const row of rows) {
    if (row.kind === 'record' && first && saysTheSame(first, row)) {
      count += 1;
      last = row;
      continue;
    }
    close();
    if (row.kind === 'record') first = row;
    else folded.push(row);
  }
  close();
  return folded;
}

function saysTheSame({ data: one }: RecordRow, { data: other }: RecordRow): boolean {
  return (
    one.message === other.message &&
    one.level === other.level &&
    one.logger === other.logger &&
    one['action'] === other['action'] &&
    one['outcome'] === other['outcome']
  );
}
