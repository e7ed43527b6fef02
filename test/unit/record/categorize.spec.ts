import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditRule } from '../../../src/record/categorize.js';
import { streamingLogger } from '../support/streaming-logger.js';

const flag = fc.constantFrom<unknown>(true, false, 1, 'true', null, undefined, {});
const loggerName = fc.oneof(
  fc.constantFrom('audit.x', 'audit.', 'audit', 'Audit.x', ' audit.x', 'app.audit.x', 'auditor'),
  fc.string({ minLength: 1 }),
);
const message = fc.oneof(
  fc.constantFrom('[AUDIT] x', '[AUDIT]', '[audit] x', ' [AUDIT]', 'x [AUDIT]', '[AUDIT'),
  fc.string(),
);

describe('a record is an audit record', () => {
  it('when any of the three rules holds, and otherwise a system record', () => {
    fc.assert(
      fc.property(flag, loggerName, message, (isAudit, logger, text) => {
        const ours = streamingLogger();
        ours.logger.log(text, { is_audit: isAudit }, logger);
        const any = isAudit === true || logger.startsWith('audit.') || text.startsWith('[AUDIT]');
        expect(ours.record.category).toBe(any ? 'audit' : 'system');
        expect(ours.wire[0]).toContain(any ? '{"type":"audit_log",' : '{"type":"system_log",');
      }),
    );
  });

  it('named after the first rule that holds', () => {
    expect(auditRule({ is_audit: true }, 'audit.x', '[AUDIT]')).toBe('flag');
    expect(auditRule({ is_audit: false }, 'audit.x', '[AUDIT]')).toBe('logger_prefix');
    expect(auditRule(undefined, 'x', '[AUDIT]')).toBe('message_prefix');
    expect(auditRule(undefined, 'x', 'y')).toBeUndefined();
  });

  it('with an id and its origin, which a system record has not', () => {
    const ours = streamingLogger();
    ours.logger.log('one', 'audit.x');
    ours.logger.log('two', 'x');
    const [audit, system] = ours.records;
    expect(audit).toMatchObject({ origin: 'logger_prefix', id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(system).toMatchObject({ origin: undefined, id: undefined });
  });

  it('for every message of a call whose params carry the flag', () => {
    const ours = streamingLogger();
    ours.logger.log('one', 'two', { is_audit: true }, 'x');
    expect(ours.records.map((record) => record.category)).toEqual(['audit', 'audit']);
  });

  it('only by a field of its own: a __proto__ that was logged does not count', () => {
    const ours = streamingLogger();
    ours.logger.log('m', JSON.parse('{"__proto__":{"is_audit":true,"action":"forged"}}') as object, 'x');
    expect(ours.record.category).toBe('system');
    const audited = streamingLogger();
    audited.logger.log('m', JSON.parse('{"__proto__":{"action":"forged"}}') as object, 'audit.x');
    expect(audited.record.action).toBeUndefined();
  });
});
