// A user's test with Node's own test runner and the built package: no vitest, no jest.
import { Logger } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditLog, LogStreamModule } from 'nestjs-log-stream';
import { captureLogs, recordLogs } from 'nestjs-log-stream/testing';
import 'reflect-metadata';

const logger = new Logger('notes');

const module = () =>
  Test.createTestingModule({ imports: [LogStreamModule.forRoot({ logger: false })] }).compile();

test('captures a block', async () => {
  const app = await module();
  const { records, result } = await captureLogs(
    app,
    async () => {
      logger.warn('Low on paper', { sheets: 3 });
      await auditLog(logger, 'Note written', { action: 'note_write', metadata: { id: 7 } });
      return 'done';
    },
    { omit: ['timestamp', 'module', 'function', 'line'] },
  );
  assert.equal(result, 'done');
  assert.deepEqual(records, [
    { level: 'WARNING', logger: 'notes', message: 'Low on paper', sheets: 3 },
    { level: 'INFO', logger: 'notes', message: 'Note written', action: 'note_write', metadata: { id: 7 } },
  ]);
  await app.close();
});

test('waits for a record', async () => {
  const app = await module();
  const logs = recordLogs(app);
  setImmediate(() => logger.log('Printed', { pages: 2 }));
  assert.equal((await logs.next({ message: /print/i }))['pages'], 2);
  await assert.rejects(logs.next({ level: 'ERROR' }, { timeout: 1 }), /level is 'INFO', not 'ERROR'/);
  logs.stop();
  await app.close();
});
