import logStream = require('nestjs-log-stream');

const options: logStream.LogStreamOptions = { path: '/logs', logger: false };

const messageOf = (record: logStream.LogRecord): string => record.message;

export = {
  module: logStream.LogStreamModule.forRoot(options),
  watch: (stream: logStream.LogStream): unknown => stream.records$.subscribe(messageOf),
  // @ts-expect-error a path is a text: types that do not resolve would be `any` and allow it
  wrong: () => logStream.LogStreamModule.forRoot({ path: 1 }),
};
