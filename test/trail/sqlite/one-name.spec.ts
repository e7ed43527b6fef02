import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { openTrail } from '../../../src/trail/open-trail.js';
import {
  locked,
  mountOfItsOwn,
  severalNames,
  symbolicLink,
  takenOver,
} from '../../../src/trail/store/store.messages.js';
import { whyNoMounts } from '../harness/own-mounts.js';
import {
  batch,
  hasSqlite,
  openWriter,
  rawDatabase,
  record,
  storedData,
  TrailDirectory,
  whyNoSqlite,
} from '../store/a-trail.js';
import { TrailProcess } from '../store/trail-process.js';

/** What a route for backups does: with the last descriptor that is closed, the process has lost its locks. */
function loseLocks({ path }: TrailDirectory): void {
  for (const name of readdirSync(path)) closeSync(openSync(join(path, name), 'r'));
}

const PROGRAM = join(import.meta.dirname, '../store/trail-program.mjs');

describe.skipIf(!hasSqlite)(`A trail is one path${whyNoSqlite}`, () => {
  it('is refused by a second name of the same file, and by its first one too', async () => {
    await using directory = new TrailDirectory();
    const { file, path } = directory;
    await (await directory.open()).close();
    const other = join(path, 'other.db');
    linkSync(file, other);
    for (const name of [file, other])
      await expect(openTrail(directory.options({ file: name }))).rejects.toMatchObject({
        code: 'shared',
        message: severalNames(name, 2),
      });
    unlinkSync(other);
    await expect(directory.open()).resolves.toBeDefined();
  });

  it.skipIf(whyNoMounts !== '')(`is refused when the file alone is mounted${whyNoMounts}`, async () => {
    await using directory = new TrailDirectory();
    const { file, path } = directory;
    await (await directory.open()).close();
    // A name that the table of mounts writes in octal.
    mkdirSync(join(path, 'in side'));
    const inside = join(path, 'in side', 'audit.db');
    const run = (script: string): string =>
      execFileSync('unshare', ['-rm', 'sh', '-c', script, 'sh', process.execPath, PROGRAM, file, inside], {
        encoding: 'utf8',
      });
    expect(run(`touch "$4"; mount --bind "$3" "$4"; exec "$1" "$2" open "$4"`)).toBe(
      `shared ${mountOfItsOwn(inside)}\n`,
    );
    // A mount of the directory is how it is meant to be.
    rmSync(inside);
    expect(run(`mount --bind "$(dirname "$3")" "$(dirname "$4")"; exec "$1" "$2" open "$4"`)).toBe('open\n');
  });

  it('is the same by every symbolic link, with one lock and one key', async () => {
    await using directory = new TrailDirectory();
    const { path } = directory;
    for (const name of ['data', 'app', 'app/dir']) mkdirSync(join(path, name));
    symlinkSync(join(path, 'data'), join(path, 'app/linked'));
    // Before there is a file, too: by a link to a file, a link to a link, and a link of the directory.
    symlinkSync('../data/audit.db', join(path, 'app/audit.db'));
    symlinkSync('audit.db', join(path, 'app/again.db'));
    const store = await directory.open({ file: join(path, 'app/again.db') });
    await store.append(record(1));
    for (const name of ['app/audit.db', 'app/linked/audit.db', 'data/audit.db'])
      await expect(openTrail(directory.options({ file: join(path, name) }))).rejects.toMatchObject({
        code: 'locked',
      });
    await store.close();
    expect(readdirSync(join(path, 'data')).toSorted()).toEqual(
      ['', '.anchors', '.ballast', '.key', '.lock', '.spool'].map((end) => `audit.db${end}`),
    );
    expect(readdirSync(join(path, 'app')).toSorted()).toEqual(['again.db', 'audit.db', 'dir', 'linked']);
    const other = await directory.open({ file: join(path, 'app/linked/audit.db') });
    expect(other.key.verifier).toBe(store.key.verifier);
    expect(other.name).toBe(join(path, 'data/audit.db'));
  });

  it('does not make a new key where the old one lies beside a link', async () => {
    await using directory = new TrailDirectory();
    const { file, path } = directory;
    await (await directory.open()).close();
    const link = join(path, 'link.db');
    symlinkSync(file, link);
    renameSync(`${file}.key`, `${link}.key`);
    await expect(openTrail(directory.options({ file: link }))).rejects.toMatchObject({
      code: 'shared',
      message: expect.stringContaining(`Move ${link}.key to ${file}.key`),
    });
  });

  it.each(['.lock', '.spool', '.anchors', '.ballast', '.owner'])(
    'writes through no link that was planted as %s',
    async (end) => {
      await using directory = new TrailDirectory();
      const { file, path } = directory;
      const victim = join(path, 'victim');
      writeFileSync(victim, 'precious', { mode: 0o644 });
      for (const target of [victim, join(path, 'nothing')]) {
        symlinkSync(target, `${file}${end}`);
        const started = await openTrail(directory.options(), 'test:1').catch((error: unknown) => error);
        if (end === '.ballast' || end === '.owner')
          await (started as Awaited<ReturnType<typeof openTrail>>).close();
        else
          expect(started).toMatchObject({
            code: 'io',
            message: expect.stringContaining(symbolicLink(`${file}${end}`)),
          });
        rmSync(`${file}${end}`, { force: true });
      }
      expect(readFileSync(victim, 'utf8')).toBe('precious');
      expect(statSync(victim).mode & 0o777).toBe(0o644);
      expect(existsSync(join(path, 'nothing'))).toBe(false);
      await expect(directory.open()).resolves.toBeDefined();
    },
  );

  it('follows a link that the options name', async () => {
    await using directory = new TrailDirectory();
    const { path } = directory;
    mkdirSync(join(path, 'elsewhere'));
    for (const name of ['anchors', 'spool']) symlinkSync(join(path, 'elsewhere', name), join(path, name));
    const store = await directory.open({ anchors: join(path, 'anchors'), spoolFile: join(path, 'spool') });
    await store.append(record(1));
    await store.checkpoint();
    await store.close();
    expect(readdirSync(join(path, 'elsewhere')).toSorted()).toEqual(['anchors', 'spool']);
  });

  it.skipIf(process.platform !== 'linux')(
    "stays its process's while that reads the files itself, as for a backup (Linux only)",
    async () => {
      await using directory = new TrailDirectory();
      const { file } = directory;
      const store = await directory.open();
      await store.append(record(1));
      for (let time = 1; time <= 3; time++) {
        loseLocks(directory);
        await using other = new TrailProcess('take', file);
        await other.ended();
        expect(other.output).toBe(`locked ${locked(file)}\n`);
        await store.append(record(1 + time));
      }
      await store.close();
      expect(existsSync(`${file}.owner`)).toBe(false);
      expect(await storedData(file)).toHaveLength(4);
    },
  );

  it.skipIf(process.platform !== 'linux')(
    'is not kept for a process that has ended, whatever has its number now (Linux only)',
    async () => {
      await using directory = new TrailDirectory();
      const { file } = directory;
      await using other = new TrailProcess('hold', file);
      await vi.waitUntil(() => other.said('open').length === 1, { timeout: 15_000 });
      other.kill('SIGKILL');
      await other.ended();
      const left = readFileSync(`${file}.owner`, 'utf8');
      expect(left).toMatch(/^[-0-9a-f]{36} pid:\[\d+\] \d+ \d+$/);
      await (await directory.open()).close();
      // Another one got the number: it began at another time.
      writeFileSync(`${file}.owner`, left.replace(/\d+ \d+$/, `${process.ppid} 1`));
      await (await directory.open()).close();
    },
  );

  it('acknowledges nothing once another process has taken it over', async () => {
    await using directory = new TrailDirectory();
    const { file } = directory;
    const store = await directory.open();
    await store.append(record(1));
    loseLocks(directory);
    // As another container sees it, which knows no process of this one.
    rmSync(`${file}.owner`, { force: true });
    await using other = new TrailProcess('take', file);
    await vi.waitUntil(() => other.said('ack').length === 1 || other.said('locked').length === 1, {
      timeout: 15_000,
    });
    expect(other.said('ack')).toHaveLength(1);
    await expect(store.append(record(2))).rejects.toMatchObject({
      code: 'replaced',
      final: true,
      message: takenOver(file),
    });
    expect(store.status.state).toBe('failed');
    await expect(store.keep(record(3))).resolves.toMatchObject({ kept: 'spool' });
    other.kill('SIGTERM');
    await other.ended();
    await store.close();
    const messages = (await storedData(file)).map(({ id, message }) => message ?? id);
    expect(messages).toEqual(['role changed 1', 'taken']);
  });

  it('deletes nothing more of what is pruned once another process has taken it over', async () => {
    await using directory = new TrailDirectory();
    const { file } = directory;
    const writer = openWriter(directory);
    try {
      writer.append(batch(...Array.from({ length: 1_200 }, (_, number) => record(number))));
      writer.checkpoint();
      const takenAfterFirstStep = async (): Promise<void> => {
        using db = rawDatabase(file);
        db.exec(`UPDATE meta SET value = 'another' WHERE name = 'owner'`);
      };
      await expect(writer.prune({ keepBytes: 0 }, takenAfterFirstStep)).rejects.toMatchObject({
        code: 'replaced',
        message: takenOver(file),
      });
    } finally {
      writer.close();
    }
    using db = rawDatabase(file);
    expect(db.prepare('SELECT min(seq) AS first FROM entries').get()).toEqual({ first: 501 });
  });

  it('sets its modes back as a volume with an fsGroup leaves them', async () => {
    await using directory = new TrailDirectory();
    const { file, path } = directory;
    const warnings: string[] = [];
    const warn = vi
      .spyOn(process, 'emitWarning')
      .mockImplementation((text) => void warnings.push(String(text)));
    try {
      const store = await directory.open();
      await store.append(record(1));
      await store.close();
      chmodSync(path, 0o2770);
      for (const name of readdirSync(path)) chmodSync(join(path, name), 0o660);
      await (await directory.open()).close();
      for (const name of readdirSync(path)) {
        if (name.endsWith('.anchors') || name.endsWith('.ballast')) continue;
        expect([name, lstatSync(join(path, name)).mode & 0o777]).toEqual([name, 0o600]);
      }
      chmodSync(`${file}.key`, 0o644);
      await expect(directory.open()).rejects.toMatchObject({
        code: 'key',
        message: expect.stringContaining('`trail.key`'),
      });
    } finally {
      warn.mockRestore();
    }
  });

  it.each([0, -5, 2])('does not take a file that says it has format %i', async (format) => {
    await using directory = new TrailDirectory();
    await (await directory.open()).close();
    const db = rawDatabase(directory.file);
    db.exec(`PRAGMA user_version = ${format}`);
    db.close();
    await expect(directory.open()).rejects.toMatchObject({ code: format > 1 ? 'not_a_trail' : 'broken' });
  });
});
