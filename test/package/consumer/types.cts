import logStream = require('nestjs-log-stream');
import testing = require('nestjs-log-stream/testing');

const options: logStream.LogStreamOptions = { path: '/logs', logger: false };

const messageOf = (record: logStream.LogRecord): string => record.message;

export = {
  module: logStream.LogStreamModule.forRoot(options),
  watch: (stream: logStream.LogStream): unknown => stream.records$.subscribe(messageOf),
  record: (context: Parameters<typeof testing.recordLogs>[0]): testing.LogRecorder =>
    testing.recordLogs(context),
  // @ts-expect-error a path is a text: types that do not resolve would be `any` and allow it
  wrong: () => logStream.LogStreamModule.forRoot({ path: 1 }),
};
