import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
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

  it('only by the flag `true`: of another one that was meant, it is said once', () => {
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
    try {
      const ours = streamingLogger();
      for (const is_audit of [false, 0, null, undefined, '', 'false'])
        ours.logger.log('m', { is_audit }, 'x');
      ours.logger.log('m', { is_audit: 1 }, 'audit.x');
      expect(warn).not.toHaveBeenCalled();
      ours.logger.log('m', { is_audit: 'true' }, 'orders');
      ours.logger.log('m', { is_audit: 1 }, 'orders');
      expect(warn).toHaveBeenCalledExactlyOnceWith(
        'A record of the logger \'orders\' has the field `is_audit` with the string "true", and became a system record: ' +
          'only `is_audit: true` makes an audit record. Said once.',
        'LogStreamWarning',
      );
      expect(ours.records.filter(({ category }) => category === 'system')).toHaveLength(8);
      for (const { extra } of ours.records) expect(extra).toEqual({});
    } finally {
      warn.mockRestore();
    }
  });
});
