import { EventEmitter } from 'node:events';
import { createServer, get, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { HttpTransport } from '../../../../src/monitor/http/http-transport.js';
import { EventStreamFormat } from '../../../../src/monitor/http/event-stream-format.js';
import { RecordText } from '../../../../src/monitor/protocol/record-text.js';
import { Cursors } from '../../../../src/stream/cursor.js';
import { turns } from '../../../harness/event-loop.js';

/** As much of a response as the transport touches. */
class FakeResponse extends EventEmitter {
  destroyed = false;
  writableEnded = false;
  writableNeedDrain = false;
  writableLength = 0;
  socket: object | null = null;
  readonly write = vi.fn<(chunk: Buffer | string) => boolean>(() => true);
  readonly end = vi.fn<() => void>(() => void (this.writableEnded = true));
  readonly destroy = vi.fn<() => void>(() => void (this.destroyed = true));
}

function transport(parts: Partial<FakeResponse> = {}, resumes = false) {
  const response = Object.assign(new FakeResponse(), parts);
  const format = new EventStreamFormat(new RecordText(), new Cursors());
  return {
    response,
    format,
    transport: new HttpTransport(response as unknown as ServerResponse, format, resumes),
  };
}

describe('writing into a response', () => {
  it('counts what waits here, and beside that what the operating system has not taken', () => {
    const { transport: http } = transport({
      writableLength: 5,
      socket: { _handle: { writeQueueSize: 7 } },
    });
    expect([http.backlog, http.unsent]).toEqual([5, 12]);
    expect(transport({ writableLength: 5, socket: {} }).transport.unsent).toBe(5);
    expect(transport({ writableLength: 5 }).transport.unsent).toBe(5);
  });

  it('has one framing for all', () => {
    const { transport: http, format } = transport();
    expect(http.framing()).toBe(format);
  });

  it.each([{ destroyed: true }, { writableEnded: true }])(
    'does nothing when it is over: %o',
    async (parts) => {
      const { transport: http, response } = transport(parts);
      const resume = vi.fn<() => void>();
      http.write(Buffer.from('x'));
      http.send({ type: 'pong', data: {} });
      http.heartbeat('c');
      http.close();
      http.whenWritable(resume);
      await turns(2);
      expect(response.write).not.toHaveBeenCalled();
      expect(response.end).not.toHaveBeenCalled();
      expect(resume).not.toHaveBeenCalled();
    },
  );

  it('ends the response when writing throws, and does not throw itself', () => {
    const { transport: http, response } = transport();
    response.write.mockImplementation(() => {
      throw new Error('broken middleware');
    });
    expect(() => http.write(Buffer.from('x'))).not.toThrow();
    expect(response.destroy).toHaveBeenCalledTimes(1);
  });

  it('greets with a cursor whom has none, and leaves the others theirs', () => {
    const hello = { type: 'hello', data: {} } as never;
    const fresh = transport();
    fresh.transport.send(hello, 'c-1');
    expect(fresh.response.write.mock.calls).toEqual([['retry: 1000\nid: c-1\n\n']]);
    const back = transport({}, true);
    back.transport.send(hello, 'c-1');
    expect(back.response.write.mock.calls).toEqual([['retry: 1000\n\n']]);
  });
});

describe('a response that was written to', () => {
  async function withResponse(use: (response: ServerResponse) => void): Promise<void> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const served = new Promise<void>((resolve, reject) => {
      server.once('request', (_, response) => {
        response.writeHead(200).write('first');
        // In a turn of its own, as records come.
        setImmediate(() => {
          try {
            use(response);
            resolve();
          } catch (error) {
            reject(error as Error);
          }
          response.destroy();
        });
      });
    });
    const request = get({ port, host: '127.0.0.1', agent: false }, (answer) =>
      answer.on('error', () => {}).resume(),
    ).on('error', () => {});
    try {
      await served;
    } finally {
      request.destroy();
      await new Promise((resolve) => server.close(resolve));
    }
  }
  const written = (response: ServerResponse): HttpTransport =>
    new HttpTransport(response, new EventStreamFormat(new RecordText(), new Cursors()), false);

  // Node corks the socket until the next tick: in a burst of 40,000 records within one turn, clients that read as fast
  // as others were told that two thirds of them were lost.
  it('has no backlog of what the operating system takes, within the same turn of the event loop', async () => {
    await withResponse((response) => {
      const http = written(response);
      for (let write = 0; write < 3; write++) {
        http.write(Buffer.alloc(10_000, 'x'));
        expect(http.backlog).toBe(0);
      }
    });
  });

  it('stays corked where somebody else has corked it', async () => {
    await withResponse((response) => {
      const http = written(response);
      response.socket!.cork();
      http.write(Buffer.from('x'));
      expect(response.socket!.writableCorked).toBe(1);
      expect(http.backlog).toBeGreaterThan(0);
      response.socket!.uncork();
      expect(http.backlog).toBe(0);
    });
  });
});

describe('waiting until a response can take more', () => {
  it('waits for its drain, with one listener, and calls back who asked last', () => {
    const { transport: http, response } = transport({ writableNeedDrain: true });
    const first = vi.fn<() => void>();
    const second = vi.fn<() => void>();
    http.whenWritable(first);
    http.whenWritable(second);
    expect(response.listenerCount('drain')).toBe(1);
    response.emit('drain');
    response.emit('drain');
    expect([first.mock.calls.length, second.mock.calls.length]).toEqual([0, 1]);
    expect(response.listenerCount('drain')).toBe(0);
  });

  it('calls back later, not at once, when it can take more now', async () => {
    const resume = vi.fn<() => void>();
    transport().transport.whenWritable(resume);
    expect(resume).not.toHaveBeenCalled();
    await turns(2);
    expect(resume).toHaveBeenCalledTimes(1);
  });

  it('never calls back once it is over', async () => {
    const { transport: http, response } = transport();
    const resume = vi.fn<() => void>();
    http.whenWritable(resume);
    response.destroyed = true;
    await turns(2);
    expect(resume).not.toHaveBeenCalled();
  });
});
