// The built app as `node dist/main` runs it, watched over its WebSocket: prints the record of a request.
const { once } = require('node:events');
const { NestFactory } = require('@nestjs/core');
const { setupLogStreaming, LogStream } = require('nestjs-log-stream');
const { WebSocket } = require('ws');
const { AppModule } = require('./dist/app.module.js');

async function main() {
  const imported = await import('nestjs-log-stream');
  if (imported.LogStream !== LogStream) throw new Error('require() and import lead to two copies');

  const app = setupLogStreaming(await NestFactory.create(AppModule, { logger: ['warn', 'error'] }));
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address();
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws/monitor?level=WARNING`);
  await once(socket, 'open');
  const message = once(socket, 'message');
  await fetch(`http://127.0.0.1:${port}/`);
  const { type, data } = JSON.parse(String((await message)[0]));
  console.log(type, data.logger, data.message, data.module, data.function);
  if (data.message !== 'greeting' || data.function !== 'getHello')
    throw new Error('not the record of the request');
  await app.close();
}

void main();
