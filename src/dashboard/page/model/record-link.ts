import { type Row } from './row.js';

/** Names one record for good: the run of the application that produced it, and its place in that. */
export interface RecordLink {
  readonly epoch: string;
  readonly seq: number;
}

const NAME = 'record';

/** As cursors write it. */
const LINK = /^([0-9a-z]{1,40})\.([1-9][0-9]{0,14})$/;

/** Writes it as part of a link, `record=<epoch>.<seq>`; '' for none. */
export function writeRecordLink(link: RecordLink | undefined): string {
  return link ? `${NAME}=${link.epoch}.${link.seq}` : '';
}

/** @returns `undefined` when the link names none */
export function readRecordLink(hash: string): RecordLink | undefined {
  const [, epoch, seq] = LINK.exec(new URLSearchParams(hash.replace(/^#/, '')).get(NAME) ?? '') ?? [];
  return epoch === undefined ? undefined : { epoch, seq: Number(seq) };
}

/** @returns `undefined` for what no link can name */
export function linkOf(row: Row | undefined): RecordLink | undefined {
  if (row?.kind !== 'record') return undefined;
  if (row.entry) return row.entry.stream ?? undefined;
  return row.epoch === '' ? undefined : { epoch: row.epoch, seq: row.seq };
}

export function sameRecord(one: RecordLink | undefined, other: RecordLink | undefined): boolean {
  return one?.epoch === other?.epoch && one?.seq === other?.seq;
}
