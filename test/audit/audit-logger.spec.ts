import { Inject, Injectable, Scope } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { AuditDelivery } from '../../src/audit/deliver/audit-delivery.js';
import { type AuditDetails } from '../../src/audit/describe/audit-entry.js';
import { AuditHealth } from '../../src/audit/deliver/audit-health.js';
import { AuditLogger } from '../../src/audit/audit-logger.js';
import * as messages from '../../src/audit/audit.messages.js';
import {
  getAuditLoggerToken,
  InjectAuditLogger,
} from '../../src/audit/decorate/inject-audit-logger.decorator.js';
import { UuidV7 } from '../../src/record/record-id.js';
import { boot } from './harness/boot.js';
import { MemorySink } from './harness/memory-sink.js';

@Injectable()
class Instances {
  @InjectAuditLogger('property')
  readonly property!: AuditLogger;

  constructor(
    readonly plain: AuditLogger,
    @InjectAuditLogger('instance') readonly named: AuditLogger,
  ) {}
}

@Injectable({ scope: Scope.REQUEST })
class PerRequest {
  constructor(@Inject(AuditLogger) readonly plain: AuditLogger) {}
}

const UUID_V7 = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

describe('an AuditLogger', () => {
  it('is named after its host, or as its decorator says', async () => {
    const { app } = await boot({ providers: [Instances, PerRequest] });
    const { plain, named, property } = app.get(Instances);
    expect([plain.name, named.name, property.name]).toEqual([
      'audit.Instances',
      'audit.instance',
      'audit.property',
    ]);
    expect((await app.resolve(PerRequest)).plain.name).toBe('audit.PerRequest');
    expect((await app.resolve(AuditLogger)).name).toBe('audit.app');
    expect(app.get(getAuditLoggerToken('instance'))).toBe(named);
  });

  it('writes a record and answers with its id', async () => {
    const { app, sink } = await boot({ providers: [Instances] });
    const receipt = await app.get(Instances).named.log('Instance main spawned', {
      action: 'instance_spawn',
      metadata: { instance_id: 'abc' },
      level: 'warn',
      instance_id: 'abc',
      event_type: 'spawn',
      is_audit: false,
    });
    expect(receipt.id).toMatch(UUID_V7);
    expect(await sink.take()).toEqual({
      id: receipt.id,
      origin: 'api',
      level: 'warn',
      logger: 'audit.instance',
      message: 'Instance main spawned',
      action: 'instance_spawn',
      metadata: { instance_id: 'abc' },
      fields: { instance_id: 'abc', event_type: 'spawn' },
    });
  });

  const logger = (sink: MemorySink) =>
    new AuditLogger('audit.test', new AuditDelivery(sink, new AuditHealth()), new UuidV7());
  const hostile = Object.defineProperty({}, 'action', {
    enumerable: true,
    get: () => {
      throw new Error('hostile');
    },
  });

  it.each<[string, unknown, unknown, object, string]>([
    ['no details', 'text', undefined, { action: 'unknown' }, messages.detailsMissing()],
    ['no action', 'text', { kept: 1 }, { action: 'unknown', fields: { kept: 1 } }, messages.actionMissing()],
    ['no text', { a: 1 }, { action: 'error' }, { message: '[object Object]' }, messages.messageIsNoText()],
    ['no level', 'text', { action: 'error', level: 'loud' }, { level: 'log' }, messages.levelUnknown('loud')],
    [
      'no metadata',
      'text',
      { action: 'error', metadata: 'm' },
      { metadata: { value: 'm' } },
      messages.metadataIsNoObject(),
    ],
    ['hostile', 'text', hostile, { action: 'unknown' }, messages.detailsUnreadable(new Error('hostile'))],
  ])(
    'writes what it can of wrong arguments (%s), and rejects',
    async (_, message, details, expected, problem) => {
      const sink = new MemorySink();
      const receipt = logger(sink).log(message as string, details as AuditDetails);
      await expect(receipt).rejects.toThrow(problem);
      const event = await sink.take();
      expect(event).toMatchObject(expected);
      expect(event.fields['audit_error']).toContain(problem);
    },
  );

  it.each<[string, () => never | Promise<never>]>([
    [
      'throws',
      () => {
        throw new Error('disk full');
      },
    ],
    ['rejects', () => Promise.reject(new Error('disk full'))],
  ])('rejects when the sink %s, which nobody has to handle', async (_, fail) => {
    const sink = new MemorySink();
    sink.record = fail;
    await expect(logger(sink).log('text', { action: 'error' })).rejects.toThrow('disk full');
    // An unhandled rejection fails the test run.
    void logger(sink).log('text', { action: 'error' });
    await new Promise((resolve) => setImmediate(resolve));
  });

  it('cannot be asked for without a name', () => {
    expect(() => InjectAuditLogger('')).toThrow(messages.loggerNameMissing());
  });
});
