import { Injectable } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { AuditHealth } from '../../../src/audit/deliver/audit-health.js';
import { AuditLogger } from '../../../src/audit/audit-logger.js';
import { AuditUnavailableError } from '../../../src/audit/deliver/audit-unavailable.error.js';
import { actionMissing, closedNeedsDurableSink, tookTooLong } from '../../../src/audit/audit.messages.js';
import { boot } from '../harness/boot.js';
import { DISK_FULL, DurableSink, refusing, silentOn } from '../harness/durable-sink.js';
import { MemorySink } from '../harness/memory-sink.js';

@Injectable()
class Keys {
  constructor(readonly audit: AuditLogger) {}
}

async function bootKeys<Sink extends MemorySink>(sink: Sink) {
  const { app } = await boot({ providers: [Keys], sink });
  const { audit } = app.get(Keys);
  const log = (failure?: 'open' | 'closed') => audit.log('text', { action: 'state_change' }, { failure });
  return { sink, audit, log, health: app.get(AuditHealth) };
}

describe("AuditLogger.log() with failure: 'closed'", () => {
  it('resolves when the record is durable, with its receipt', async () => {
    const { sink, log } = await bootKeys(new DurableSink());
    const answers: (() => void)[] = [];
    sink.store = () => new Promise((resolve) => answers.push(resolve));
    let receipt: unknown;
    const done = log('closed').then((got) => (receipt = got));
    await expect.poll(() => answers.length).toBe(1);
    expect(receipt).toBeUndefined();
    answers[0]?.();
    expect(await done).toEqual({ id: (await sink.take()).id });
  });

  it.each([
    ['refuses', refusing(), 60_000, DISK_FULL.message, { lost: 1, late: 0 }],
    ['is silent', silentOn('record'), 1, `The audit sink ${tookTooLong(1)}.`, { lost: 0, late: 1 }],
  ])('rejects with a typed error when the sink %s', async (_, store, deadlineMs, cause, counts) => {
    const { sink, log, health } = await bootKeys(new DurableSink());
    Object.assign(sink, { store, deadlineMs });
    const error = await log('closed').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AuditUnavailableError);
    expect(error).toMatchObject({ code: 'AUDIT_UNAVAILABLE', cause: { message: cause } });
    expect(health.check()).toMatchObject({ status: 'down', refused: 1, ...counts });
    // An unhandled rejection fails the test run.
    void log('closed');
    await new Promise((resolve) => setImmediate(resolve));
  });

  it('rejects, and writes nothing, where the sink is not durable', async () => {
    const { log, sink } = await bootKeys(new MemorySink());
    await expect(log('closed')).rejects.toMatchObject({
      code: 'AUDIT_UNAVAILABLE',
      cause: { message: closedNeedsDurableSink() },
    });
    expect(sink.rest).toEqual([]);
  });

  it('rejects for wrong arguments as ever', async () => {
    const { audit, sink } = await bootKeys(new DurableSink());
    await expect(audit.log('text', {} as never, { failure: 'closed' })).rejects.toThrow(actionMissing());
    await sink.take();
  });
});

it("with failure: 'open' it rejects with what the sink says, which brings health down until it works", async () => {
  const { sink, log, health } = await bootKeys(new DurableSink());
  sink.store = refusing();
  await expect(log('open')).rejects.toBe(DISK_FULL);
  await expect(log()).rejects.toBe(DISK_FULL);
  expect(health.check()).toMatchObject({ status: 'down', lastError: 'disk full', lost: 2, refused: 0 });
  sink.store = async () => undefined;
  await log();
  await sink.take();
  expect(health.check()).toMatchObject({ status: 'up', lastError: 'disk full', lost: 2 });
});
