import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Refusal, type RefusalKind } from '../../../src/monitor/access/admission.js';
import { authorizeThrew, NOT_AUTHORIZED, watchRefused } from '../../../src/monitor/monitor.messages.js';
import { RefusalLog } from '../../../src/monitor/access/refusal-log.js';

const PATH = '/ws/monitor';

function refusal(kind: RefusalKind, reason: string = kind): Refusal {
  return { admitted: false, status: 401, kind, reason };
}

describe('the log of refusals', () => {
  let lines: string[];
  let log: RefusalLog;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] });
    lines = [];
    vi.spyOn(Logger.prototype, 'warn').mockImplementation((line: unknown) => void lines.push(String(line)));
    log = new RefusalLog(PATH);
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it('tells of the first refusal at once, with the reason', () => {
    log.note(refusal('not_authorized', NOT_AUTHORIZED));
    expect(lines).toEqual([watchRefused(PATH, NOT_AUTHORIZED, 0)]);
  });

  it('costs one line a minute, however many are refused, and then tells how many', () => {
    for (let i = 0; i < 1000; i++) log.note(refusal('not_local'));
    expect(lines).toHaveLength(1);
    vi.advanceTimersByTime(59_999);
    log.note(refusal('not_local'));
    expect(lines).toHaveLength(1);
    vi.advanceTimersByTime(1);
    log.note(refusal('not_local'));
    expect(lines[1]).toBe(watchRefused(PATH, 'not_local', 1000));
    expect(lines[1]).toContain('1000 more');
  });

  it('starts counting anew after each line', () => {
    for (const at of [0, 1, 60_001]) {
      vi.advanceTimersByTime(at);
      log.note(refusal('not_local'));
    }
    vi.advanceTimersByTime(60_000);
    log.note(refusal('not_local'));
    expect(lines.at(-1)).toBe(watchRefused(PATH, 'not_local', 0));
  });

  it('keeps a line and a count for each kind', () => {
    log.note(refusal('not_local'));
    log.note(refusal('not_local'));
    log.note(refusal('foreign_origin'));
    expect(lines).toEqual([watchRefused(PATH, 'not_local', 0), watchRefused(PATH, 'foreign_origin', 0)]);
  });

  it('does not let plain refusals hide that authorize is broken', () => {
    log.note(refusal('not_authorized', NOT_AUTHORIZED));
    log.note(refusal('authorize_threw', authorizeThrew(new TypeError('x is not a function'))));
    expect(lines[1]).toContain('TypeError: x is not a function');
  });

  it('takes errors with other texts for the same kind', () => {
    for (let i = 0; i < 50; i++)
      log.note(refusal('authorize_threw', authorizeThrew(new Error(`token ${i}`))));
    expect(lines).toHaveLength(1);
  });
});
