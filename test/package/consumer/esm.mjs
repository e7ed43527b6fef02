// A user's ESM program: prints the package's public names after one record went through an application.
import { NestFactory } from '@nestjs/core';
import { createRequire } from 'node:module';
import * as logStream from 'nestjs-log-stream';

const { LogStream, LogStreamModule, setupLogStreaming } = logStream;

const app = await NestFactory.createApplicationContext(LogStreamModule.forRoot({ logger: false }), {
  bufferLogs: true,
});
setupLogStreaming(app);
const messages = [];
app.get(LogStream).records$.subscribe(({ message }) => messages.push(message));
app.get(logStream.LogStreamLogger).log('hello');
await app.close();
if (!messages.includes('hello')) throw new Error(`records: ${JSON.stringify(messages)}`);

// Another library of the same process may be CommonJS: it must not get providers of its own.
const required = createRequire(import.meta.url)('nestjs-log-stream');
if (required.LogStream !== LogStream) throw new Error('import and require() lead to two copies');

console.log(JSON.stringify(Object.keys(logStream).toSorted()));
