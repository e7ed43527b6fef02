import { type CanActivate, Controller, ForbiddenException, Get } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { bearerToken, type LogStreamOptions } from 'nestjs-log-stream';
import { request as httpRequest } from 'node:http';
import { readdir, readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { builtPage, DashboardFiles } from '../../src/dashboard/dashboard-files.js';
import { CONTENT_SECURITY_POLICY } from '../../src/dashboard/dashboard-headers.js';
import { METHOD_NOT_ALLOWED, NO_SUCH_FILE } from '../../src/dashboard/dashboard.messages.js';
import { type MonitoredApp, monitoredApp } from '../harness/monitored-app.js';

const HTML = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const TOKEN = 'a-token-that-is-long-enough';
const TOKENS = { authorize: bearerToken([TOKEN]) };

/** What would be on other paths than the app's. */
@Controller()
class CatchAll {
  @Get('*')
  everything(): string {
    return 'the app';
  }
}

class Nobody implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

function start(platform: string, options: LogStreamOptions = {}): Promise<MonitoredApp> {
  const builder = monitoredApp({ logger: false, ...options }).with({ controllers: [CatchAll] });
  if (platform === 'fastify') builder.onFastify();
  return builder.start();
}

/** As `fetch`, without its tidying of the path and its refusal of headers that only browsers may set. */
function rawGet(
  app: MonitoredApp,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port: app.port, path, headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode!, body }));
    });
    request.on('error', reject).end();
  });
}

function metaOf(html: string, name: string): string | undefined {
  return new RegExp(`<meta name="log-stream-${name}" content="([^"]*)"`).exec(html)?.[1];
}

function assetsOf(html: string): string[] {
  return [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url!);
}

describe.each(['express', 'fastify'])('the dashboard on %s', (platform) => {
  it('is a page that loads nothing but its own files, whatever the app has on other paths', async () => {
    await using app = await start(platform);
    const page = await app.request('/monitor');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const html = await page.text();
    expect(metaOf(html, 'monitor-url')).toBe('./ws/monitor');
    expect(metaOf(html, 'access')).toBe('granted');
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=|https?:|%[A-Z_]+%/);
    const assets = assetsOf(html);
    expect(assets).toHaveLength(3);
    for (const url of assets) {
      expect(url).toMatch(/^\.\/monitor\/assets\/[\w-]+\.(?:js|css|svg)$/);
      const path = new URL(url, 'http://app/monitor').pathname;
      const asset = await app.request(path, { headers: { 'Accept-Encoding': 'identity' } });
      expect(asset.status).toBe(200);
      expect(asset.headers.get('content-encoding')).toBeNull();
      expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(asset.headers.get('x-content-type-options')).toBe('nosniff');
      expect(asset.headers.get('content-type')).toMatch(/^(?:text\/(?:javascript|css)|image\/svg)/);
      const bytes = await asset.arrayBuffer();
      expect(bytes.byteLength).toBe(Number(asset.headers.get('content-length')));
      const packed = await app.request(path, { headers: { 'Accept-Encoding': 'br;q=0.9, gzip' } });
      expect(packed.headers.get('content-encoding')).toBe('gzip');
      expect(packed.headers.get('content-type')).toBe(asset.headers.get('content-type'));
      expect(packed.headers.get('vary')).toContain('Accept-Encoding');
      expect(packed.headers.get('etag')).not.toBe(asset.headers.get('etag'));
      expect(await packed.arrayBuffer()).toEqual(bytes);
    }
  });

  it('says what a browser may do with it', async () => {
    await using app = await start(platform);
    const { headers } = await app.request('/monitor');
    expect(headers.get('content-security-policy')).toBe(CONTENT_SECURITY_POLICY);
    expect(CONTENT_SECURITY_POLICY).toMatch(/^default-src 'none'; /);
    expect(CONTENT_SECURITY_POLICY).not.toMatch(/unsafe|\*|http/);
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'x-frame-options': 'DENY',
      'cache-control': 'private, no-cache',
    });
  });

  it('is not sent again to who has it', async () => {
    await using app = await start(platform);
    const first = await app.request('/monitor');
    const etag = first.headers.get('etag')!;
    expect(etag).toMatch(/^"[\w-]{22}"$/);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`]) {
      const again = await app.request('/monitor', { headers: { 'If-None-Match': known } });
      expect([again.status, await again.text()]).toEqual([304, '']);
    }
    expect((await app.request('/monitor', { headers: { 'If-None-Match': '"other"' } })).status).toBe(200);
  });

  it('answers HEAD as GET, without a body, and other methods with 405', async () => {
    await using app = await start(platform);
    const url = assetsOf(await (await app.request('/monitor')).text())[0]!.slice(1);
    for (const path of ['/monitor', url]) {
      const head = await app.request(path, { method: 'HEAD' });
      expect([head.status, await head.text()]).toEqual([200, '']);
      expect(Number(head.headers.get('content-length'))).toBeGreaterThan(100);
      for (const method of ['POST', 'PUT', 'DELETE']) {
        const refused = await app.request(path, { method });
        expect([refused.status, await refused.text()]).toEqual([405, METHOD_NOT_ALLOWED]);
        expect(refused.headers.get('allow')).toBe('GET, HEAD');
      }
    }
  });

  it('leads from the path with a slash to the one without, also below the path of a proxy', async () => {
    await using app = await start(platform);
    const redirect = await app.request('/monitor/?a=b', { redirect: 'manual' });
    expect(redirect.status).toBe(308);
    const location = redirect.headers.get('location')!;
    expect(new URL(location, 'http://proxy/apps/one/monitor/').pathname).toBe('/apps/one/monitor');
    expect(location.endsWith('?a=b')).toBe(true);
  });

  it.each([
    '/monitor/assets/../../../../package.json',
    '/monitor/assets/..%2f..%2f..%2fpackage.json',
    '/monitor/assets/%2e%2e%2f%2e%2e%2findex.html',
    '/monitor/assets/..%5c..%5cpackage.json',
    '/monitor/assets/index.html',
    '/monitor/assets/__proto__',
    '/monitor/assets/constructor',
    '/monitor/assets/%00',
    '/monitor/assets/.',
  ])('serves no other file: %s', async (path) => {
    await using app = await start(platform);
    const { status, body } = await rawGet(app, path);
    // Ours, or none of ours: then it is the app's.
    expect([
      [404, NO_SUCH_FILE],
      [200, 'the app'],
    ]).toContainEqual([status, body]);
  });

  it('is where the option says, with the stream where that is', async () => {
    await using app = await start(platform, { dashboard: { path: '/ops/logs' }, path: '/a/b/socket' });
    const html = await (await app.request('/ops/logs')).text();
    expect(metaOf(html, 'monitor-url')).toBe('../a/b/socket');
    const [asset] = assetsOf(html);
    expect(asset).toMatch(/^\.\/logs\/assets\//);
    expect((await app.request(new URL(asset!, 'http://app/ops/logs').pathname)).status).toBe(200);
    expect(await (await app.request('/monitor')).text()).toBe('the app');
  });

  it('is not there when the option says so', async () => {
    await using app = await start(platform, { dashboard: false });
    expect(await (await app.request('/monitor')).text()).toBe('the app');
  });

  it('is below no global prefix and asks no guard of the app', async () => {
    const builder = monitoredApp({ logger: false }).with({
      controllers: [CatchAll],
      providers: [{ provide: APP_GUARD, useClass: Nobody }],
    });
    await using app = await (platform === 'fastify' ? builder.onFastify() : builder).start();
    expect((await app.request('/monitor')).status).toBe(200);
    expect((await app.request('/other')).status).toBe(403);
  });

  it('asks who wants to watch: with a page in a browser, with a status elsewhere', async () => {
    await using app = await start(platform, TOKENS);
    const page = await app.request('/monitor', { headers: HTML });
    expect(page.status).toBe(401);
    expect(page.headers.get('content-security-policy')).toBe(CONTENT_SECURITY_POLICY);
    expect(page.headers.get('etag')).toBeNull();
    expect(metaOf(await page.text(), 'access')).toBe('unauthorized');
    const plain = await app.request('/monitor', { headers: { Accept: 'application/json' } });
    expect([plain.status, await plain.text()]).toEqual([401, 'Unauthorized\n']);
    const known = await app.request('/monitor', { headers: { ...HTML, Authorization: `Bearer ${TOKEN}` } });
    expect(known.status).toBe(200);
    expect(metaOf(await known.text(), 'access')).toBe('granted');
    expect(app.gateway.counters).toMatchObject({ refused: 2 });
  });

  it('tells who is known and may not watch', async () => {
    await using app = await start(platform, {
      authorize: () => {
        throw new ForbiddenException();
      },
    });
    const page = await app.request('/monitor', { headers: HTML });
    expect(page.status).toBe(403);
    expect(metaOf(await page.text(), 'access')).toBe('forbidden');
  });

  it('is for this machine alone without `authorize`', async () => {
    await using app = await start(platform);
    const through = await app.request('/monitor', { headers: { 'X-Forwarded-For': '203.0.113.9' } });
    const page = await app.request('/monitor', { headers: { ...HTML, 'X-Forwarded-For': '203.0.113.9' } });
    expect([page.status, metaOf(await page.text(), 'access')]).toEqual([401, 'local_only']);
    expect(through.status).toBe(401);
    const rebound = await rawGet(app, '/monitor', { Host: 'evil.example' });
    expect(rebound.status).toBe(401);
  });

  it('can be reached by a link on another site, but not be framed or loaded by one', async () => {
    await using app = await start(platform);
    const from = (mode: string, dest: string): Promise<{ status: number }> =>
      rawGet(app, '/monitor', {
        'Sec-Fetch-Site': 'cross-site',
        'Sec-Fetch-Mode': mode,
        'Sec-Fetch-Dest': dest,
      });
    expect((await from('navigate', 'document')).status).toBe(200);
    expect((await from('navigate', 'iframe')).status).toBe(403);
    expect((await from('no-cors', 'script')).status).toBe(403);
    expect((await from('cors', 'empty')).status).toBe(403);
  });

  it('takes no place among the connections for longer than it is loaded', async () => {
    await using app = await start(platform, { limits: { clients: 1 } });
    for (let visit = 0; visit < 3; visit += 1) {
      const { status, body } = await rawGet(app, '/monitor', { Connection: 'keep-alive' });
      expect([status, body.length > 100]).toEqual([200, true]);
    }
    await using client = await app.watch();
    expect(app.gateway.clients).toBe(1);
    expect(client.frames).toEqual([]);
    const full = await rawGet(app, '/monitor', HTML);
    expect(full).toEqual({ status: 503, body: 'Service Unavailable\n' });
  });
});

describe('the built page', () => {
  it('keeps below the size that it may have', async () => {
    const files = await DashboardFiles.read();
    const assets = new URL('assets/', builtPage());
    const bodies = await Promise.all((await readdir(assets)).map((name) => readFile(new URL(name, assets))));
    const bytes = bodies.reduce((sum, { length }) => sum + length, gzipSync(files.template).length);
    expect(bytes).toBeLessThan(75_000);
  });
});
