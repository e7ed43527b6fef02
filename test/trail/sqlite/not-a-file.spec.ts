import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { notATrail } from '../../../src/trail/store/store.messages.js';
import { TrailReader } from '../../../src/trail/sqlite/reader/trail-reader.js';
import { hasSqlite, openWriter, TrailDirectory, whyNoSqlite } from '../store/a-trail.js';

const MAKES: Readonly<Record<string, (file: string) => void>> = {
  directory: (file) => mkdirSync(file),
  pipe: (file) => void execFileSync('mkfifo', [file]),
};

describe.skipIf(!hasSqlite || process.platform === 'win32')(`What is no file${whyNoSqlite}`, () => {
  it.each(Object.keys(MAKES))('is no trail, whoever opens it: a %s', async (kind) => {
    await using directory = new TrailDirectory();
    const file = join(directory.path, 'audit.db');
    MAKES[kind]!(file);
    const refusal = { code: 'not_a_trail', message: notATrail(file) };
    expect(() => TrailReader.open(file)).toThrow(expect.objectContaining(refusal));
    expect(() => openWriter(directory)).toThrow(expect.objectContaining(refusal));
  });
});
