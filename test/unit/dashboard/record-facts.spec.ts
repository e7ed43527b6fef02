import { describe, expect, it } from 'vitest';
import { auditFacts } from '../../../src/dashboard/page/model/audit-facts.js';
import { extrasOf } from '../../../src/dashboard/page/model/extras.js';
import { errorChain, stackLines } from '../../../src/dashboard/page/model/stack-frames.js';
import { record } from './rows.js';

describe('an audit record', () => {
  it('tells who did what, with what outcome', () => {
    const { data } = record(1, {
      action: 'role_change',
      outcome: 'failure',
      reason: 'denied',
      duration_ms: 12.5,
      actor: { type: 'user', id: '42', name: 'ada' },
      targets: [{ type: 'user', id: 7 }, 'the door', null],
    });
    expect(auditFacts(data)).toEqual({
      action: 'role_change',
      outcome: 'failure',
      reason: 'denied',
      durationMs: 12.5,
      actor: 'user:ada',
      targets: ['user:7', 'the door'],
    });
  });

  it('that somebody made by hand may hold anything', () => {
    const { data } = record(1, { action: 5, outcome: {}, duration_ms: '3', actor: [], targets: 'x' });
    expect(auditFacts(data)).toEqual({
      action: '',
      outcome: undefined,
      reason: undefined,
      durationMs: undefined,
      actor: undefined,
      targets: [],
    });
  });
});

describe('what stands behind a message', () => {
  it('is the other fields, short, with those of metadata', () => {
    const { data } = record(1, {
      memory_mb: 512,
      long: 'x'.repeat(100),
      nested: { a: [1] },
      line: 5,
      metadata: { role: 'admin' },
    });
    expect(extrasOf(data)).toEqual([
      { name: 'role', value: 'admin' },
      { name: 'memory_mb', value: '512' },
      { name: 'long', value: `${'x'.repeat(80)}…` },
      { name: 'nested', value: '{"a":[1]}' },
    ]);
  });

  it('is not endless', () => {
    const fields = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`field${index}`, index]));
    expect(extrasOf(record(1, fields).data)).toHaveLength(8);
  });
});

describe('a stack', () => {
  it('tells own frames from those of others', () => {
    const kinds = stackLines(
      [
        'Error: no',
        '    at spawn (/srv/app/src/instances.ts:5:1)',
        '    at next (/srv/app/node_modules/express/lib/router.js:1:1)',
        String.raw`    at next (C:\app\node_modules\express\lib\router.js:1:1)`,
        '    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
        '    at new Promise (<anonymous>)',
      ].join('\n'),
    ).map(({ kind }) => kind);
    expect(kinds).toEqual(['title', 'own', 'foreign', 'foreign', 'foreign', 'foreign']);
  });

  it('comes with its causes, as many as there are in a record', () => {
    const error = { name: 'A', message: 'a', stack: 's', cause: { name: 'B', message: 'b', cause: 'text' } };
    expect(errorChain(error)).toEqual([
      { name: 'A', message: 'a', stack: 's' },
      { name: 'B', message: 'b' },
    ]);
    expect(errorChain({ name: 5 })).toEqual([{ name: 'Error', message: '' }]);
    expect(errorChain('no error')).toEqual([]);
    const endless: { cause?: unknown } = {};
    endless.cause = endless;
    expect(errorChain(endless)).toHaveLength(16);
  });
});
