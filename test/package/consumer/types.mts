import { type INestApplicationContext } from '@nestjs/common';
import { LogStream, LogStreamModule, type LogRecord, type LogStreamOptions } from 'nestjs-log-stream';
import { connect, type AuditItem } from 'nestjs-log-stream/client';
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

export async function actions(): Promise<unknown[]> {
  const seen: unknown[] = [];
  for await (const item of connect('ws://localhost:3000/ws/monitor')) {
    if (item.type === 'audit_log') seen.push((item satisfies AuditItem).data.action);
  }
  return seen;
}

// @ts-expect-error an address is needed: types that do not resolve would be `any` and allow it
connect(7);
