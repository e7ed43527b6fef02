import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { type PlainObject } from '../../../src/wire/plain-value.js';
import { type TrailWriter } from '../../../src/trail/sqlite/writer/trail-writer.js';
import { batch, openWriter, rawDatabase, record, type TrailDirectory } from '../../trail/store/a-trail.js';
import { RunningCommand } from '../harness/command.js';

/** What a run of `audit` said, and how it ended. */
export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `nestjs-log-stream audit ...` in this process. */
export async function audit(...args: readonly string[]): Promise<Ended> {
  await using command = new RunningCommand(['audit', ...args]);
  const exitCode = await command.exitCode;
  return { exitCode, stdout: command.stdout.text, stderr: command.stderr.text };
}

/** Appends records from here to there, and signs. */
export function write(writer: TrailWriter, from: number, to: number, data: PlainObject = {}): void {
  writer.append(batch(...Array.from({ length: to - from + 1 }, (_, index) => record(from + index, data))));
  writer.checkpoint();
}

/** A trail that nobody has open: 30 entries, signed and anchored at every tenth. */
export function closedTrail(directory: TrailDirectory): string {
  const writer = openWriter(directory);
  for (const end of [10, 20, 30]) write(writer, end - 9, end);
  writer.close();
  return directory.file;
}

/** A copy, with all that lies beside it; nobody may have the trail open. */
export function copyOf(file: string, name: string): string {
  const copy = join(file, '..', name);
  for (const end of ['', '.key', '.anchors']) cpSync(file + end, copy + end);
  return copy;
}

/** Changes what is stored, as somebody who can write to the file and knows what its triggers are for. */
export function tamper(file: string, ...statements: readonly string[]): void {
  const db = rawDatabase(file);
  const triggers = db.prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`).all();
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${String(name)}`);
  for (const statement of statements) db.exec(statement);
  for (const { sql } of triggers) db.exec(String(sql));
  db.close();
}

export async function allOf<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}
