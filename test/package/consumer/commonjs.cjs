// A user's CommonJS program: prints the package's public names after one record went through an application.
const { NestFactory } = require('@nestjs/core');
const logStream = require('nestjs-log-stream');

const { LogStream, LogStreamLogger, LogStreamModule, setupLogStreaming } = logStream;

async function main() {
  const app = await NestFactory.createApplicationContext(LogStreamModule.forRoot({ logger: false }), {
    bufferLogs: true,
  });
  setupLogStreaming(app);
  const messages = [];
  app.get(LogStream).records$.subscribe(({ message }) => messages.push(message));
  app.get(LogStreamLogger).log('hello');
  await app.close();
  if (!messages.includes('hello')) throw new Error(`records: ${JSON.stringify(messages)}`);

  // Another library of the same process may be ESM: it must not get providers of its own.
  const imported = await import('nestjs-log-stream');
  if (imported.LogStream !== LogStream) throw new Error('require() and import lead to two copies');

  console.log(JSON.stringify(Object.keys(logStream).toSorted()));
}

void main();
