import { assert, jsonValue, property, record as recordOf, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordText } from '../../../src/wire/record-text.js';
import { textedData } from '../../../src/wire/texted-data.js';

const text = (data: Readonly<Record<string, unknown>>, category: 'system' | 'audit' = 'system'): string =>
  recordText(textedData(data, category));

const BASE = { timestamp: '2025-10-08T18:30:45.123Z', level: 'WARNING', logger: 'app.orders' };

describe('the text of a record', () => {
  it('has what is shown in the order in which it is shown', () => {
    expect(
      text({ ...BASE, message: 'Order paid', user_id: 5, ids: [1, 2, 3], order: { id: 'ord-77' } }),
    ).toContain(
      '2025-10-08 18:30:45.123 WARN app.orders Order paid user_id=5 ids=[1,2,3] order={"id":"ord-77"}',
    );
  });

  it('has an audit record as the dashboard and as a terminal show it', () => {
    const shown = text(
      {
        ...BASE,
        message: 'Role granted',
        action: 'role_grant',
        metadata: { role: 'admin', note: 'two words' },
        actor: { type: 'user', id: 'u1', name: 'ada' },
        outcome: 'failure',
        id: '0198-id',
      },
      'audit',
    );
    expect(shown).toContain('role_grant Role granted by user:ada role=admin note=two words');
    expect(
      ['note="two words"', 'action=role_grant', 'outcome=failure', '0198-id', '"id":"u1"'].filter(
        (part) => !shown.includes(part),
      ),
    ).toEqual([]);
  });

  it('has errors with their causes, and the caller both ways', () => {
    const error = {
      name: 'TypeError',
      message: 'no route',
      stack: 'TypeError: no route\n    at run (app.ts:3:1)',
      cause: { name: 'Error', message: 'refused', code: 'ECONNREFUSED' },
    };
    const shown = text({ ...BASE, message: 'Failed', error, module: 'app', function: 'run', line: 3 });
    expect(shown).toContain('Failed TypeError: no route');
    expect(
      ['at run (app.ts:3:1)', 'code=ECONNREFUSED', 'app:3 run', 'app:run:3'].filter(
        (part) => !shown.includes(part),
      ),
    ).toEqual([]);
  });

  it('has no colour codes, and texts inside of others as they are', () => {
    const shown = text({
      ...BASE,
      message: '\u001b[31mre\u001b[1md\u001b[0m',
      body: { say: 'a "quoted" text' },
    });
    expect(shown).toContain(' red ');
    expect(shown).toContain('a "quoted" text');
  });

  it('holds every name and every value, whatever a record is made of', () => {
    assert(
      property(recordOf({ name: string({ minLength: 1 }), value: jsonValue() }), ({ name, value }) => {
        const shown = text({ ...BASE, message: 'm', field: { [name]: value } });
        const leaves: string[] = [];
        JSON.stringify({ [name]: value }, (key, inner: unknown) => {
          if (key !== '' && !/^\d+$/.test(key)) leaves.push(key);
          if (typeof inner === 'string' || typeof inner === 'number') leaves.push(String(inner));
          return inner;
        });
        // What looks like a colour code is left out of the text, and stands in no record that was not made for it.
        const coded = (leaf: string): boolean => leaf.includes('\u001b') || leaf.includes('\u009b');
        expect(leaves.filter((leaf) => !coded(leaf) && !shown.includes(leaf))).toEqual([]);
      }),
    );
  });
});
