import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { LogStreamLogger, LogStreamModule, MonitorGateway, setupLogStreaming } from 'nestjs-log-stream';
import { logLines } from './log-lines.mjs';

const PATH = '/ws/monitor';

/**
 * This package as an app uses it, with its defaults but for two: no console behind it, since no peer has one, and no
 * caller, which the peers' lines do not name either (its cost per call is in the table of the hot path).
 *
 * @param {{ windowMs?: number }} peer the default window without it
 * @param {{ options?: object, handshake?: object }} [variant] further options, and how its clients connect
 */
export async function start({ windowMs }, { options = {}, handshake = {} } = {}) {
  const flush = windowMs === undefined ? {} : { windowMs };
  class Root {}
  Module({ imports: [LogStreamModule.forRoot({ logger: false, caller: 'never', flush, ...options })] })(Root);
  const app = await NestFactory.create(Root, { logger: false });
  setupLogStreaming(app);
  await app.init();
  return {
    server: app.getHttpServer(),
    log: logLines,
    handshake: { path: PATH, ...handshake },
    watching: () => app.get(MonitorGateway).clients,
    failures: () => app.get(LogStreamLogger).failures.stream,
  };
}
