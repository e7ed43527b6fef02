import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mappedPosition } from '../../../src/logger/mapped-position.js';

describe('mappedPosition', () => {
  it.each([
    ['    at Service.work (/app/src/service.ts:12:5)', '/app/src/service.ts', 12],
    ['    at Service.work (file:///app/src/service.ts:12:5)', 'file:///app/src/service.ts', 12],
    ['    at async Service.work (/app/src/service.ts:1:1)', '/app/src/service.ts', 1],
    ['    at /app/src/main.ts:3:1', '/app/src/main.ts', 3],
    ['    at async /app/src/main.ts:3:1', '/app/src/main.ts', 3],
    ['    at async file:///app/src/main.ts:3:1', 'file:///app/src/main.ts', 3],
    ['    at Service.work [as run] (C:\\app\\src\\service.ts:12:5)', 'C:\\app\\src\\service.ts', 12],
    ['    at C:\\app\\src\\main.ts:7:9', 'C:\\app\\src\\main.ts', 7],
    ['    at work (/app (copy)/a:b/service.ts:12:5)', '/app (copy)/a:b/service.ts', 12],
    ['    at new Service (/app/my at home/service.ts:12:5)', '/app/my at home/service.ts', 12],
  ])('reads %j', (text, file, line) => {
    expect(mappedPosition(text)).toEqual({ file, line });
  });

  it.each([
    '    at <anonymous>',
    '    at Array.forEach (native)',
    '',
    '    at work (/app/a.ts:0:5)',
    'a:b:c',
  ])('finds nothing in %j', (text) => {
    expect(mappedPosition(text)).toBeUndefined();
  });

  it('reads back what V8 writes, for any file name', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((name) => !/[\n]/.test(name) && name.trim() === name),
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 1, max: 500 }),
        (name, line, column) => {
          const file = `/app/${name.replaceAll(' (', '_')}.ts`;
          expect(mappedPosition(`    at run (${file}:${line}:${column})`)).toEqual({ file, line });
        },
      ),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const position = mappedPosition(text);
        expect(position === undefined || position.line >= 1).toBe(true);
      }),
    );
  });
});
