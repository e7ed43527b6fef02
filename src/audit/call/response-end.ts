import { type ExecutionContext } from '@nestjs/common';
import { type ServerResponse } from 'node:http';
import { readPath } from '../describe/read-path.js';

/** How an HTTP response came to its end. */
export interface ResponseEnd {
  /** False when the connection closed before everything was handed to it. */
  readonly isFinished: boolean;
  readonly status: number;
}

/** Node's response behind an HTTP context; Fastify keeps it in `raw`. `undefined` where there is none to watch. */
export function responseOf(context: ExecutionContext): ServerResponse | undefined {
  if (context.getType<string>() !== 'http') return undefined;
  const response: unknown = context.getArgByIndex(1);
  const raw = readPath(response, 'raw') ?? response;
  return typeof readPath(raw, 'once') === 'function' ? (raw as ServerResponse) : undefined;
}

/** Calls back once, when the response has ended; at once when it already has. */
export function onResponseEnd(response: ServerResponse, listener: (end: ResponseEnd) => void): void {
  const settle = (isFinished: boolean): void => listener({ isFinished, status: response.statusCode });
  if (response.writableFinished) return settle(true);
  if (response.destroyed) return settle(false);
  const finished = (): void => {
    response.removeListener('close', closed);
    settle(true);
  };
  const closed = (): void => {
    response.removeListener('finish', finished);
    settle(false);
  };
  response.once('finish', finished).once('close', closed);
}
