import { EventEmitter } from 'node:events';
import { createServer, get, IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import { of, Subject } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { isLiving, livingName } from '../../../src/record/living-object.js';
import { streamingLogger } from '../support/streaming-logger.js';

class Query {
  then(): void {}
}

class FastifyRequest {
  constructor(readonly raw: IncomingMessage) {}
}

const socket = new Socket();
const request = Object.assign(new IncomingMessage(socket), { headers: { cookie: 'sid=hunter2' } });
const response = new ServerResponse(request);

afterEach(() => void socket.destroy());

const LIVING: [string, object][] = [
  ['[IncomingMessage]', request],
  ['[ServerResponse]', response],
  ['[Socket]', socket],
  ['[Readable]', Readable.from([])],
  ['[PassThrough]', new PassThrough()],
  ['[EventEmitter]', new EventEmitter()],
  ['[Observable]', of(1)],
  ['[Subject]', new Subject()],
  ['[Query]', new Query()],
  ['[Server]', createServer()],
  ['[FastifyRequest]', new FastifyRequest(request)],
  ['[Request]', new Request('https://example.com/?token=hunter2', { headers: { cookie: 'sid=hunter2' } })],
  ['[Response]', new Response('hunter2')],
  ['[ReadableStream]', new ReadableStream()],
  ['[WritableStream]', new WritableStream()],
  ['[AbortSignal]', AbortSignal.abort()],
  ['[Blob]', new Blob(['hunter2'])],
];

describe('what lives', () => {
  it.each(LIVING)('is told by its name: %s', (name, value) => {
    expect(isLiving(value)).toBe(true);
    expect(livingName(value)).toBe(name);
    const ours = streamingLogger({ redact: false });
    ours.logger.log('m', { deep: [{ value }], fine: 1 }, 'Ctx');
    expect(ours.record.extra).toEqual({ deep: [{ value: name }], fine: 1 });
  });

  it.each(LIVING)('is told by its name in a message: %s', (name, value) => {
    const ours = streamingLogger();
    ours.logger.log({ context: { value } }, 'Ctx');
    expect(ours.record.message).toContain(`value: '${name}'`);
    expect(ours.record.message).not.toContain('hunter2');
  });

  it('keeps what is around it: the headers that a stream leads to are not written out', () => {
    const stream = new PassThrough();
    stream.pipe(response);
    const file = new StreamableFile(stream, { type: 'text/plain' });
    const ours = streamingLogger();
    ours.logger.log('m', { file }, 'Ctx');
    expect(ours.record.extra).toMatchObject({ file: { stream: '[PassThrough]', options: { type: 'text/plain' } } });
    expect(ours.wire.join('')).not.toContain('hunter2');
  }); // prettier-ignore
});

describe('what only holds data', () => {
  class Order {
    readonly id = 7;
    readonly pipe = 'steel';
    readonly then = true;
    total(): number {
      return 1;
    }
  }
  class Lazy {
    get pipe(): never {
      throw new Error('ran');
    }
  }

  it.each<[string, object]>([
    ['an object', { subscribe: true, pipe: 'x' }],
    ['an object with functions', { subscribe: () => 1, then: () => 1 }],
    ['one without a prototype', Object.create(null) as object],
    ['an instance of a class', new Order()],
    ['an instance whose accessors throw', new Lazy()],
    ['a list', []],
    ['a map', new Map()],
    ['a date', new Date()],
    ['an error', new Error('e')],
  ])('is no such thing: %s', (_what, value) => expect(isLiving(value)).toBe(false));

  it('shows in a record with all its fields', () => {
    const ours = streamingLogger();
    ours.logger.log('m', { order: new Order(), opt: { subscribe: true } }, 'Ctx');
    expect(ours.record.extra).toEqual({
      order: { id: 7, pipe: 'steel', then: true },
      opt: { subscribe: true },
    });
  });
});

it('a request that is under way, with all that hangs on it, costs a name', async () => {
  const server = createServer((incoming, outgoing) => {
    const ours = streamingLogger();
    ours.logger.log('m', { incoming, outgoing }, 'Ctx');
    outgoing.end(JSON.stringify(ours.record.extra));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const body = await new Promise<string>((resolve, reject) => {
    get({ port, host: '127.0.0.1', headers: { cookie: 'sid=hunter2' }, agent: false }, (incoming) => {
      incoming.setEncoding('utf8').once('data', resolve);
    }).once('error', reject);
  });
  await new Promise((resolve) => server.close(resolve));
  expect(JSON.parse(body)).toEqual({ incoming: '[IncomingMessage]', outgoing: '[ServerResponse]' });
});
