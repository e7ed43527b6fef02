import { EventEmitter } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';

/** As much of a request as an authorizer reads. */
export function aRequest(headers: IncomingHttpHeaders = {}, url = '/ws/monitor'): IncomingMessage {
  return { headers, url, socket: new EventEmitter() } as unknown as IncomingMessage;
}

export function basic(pair: string): IncomingMessage {
  return aRequest({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` });
}

export function bearer(token: string): IncomingMessage {
  return aRequest({ authorization: `Bearer ${token}` });
}
