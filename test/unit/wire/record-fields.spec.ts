import { describe, expect, it } from 'vitest';
import { compileFilter } from '../../../src/wire/filter/compile-filter.js';
import { type FilteredRecord } from '../../../src/wire/filter/filtered-record.js';
import { isRecordField, RECORD_FIELDS } from '../../../src/wire/record-fields.js';

const record: FilteredRecord = {
  category: 'system',
  level: 'INFO',
  logger: 'app',
  message: 'm',
  truncated: false,
  extra: { action: 'mine' },
};

const passes = (where: Record<string, string | boolean>, one: Partial<FilteredRecord> = {}): boolean =>
  compileFilter({ where })!({ ...record, ...one });

describe('the fields that a record has for itself', () => {
  it('are one list, in the order of the wire', () => {
    expect(Object.keys(RECORD_FIELDS).join()).toBe(
      'timestamp,level,logger,message,module,function,line,action,metadata,error,truncated,id,origin',
    );
  });

  it.each(['toString', '__proto__', 'constructor', 'user_id'])('do not include %s', (name) => {
    expect(isRecordField(name, 'system') || isRecordField(name, 'audit')).toBe(false);
  });

  it('can all be asked for in a filter, as they stand on the wire', () => {
    expect(passes({ truncated: true }, { truncated: true })).toBe(true);
    expect(passes({ truncated: true })).toBe(false);
    expect(passes({ truncated: false })).toBe(false);
    expect(passes({ level: 'INFO', logger: 'app' })).toBe(true);
  });

  it('are the caller’s where the category has no such field', () => {
    expect(passes({ action: 'mine' })).toBe(true);
    expect(passes({ action: 'mine' }, { category: 'audit', action: 'ours', extra: {} })).toBe(false);
  });
});
