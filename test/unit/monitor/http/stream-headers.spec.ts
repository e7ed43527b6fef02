import { type IncomingMessage, type ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { removeCors, streamHeaders } from '../../../../src/monitor/http/stream-headers.js';

const OPS = 'https://ops.example.com';
const from = (origin?: string): IncomingMessage => ({ headers: { origin } }) as unknown as IncomingMessage;

describe('the headers of a stream', () => {
  it.each([undefined, 'null', '*', 'https://evil.example', `${OPS}.evil.example`, `${OPS}:8443`])(
    'allow no other origin: %s',
    (origin) => {
      const names = Object.keys(streamHeaders(from(origin), [OPS]));
      expect(names.filter((name) => name.toLowerCase().startsWith('access-control'))).toEqual([]);
    },
  );

  it('allow exactly the origin that may', () => {
    expect(streamHeaders(from(OPS), ['https://other.example', OPS])).toMatchObject({
      'Access-Control-Allow-Origin': OPS,
      Vary: 'Accept, Origin',
    });
  });

  it('take back what the app’s CORS said, and nothing else', () => {
    const set = new Map([
      ['access-control-allow-origin', '*'],
      ['access-control-expose-headers', 'x'],
      ['x-request-id', '1'],
    ]);
    removeCors({
      getHeaderNames: () => [...set.keys()],
      removeHeader: (name: string) => void set.delete(name),
    } as unknown as ServerResponse);
    expect([...set.keys()]).toEqual(['x-request-id']);
  });
});
