import { type INestApplicationContext } from '@nestjs/common';
import { AsyncLocalStorage } from 'node:async_hooks';
import { type CapturedLogs } from './captured-logs.js';
import { type CaptureOptions, LogRecorder } from './log-recorder.js';
import { nextTurn } from './real-time.js';

/**
 * What a block logged, and what it returned.
 *
 * @publicApi
 */
export interface CapturedBlock<T> extends CapturedLogs {
  readonly result: T;
}

/**
 * Runs a block and captures what the app logs meanwhile: in the block, in what it awaits and starts, and in what
 * answers its requests. Not what other blocks log that are captured at the same time. Of the handlers of HTTP requests
 * nobody can tell which block's request they serve, so blocks of one app that overlap share these.
 *
 *     const { records, result } = await captureLogs(app, () => orders.place(order));
 *
 * @returns as soon as the block has settled and the event loop has turned once: the audit record of a request is
 * written when its response is out, which its client may be the first to know. What comes later is for `recordLogs`
 * @throws what the block throws
 * @throws Error when the app does not import `LogStreamModule`
 * @publicApi
 */
export async function captureLogs<T>(
  app: INestApplicationContext,
  block: () => T,
  options?: CaptureOptions,
): Promise<CapturedBlock<Awaited<T>>> {
  const inside = new AsyncLocalStorage<true>();
  const recorder = new LogRecorder(app, options, inside);
  try {
    // Awaited inside: a request of supertest, or a query, starts only when it is.
    const result = await inside.run(true, async () => await block());
    await nextTurn();
    const { records, system, audit } = recorder;
    return { result, records, system, audit, matching: (matcher) => recorder.matching(matcher) };
  } finally {
    recorder.stop();
  }
}
