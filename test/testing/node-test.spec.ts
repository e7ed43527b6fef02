import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

/** @returns what Node's own test runner reports of a file of `node-test` */
async function reportOf(file: string): Promise<string> {
  // What vitest put into the environment would make the other runner behave as a part of this one.
  const { NODE_OPTIONS: _options, NODE_TEST_CONTEXT: _context, ...env } = process.env;
  const path = fileURLToPath(new URL(`node-test/${file}`, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--test', '--test-reporter=tap', path], {
    env,
  });
  return stdout;
}

describe('nestjs-log-stream/testing, built', () => {
  it.each(['notes.test.mjs', 'mocked-first.test.mjs'])(
    'serves a test that no vitest runs: %s',
    { timeout: 60_000 },
    async (file) => {
      const report = await reportOf(file);
      expect(report).toMatch(/^# pass 2$/m);
      expect(report).toMatch(/^# fail 0$/m);
    },
  );
});
