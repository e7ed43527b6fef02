import { Controller, Get, Header } from '@nestjs/common';
import { type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, launchChromium, whyNoChromium } from '../harness/chromium.js';
import { type MonitoredApp, monitoredApp } from '../harness/monitored-app.js';

/** A page of the app itself: a page of another origin may not connect. */
@Controller()
class EmptyPage {
  @Get()
  @Header('Content-Type', 'text/html')
  page(): string {
    return '<!doctype html><title>empty</title>';
  }
}

const RECORDS = 200;

/** Opens the monitor in the page and collects the text of all frames until one has the word. */
function collect(page: Page, path: string, word: string): Promise<{ texts: string[]; extensions: string }> {
  return page.evaluate(
    ([url, last]) =>
      new Promise<{ texts: string[]; extensions: string }>((resolve, reject) => {
        const texts: string[] = [];
        const socket = new WebSocket(url!);
        socket.addEventListener('error', () => reject(new Error('the browser could not read the frames')));
        socket.addEventListener('message', ({ data }) => {
          texts.push(String(data));
          if (!String(data).includes(last!)) return;
          resolve({ texts, extensions: socket.extensions });
          socket.close();
        });
      }),
    [path, word],
  );
}

function publish(app: MonitoredApp): void {
  for (let n = 0; n < RECORDS; n++) app.stream.publish({ message: `line ${n} ü 漢字 😀`, n });
  app.stream.publish({ message: 'the last' });
}

describe.skipIf(!chromiumPath)(`a browser${whyNoChromium}`, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  it.each([
    { name: 'plain frames', compression: false, query: '?replay=1000' },
    { name: 'plain frames where compression is on', compression: true, query: '?replay=1000' },
    { name: 'batches', compression: false, query: '?v=1&replay=1000' },
    { name: 'compressed batches', compression: true, query: '?v=1&replay=1000' },
  ])('decodes $name', async ({ compression, query }) => {
    await using app = await monitoredApp({ logger: false, compression })
      .with({ controllers: [EmptyPage] })
      .start();
    publish(app);
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${app.port}/`);
    const { texts, extensions } = await collect(page, `${app.url()}${query}`, 'the last');
    expect(extensions.includes('permessage-deflate')).toBe(compression);
    const messages = texts
      .map((text) => JSON.parse(text) as { type: string; data: unknown })
      .flatMap(({ type, data }) =>
        type === 'batch' ? (data as { data: unknown }[]).map((item) => item.data) : [data],
      )
      .map((data) => (data as { message?: string }).message)
      .filter((message) => message?.startsWith('line '));
    expect(messages).toEqual(Array.from({ length: RECORDS }, (_, n) => `line ${n} ü 漢字 😀`));
    await page.close();
  });
});
