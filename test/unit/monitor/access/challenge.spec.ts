import { anyOf, type Authorize, basicAuth, bearerToken } from 'nestjs-log-stream';
import { describe, expect, it } from 'vitest';
import { REALM_EXPECTED } from '../../../../src/monitor/access/access.messages.js';
import { challengeFor } from '../../../../src/monitor/access/challenge.js';
import { aRequest } from './a-request.js';

const BASIC = 'Basic realm="log stream", charset="UTF-8"';
const BEARER = 'Bearer realm="log stream"';
const basic = basicAuth({ ann: 'secret' });

describe('the challenge of a refusal', () => {
  it.each<[string, Authorize | undefined, string | undefined]>([
    ['basicAuth', basic, BASIC],
    [
      'basicAuth of a realm',
      basicAuth({ ann: 'x' }, { realm: 'ops (prod)' }),
      'Basic realm="ops (prod)", charset="UTF-8"',
    ],
    ['bearerToken', bearerToken('s3cret'), BEARER],
    ['any of them', anyOf(bearerToken('s3cret'), () => false, basic), `${BEARER}, ${BASIC}`],
    ['any of any of them', anyOf(anyOf(basic)), BASIC],
    ['a function of the app', () => false, undefined],
    [
      'one that says what it wants',
      Object.assign(() => false, { challenges: ['Digest realm="a"'] }),
      'Digest realm="a"',
    ],
    [
      'one that would end the header',
      Object.assign(() => false, { challenges: ['x\r\nSet-Cookie: a=b'] }),
      undefined,
    ],
    ['nothing', undefined, undefined],
  ])('of %s', (_, authorize, challenge) => {
    expect(challengeFor(aRequest(), authorize)).toBe(challenge);
  });

  it.each<[string, Record<string, string>, boolean]>([
    ['a program', {}, true],
    ['who typed the address', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }, true],
    ['a page of the same host, by fetch', { 'sec-fetch-site': 'same-origin' }, true],
    ['an image of another site', { 'sec-fetch-site': 'cross-site' }, false],
    ['a script of a neighbour', { 'sec-fetch-site': 'same-site' }, false],
    [
      'a page of the same host that opens a socket',
      { origin: 'http://ops.example:3000', host: 'ops.example:3000' },
      true,
    ],
    ['a page of another port', { origin: 'http://ops.example:5173', host: 'ops.example:3000' }, false],
    ['a page of an allowed origin', { origin: 'https://ops.example.com', host: 'logs.example.com' }, false],
    ['a page without a host', { origin: 'http://', host: '' }, false],
    ['a sandboxed page', { origin: 'null' }, false],
    ['a page that opens an old socket', { 'sec-websocket-origin': 'http://localhost' }, false],
  ])('is for %s: %j %s', (_, headers, asked) => {
    expect(challengeFor(aRequest(headers), basic)).toBe(asked ? BASIC : undefined);
  });

  it.each(['', 'a"b', 'a\\b', 'a\r\nb', 'é', null])('has no realm %j', (realm) => {
    expect(() => basicAuth({ ann: 'x' }, { realm: realm as string })).toThrow(new TypeError(REALM_EXPECTED));
  });
});
