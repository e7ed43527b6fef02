import { type INestApplicationContext } from '@nestjs/common';
import { LogStream, LogStreamModule, type LogRecord, type LogStreamOptions } from 'nestjs-log-stream';
import { captureLogs, type CapturedRecord } from 'nestjs-log-stream/testing';

const options: LogStreamOptions = { path: '/logs', logger: false };

export const module = LogStreamModule.forRoot(options);
export const messageOf = (record: LogRecord): string => record.message;
export const watch = (stream: LogStream): unknown => stream.records$.subscribe(messageOf);

// @ts-expect-error a path is a text: types that do not resolve would be `any` and allow it
LogStreamModule.forRoot({ path: 1 });

export const capture = async (app: INestApplicationContext): Promise<CapturedRecord | undefined> =>
  (await captureLogs(app, () => 7)).records[0];

// @ts-expect-error an app is needed: types that do not resolve would be `any` and allow it
void captureLogs(7, () => 7);
