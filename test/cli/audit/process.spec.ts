import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { parseCheckpoint } from '../../../src/trail/evidence/checkpoint-note.js';
import { type TrailReport } from '../../../src/trail/evidence/verify/trail-report.js';
import { hasSqlite, TrailDirectory, whyNoSqlite } from '../../trail/store/a-trail.js';
import { TrailProcess } from '../../trail/store/trail-process.js';
import { audit, closedTrail, copyOf, tamper } from './a-file.js';

/** As it is installed. */
const MAIN = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [MAIN, 'audit', ...args], { encoding: 'utf8' });
}

describe.skipIf(!hasSqlite)(`The program, on a trail${whyNoSqlite}`, () => {
  it('ends with the verdict', async () => {
    await using directory = new TrailDirectory();
    const file = closedTrail(directory);
    const cut = copyOf(file, 'cut.db');
    tamper(cut, 'DELETE FROM entries WHERE seq > 25');
    expect(run('verify', file)).toMatchObject({ status: 0, stderr: '' });
    expect(run('verify', cut)).toMatchObject({ status: 4, stderr: '' });
    expect(run('verify', `${file}.none`)).toMatchObject({ status: 1, stdout: '' });
    expect(run('verify', '--quick')).toMatchObject({ status: 1, stdout: '' });
  });

  it('ends quietly when nobody reads any more', async () => {
    await using directory = new TrailDirectory();
    const child = spawn(process.execPath, [MAIN, 'audit', 'query', closedTrail(directory)]);
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (bytes) => (stderr += String(bytes)));
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(stderr).toBe('');
  });

  it('reads a trail while an application writes to it, as it is at one moment', async () => {
    await using directory = new TrailDirectory();
    const { file } = directory;
    await using app = new TrailProcess('append', file);
    await vi.waitFor(() => expect(app.said('ack').length).toBeGreaterThan(200), 10_000);
    let last = 0;
    for (let round = 0; round < 5; round += 1) {
      const before = app.said('ack').length;
      await vi.waitFor(() => expect(app.said('ack').length).toBeGreaterThan(before), 10_000);
      // Anchors are written all the while: none of them may make the trail look cut off.
      const verified = await audit('verify', file, '--json');
      const report = JSON.parse(verified.stdout) as TrailReport;
      expect(report).toMatchObject({ verdict: 'ok', findings: [] });
      expect(report.last).toBeGreaterThan(last);
      expect(report.anchoredThrough).toBeGreaterThan(0);
      last = report.last;
    }
    const out = `${file}.ndjson`;
    expect(await audit('export', file, '--out', out)).toMatchObject({ exitCode: 0 });
    expect(await audit('verify', out)).toMatchObject({ exitCode: 0 });
    expect((await audit('query', file, '--last', '1', '--json')).stdout).toContain('"action":"tested"');
    const checkpoint = await audit('checkpoint', file);
    expect(parseCheckpoint(checkpoint.stdout.slice(0, -1)).checkpoint.size).toBeGreaterThan(0);
    expect(await audit('prune', file, '--older-than', '0s', '--yes')).toMatchObject({ exitCode: 1 });
  });
});
