import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { VerifyingKey } from '../../../src/trail/evidence/verifying-key.js';
import { readAnchors } from '../../../src/trail/evidence/anchor-file.js';
import { verifyTrail } from '../../../src/trail/evidence/verify/verify-trail.js';
import {
  anchorDiffers,
  chainBroken,
  checkpointBroken,
  directoryMissing,
  entriesMissing,
  keyChanged,
  newerFormat,
  notATrail,
  previousKeyWrong,
  settingRefused,
  trailMissing,
} from '../../../src/trail/store/store.messages.js';
import { TrailReader } from '../../../src/trail/sqlite/reader/trail-reader.js';
import {
  batch,
  hasSqlite,
  openWriter,
  rawDatabase,
  record,
  TrailDirectory,
  verified,
  whyNoSqlite,
} from './a-trail.js';

const pem = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

/** A copy of a trail as a crash leaves it: `cp`, because closing a copied file here would drop SQLite's locks. */
function copyOf(file: string, name: string): string {
  const directory = join(file, '..', name);
  mkdirSync(directory);
  execFileSync('cp', ['-p', ...['', '-wal', '.key', '.anchors'].map((end) => file + end), directory]);
  return join(directory, 'audit.db');
}

function tamper(file: string, ...statements: readonly string[]): void {
  const db = rawDatabase(file);
  const triggers = db.prepare(`SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`).all();
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${String(name)}`);
  for (const statement of statements) db.exec(statement);
  for (const { sql } of triggers) db.exec(String(sql));
  db.close();
}

const failing = (code: string, message: string): unknown => expect.objectContaining({ code, message });

describe.skipIf(!hasSqlite)(`What a trail refuses to start from${whyNoSqlite}`, () => {
  it('is what does not fit together since the last checkpoint, or is less than was signed', async () => {
    await using directory = new TrailDirectory();
    const writer = openWriter(directory);
    writer.append(batch(...Array.from({ length: 20 }, (_, i) => record(i + 1))));
    writer.checkpoint();
    writer.append(batch(...Array.from({ length: 5 }, (_, i) => record(i + 21))));
    const cases: [name: string, statement: string, sentence: (file: string) => string][] = [
      [
        'changed',
        `UPDATE entries SET payload = replace(payload, 'role', 'rule') WHERE seq = 23`,
        (f) => chainBroken(f, 23),
      ],
      ['chain', `UPDATE entries SET chain = zeroblob(32) WHERE seq = 25`, (f) => chainBroken(f, 25)],
      ['gone', `DELETE FROM entries WHERE seq = 22`, (f) => chainBroken(f, 23)],
      ['short', `DELETE FROM entries WHERE seq > 10`, (f) => entriesMissing(f, 20, 10)],
      ['covered', `UPDATE entries SET chain = zeroblob(32) WHERE seq = 20`, (f) => chainBroken(f, 20)],
      ['root', `UPDATE checkpoints SET root = zeroblob(32)`, (f) => checkpointBroken(f, 20)],
      [
        'note',
        `UPDATE checkpoints SET note = replace(note, 'time 20', 'time 30')`,
        (f) => checkpointBroken(f, 20),
      ],
      ['frontier', `UPDATE checkpoints SET frontier = zeroblob(64)`, (f) => checkpointBroken(f, 20)],
      ['key', `DELETE FROM meta WHERE name = 'verifier'`, (f) => checkpointBroken(f, 20)],
    ];
    for (const [name, statement, sentence] of cases) {
      const file = copyOf(directory.file, name);
      tamper(file, statement);
      await expect(directory.open({ file })).rejects.toEqual(failing('broken', sentence(file)));
    }
    // Untouched, the same copy is in order.
    const copy = await directory.open({ file: copyOf(directory.file, 'same') });
    expect(copy.status.last).toBe(25);
    writer.close();
  });

  it('is no trail where its anchors know of one: the file was deleted', async () => {
    await using directory = new TrailDirectory();
    const { file } = directory;
    const store = await directory.open();
    await store.append(record(1));
    const { trail } = store;
    await store.close();
    rmSync(file);
    const gone = failing('broken', trailMissing(file, `${file}.anchors`, trail, 1));
    await expect(directory.open()).rejects.toEqual(gone);
    // Asked again, it is not taken for one that was begun meanwhile.
    await expect(directory.open()).rejects.toEqual(gone);
    // A file of anchors may be that of several trails, where somebody said so.
    const shared = join(directory.path, 'anchors');
    copyFileSync(`${file}.anchors`, shared);
    await expect(directory.open({ anchors: shared })).resolves.toBeDefined();
  });

  it('is an old copy, or another history, when the anchors know better', async () => {
    await using directory = new TrailDirectory();
    const writer = openWriter(directory);
    writer.append(batch(record(1), record(2)));
    writer.checkpoint();
    const old = copyOf(directory.file, 'old');
    writer.append(batch(record(3)));
    writer.checkpoint();
    writer.close();
    execFileSync('cp', [`${directory.file}.anchors`, `${old}.anchors`]);
    await expect(directory.open({ file: old })).rejects.toEqual(
      failing('broken', anchorDiffers(old, `${old}.anchors`, 3)),
    );
    // Who writes another third entry has no checkpoint of the one that was anchored.
    const other = await directory.open({ file: old, anchors: `${old}.other-anchors` });
    await other.append(record(33));
    await other.append(record(34));
    await other.close();
    await expect(directory.open({ file: old })).rejects.toEqual(
      failing('broken', anchorDiffers(old, `${old}.anchors`, 3)),
    );
    // A note that no key of the trail signed stops nobody.
    writeFileSync(`${old}.anchors`, readFileSync(`${old}.anchors`, 'utf8').replaceAll(/\n3\n/g, '\n9\n'));
    await expect(directory.open({ file: old })).resolves.toMatchObject({ name: old });
  });

  it('is a file that is something else, and a place that does not exist', async () => {
    await using directory = new TrailDirectory();
    const file = join(directory.path, 'other');
    writeFileSync(
      file,
      'no database at all, but longer than the header of one would be: 100 bytes at the very least.....',
    );
    await expect(directory.open({ file })).rejects.toMatchObject({ code: 'not_a_trail' });
    rmSync(file);
    const db = rawDatabase(file);
    db.exec('CREATE TABLE users (id)');
    db.close();
    await expect(directory.open({ file })).rejects.toEqual(failing('not_a_trail', notATrail(file)));
    const missing = join(directory.path, 'no', 'audit.db');
    await expect(directory.open({ file: missing })).rejects.toEqual(failing('io', directoryMissing(missing)));
    await (await directory.open()).close();
    const newer = rawDatabase(directory.file);
    newer.exec('PRAGMA user_version = 9');
    newer.close();
    await expect(directory.open()).rejects.toEqual(failing('not_a_trail', newerFormat(directory.file, 9)));
    expect(() => TrailReader.open(missing)).toThrow(expect.objectContaining({ code: 'io' }));
  });

  it('is not what a crash leaves before the first entry', async () => {
    await using directory = new TrailDirectory();
    writeFileSync(directory.file, '');
    const store = await directory.open();
    expect(statSync(directory.file).mode & 0o777).toBe(0o600);
    await expect(store.append(record(1))).resolves.toMatchObject({ seq: 1 });
  });
});

describe.skipIf(!hasSqlite)(`The tables of a trail${whyNoSqlite}`, () => {
  it('are written with the settings on which an acknowledgement depends, or not at all', async () => {
    await using directory = new TrailDirectory();
    const writer = openWriter(directory);
    const { db } = writer.started;
    const setting = (name: string): unknown => Object.values(db.prepare(`PRAGMA ${name}`).get()!)[0];
    expect(['journal_mode', 'synchronous', 'recursive_triggers', 'auto_vacuum'].map(setting)).toEqual([
      'wal',
      2,
      1,
      2,
    ]);
    writer.close();
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
    const { exec } = DatabaseSync.prototype;
    // A build or a disk on which it does not hold.
    const weak = vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(function (this: object, sql) {
      Reflect.apply(exec, this, [sql.replace('synchronous = FULL', 'synchronous = NORMAL')]);
    });
    try {
      expect(() => openWriter(directory)).toThrow(
        failing('io', settingRefused(directory.file, 'synchronous', 'FULL', '1')),
      );
    } finally {
      weak.mockRestore();
    }
    // And nothing is held after that.
    openWriter(directory).close();
  });

  it('take only the next entry, and give none away', async () => {
    await using directory = new TrailDirectory();
    const store = await directory.open();
    await store.append(record(1));
    await store.append(record(2));
    await store.close();
    const db = rawDatabase(directory.file);
    const row = `chain, json_set(payload, '$.data.id', 'x') FROM entries LIMIT 1`;
    const refused: [statement: string, why: RegExp][] = [
      [`UPDATE entries SET payload = '{}'`, /never changed/],
      ['DELETE FROM entries', /only deleted by its retention/],
      ['DELETE FROM entries WHERE seq = 1', /only deleted by its retention/],
      [`INSERT INTO entries (seq, chain, payload) SELECT 7, ${row}`, /comes after the last one/],
      [`INSERT OR REPLACE INTO entries (seq, chain, payload) SELECT 1, ${row}`, /comes after the last one/],
      ['UPDATE checkpoints SET size = 1', /never changed/],
      ['DELETE FROM checkpoints', /only deleted by its retention/],
      ['INSERT INTO pruning VALUES (1)', /no signed entry/],
    ];
    for (const [statement, why] of refused) expect(() => db.exec(statement)).toThrow(why);
    db.close();
    expect(await verified(directory.file)).toMatchObject({ verdict: 'ok', entries: 2 });
  });
});

describe.skipIf(!hasSqlite)(`The key of a trail${whyNoSqlite}`, () => {
  it('is rotated so that an auditor who trusts the first one can follow', async () => {
    await using directory = new TrailDirectory();
    const store = await directory.open();
    const first = store.key.verifier;
    await store.append(record(1));
    const second = await store.rotateKey();
    expect(second).not.toBe(first);
    expect(store.key.verifier).toBe(second);
    await store.append(record(2));
    const given = pem();
    const third = await store.rotateKey(given);
    await store.append(record(3));
    await store.close();
    expect(readFileSync(`${directory.file}.key`, 'utf8')).toBe(given);
    expect(existsSync(`${directory.file}.key.next`)).toBe(false);
    expect(await trusting(directory.file, first)).toMatchObject({
      verdict: 'ok',
      keys: [first, second, third],
    });
    const next = await directory.open();
    expect(next.key).toMatchObject({ verifier: third, created: false });
    // Pruned, the way from key to key is still there.
    await next.append(record(4));
    await next.prune({ olderThan: '2999-01-01' });
    await next.close();
    expect(await trusting(directory.file, first)).toMatchObject({ verdict: 'ok', entries: 1 });
  });

  it('is rotated by options: from the one that was made here, and from the one before', async () => {
    await using directory = new TrailDirectory();
    const made = await directory.open();
    const first = made.key.verifier;
    await made.append(record(1));
    await made.close();
    const [second, third] = [pem(), pem()];
    const given = await directory.open({ key: second });
    expect(given.key).toMatchObject({ path: undefined, created: false });
    await expect(given.rotateKey()).rejects.toMatchObject({ code: 'key' });
    await given.close();
    const rotated = await directory.open({ key: third, previousKey: second });
    await rotated.append(record(2));
    await rotated.close();
    expect(await trusting(directory.file, first)).toMatchObject({ verdict: 'ok' });
    // The option may stay where it is.
    await (await directory.open({ key: third, previousKey: second })).close();
  });

  it('is missed at the start, and replaced only when told to, as auditors can see', async () => {
    await using directory = new TrailDirectory();
    const store = await directory.open();
    const first = store.key.verifier;
    await store.append(record(1));
    await store.close();
    rmSync(`${directory.file}.key`);
    const missing = failing('key', keyChanged(directory.file, first));
    await expect(directory.open()).rejects.toEqual(missing);
    expect(existsSync(`${directory.file}.key`)).toBe(false);
    await expect(directory.open({ key: pem() })).rejects.toEqual(missing);
    await expect(directory.open({ key: pem(), previousKey: pem() })).rejects.toEqual(
      failing('key', previousKeyWrong(directory.file, first)),
    );
    const accepted = await directory.open({ acceptNewKey: true });
    expect(accepted.key.created).toBe(true);
    await accepted.append(record(2));
    await accepted.close();
    expect(await trusting(directory.file, first)).toMatchObject({ verdict: 'bad_key' });
    expect(await trusting(directory.file, first, accepted.key.verifier)).toMatchObject({ signedThrough: 3 });
  });

  it('takes its place also when a crash came between the rotation and its file', async () => {
    await using directory = new TrailDirectory();
    const store = await directory.open();
    const old = readFileSync(`${directory.file}.key`);
    const second = await store.rotateKey();
    await store.close();
    execFileSync('mv', [`${directory.file}.key`, `${directory.file}.key.next`]);
    writeFileSync(`${directory.file}.key`, old, { mode: 0o600 });
    const next = await directory.open();
    expect(next.key.verifier).toBe(second);
  });
});

async function trusting(file: string, ...keys: readonly string[]): ReturnType<typeof verifyTrail> {
  using reader = TrailReader.open(file);
  return await verifyTrail(reader.evidence(), {
    trusted: keys.map((key) => VerifyingKey.parse(key)),
    anchors: readAnchors(`${file}.anchors`),
  });
}
