import { from, type Observable } from 'rxjs';
import { describe, expectTypeOf, it } from 'vitest';
import { WebSocket } from 'ws';
import {
  type AuditItem,
  type ConnectOptions,
  type GapItem,
  type LogStreamClient,
  type LogStreamItem,
  type RecordItem,
  type SystemItem,
  type WebSocketConstructor,
} from '../../../src/client/index.js';

describe('the types of the client', () => {
  it('tell records, gaps and losses apart', () => {
    expectTypeOf<Extract<LogStreamItem, { type: 'gap' }>>().toEqualTypeOf<GapItem>();
    expectTypeOf<Extract<LogStreamItem, { seq: number }>>().toEqualTypeOf<RecordItem>();
    expectTypeOf<SystemItem['data']['line']>().toEqualTypeOf<number | undefined>();
    expectTypeOf<AuditItem['data']['id']>().toEqualTypeOf<string>();
    // Extra fields are whatever was logged.
    expectTypeOf<SystemItem['data']['memory_mb']>().toEqualTypeOf<unknown>();
  });

  it('fit RxJS, and the WebSockets that there are', () => {
    const observed = (client: LogStreamClient): Observable<LogStreamItem> => from(client);
    expectTypeOf(observed).returns.toEqualTypeOf<Observable<LogStreamItem>>();
    expectTypeOf(WebSocket).toExtend<WebSocketConstructor>();
    expectTypeOf(globalThis.WebSocket).toExtend<WebSocketConstructor>();
  });

  it('take a ticket from a function only, since it lets in once', () => {
    expectTypeOf<string>().not.toExtend<ConnectOptions['ticket']>();
    expectTypeOf<string>().toExtend<ConnectOptions['token']>();
  });
});
