import { Controller, Get, Header } from '@nestjs/common';
import { bearerToken } from 'nestjs-log-stream';
import { type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type connect, type LogStreamClient } from '../../src/client/index.js';
import { bundle } from '../client/harness/bundle.js';
import { chromiumPath, launchChromium, whyNoChromium } from '../harness/chromium.js';
import { eventually } from '../harness/event-loop.js';
import { monitoredApp } from '../harness/monitored-app.js';

let code = '';

/** A page of the app itself, and the client that it loads. */
@Controller()
class Page {
  @Get()
  @Header('Content-Type', 'text/html')
  page(): string {
    return '<!doctype html><title>page</title>';
  }

  @Get('client.js')
  @Header('Content-Type', 'text/javascript')
  client(): string {
    return code;
  }
}

/** What the functions below find in the page. */
declare const window: {
  connect: typeof connect;
  client: LogStreamClient;
  seen: { message: string; level: string }[];
  states: string[];
};

describe.skipIf(!chromiumPath)(`the client in a browser${whyNoChromium}`, () => {
  let browser: Browser;

  beforeAll(async () => {
    ({ code } = await bundle());
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  it('watches by a relative URL and a token, through a reset, and closes', async () => {
    await using app = await monitoredApp({
      logger: false,
      authorize: bearerToken('s3cret'),
      compression: true,
    })
      .with({ controllers: [Page] })
      .start();
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${app.port}/`);
    await page.addScriptTag({
      type: 'module',
      content: `import { connect } from '/client.js'; window.connect = connect;`,
    });
    await page.waitForFunction(() => 'connect' in window);
    const sees = await page.evaluate(async () => {
      const client = window.connect('/ws/monitor', {
        token: () => Promise.resolve('s3cret'),
        filter: { where: { kind: 'mine' } },
        reconnect: { minMs: 1 },
      });
      Object.assign(window, { client, seen: [], states: [] });
      client.on('state', ({ name }) => window.states.push(name));
      client.subscribe((item) => {
        if (item.type === 'system_log') window.seen.push(item.data);
      });
      return (await client.ready).sees;
    });
    expect(sees).toEqual(['system', 'audit']);
    const publish = (count: number): void => {
      for (let n = 0; n < count; n++) app.stream.publish({ message: `ü 漢字 😀 ${n}`, kind: 'mine' });
    };
    publish(1_000);
    await page.waitForFunction(() => window.seen.length === 1_000);
    const [peer] = app.peers;
    peer!.terminate();
    publish(1_000);
    await page.waitForFunction(() => window.seen.length === 2_000);
    const { states, messages } = await page.evaluate(() => ({
      states: window.states,
      messages: window.seen.map(({ message }) => message),
    }));
    const expected = Array.from({ length: 1_000 }, (_, n) => `ü 漢字 😀 ${n}`);
    expect(messages).toEqual([...expected, ...expected]);
    expect(states).toEqual(['live', 'waiting', 'connecting', 'catching_up', 'live']);
    await page.evaluate(() => window.client.close());
    await eventually(() => app.gateway.clients === 0);
    await page.close();
  });
});
