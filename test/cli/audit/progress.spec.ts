import { describe, expect, it } from 'vitest';
import { Progress } from '../../../src/cli/audit/progress.js';
import { RecordedOutput } from '../harness/command.js';

describe('the progress of long work', () => {
  const progressOn = (stderr: RecordedOutput, env = {}) => {
    const clock = { now: 0 };
    return { clock, progress: new Progress(stderr, env, () => clock.now) };
  };

  it('is shown on a terminal from the first half second on, now and then, and erased', () => {
    const stderr = new RecordedOutput(80);
    const { clock, progress } = progressOn(stderr);
    for (clock.now = 0; clock.now <= 700; clock.now += 50) progress.show('Verified', clock.now, 1_000);
    expect(stderr.text.split('\r\u001b[K')).toEqual([
      '',
      'Verified 500 of 1000 (50 %)',
      'Verified 600 of 1000 (60 %)',
      'Verified 700 of 1000 (70 %)',
    ]);
    progress[Symbol.dispose]();
    progress.clear();
    expect(stderr.text.endsWith('(70 %)\r\u001b[K')).toBe(true);
    clock.now = 2_000;
    progress.show('Deleting, step', 3, 0);
    expect(stderr.text.endsWith('\u001b[KDeleting, step 3')).toBe(true);
  });

  it('is not written to a file, nor where nothing can be erased', () => {
    for (const [stderr, env] of [
      [new RecordedOutput(), {}],
      [new RecordedOutput(80), { TERM: 'dumb' }],
    ] as const) {
      const { clock, progress } = progressOn(stderr, env);
      clock.now = 1_000;
      progress.show('Verified', 1, 2);
      progress.clear();
      expect(stderr.text).toBe('');
    }
  });
});
