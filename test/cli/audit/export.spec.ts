import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cannotWrite, FILTERED_NDJSON, outputExists } from '../../../src/cli/audit/audit.messages.js';
import { exportTrail } from '../../../src/trail/evidence/export-trail.js';
import { TrailReader } from '../../../src/trail/sqlite/reader/trail-reader.js';
import { hasSqlite, openWriter, TrailDirectory, whyNoSqlite } from '../../trail/store/a-trail.js';
import { RunningCommand } from '../harness/command.js';
import { allOf, audit, write } from './a-file.js';

describe.skipIf(!hasSqlite)(`audit export${whyNoSqlite}`, () => {
  let directory: TrailDirectory;
  beforeAll(() => {
    directory = new TrailDirectory();
    const writer = openWriter(directory);
    write(writer, 1, 400, { metadata: { note: 'x'.repeat(500) } });
    write(writer, 401, 402, { message: '=cmd()', actor: { id: 'ann', name: 'Ann' }, outcome: 'failure' });
    writer.close();
  });
  afterAll(() => directory[Symbol.asyncDispose]());
  const path = (name: string): string => join(directory.path, name);

  it('writes the whole trail, which verifies, to the output or to a file of its owner', async () => {
    using reader = TrailReader.open(directory.file);
    const lines = await allOf(exportTrail(reader.evidence()));
    const text = `${lines.join('\n')}\n`;
    expect(await audit('export', directory.file)).toEqual({ exitCode: 0, stdout: text, stderr: '' });
    const out = path('whole.ndjson');
    const { exitCode, stdout } = await audit('export', directory.file, '--out', out, '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ entries: 402, format: 'ndjson', out });
    expect(readFileSync(out, 'utf8')).toBe(text);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect(await audit('verify', out)).toMatchObject({ exitCode: 0 });
  });

  it('writes some entries as CSV', async () => {
    const { exitCode, stdout } = await audit(
      'export',
      directory.file,
      '--format',
      'csv',
      '--outcome',
      'failure',
    );
    expect(exitCode).toBe(0);
    const [header, first, second, end] = stdout.split('\r\n');
    expect(header).toBe(
      'seq,kind,id,timestamp,level,logger,action,outcome,reason,message,actor,targets,metadata,other,origin,instance,hash',
    );
    expect(first).toMatch(
      /^401,record,[\w-]{36},2026-01-01T00:06:41\.000Z,INFO,audit\.users,user_role_changed,failure,,'=cmd\(\),"{""id"":""ann"",""name"":""Ann""}",,,"{""number"":401}",,test:1,[0-9a-f]{64}$/,
    );
    expect(second).toMatch(/^402,/);
    expect(end).toBe('');
  });

  it('shows a terminal what it would obey, and writes it elsewhere as it is stored', async () => {
    await using own = new TrailDirectory();
    const writer = openWriter(own);
    write(writer, 1, 1, { message: 'a\u009b31m\u202e\u007fb' });
    writer.close();
    for (const format of ['ndjson', 'csv']) {
      const args = ['audit', 'export', own.file, '--format', format];
      await using terminal = new RunningCommand(args, { columns: 80 });
      expect(await terminal.exitCode).toBe(0);
      expect(terminal.stdout.text).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
      expect(terminal.stdout.text).toMatch(/a\S+31m\S+b/);
    }
    expect((await audit('export', own.file)).stdout).toContain('a\u009b31m\u202e\u007fb');
  });

  it('overwrites nothing, and leaves nothing half done', async () => {
    const out = path('there.csv');
    writeFileSync(out, 'mine');
    const ended = await audit('export', directory.file, '--format', 'csv', '--out', out);
    expect(ended).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(outputExists(out)) });
    expect(readFileSync(out, 'utf8')).toBe('mine');
    const nowhere = path('none/export.csv');
    expect((await audit('export', directory.file, '--out', nowhere)).stderr).toContain(
      cannotWrite(nowhere, ''),
    );

    const cut = path('cut.ndjson');
    await using command = new RunningCommand(['audit', 'export', directory.file, '--out', cut]);
    command.interrupt();
    expect(await command.exitCode).toBe(130);
    expect(() => statSync(cut)).toThrow('ENOENT');
  });

  it('is whole as NDJSON: filters are for CSV', async () => {
    const ended = await audit('export', directory.file, '--outcome', 'failure');
    expect(ended).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringContaining(FILTERED_NDJSON),
    });
  });
});
