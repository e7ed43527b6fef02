import { spawnSync } from 'node:child_process';
import { readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { neitherTrailNorExport, noFile, VERDICT_TEXTS } from '../../../src/cli/audit/audit.messages.js';
import { SigningKey } from '../../../src/trail/evidence/signing-key.js';
import { type TrailReport } from '../../../src/trail/evidence/verify/trail-report.js';
import { WITHOUT_ANCHOR } from '../../../src/trail/evidence/verify/verify.messages.js';
import { hasSqlite, openWriter, TrailDirectory, whyNoSqlite } from '../../trail/store/a-trail.js';
import { RunningCommand } from '../harness/command.js';
import { audit, closedTrail, copyOf, tamper, write } from './a-file.js';

const GOLDEN = fileURLToPath(new URL('../../trail/golden/', import.meta.url));
const VERIFIER = fileURLToPath(new URL('../../trail/verify.py', import.meta.url));

const hasPython =
  spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 8))']).status === 0;
const whyNoPython = hasPython ? '' : ' (skipped: no python3 of at least 3.8)';

const CUT = ['DELETE FROM entries WHERE seq > 20', 'DELETE FROM checkpoints WHERE size > 20'];

/** What is done to the file of a trail, and how its verification ends. */
const TAMPERED: readonly [name: string, exitCode: number, statements: readonly string[]][] = [
  ['nothing', 0, []],
  ['a payload', 2, [`UPDATE entries SET payload = replace(payload, 'role', 'rule') WHERE seq = 7`]],
  [
    'a payload that is not UTF-8 any more',
    2,
    [
      `UPDATE entries SET payload = CAST(unhex(replace(hex(payload), '726F6C65', 'FF6F6C65')) AS TEXT) WHERE seq = 7`,
    ],
  ],
  ['a hash', 2, [`UPDATE entries SET chain = zeroblob(32) WHERE seq = 30`]],
  ['an entry removed', 3, [`DELETE FROM entries WHERE seq = 12`]],
  [
    'two entries exchanged',
    3,
    [
      'UPDATE entries SET seq = -1 WHERE seq = 12',
      'UPDATE entries SET seq = 12 WHERE seq = 13',
      'UPDATE entries SET seq = 13 WHERE seq = -1',
    ],
  ],
  [
    'an entry put in',
    3,
    [
      `INSERT INTO entries (seq, chain, payload) SELECT 31, chain, replace(payload, '"id":"', '"id":"x') FROM entries WHERE seq = 4`,
    ],
  ],
  ['the end cut off', 4, [`DELETE FROM entries WHERE seq > 25`]],
  ['the end cut off, with what was signed of it', 4, CUT],
  ['a note', 6, [`UPDATE checkpoints SET note = replace(note, 'time 2', 'time 3') WHERE size = 20`]],
];

describe('audit verify of an export', () => {
  it('needs no SQLite', async () => {
    const { exitCode, stdout } = await audit('verify', join(GOLDEN, 'whole.ndjson'));
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^OK: export /);
  });

  it('takes the keys that are trusted as text and from a file', async () => {
    const file = join(GOLDEN, 'pruned.ndjson');
    const [first = '', second = ''] = readFileSync(join(GOLDEN, 'vkeys.txt'), 'utf8').split('\n');
    for (const keys of [[first], [first, second], [join(GOLDEN, 'vkeys.txt')]]) {
      const { exitCode, stdout } = await audit(
        'verify',
        file,
        '--json',
        ...keys.flatMap((key) => ['--key', key]),
      );
      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ verdict: 'ok', trust: 'given', kind: 'export', file });
    }
    const stranger = SigningKey.generate('nestjs-log-stream/audit/x').verifier;
    expect(await audit('verify', file, '--key', stranger)).toMatchObject({ exitCode: 6 });
  });

  it.each([
    ['no file', ['verify', join(GOLDEN, 'none')], noFile(join(GOLDEN, 'none'))],
    ['a directory', ['verify', GOLDEN], neitherTrailNorExport(GOLDEN)],
    ['neither', ['verify', join(GOLDEN, 'vkeys.txt')], neitherTrailNorExport(join(GOLDEN, 'vkeys.txt'))],
    ['no anchors', ['verify', join(GOLDEN, 'whole.ndjson'), '--anchors', 'none'], noFile('none')],
    ['no key', ['verify', join(GOLDEN, 'whole.ndjson'), '--key', 'a+b'], 'is no verifier key'],
    [
      'keys that are none',
      ['verify', join(GOLDEN, 'whole.ndjson'), '--key', join(GOLDEN, 'whole.ndjson')],
      'is no verifier key',
    ],
    ['no argument', ['verify'], 'missing required argument'],
    ['an unknown flag', ['verify', 'x', '--quick'], 'unknown option'],
    ['an unknown command', ['very'], 'unknown command'],
  ])('could not run with %s, which is no verdict', async (_, args, why) => {
    const { exitCode, stdout, stderr } = await audit(...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(why);
  });

  it('says in its help how it ends', async () => {
    const { exitCode, stdout } = await audit('verify', '--help');
    expect(exitCode).toBe(0);
    for (const code of [0, 1, 2, 3, 4, 5, 6]) expect(stdout).toMatch(new RegExp(`^ {2}${code}  `, 'm'));
  });
});

describe.runIf(!hasSqlite)('audit without node:sqlite (needs a Node that has none)', () => {
  it('says what is needed', async () => {
    const file = join(GOLDEN, 'empty.db');
    writeFileSync(file, 'SQLite format 3\0');
    for (const command of ['verify', 'query', 'export', 'holds', 'checkpoint']) {
      const { exitCode, stderr } = await audit(command, file);
      expect(exitCode).toBe(1);
      expect(stderr).toContain('Node 22.13 or later');
    }
    rmSync(file);
  });
});

describe.skipIf(!hasSqlite)(`audit verify of a trail${whyNoSqlite}`, () => {
  let directory: TrailDirectory;
  let file: string;
  beforeAll(() => {
    directory = new TrailDirectory();
    file = closedTrail(directory);
  });
  afterAll(() => directory[Symbol.asyncDispose]());

  const copies = new Map<string, string>();
  const tampered = (name: string, statements: readonly string[]): string => {
    const copy = copies.get(name) ?? copyOf(file, `tampered-${copies.size}.db`);
    if (!copies.has(name)) tamper(copy, ...statements);
    copies.set(name, copy);
    return copy;
  };

  it.each(TAMPERED)('with %s changed ends with %i', async (name, exitCode, statements) => {
    const copy = tampered(name, statements);
    const ended = await audit('verify', copy);
    expect(ended).toMatchObject({ exitCode, stderr: '' });
    const json = await audit('verify', copy, '--json');
    expect(json).toMatchObject({ exitCode, stderr: '' });
    const report = JSON.parse(json.stdout) as TrailReport;
    expect(report.exitCode).toBe(exitCode);
    expect(ended.stdout.startsWith(`${VERDICT_TEXTS[report.verdict]}: trail ${report.trail}`)).toBe(true);
    for (const { text } of report.findings.slice(0, 10)) expect(ended.stdout).toContain(text);
  });

  it.each(TAMPERED)('with %s changed and exported ends with %i too', async (name, exitCode, statements) => {
    const copy = tampered(name, statements);
    const out = `${copy}.ndjson`;
    expect(await audit('export', copy, '--out', out)).toMatchObject({ exitCode: 0 });
    expect(await audit('verify', out, '--anchors', `${file}.anchors`)).toMatchObject({ exitCode });
  });

  it('with a tail rewritten by who has the key ends with 5, if there is an anchor', async () => {
    const other = new TrailDirectory();
    await using _ = other;
    const writer = openWriter(other);
    write(writer, 1, 10);
    writer.close();
    const forged = copyOf(other.file, 'forged.db');
    const honest = openWriter(other);
    write(honest, 11, 20);
    honest.close();
    const forger = openWriter(other, { file: forged });
    write(forger, 11, 20, { message: 'nothing happened' });
    forger.close();
    expect(await audit('verify', forged, '--anchors', `${other.file}.anchors`)).toMatchObject({
      exitCode: 5,
    });
    expect(await audit('verify', forged)).toMatchObject({ exitCode: 0 });
  });

  it('takes the anchors from where a link leads to, not from beside the link', async () => {
    await using other = new TrailDirectory();
    const link = join(other.path, 'link.db');
    symlinkSync(tampered('the end cut off, with what was signed of it, by a link', CUT), link);
    // What lies beside the link says nothing of the trail.
    writeFileSync(`${link}.anchors`, '');
    const { exitCode, stdout } = await audit('verify', link, '--json');
    expect([exitCode, (JSON.parse(stdout) as { anchorFile?: string }).anchorFile]).toEqual([
      4,
      `${realpathSync(link)}.anchors`,
    ]);
  });

  it('says what it did not see', async () => {
    const cut = tampered('the end cut off, with what was signed of it', []);
    const { exitCode, stdout } = await audit('verify', cut, '--no-anchors');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Not established:');
    expect(stdout).toContain(WITHOUT_ANCHOR);
    expect((await audit('verify', cut)).stdout).toContain('lie beside the trail');
  });

  it('is 1 when the database is damaged', async () => {
    const copy = copyOf(file, 'damaged.db');
    const bytes = readFileSync(copy);
    bytes.fill(0xa5, 4_096, bytes.length);
    writeFileSync(copy, bytes);
    const { exitCode, stderr } = await audit('verify', copy);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('cannot be used');
  });

  it('shows hostile text, and has no terminal obey it', async () => {
    const copy = copyOf(file, 'hostile.db');
    tamper(copy, `UPDATE meta SET value = char(27) || '[2J' || char(7) WHERE name = 'trail'`);
    const { exitCode, stdout } = await audit('verify', copy);
    expect(exitCode).toBe(6);
    expect(stdout).toContain('␛[2J␇');
    // oxlint-disable-next-line no-control-regex -- that is what it is about
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  it('colours the verdict on a terminal only, and not with NO_COLOR', async () => {
    const run = async (env: NodeJS.ProcessEnv): Promise<string> => {
      await using command = new RunningCommand(['audit', 'verify', file], { columns: 80, env });
      await command.exitCode;
      return command.stdout.text;
    };
    expect(await run({})).toContain('\u001b[32mOK');
    expect(await run({ NO_COLOR: '1' })).toMatch(/^OK/);
    expect((await audit('verify', file)).stdout).toMatch(/^OK/);
  });

  it('ends with 130 when it is interrupted, and gives no verdict', async () => {
    await using command = new RunningCommand(['audit', 'verify', file]);
    command.interrupt();
    expect(await command.exitCode).toBe(130);
    expect(command.stdout.text).toBe('');
  });

  describe.skipIf(!hasPython)(`and the verifier in Python${whyNoPython}`, () => {
    it.each(TAMPERED)('agree on an export with %s changed', async (name, _, statements) => {
      const copy = tampered(name, statements);
      const out = `${copy}.py.ndjson`;
      await audit('export', copy, '--out', out);
      const { exitCode } = await audit('verify', out);
      const { status, stderr } = spawnSync('python3', [VERIFIER, out], { encoding: 'utf8' });
      expect({ status, stderr }).toEqual({ status: exitCode, stderr: '' });
    });
  });
});
