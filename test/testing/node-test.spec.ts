import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const TEST_FILE = fileURLToPath(new URL('node-test/notes.test.mjs', import.meta.url));

describe('nestjs-log-stream/testing, built', () => {
  it('serves a test that no vitest runs', { timeout: 60_000 }, async () => {
    // What vitest put into the environment would make the other runner behave as a part of this one.
    const { NODE_OPTIONS: _options, NODE_TEST_CONTEXT: _context, ...env } = process.env;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--test', '--test-reporter=tap', TEST_FILE],
      { env },
    );
    expect(stdout).toMatch(/^# pass 2$/m);
    expect(stdout).toMatch(/^# fail 0$/m);
  });
});
