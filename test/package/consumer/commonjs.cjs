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

  console.log(JSON.stringify(Object.keys(logStream).toSorted()));
}

void main();
