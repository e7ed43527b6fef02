import { type IncomingMessage } from 'node:http';
import { EventEmitter } from 'node:events';
import { ForbiddenException } from '@nestjs/common';
import { type Authorize, type LimitOptions } from 'nestjs-log-stream';
import { EMPTY, of, Subject, throwError } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { Admission, type AdmissionResult } from '../../../src/monitor/access/admission.js';
import { resolveOptions } from '../../../src/options/resolve-options.js';
import { isLoopbackAddress, isLoopbackHost } from '../../../src/monitor/access/loopback.js';

interface Asked {
  readonly headers?: IncomingMessage['headers'];
  readonly from?: string;
  readonly authorize?: Authorize;
  readonly allowedOrigins?: string[];
  readonly url?: string;
  readonly httpVersion?: string;
  readonly limits?: LimitOptions;
}

interface Request extends Pick<IncomingMessage, 'headers'> {
  readonly url: string;
  readonly httpVersion: string;
  readonly socket: EventEmitter & { readonly remoteAddress: string };
}

function aRequest({
  headers = {},
  from = '127.0.0.1',
  url = '/ws/monitor',
  httpVersion = '1.1',
}: Asked): Request {
  const socket = Object.assign(new EventEmitter(), { remoteAddress: from });
  return { headers: { host: 'localhost:3000', ...headers }, url, httpVersion, socket };
}

function ask(admission: Admission, request: Request): Promise<AdmissionResult> {
  return admission.decide(request as unknown as IncomingMessage);
}

function admissionOf({ authorize, allowedOrigins = [], limits }: Asked): Admission {
  return new Admission(resolveOptions({ logger: false, authorize, allowedOrigins, limits }));
}

async function decide(asked: Asked): Promise<string> {
  const verdict = await ask(admissionOf(asked), aRequest(asked));
  return verdict.admitted ? 'admitted' : `${verdict.status} ${verdict.kind}`;
}

const LOCAL = 'admitted';
const NOT_LOCAL = '401 not_local';
const FOREIGN = '403 foreign_origin';

describe('without authorize', () => {
  it.each([
    ['127.0.0.1', LOCAL],
    ['127.8.9.10', LOCAL],
    ['::1', LOCAL],
    ['::ffff:127.0.0.1', LOCAL],
    ['::FFFF:127.0.0.1', LOCAL],
    ['10.0.0.1', NOT_LOCAL],
    ['::ffff:10.0.0.1', NOT_LOCAL],
    ['fe80::1', NOT_LOCAL],
    ['::', NOT_LOCAL],
    ['', NOT_LOCAL],
  ])('a peer of the address "%s" is %s', async (from, outcome) => {
    expect(await decide({ from })).toBe(outcome);
  });

  it.each([
    ['127.0.0.1', LOCAL],
    ['127.0.0.1:3000', LOCAL],
    ['localhost', LOCAL],
    ['LOCALHOST:80', LOCAL],
    ['app.localhost:3000', LOCAL],
    ['[::1]:3000', LOCAL],
    ['evil.example', NOT_LOCAL],
    ['localhost.evil.example', NOT_LOCAL],
    ['127.0.0.1.evil.example', NOT_LOCAL],
    ['evil.example@127.0.0.1', NOT_LOCAL],
    ['evil.example:80@127.0.0.1:3000', NOT_LOCAL],
    ['127.0.0.1:80:3000', NOT_LOCAL],
    ['127.0.0.1:', NOT_LOCAL],
    ['127.0.0.1:http', NOT_LOCAL],
    ['127.0.0.1:123456', NOT_LOCAL],
    ['127.0.0.1#.evil.example', NOT_LOCAL],
    ['127.0.0.1/evil.example', NOT_LOCAL],
    ['127.0.0.1\\evil.example', NOT_LOCAL],
    ['127.0.0.1?evil.example', NOT_LOCAL],
    ['%6cocalhost', NOT_LOCAL],
    ['local\thost', NOT_LOCAL],
    [' localhost', NOT_LOCAL],
    ['localhost, evil.example', NOT_LOCAL],
    ['localhost.', NOT_LOCAL],
    ['[::1]', LOCAL],
    ['[0:0:0:0:0:0:0:1]:3000', LOCAL],
    ['[::1', NOT_LOCAL],
    ['[::1]evil.example', NOT_LOCAL],
    ['[::1%25lo]', NOT_LOCAL],
    ['::1', NOT_LOCAL],
    ['[fe80::1]', NOT_LOCAL],
    ['127.0.0.1@evil.example', NOT_LOCAL],
    ['notlocalhost', NOT_LOCAL],
    ['10.0.0.1:3000', NOT_LOCAL],
    ['', NOT_LOCAL],
    ['not a host', NOT_LOCAL],
  ])('a request for the host "%s" is %s, against DNS rebinding', async (host, outcome) => {
    expect(await decide({ headers: { host } })).toBe(outcome);
  });

  it('a request without a host is refused', async () => {
    expect(await decide({ headers: { host: undefined } })).toBe(NOT_LOCAL);
  });

  it.each(['http://localhost:3000/ws/monitor', 'http://evil.example/ws/monitor', '*', ''])(
    'a request line that names %j, as to a proxy, is refused whatever Host says',
    async (url) => {
      expect(await decide({ url })).toBe(NOT_LOCAL);
    },
  );

  it.each([
    'forwarded',
    'x-forwarded-for',
    'x-forwarded-host',
    'x-forwarded-proto',
    'x-forwarded-port',
    'x-forwarded-server',
    'x-forwarded-anything',
    'x-real-ip',
    'via',
    'cf-connecting-ip',
    'true-client-ip',
    'x-original-forwarded-for',
    'x-envoy-external-address',
    'x-envoy-expected-rq-timeout-ms',
    'x-envoy-peer-metadata',
    'fly-client-ip',
    'fly-region',
    'cdn-loop',
    'cf-ray',
    'cf-visitor',
    'x-amzn-trace-id',
    'x-amz-cf-id',
    'x-appengine-user-ip',
    'x-arr-ssl',
    'x-azure-clientip',
    'x-azure-fdid',
    'x-client-ip',
    'x-cluster-client-ip',
    'x-cloud-trace-context',
    'x-kong-request-id',
    'x-nf-client-connection-ip',
    'x-original-url',
    'x-original-host',
    'x-original-uri',
    'x-proxyuser-ip',
    'x-railway-edge',
    'x-request-start',
    'x-rewrite-url',
    'x-scheme',
    'x-sucuri-clientip',
    'x-traefik-router',
    'x-varnish',
    'x-vercel-id',
    'x-real-port',
    'ali-cdn-real-ip',
    'akamai-origin-hop',
    'client-ip',
    'fastly-client-ip',
    'incap-client-ip',
    'proxy-client-ip',
    'remote-addr',
    'surrogate-capability',
    'wl-proxy-client-ip',
  ])('a request that came through a proxy, as %s says, is refused', async (name) => {
    expect(await decide({ headers: { [name]: '127.0.0.1' } })).toBe(NOT_LOCAL);
    expect(await decide({ headers: { [name]: '' } })).toBe(NOT_LOCAL);
  });
});

describe('without authorize, what tools of this machine send', () => {
  it.each([
    'accept',
    'authorization',
    'cookie',
    'dnt',
    'origin-agent-cluster',
    'postman-token',
    'priority',
    'proxy-connection',
    'save-data',
    'sec-fetch-mode',
    'sec-gpc',
    'sec-websocket-key',
    'traceparent',
    'upgrade-insecure-requests',
    'user-agent',
    'x-correlation-id',
    'x-csrf-token',
    'x-request-id',
    'x-requested-with',
  ])('is no sign of a proxy: %s', async (name) => {
    expect(await decide({ headers: { [name]: 'x' } })).toBe(LOCAL);
  });

  it('is HTTP/1.1 or later: 1.0 is what nginx speaks to what is behind it, with a bare proxy_pass', async () => {
    expect(await decide({ httpVersion: '1.0' })).toBe(NOT_LOCAL);
    expect(await decide({ httpVersion: '1.1' })).toBe(LOCAL);
    expect(await decide({ httpVersion: '2.0' })).toBe(LOCAL);
    expect(await decide({ httpVersion: '1.0', authorize: () => true })).toBe(LOCAL);
  });
});

describe('the origin of a page', () => {
  const asked = (origin: string, host: string, allowedOrigins: string[] = []) =>
    decide({ headers: { origin, host }, allowedOrigins, authorize: () => true });

  it.each([
    ['https://ops.example.com', 'ops.example.com', LOCAL],
    ['http://ops.example.com:3000', 'OPS.example.com:3000', LOCAL],
    ['http://localhost:5173', 'localhost:3000', LOCAL],
    ['http://localhost:5173', '127.0.0.1:3000', LOCAL],
    ['http://localhost:5173', 'ops.example.com', FOREIGN],
    ['https://evil.example', 'ops.example.com', FOREIGN],
    ['https://evil.example', 'localhost:3000', FOREIGN],
    ['https://ops.example.com.evil.example', 'ops.example.com', FOREIGN],
    ['http://ops.example.com:3001', 'ops.example.com:3000', FOREIGN],
    ['null', 'ops.example.com', FOREIGN],
    ['file://', 'ops.example.com', FOREIGN],
    ['', 'ops.example.com', FOREIGN],
    ['garbage', 'ops.example.com', FOREIGN],
  ])('%s, asking %s, is %s', async (origin, host, outcome) => {
    expect(await asked(origin, host)).toBe(outcome);
  });

  it('may be allowed by its option, exactly', async () => {
    const allowed = ['https://dash.example.com'];
    expect(await asked('https://dash.example.com', 'api.example.com', allowed)).toBe(LOCAL);
    expect(await asked('https://DASH.example.com:443', 'api.example.com', allowed)).toBe(LOCAL);
    expect(await asked('http://dash.example.com', 'api.example.com', allowed)).toBe(FOREIGN);
    expect(await asked('https://dash.example.com:8443', 'api.example.com', allowed)).toBe(FOREIGN);
  });

  it('is checked before authorize is asked', async () => {
    const authorize = vi.fn<Authorize>(() => true);
    expect(await decide({ headers: { origin: 'https://evil.example' }, authorize })).toBe(FOREIGN);
    expect(authorize).not.toHaveBeenCalled();
  });
});

describe('authorize', () => {
  const thrown = '401 authorize_threw';
  it.each<[string, () => unknown, string]>([
    ['true', () => true, LOCAL],
    ['a principal', () => ({ id: 'ann' }), LOCAL],
    ['a promise of a principal', async () => ({ id: 'ann' }), LOCAL],
    ['an Observable of true', () => of(true), LOCAL],
    ['an Observable of a principal and more', () => of({ id: 'ann' }, false), LOCAL],
    ['an Observable of false, then true', () => of(false, true), '401 not_authorized'],
    ['an Observable that is empty', () => EMPTY, '401 not_authorized'],
    ['an Observable that fails', () => throwError(() => new Error('no')), thrown],
    [
      'an Observable that says it is forbidden',
      () => throwError(() => new ForbiddenException()),
      '403 forbidden',
    ],
    ['a user', () => ({ sub: 'ann' }), '401 no_principal'],
    ['a promise of a text', async () => 'ann', '401 no_principal'],
    ['a promise of an Observable', async () => of(false), '401 no_principal'],
    ['a function', () => () => true, '401 no_principal'],
    ['false', () => false, '401 not_authorized'],
    ['nothing', () => undefined, '401 not_authorized'],
    ['a promise of false', async () => false, '401 not_authorized'],
    [
      'an exception',
      () => {
        throw new Error('no');
      },
      thrown,
    ],
    ['a rejection', () => Promise.reject(new Error('no')), thrown],
    [
      'an exception that is no error',
      () => {
        // oxlint-disable-next-line no-throw-literal -- what others do
        throw 'no';
      },
      thrown,
    ],
  ])('that answers with %s', async (_, authorize, outcome) => {
    expect(await decide({ authorize: authorize as Authorize, from: '203.0.113.9' })).toBe(outcome);
  });

  it.each(['in time', 'before the client leaves'])(
    'that answers with an Observable is not listened to any longer than %s',
    async (when) => {
      const answers = new Subject<boolean>();
      const admission = admissionOf({ authorize: () => answers, limits: { authorizeMs: 100 } });
      const request = aRequest({});
      const deciding = ask(admission, request);
      expect(answers.observed).toBe(true);
      if (when === 'in time') answers.next(true);
      else request.socket.emit('close');
      expect((await deciding).admitted).toBe(when === 'in time');
      expect(answers.observed).toBe(false);
    },
  );

  it('that answers with an Observable is waited for as long as for a promise', async () => {
    const answers = new Subject<boolean>();
    expect(await decide({ authorize: () => answers, limits: { authorizeMs: 100 } })).toBe('503 undecided');
    expect(answers.observed).toBe(false);
  });

  it('decides alone: a proxy and another host do not matter then', async () => {
    const headers = { host: 'ops.example.com', 'x-forwarded-for': '203.0.113.9' };
    expect(await decide({ headers, from: '10.0.0.1', authorize: () => true })).toBe(LOCAL);
  });
});

describe('loopback', () => {
  it.each([undefined, '', '127', '127.0.0', '128.0.0.1', '1127.0.0.1', '127.0.0.1 '])(
    'is not the address %j',
    (address) => expect(isLoopbackAddress(address)).toBe(false),
  );

  it.each([undefined, '', 'localhost.', '0.0.0.0', '[::]', 'a.localhost.b'])('is not the host %j', (host) =>
    expect(isLoopbackHost(host)).toBe(false),
  );
});
