import { expect, it, vi } from 'vitest';
import { StreamAuditSink } from '../../src/audit/deliver/stream-audit-sink.js';
import { type LogStreamLogger } from '../../src/logger/log-stream-logger.js';

it('StreamAuditSink writes action, metadata and fields as params, in this order', async () => {
  const write = vi.fn<LogStreamLogger['write']>();
  const sink = new StreamAuditSink({ write } as unknown as LogStreamLogger);
  const event = {
    id: 'id',
    origin: 'decorator',
    level: 'warn',
    logger: 'audit.Users',
    message: 'text',
    action: 'state_change',
    metadata: { a: 1 },
    fields: { outcome: 'success', actor: { id: '7' } },
  } as const;
  expect(await sink.record(event)).toEqual({ id: 'id' });
  expect(write.mock.calls).toEqual([
    [
      {
        level: 'warn',
        message: 'text',
        context: 'audit.Users',
        params: { action: 'state_change', metadata: { a: 1 }, outcome: 'success', actor: { id: '7' } },
        audit: { id: 'id', origin: 'decorator' },
      },
    ],
  ]);
  expect(Object.keys(write.mock.calls[0]![0].params)).toEqual(['action', 'metadata', 'outcome', 'actor']);
});
