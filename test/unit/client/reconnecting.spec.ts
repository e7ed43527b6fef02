import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoff } from '../../../src/client/backoff.js';
import { isHopeless, leaveAlone, lost } from '../../../src/client/connection-end.js';
import { EXTENDED_CLOSE_CODES } from '../../../src/wire/close-codes.js';

const NOTHING_NEW = { renewable: false, worked: true };

describe('whether to come back', () => {
  it.each([1000, 1001, 1005, 1006, 1011, 1012, 1013, 1015, 4000, 4001, 4002, 4499, 5000])(
    'yes after %i',
    (code) => {
      expect(isHopeless({ code, reason: '' }, NOTHING_NEW)).toBe(false);
      expect(lost({ code, reason: 'r' })).toMatchObject({ code: 'connection_lost', closeCode: code });
    },
  );

  it.each([1008, 4500, 4501, 4502, 4503, 4999])('not after %i', (code) => {
    expect(isHopeless({ code, reason: '' }, NOTHING_NEW)).toBe(true);
  });

  it('says by name what the server ended', () => {
    const { expired, revoked, tooManyMessages } = EXTENDED_CLOSE_CODES;
    const names = [expired, revoked, tooManyMessages].map((code) => lost({ code, reason: '' }).code);
    expect(names).toEqual(['expired', 'revoked', 'rejected']);
  });

  it('with another credential, after one that ended or was refused', () => {
    for (const end of [{ code: EXTENDED_CLOSE_CODES.expired }, { code: 1006, status: 401 }]) {
      expect(isHopeless({ ...end, reason: '' }, { renewable: true, worked: true })).toBe(false);
    }
    expect(isHopeless({ code: 4502, reason: '' }, { renewable: true, worked: true })).toBe(true);
    expect(isHopeless({ code: 1006, reason: '', status: 403 }, { renewable: true, worked: true })).toBe(true);
  });

  it('from a path that was not found, only where it was there before', () => {
    for (const status of [404, 410, 426]) {
      const end = { code: 1006, reason: '', status };
      expect(isHopeless(end, { renewable: false, worked: false })).toBe(true);
      expect(isHopeless(end, NOTHING_NEW)).toBe(false);
    }
  });

  it.each([408, 429, 500, 502, 503, 504])('after a refusal with %i', (status) => {
    const end = { code: 1006, reason: '', status };
    expect(isHopeless(end, { renewable: false, worked: false })).toBe(false);
  });
});

describe('when to come back', () => {
  it('is spread over a bound that doubles, up to the longest', () => {
    const bounds = [1, 2, 3, 4, 5, 6].map((failures) =>
      backoff(failures, { minMs: 100, maxMs: 1_000 }, () => 1),
    );
    expect(bounds).toEqual([100, 200, 400, 800, 1_000, 1_000]);
    expect(backoff(3, {}, () => 0)).toBe(0);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), (failures) => {
        const ms = backoff(failures, {});
        expect(ms).toBeGreaterThanOrEqual(0);
        expect(ms).toBeLessThanOrEqual(30_000);
      }),
    );
  });

  it('is not before the server wants it', () => {
    const closing = { code: 4000, reason: '', reconnect: true, after_ms: 1_500 };
    expect(leaveAlone({ code: 4000, reason: '', closing })).toBe(1_500);
    expect(leaveAlone({ code: 1006, reason: '', retryAfterMs: 5_000 })).toBe(5_000);
    expect(leaveAlone({ code: 1006, reason: '' })).toBe(0);
  });
});
