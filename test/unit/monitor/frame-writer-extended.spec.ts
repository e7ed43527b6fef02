import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { FrameWriter } from '../../../src/monitor/socket/frame-writer.js';
import { turns } from '../../harness/event-loop.js';

function outlet(parts: object): FrameWriter {
  return new FrameWriter({
    OPEN: WebSocket.OPEN,
    readyState: WebSocket.OPEN,
    bufferedAmount: 0,
    ...parts,
  } as unknown as WebSocket);
}

describe('whether shared deflated messages can be read', () => {
  const negotiated = (params: unknown): object => ({ _extensions: { 'permessage-deflate': { params } } });

  it.each<[string, object, boolean]>([
    ['was not negotiated', { _extensions: {} }, false],
    ['was negotiated', negotiated({ server_no_context_takeover: true }), true],
    ['was negotiated with the full window', negotiated({ server_max_window_bits: 15 }), true],
    ['was negotiated with a smaller window', negotiated({ server_max_window_bits: 14 }), false],
    ['was negotiated with the smallest window', negotiated({ server_max_window_bits: 8 }), false],
    ['cannot be seen, since ws hides its extensions', { extensions: 'permessage-deflate' }, false],
    ['is not settled yet', negotiated(null) && { _extensions: { 'permessage-deflate': {} } }, false],
  ])('when permessage-deflate %s', (_, parts, expected) => {
    expect(outlet(parts).inflates).toBe(expected);
  });
});

describe('waiting again before the socket can take more', () => {
  it('keeps one listener, and calls back who asked last', () => {
    const _socket = Object.assign(new EventEmitter(), { writableNeedDrain: true });
    const waiting = outlet({ _socket });
    const called: number[] = [];
    for (let n = 0; n < 50; n++) waiting.whenWritable(() => void called.push(n));
    expect(_socket.listenerCount('drain')).toBe(1);
    _socket.emit('drain');
    expect(called).toEqual([49]);
    waiting.whenWritable(() => void called.push(50));
    _socket.emit('drain');
    expect(called).toEqual([49, 50]);
  });

  it('may be asked from inside of the call', async () => {
    const waiting = outlet({ _socket: Object.assign(new EventEmitter(), { writableNeedDrain: false }) });
    const again = vi.fn<() => void>();
    waiting.whenWritable(() => waiting.whenWritable(again));
    await turns(3);
    expect(again).toHaveBeenCalledTimes(1);
  });
});
