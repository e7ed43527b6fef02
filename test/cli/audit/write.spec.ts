import { generateKeyPairSync } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as messages from '../../../src/cli/audit/audit.messages.js';
import { readAnchors } from '../../../src/trail/evidence/anchor-file.js';
import { parseCheckpoint } from '../../../src/trail/evidence/checkpoint-note.js';
import { type Hold } from '../../../src/trail/store/hold.js';
import { hasSqlite, openWriter, TrailDirectory, verified, whyNoSqlite } from '../../trail/store/a-trail.js';
import { allOf, audit, closedTrail, write } from './a-file.js';

describe.skipIf(!hasSqlite)(`Commands that write to a trail${whyNoSqlite}`, () => {
  it('prune what is old, once they were told so, and the rest verifies', async () => {
    await using directory = new TrailDirectory();
    const file = closedTrail(directory);
    const flags = ['prune', file, '--older-than', '2026-01-01T00:00:25Z'];
    const announced = messages.wouldPrune(1, 20, ' (2026-01-01T00:00:01.000Z to 2026-01-01T00:00:20.000Z)');
    expect(await audit(...flags, '--dry-run')).toEqual({ exitCode: 0, stdout: `${announced}\n`, stderr: '' });
    const refused = await audit(...flags);
    expect(refused).toMatchObject({ exitCode: 1, stdout: `${announced}\n` });
    expect(refused.stderr).toContain(messages.SAY_YES);
    expect((await verified(file)).prunedThrough).toBe(0);

    const { exitCode, stdout } = await audit(...flags, '--yes', '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ dryRun: false, count: 20, from: 1, through: 20, heldBy: [] });
    expect(await verified(file)).toMatchObject({ verdict: 'ok', prunedThrough: 20, entries: 11 });
    expect(await audit('verify', file)).toMatchObject({ exitCode: 0 });
    expect((await audit('query', file, '--kinds', 'pruned', '--json')).stdout).toContain(
      '"instance":"audit-cli:',
    );
    expect(await audit(...flags, '--yes')).toMatchObject({
      exitCode: 0,
      stdout: `${messages.nothingToPrune(0)}\n`,
    });
  });

  it('prune by size, and never what is held', async () => {
    await using directory = new TrailDirectory();
    const file = closedTrail(directory);
    const placed = await audit(
      'hold',
      file,
      '--reason',
      'case 7',
      '--action',
      'user_*',
      '--from',
      '2026-01-01T00:00:11Z',
      '--json',
    );
    const { hold } = JSON.parse(placed.stdout) as { hold: string };
    const pruned = await audit('prune', file, '--keep-bytes', '1KiB', '--yes', '--json');
    expect(JSON.parse(pruned.stdout)).toMatchObject({ through: 10, heldBy: [hold] });

    const list = await audit('holds', file, '--json');
    expect(JSON.parse(list.stdout) as Hold).toMatchObject({ id: hold, reason: 'case 7', action: 'user_*' });
    expect((await audit('holds', file)).stdout).toContain(`${hold} `);
    expect(await audit('release', file, hold, '--reason', 'closed')).toMatchObject({ exitCode: 0 });
    expect(await audit('release', file, hold, '--reason', 'closed')).toMatchObject({ exitCode: 1 });
    expect(await audit('holds', file)).toMatchObject({ stdout: `${messages.NO_HOLDS}\n` });
    const rest = await audit('prune', file, '--keep-bytes', '1KiB', '--yes', '--json');
    expect(JSON.parse(rest.stdout)).toMatchObject({ from: 11, heldBy: [] });
    expect(await audit('verify', file)).toMatchObject({ exitCode: 0 });
  });

  it('find key and anchors where a link leads to, and leave nothing beside the link', async () => {
    await using directory = new TrailDirectory();
    await using other = new TrailDirectory();
    const file = closedTrail(directory);
    const link = join(other.path, 'link.db');
    symlinkSync(file, link);
    const before = await allOf(readAnchors(`${file}.anchors`));
    const { exitCode, stderr } = await audit('hold', link, '--reason', 'case 7');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(await allOf(readAnchors(`${file}.anchors`))).toHaveLength(before.length + 1);
    expect(readdirSync(other.path)).toEqual(['link.db']);
    renameSync(`${file}.key`, join(other.path, 'link.db.key'));
    expect((await audit('release', link, 'none', '--reason', 'x')).stderr).toContain(
      messages.keyMissing(file),
    );
  });

  it('leave a trail alone that an application has open, and make no new one', async () => {
    await using directory = new TrailDirectory();
    const { file } = directory;
    expect(await audit('checkpoint', file)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(messages.noFile(file)),
    });
    expect(existsSync(file)).toBe(false);
    const writer = openWriter(directory);
    expect((await audit('checkpoint', file)).stderr).toContain(messages.NOTHING_SIGNED_YET);
    write(writer, 1, 3);
    const { note } = writer.checkpoint();
    const pruning = await audit('prune', file, '--older-than', '0s', '--yes');
    expect(pruning).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(messages.inUse(file, messages.PRUNE_IN_APP)),
    });
    expect(await audit('prune', file, '--older-than', '0s', '--dry-run')).toMatchObject({ exitCode: 0 });
    const holding = await audit('hold', file, '--reason', 'x');
    expect(holding.stderr).toContain(messages.inUse(file, messages.HOLD_IN_APP));
    const checkpoint = await audit('checkpoint', file);
    expect(checkpoint).toMatchObject({
      exitCode: 0,
      stdout: `${note}\n`,
      stderr: `${messages.appSigns(3, 3)}\n`,
    });
    writer.close();
  });

  it('sign what is there, as an anchor that can be kept elsewhere', async () => {
    await using directory = new TrailDirectory();
    const file = closedTrail(directory);
    const elsewhere = `${file}.elsewhere`;
    for (const reason of ['one', 'two']) {
      await audit('hold', file, '--reason', reason);
      appendFileSync(elsewhere, (await audit('checkpoint', file)).stdout);
    }
    const notes = await allOf(readAnchors(elsewhere));
    expect(notes.map((note) => parseCheckpoint(note).checkpoint.size)).toEqual([31, 32]);
    const json = JSON.parse((await audit('checkpoint', file, '--json')).stdout) as { size: number };
    expect(json).toMatchObject({ size: 32, signedNow: true, note: notes[1] });
    const { stdout, exitCode } = await audit('verify', file, '--anchors', elsewhere, '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ anchoredThrough: 32, anchors: { given: 2, agree: 2 } });
  });

  it('sign with the key of the trail only, and rotate none by mistake', async () => {
    await using directory = new TrailDirectory();
    const file = closedTrail(directory);
    const key = `${file}.key`;
    const away = `${file}.safe`;
    const other = `${file}.other`;
    const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' });
    writeFileSync(other, pem, { mode: 0o600 });
    const { keys } = await verified(file);
    const wrong = await audit('checkpoint', file, '--key-file', other);
    expect(wrong).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(messages.keyFileOfOther(other, file, keys[0]!)),
    });
    renameSync(key, away);
    expect(await audit('hold', file, '--reason', 'x')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(messages.keyMissing(file)),
    });
    expect(existsSync(key)).toBe(false);
    for (const path of [file, `${file}.none`])
      expect(await audit('hold', file, '--reason', 'x', '--key-file', path)).toMatchObject({ exitCode: 1 });
    expect(await audit('hold', file, '--reason', 'x', '--key-file', away)).toMatchObject({ exitCode: 0 });
    expect(await verified(file)).toMatchObject({ verdict: 'ok', keys, last: 31 });
  });

  it('keep to their own files', async () => {
    await using directory = new TrailDirectory();
    const file = closedTrail(directory);
    const mode = (path: string): number => statSync(path).mode & 0o777;
    renameSync(`${file}.anchors`, `${file}.away`);
    await audit('hold', file, '--reason', 'x');
    expect(existsSync(`${file}.anchors`)).toBe(false);
    await audit('hold', file, '--reason', 'x', '--anchors', `${file}.away`);
    expect(readFileSync(`${file}.away`, 'utf8').match(/^32$/m)).not.toBeNull();
    expect([mode(file), mode(`${file}.away`), mode(`${file}.lock`)]).toEqual([0o600, 0o600, 0o600]);
  });

  it.each([
    [['prune'], messages.PRUNE_WHAT],
    [['prune', '--keep-bytes', '2 MB'], messages.BAD_BYTES],
    [['hold'], '--reason'],
    [['hold', '--reason', ' '], 'reason'],
  ])('refuse %j', async ([command = '', ...flags], why) => {
    await using directory = new TrailDirectory();
    const ended = await audit(command, closedTrail(directory), ...flags);
    expect(ended).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining(why) });
  });
});
