import { type ExecutionContext } from '@nestjs/common';
import { type ServerResponse } from 'node:http';
import { type ServerHttp2Stream } from 'node:http2';
import { readPath, readText } from '../describe/read-path.js';

/** How an HTTP response came to its end. */
export interface ResponseEnd {
  /** False when the connection, or over HTTP/2 its stream, closed before everything was handed to it. */
  readonly isFinished: boolean;
  readonly status: number;
  /** For one that is not finished: it was this side that broke it off, with an error or without. */
  readonly broken?: { readonly error: unknown };
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
  const stream = streamOf(response);
  const settle = (isFinished: boolean): void => {
    const status = response.statusCode;
    listener(isFinished ? { isFinished, status } : { isFinished, status, broken: breakOf(response) });
  };
  if (stream?.destroyed) return settle(isWhole(response));
  if (!stream && response.writableFinished) return settle(true);
  if (response.destroyed) return settle(false);
  const finished = (): void => {
    response.removeListener('close', closed);
    settle(isWhole(response));
  };
  const closed = (): void => {
    response.removeListener('finish', finished);
    settle(false);
  };
  response.once('finish', finished).once('close', closed);
}

/** Of a response over HTTP/2, which has a stream of its own on a connection that others share. */
function streamOf(response: ServerResponse): ServerHttp2Stream | undefined {
  const stream = readPath(response, 'stream');
  return typeof readPath(stream, 'rstCode') === 'undefined' ? undefined : (stream as ServerHttp2Stream);
}

/**
 * To have finished is no proof. Over HTTP/2 a response does so whenever its stream closes: one that is reset before its end
 * was written is `aborted`, one that is reset later has not sent all of it. Over HTTP/1 it does so on Node 20, too, when
 * its connection is destroyed with the end of the body still to be sent.
 */
function isWhole(response: ServerResponse): boolean {
  const stream = streamOf(response);
  if (stream) return stream.writableFinished && !stream.aborted;
  return readPath(response, 'req', 'socket', 'destroyed') !== true;
}

/**
 * Who has ended a response that is not whole? A client shows in what it did: it closed its side, or reset the connection
 * or the stream. What is left was done here: the source of a download failed, or somebody destroyed the response.
 */
function breakOf(response: ServerResponse): ResponseEnd['broken'] {
  const own: unknown = readPath(response, 'errored');
  // Only `destroy(error)` sets it, as `pipeline()` calls that when the source has failed.
  if (isError(own) && !isPrematureClose(own)) return { error: own };
  const stream = streamOf(response);
  const carrier = stream ?? readPath(response, 'req', 'socket');
  const error = readPath(carrier, 'errored');
  if (isError(error) && !isOfDestruction(error)) return isOfClient(error) ? undefined : { error };
  const leftByClient = stream ? stream.rstCode !== 0 : readPath(carrier, 'readableEnded') !== false;
  return leftByClient ? undefined : { error: undefined };
}

function isError(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** What `pipeline()` destroys a source with when its destination has closed: a consequence, never the cause. */
export function isPrematureClose(error: unknown): boolean {
  return readText(error, 'code') === 'ERR_STREAM_PREMATURE_CLOSE';
}

/** What TLS calls a write that was under way when its socket was destroyed, by whomever. */
function isOfDestruction(error: unknown): boolean {
  return readText(error, 'code') === 'ECANCELED';
}

/** What the network or the client's bytes are to blame for, as Node's sockets, parsers, HTTP/2 and TLS call it. */
const OF_CLIENT =
  /^(?:ECONN|EPIPE$|ETIMEDOUT$|ENET|EHOST|HPE_|ERR_HTTP2_|ERR_HTTP_REQUEST_TIMEOUT$|ERR_SSL_|ERR_TLS_)/;

function isOfClient(error: unknown): boolean {
  return isPrematureClose(error) || OF_CLIENT.test(readText(error, 'code') ?? '');
}
