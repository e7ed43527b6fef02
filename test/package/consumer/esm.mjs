// A user's ESM program: prints the package's public names after one record went through an application.
import { NestFactory } from '@nestjs/core';
import { createRequire } from 'node:module';
import * as logStream from 'nestjs-log-stream';
import * as access from 'nestjs-log-stream/access';
import * as trail from 'nestjs-log-stream/trail';

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
if (
  required.LogStream !== LogStream ||
  trail.AuditTrail !== logStream.AuditTrail ||
  access.LogStreamTickets !== logStream.LogStreamTickets
) {
  throw new Error('import, require() or a further entry point leads to a second copy');
}

console.log(JSON.stringify(Object.keys(logStream).toSorted()));
