import { Controller, Get, Header } from '@nestjs/common';
import { basicAuth, bearerToken } from 'nestjs-log-stream';
import { type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, launchChromium, whyNoChromium } from '../harness/chromium.js';
import { monitoredApp } from '../harness/monitored-app.js';

@Controller()
class EmptyPage {
  @Get()
  @Header('Content-Type', 'text/html')
  page(): string {
    return '<!doctype html><title>empty</title>';
  }
}

describe.skipIf(!chromiumPath)(`a page in a browser${whyNoChromium}`, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  it('of an allowed origin reads the stream with a token of its own; one of another origin cannot', async () => {
    const builder = (): ReturnType<typeof monitoredApp> => monitoredApp().with({ controllers: [EmptyPage] });
    await using allowed = await builder().start();
    await using other = await builder().start();
    await using app = await monitoredApp({
      logger: false,
      authorize: bearerToken('s3cret'),
      allowedOrigins: [`http://127.0.0.1:${allowed.port}`],
    }).start();
    const read = async (port: number): Promise<string> => {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${port}/`);
      const outcome = await page.evaluate(async (url) => {
        try {
          const headers = { Authorization: 'Bearer s3cret', 'Last-Event-ID': 'x-1' };
          const answer = await fetch(url, { headers });
          const { value } = await answer.body!.getReader().read();
          return new TextDecoder().decode(value).slice(0, 11);
        } catch (error) {
          return String(error);
        }
      }, `http://127.0.0.1:${app.port}/monitor/stream`);
      await page.close();
      return outcome;
    };
    expect(await read(allowed.port)).toBe('retry: 1000');
    expect(await read(other.port)).toContain('TypeError');
    expect(app.gateway.counters).toMatchObject({ connected: 1 });
  });

  it('of this host is asked for the password, which then goes along with its sockets', async () => {
    await using app = await monitoredApp({ logger: false, authorize: basicAuth({ ann: 'secret' }) })
      .with({ controllers: [EmptyPage] })
      .start();
    const watch = async (httpCredentials?: { username: string; password: string }): Promise<string[]> => {
      const context = await browser.newContext(httpCredentials ? { httpCredentials } : {});
      const page = await context.newPage();
      await page.goto(`http://127.0.0.1:${app.port}/`);
      const outcome = await page.evaluate(
        async ([url, asks]) => {
          const outcomes: string[] = [];
          if (asks) {
            const leave = new AbortController();
            const answer = await fetch('/monitor/stream', { signal: leave.signal });
            outcomes.push(String(answer.status));
            leave.abort();
          }
          const socket = new WebSocket(url);
          outcomes.push(
            await new Promise<string>((resolve) => {
              socket.addEventListener('open', () => resolve('open'));
              socket.addEventListener('error', () => resolve('refused'));
            }),
          );
          return outcomes;
        },
        [app.url(), httpCredentials !== undefined] as const,
      );
      await context.close();
      return outcome;
    };
    expect(await watch({ username: 'ann', password: 'secret' })).toEqual(['200', 'open']);
    // No dialog holds up a socket.
    expect(await watch()).toEqual(['refused']);
  });
});
