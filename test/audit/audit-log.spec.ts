import { ConsoleLogger, Logger, type LoggerService } from '@nestjs/common';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { auditLog } from '../../src/audit/audit-log.js';
import { actionMissing } from '../../src/audit/audit.messages.js';
import { AUDIT_ENVELOPE, NEST_LOG_LEVELS, type AuditEnvelope } from '../../src/record/log-call.js';
import { onNest12 } from '../harness/nest-version.js';

function recording(levels: readonly string[] = NEST_LOG_LEVELS) {
  const calls: [level: string, message: unknown, params: Record<PropertyKey, unknown>, ...rest: unknown[]][] =
    [];
  const methods = levels.map((level) => [
    level,
    (...args: unknown[]) => void calls.push([level, ...args] as never),
  ]);
  return { calls, logger: Object.fromEntries(methods) as LoggerService };
}

afterEach(() => Logger.overrideLogger(false));

describe('auditLog()', () => {
  it('hands everything to the logger, and the envelope where only we look', async () => {
    const { calls, logger } = recording();
    const { id } = await auditLog(logger, 'Spawned', {
      action: 'instance_spawn',
      metadata: { role: 'worker' },
      instance_id: 'abc',
      is_audit: false,
    });
    const params = {
      is_audit: true,
      action: 'instance_spawn',
      metadata: { role: 'worker' },
      instance_id: 'abc',
    };
    expect(calls).toEqual([['log', 'Spawned', params]]);
    const received = calls[0]![2];
    expect(Object.keys(received)).toEqual(Object.keys(params));
    expect(received[AUDIT_ENVELOPE]).toEqual({ id, origin: 'api' } satisfies AuditEnvelope);
    expect(Object.getOwnPropertyDescriptor(received, AUDIT_ENVELOPE)?.enumerable).toBe(false);
  });

  it.each(NEST_LOG_LEVELS)('reaches the app logger through a Nest Logger (%s)', async (level) => {
    const { calls, logger } = recording();
    Logger.overrideLogger(logger);
    const { id } = await auditLog(new Logger('app.orchestrator'), 'text', { action: 'error', level });
    expect(calls).toEqual([
      [level, 'text', { is_audit: true, action: 'error', metadata: {} }, 'app.orchestrator'],
    ]);
    expect(calls[0]![2][AUDIT_ENVELOPE]).toMatchObject({ id });
  });

  it.each([
    ['fatal', 'error'],
    ['debug', 'log'],
    ['verbose', 'log'],
  ] as const)('writes %s as %s where the logger has no such level', async (level, written) => {
    const { calls, logger } = recording(['log', 'error', 'warn']);
    await auditLog(logger, 'text', { action: 'error', level });
    expect(calls.map(([name]) => name)).toEqual([written]);
  });

  it.runIf(onNest12)("prints as params of Nest's own logger, with the context last", async () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    await auditLog(new ConsoleLogger('ctx', { json: true, colors: false }), 'text', {
      action: 'error',
      n: 1,
    });
    const printed = JSON.parse(String(write.mock.calls[0]?.[0])) as object;
    write.mockRestore();
    expect(printed).toMatchObject({
      message: 'text',
      context: 'ctx',
      params: { is_audit: true, action: 'error', metadata: {}, n: 1 },
    });
  });

  it.each([[{}], [undefined], [{ metadata: { a: 1 } }]])(
    'resolves for wrong details (%j), which it writes as far as they can be read: the record is kept',
    async (details) => {
      const { calls, logger } = recording();
      const { id } = await auditLog(logger, 'text', details as never);
      expect(calls).toMatchObject([['log', 'text', { is_audit: true, action: 'unknown' }]]);
      expect(calls[0]![2]['audit_error']).toContain(actionMissing());
      expect(calls[0]![2][AUDIT_ENVELOPE]).toMatchObject({ id });
    },
  );

  it('never throws: what goes wrong rejects, and nobody has to handle it', async () => {
    const broken = {
      log: () => {
        throw new Error('broken');
      },
    } as unknown as LoggerService;
    await expect(auditLog(broken, 'text', { action: 'error' })).rejects.toThrow('broken');
    await expect(auditLog(undefined as never, 'text', { action: 'error' })).rejects.toThrow(TypeError);
    void auditLog(broken, 'text', { action: 'error' });
    await new Promise((resolve) => setImmediate(resolve));
  });
});
