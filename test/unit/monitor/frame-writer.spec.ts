import { EventEmitter } from 'node:events';
import { constants, deflateRawSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { compressedTextFrame, textFrame } from '../../../src/monitor/protocol/web-socket-frames.js';
import { FrameWriter } from '../../../src/monitor/socket/frame-writer.js';
import { turns } from '../../harness/event-loop.js';

interface Parts {
  readyState?: number;
  bufferedAmount?: number;
  _socket?: EventEmitter & { writableNeedDrain: boolean; destroy: () => void };
  _sender?: { _state?: number; sendFrame?: (list: Buffer[]) => void };
}

function socket(writableNeedDrain = false) {
  return Object.assign(new EventEmitter(), { writableNeedDrain, destroy: vi.fn<() => void>() });
}

/** As much of a `ws` client as the outlet touches. */
function client(parts: Parts = {}) {
  const send = vi.fn<(payload: Buffer | string, options: object, done: () => void) => void>();
  const terminate = vi.fn<() => void>();
  const fake = {
    OPEN: WebSocket.OPEN,
    readyState: WebSocket.OPEN as number,
    bufferedAmount: 0,
    send,
    terminate,
    ...parts,
  };
  return { fake, outlet: new FrameWriter(fake as unknown as WebSocket) };
}

const FRAMES = Buffer.concat([textFrame('one'), textFrame('x'.repeat(70_000)), textFrame('')]);

describe('writing to a WebSocket', () => {
  it('hands all frames to the sender of ws as one buffer', () => {
    const sendFrame = vi.fn<(list: Buffer[]) => void>();
    const { fake, outlet } = client({ _sender: { _state: 0, sendFrame } });
    outlet.write(FRAMES);
    expect(sendFrame.mock.calls).toEqual([[[FRAMES]]]);
    expect(fake.send).not.toHaveBeenCalled();
  });

  it.each<[string, Parts]>([
    ['has no sender', {}],
    ['has a sender without sendFrame', { _sender: { _state: 0 } }],
    ['has a sender whose state is unknown', { _sender: { sendFrame: () => {} } }],
    ['is busy with compressing', { _sender: { _state: 1, sendFrame: () => {} } }],
  ])('sends message by message, as text, when it %s', (_, parts) => {
    const { fake, outlet } = client(parts);
    outlet.write(FRAMES);
    expect(fake.send.mock.calls.map(([payload]) => String(payload))).toEqual(['one', 'x'.repeat(70_000), '']);
    for (const [, options, done] of fake.send.mock.calls) {
      expect(options).toEqual({ binary: false, compress: false });
      // Without it, `ws` throws what a socket that breaks meanwhile complains about.
      expect(done).toBeTypeOf('function');
    }
  });

  it('leaves the compression of what is compressed to ws when it sends message by message', () => {
    const text = 'x'.repeat(5_000);
    const deflated = deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
    const { fake, outlet } = client();
    outlet.write(Buffer.concat([textFrame('one'), compressedTextFrame(deflated)]));
    expect(fake.send.mock.calls.map(([payload, options]) => [String(payload), options])).toEqual([
      ['one', { binary: false, compress: false }],
      [text, { binary: false, compress: true }],
    ]);
  });

  it.each([WebSocket.CONNECTING, WebSocket.CLOSING, WebSocket.CLOSED])(
    'does nothing in the state %i',
    (readyState) => {
      const sendFrame = vi.fn<(list: Buffer[]) => void>();
      const { fake, outlet } = client({ readyState, _sender: { _state: 0, sendFrame } });
      outlet.write(FRAMES);
      expect(sendFrame).not.toHaveBeenCalled();
      expect(fake.send).not.toHaveBeenCalled();
    },
  );

  it('ends the connection when the sender throws, and does not throw itself', () => {
    const _socket = socket();
    const sendFrame = (): never => {
      throw new Error('broken');
    };
    const { outlet } = client({ _socket, _sender: { _state: 0, sendFrame } });
    expect(() => outlet.write(FRAMES)).not.toThrow();
    expect(_socket.destroy).toHaveBeenCalledTimes(1);
  });

  it('ends the connection the public way when the socket is hidden', () => {
    const { fake, outlet } = client();
    fake.send.mockImplementation(() => {
      throw new Error('broken');
    });
    expect(() => outlet.write(FRAMES)).not.toThrow();
    expect(fake.terminate).toHaveBeenCalledTimes(1);
  });
});

describe('sending a message of its own', () => {
  it('is left to ws, which keeps the order, and never compressed', () => {
    const sendFrame = vi.fn<(list: Buffer[]) => void>();
    const { fake, outlet } = client({ _sender: { _state: 0, sendFrame } });
    outlet.text('{}');
    expect(fake.send.mock.calls).toEqual([['{}', { compress: false }, expect.any(Function)]]);
    expect(sendFrame).not.toHaveBeenCalled();
  });

  it.each([WebSocket.CONNECTING, WebSocket.CLOSING, WebSocket.CLOSED])(
    'does nothing in the state %i',
    (readyState) => {
      const { fake, outlet } = client({ readyState });
      outlet.text('{}');
      expect(fake.send).not.toHaveBeenCalled();
      expect(outlet.open).toBe(false);
    },
  );

  it('ends the connection when ws throws, and does not throw itself', () => {
    const _socket = socket();
    const { fake, outlet } = client({ _socket });
    fake.send.mockImplementation(() => {
      throw new Error('broken');
    });
    expect(() => outlet.text('{}')).not.toThrow();
    expect(_socket.destroy).toHaveBeenCalledTimes(1);
  });
});

describe('waiting until a WebSocket can take more', () => {
  it('waits for the drain of its socket, once', async () => {
    const _socket = socket(true);
    const resume = vi.fn<() => void>();
    client({ _socket }).outlet.whenWritable(resume);
    await turns(2);
    expect(resume).not.toHaveBeenCalled();
    _socket.emit('drain');
    _socket.emit('drain');
    expect(resume).toHaveBeenCalledTimes(1);
    expect(_socket.listenerCount('drain')).toBe(0);
  });

  it('calls back later, not at once, when the socket can take more now', async () => {
    const resume = vi.fn<() => void>();
    client({ _socket: socket(false) }).outlet.whenWritable(resume);
    expect(resume).not.toHaveBeenCalled();
    await turns(2);
    expect(resume).toHaveBeenCalledTimes(1);
  });

  it('does not leave that to an event loop that nothing else wakes up', () => {
    const immediate = vi.spyOn(globalThis, 'setImmediate');
    try {
      client({ _socket: socket(false) }).outlet.whenWritable(() => {});
      expect(immediate.mock.results.map(({ value }) => (value as NodeJS.Immediate).hasRef())).toEqual([true]);
    } finally {
      vi.restoreAllMocks();
    }
  });

  it('asks a socket that it cannot see again and again, until the backlog is gone', () => {
    vi.useFakeTimers();
    try {
      const { fake, outlet } = client({ bufferedAmount: 5 });
      const resume = vi.fn<() => void>();
      outlet.whenWritable(resume);
      vi.advanceTimersByTime(1000);
      expect(resume).not.toHaveBeenCalled();
      fake.bufferedAmount = 0;
      vi.advanceTimersByTime(50);
      expect(resume).toHaveBeenCalledTimes(1);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it.each([WebSocket.CLOSING, WebSocket.CLOSED])('never calls back in the state %i', async (readyState) => {
    vi.useFakeTimers();
    try {
      const resume = vi.fn<() => void>();
      const _socket = socket();
      client({ readyState, _socket }).outlet.whenWritable(resume);
      client({ readyState, bufferedAmount: 5 }).outlet.whenWritable(resume);
      expect(vi.getTimerCount()).toBe(0);
      vi.advanceTimersByTime(1000);
      expect(resume).not.toHaveBeenCalled();
    } finally {
      vi.useRealTimers();
    }
  });

  it('stops asking a hidden socket that has closed meanwhile', () => {
    vi.useFakeTimers();
    try {
      const { fake, outlet } = client({ bufferedAmount: 5 });
      outlet.whenWritable(() => {});
      fake.readyState = WebSocket.CLOSED;
      vi.advanceTimersByTime(50);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});
