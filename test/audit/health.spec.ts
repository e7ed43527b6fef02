import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AuditHealth } from '../../src/audit/deliver/audit-health.js';
import { auditIsDown, auditIsUp } from '../../src/audit/audit.messages.js';

beforeEach(() => Logger.overrideLogger(false));

afterEach(() => void vi.restoreAllMocks());

describe('AuditHealth', () => {
  it('is up until something fails, and again with the next record that is kept', () => {
    const health = new AuditHealth();
    const { since } = health.check();
    expect(health.check()).toEqual({ status: 'up', since, pendingIntents: 0, lost: 0, late: 0, refused: 0 });
    health.failed(new Error('disk full'), 'lost');
    expect(health.check()).toMatchObject({ status: 'down', lastError: 'disk full', lost: 1 });
    health.kept();
    expect(health.check()).toMatchObject({ status: 'up', lastError: 'disk full', lost: 1 });
  });

  it('that the sink has brought down comes up with the sink only', () => {
    const health = new AuditHealth();
    health.failed(new Error('first'), 'late');
    health.down(new Error('disk full'));
    health.kept();
    expect(health.check()).toMatchObject({ status: 'down', lastError: 'disk full', late: 1 });
    health.up();
    expect(health.check()).toMatchObject({ status: 'up', late: 1 });
  });

  it('counts intents until their outcome', () => {
    const health = new AuditHealth();
    health.intended('a');
    health.intended('b');
    health.concluded('a');
    health.concluded('a');
    expect(health.check().pendingIntents).toBe(1);
  });

  it('says so in the log when it changes, once', () => {
    const [error, log] = [vi.spyOn(Logger.prototype, 'error'), vi.spyOn(Logger.prototype, 'log')];
    error.mockReturnValue();
    log.mockReturnValue();
    const health = new AuditHealth();
    health.failed(new Error('disk full'), 'lost');
    health.failed(new Error('disk full'), 'lost');
    health.down(new Error('disk full'));
    health.up();
    health.up();
    expect(error.mock.calls).toEqual([[auditIsDown('disk full')]]);
    expect(log.mock.calls).toEqual([[auditIsUp()]]);
  });

  it('moves its date when it changes', () => {
    vi.useFakeTimers({ now: 1_000 });
    try {
      const health = new AuditHealth();
      vi.setSystemTime(2_000);
      health.down(new Error('disk full'));
      vi.setSystemTime(3_000);
      health.down(new Error('disk full'));
      expect(health.check().since).toBe(new Date(2_000).toISOString());
    } finally {
      vi.useRealTimers();
    }
  });
});
