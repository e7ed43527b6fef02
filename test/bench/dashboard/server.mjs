/** An app with the dashboard in a process of its own, which logs as it is told. */
import 'reflect-metadata';
import { Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { setTimeout as pause } from 'node:timers/promises';
import { LogStreamModule, setupLogStreaming } from 'nestjs-log-stream';
import { logPaced } from '../pace.mjs';
import { answer } from '../remote.mjs';

class App {}
Module({
  imports: [LogStreamModule.forRoot({ logger: false, history: { records: 100_000, bytes: 2 ** 28 } })],
})(App);

const LEVELS = ['debug', 'log', 'log', 'log', 'log', 'log', 'warn', 'error'];
const logger = new Logger('app.server');
let app;
let number = 0;

answer({
  /** @returns port */
  async start() {
    app = setupLogStreaming(await NestFactory.create(App, { logger: false }));
    await app.listen(0, '127.0.0.1');
    return app.getHttpServer().address().port;
  },

  /** As fast as it goes, with the event loop free between: sockets must be written. @returns the last number */
  async burst({ lines }) {
    for (let logged = 0; logged < lines; logged += 500) {
      log(Math.min(500, lines - logged));
      await pause(0);
    }
    return number;
  },

  /** @returns the last number */
  async pace(pace) {
    await logPaced(log, pace);
    return number;
  },
});

function log(count) {
  for (let logged = 0; logged < count; logged++) {
    number += 1;
    const level = LEVELS[number % LEVELS.length];
    logger[level](`Instance main-orchestrator answered ${number}.`, {
      number,
      memory_mb: 512,
      model: 'large',
    });
  }
}
