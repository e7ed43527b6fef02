import { LogStream, LogStreamModule, type LogRecord, type LogStreamOptions } from 'nestjs-log-stream';

const options: LogStreamOptions = { path: '/logs', logger: false };

export const module = LogStreamModule.forRoot(options);
export const messageOf = (record: LogRecord): string => record.message;
export const watch = (stream: LogStream): unknown => stream.records$.subscribe(messageOf);

// @ts-expect-error a path is a text: types that do not resolve would be `any` and allow it
LogStreamModule.forRoot({ path: 1 });
