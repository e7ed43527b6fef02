// A user's test that stops the clock before it loads the helpers.
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

mock.timers.enable();

const { Logger } = await import('@nestjs/common');
const { Test } = await import('@nestjs/testing');
await import('reflect-metadata');
const { LogStreamModule } = await import('nestjs-log-stream');
const { captureLogs, recordLogs } = await import('nestjs-log-stream/testing');

const logger = new Logger('notes');

const module = () =>
  Test.createTestingModule({ imports: [LogStreamModule.forRoot({ logger: false })] }).compile();

test('captures a block', { timeout: 10_000 }, async () => {
  const app = await module();
  const { records } = await captureLogs(app, () => logger.warn('Low on paper'));
  assert.deepEqual(
    records.map(({ message }) => message),
    ['Low on paper'],
  );
  await app.close();
});

test('gives a wait up in time', { timeout: 10_000 }, async () => {
  const app = await module();
  const logs = recordLogs(app);
  await assert.rejects(logs.next({ level: 'ERROR' }, { timeout: 1 }), /within 1 ms/);
  logs.stop();
  await app.close();
});
