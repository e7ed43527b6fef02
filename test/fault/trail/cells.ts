import { type DatabaseSync } from 'node:sqlite';

/** Where in the file a row stands: of a table, or of an index. */
export interface Cell {
  /** Of the table or index. */
  readonly of: string;
  readonly start: number;
  readonly length: number;
}

const POINTERS: Readonly<Record<number, number>> = { 0x02: 12, 0x05: 12, 0x0a: 8, 0x0d: 8 };
const INTERIOR_TABLE = 0x05;
const LEAF_TABLE = 0x0d;

/**
 * The cells of the b-trees with these names (https://sqlite.org/fileformat2.html, section 1.6): the bytes in which
 * their content stands, without the free space between.
 *
 * @param bytes of a file with no write-ahead log
 */
export function* cellsOf(
  db: DatabaseSync,
  bytes: Buffer,
  isMeant: (name: string) => boolean,
): Generator<Cell, void, undefined> {
  for (const row of db.prepare('SELECT name, pageno, pgoffset, pgsize FROM dbstat').all()) {
    const name = String(row.name);
    if (!isMeant(name)) continue;
    const page = bytes.subarray(Number(row.pgoffset), Number(row.pgoffset) + Number(row.pgsize));
    for (const { start, length } of cellsIn(page))
      yield { of: name, start: Number(row.pgoffset) + start, length };
  }
}

function* cellsIn(page: Buffer): Generator<{ start: number; length: number }, void, undefined> {
  const kind = page[0]!;
  const pointers = POINTERS[kind];
  // A page of what did not fit into a cell.
  if (pointers === undefined) return;
  for (let index = 0; index < page.readUInt16BE(3); index++) {
    const start = page.readUInt16BE(pointers + 2 * index);
    const content = start + (pointers === 12 ? 4 : 0);
    const size = varintAt(page, content);
    if (kind === INTERIOR_TABLE) {
      yield { start, length: 4 + size.length };
    } else {
      const rowid = kind === LEAF_TABLE ? varintAt(page, content + size.length).length : 0;
      const end = Math.min(content + size.length + rowid + size.value, page.length);
      yield { start, length: end - start };
    }
  }
}

function varintAt(bytes: Buffer, start: number): { value: number; length: number } {
  let value = 0;
  for (let length = 1; ; length++) {
    const byte = bytes[start + length - 1]!;
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, length };
  }
}
