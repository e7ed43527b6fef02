import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CREDENTIAL_FAILED } from '../../../src/client/client.messages.js';
import { CREDENTIAL_MS, renewal, subprotocols } from '../../../src/client/credential.js';

describe('a credential', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('that never comes fails the attempt, and leaves no timer', async () => {
    const failed = subprotocols({ token: () => new Promise<string>(() => {}) }).catch(
      (error: unknown) => error,
    );
    await vi.advanceTimersByTimeAsync(CREDENTIAL_MS);
    expect(await failed).toMatchObject({ code: 'invalid_credential', message: CREDENTIAL_FAILED });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('that comes in time leaves no timer either', async () => {
    await expect(subprotocols({ token: () => Promise.resolve('abc') })).resolves.toContain('bearer.abc');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is renewed by who gives it, or by the platform, but not when it was given once', () => {
    expect(renewal({ token: () => 'abc' })).toBe('asked');
    expect(renewal({ ticket: () => 'abc' })).toBe('asked');
    expect(renewal({})).toBe('ambient');
    expect(renewal({ token: 'abc' })).toBeUndefined();
  });
});
