import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BAD_KINDS, isAnExport, LAST_AND_LIMIT } from '../../../src/cli/audit/audit.messages.js';
import { type TrailEntry, TRAIL_ENTRY_KINDS } from '../../../src/trail/store/trail-entry.js';
import {
  batch,
  hasSqlite,
  intent,
  openWriter,
  record,
  TrailDirectory,
  whyNoSqlite,
} from '../../trail/store/a-trail.js';
import { RunningCommand } from '../harness/command.js';
import { audit } from './a-file.js';

describe.skipIf(!hasSqlite)(`audit query${whyNoSqlite}`, () => {
  let directory: TrailDirectory;
  beforeAll(() => {
    directory = new TrailDirectory();
    const writer = openWriter(directory);
    // More than a page of the trail holds.
    const records = Array.from({ length: 1_200 }, (_, index) =>
      record(index + 1, {
        actor: { id: index % 2 ? 'ann' : 'bob' },
        targets: [{ id: `u-${index % 3}` }],
        ...(index === 6 && {
          message: '\u001b[2Jred\u0007\u202e',
          level: 'ERROR',
          outcome: 'failure',
          metadata: { role: 'a b' },
        }),
      }),
    );
    writer.append(batch(...records, intent(1)));
    writer.close();
  });
  afterAll(() => directory[Symbol.asyncDispose]());

  const found = async (...flags: string[]): Promise<number[]> => {
    const { exitCode, stdout, stderr } = await audit('query', directory.file, '--json', ...flags);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    return stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as TrailEntry).seq);
  };
  const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

  it('follows all pages, in either order', async () => {
    expect(await found()).toEqual(upTo(1_201));
    expect(await found('--order', 'desc')).toEqual(upTo(1_201).toReversed());
  });

  it.each<[string[], number[]]>([
    [
      ['--limit', '3'],
      [1, 2, 3],
    ],
    [
      ['--limit', '2', '--order', 'desc'],
      [1_201, 1_200],
    ],
    [
      ['--last', '2'],
      [1_200, 1_201],
    ],
    [
      ['--last', '2', '--kinds', 'record', '--actor', 'bob'],
      [1_197, 1_199],
    ],
    [
      ['--actor', 'bob', '--target', 'u-1', '--limit', '2'],
      [5, 11],
    ],
    [['--kinds', 'intent,gap'], [1_201]],
    [['--level', 'error'], [7]],
    [['--outcome', 'failure'], [7]],
    [
      ['--action', 'user_*', '--after', '3', '--before', '6'],
      [4, 5],
    ],
    [
      ['--from', '2026-01-01T00:00:02Z', '--to', '2026-01-01T00:00:04Z'],
      [2, 3],
    ],
    [['--text', 'CHANGED 12 '], [12]],
    [['--text', 'CHANGED 12"'], []],
    [['--text', 'changed 1199'], [1_199]],
    [['--logger', 'audit.nobody'], []],
  ])('with %j finds %j', async (flags, seqs) => {
    expect(await found(...flags)).toEqual(seqs);
  });

  it('shows entries as lines, of which a terminal obeys nothing', async () => {
    const { stdout } = await audit('query', directory.file, '--utc', '--after', '5', '--limit', '2');
    expect(stdout).toBe(
      '6 2026-01-01 00:00:06.000Z INFO audit.users role changed 6 action=user_role_changed outcome=success actor=ann targets=u-2 number=6\n' +
        '7 2026-01-01 00:00:07.000Z ERROR audit.users ␛[2Jred␇\\u{202e} action=user_role_changed outcome=failure actor=bob targets=u-0 role="a b" number=7\n',
    );
    const { stdout: json } = await audit('query', directory.file, '--json', '--after', '6', '--limit', '1');
    expect(json).toContain('\\u001b[2Jred\\u0007\\u202e');
  });

  it('wraps lines to the terminal', async () => {
    await using command = new RunningCommand(['audit', 'query', directory.file, '--limit', '1'], {
      columns: 40,
      env: { NO_COLOR: '1' },
    });
    expect(await command.exitCode).toBe(0);
    expect(command.stdout.lines.length).toBeGreaterThan(2);
    expect(Math.max(...command.stdout.lines.map(({ length }) => length))).toBeLessThanOrEqual(40);
  });

  it.each([
    [['--last', '2', '--limit', '2'], LAST_AND_LIMIT],
    [['--last', '10001'], 'at most 10000'],
    [['--kinds', 'all'], BAD_KINDS(TRAIL_ENTRY_KINDS)],
    [['--limit', '0'], 'whole number from 1'],
    [['--from', 'yesterday'], 'duration'],
    [['--text', ''], 'text'],
  ])('refuses %j', async (flags, why) => {
    const { exitCode, stdout, stderr } = await audit('query', directory.file, ...flags);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(why);
  });

  it('refuses an export', async () => {
    const out = `${directory.file}.ndjson`;
    await audit('export', directory.file, '--out', out);
    expect(await audit('query', out)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(isAnExport(out)),
    });
  });

  it('ends at an interrupt', async () => {
    await using command = new RunningCommand(['audit', 'query', directory.file]);
    command.stdout.held = [];
    await command.stdout.until(() => command.stdout.writes > 0);
    command.interrupt();
    for (const done of command.stdout.held.splice(0)) done();
    command.stdout.held = undefined;
    expect(await command.exitCode).toBe(130);
    expect(command.stdout.lines.length).toBeLessThan(1_201);
  });

  it('ends quietly when nobody reads any more', async () => {
    await using command = new RunningCommand(['audit', 'query', directory.file]);
    command.stdout.held = [];
    await command.stdout.until(() => command.stdout.writes > 0);
    command.stdout.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    expect(await command.exitCode).toBe(0);
    expect(command.stderr.text).toBe('');
  });
});
