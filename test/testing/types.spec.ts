import { type INestApplicationContext } from '@nestjs/common';
import { type LogLevel } from 'nestjs-log-stream';
import {
  type CapturedBlock,
  type CapturedLogs,
  type CapturedRecord,
  captureLogs,
  type LogRecorder,
  recordLogs,
  type RecordPattern,
} from 'nestjs-log-stream/testing';
import { describe, expectTypeOf, it } from 'vitest';

declare const app: INestApplicationContext;

describe('types', () => {
  it('the result of a block is what it resolves to', () => {
    expectTypeOf(captureLogs<Promise<number>>).returns.toEqualTypeOf<Promise<CapturedBlock<number>>>();
    expectTypeOf(() => captureLogs(app, async () => 'x'))
      .returns.resolves.toHaveProperty('result')
      .toBeString();
    expectTypeOf<CapturedBlock<number>>().toExtend<CapturedLogs>();
  });

  it('a recorder is a list of records that can be waited for and disposed of', () => {
    expectTypeOf(recordLogs).returns.toEqualTypeOf<LogRecorder>();
    expectTypeOf<LogRecorder>().toExtend<CapturedLogs & Disposable>();
    expectTypeOf<LogRecorder['next']>().returns.toEqualTypeOf<Promise<CapturedRecord>>();
    expectTypeOf<CapturedRecord['level']>().toEqualTypeOf<LogLevel>();
    expectTypeOf<CapturedRecord['memory_mb']>().toBeUnknown();
    expectTypeOf<LogRecorder['records']>().toEqualTypeOf<readonly CapturedRecord[]>();
  });

  it('a pattern knows the named fields and takes any other', () => {
    expectTypeOf<{ level: 'ERROR'; message: RegExp; order: { id: number } }>().toExtend<RecordPattern>();
    expectTypeOf<{ level: 'error' }>().not.toExtend<RecordPattern>();
    expectTypeOf<{ message: number }>().not.toExtend<RecordPattern>();
  });
});
