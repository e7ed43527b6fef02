import { bearerToken, LogStream } from 'nestjs-log-stream';
import { type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, launchChromium, whyNoChromium } from '../harness/chromium.js';
import { type MonitoredApp, monitoredApp } from '../harness/monitored-app.js';
import { DashboardPage } from './harness/dashboard-page.js';

const TOKEN = 'a-token-that-is-long-enough';

interface Frame {
  readonly type: string;
  readonly data: readonly { readonly seq: number }[];
  readonly cursor: string;
}

/** Keeps records back from the page and says instead that they were skipped, as a server does for a slow client. */
async function skipping(page: Page, from: number, to: number): Promise<void> {
  await page.routeWebSocket(/\/ws\/monitor/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((text) => {
      const frame = JSON.parse(String(text)) as Frame;
      if (frame.type !== 'batch') return socket.send(text);
      const passed = frame.data.filter(({ seq }) => seq < from);
      const after = frame.data.filter(({ seq }) => seq > to);
      if (passed.length > 0) socket.send(JSON.stringify({ ...frame, data: passed }));
      if (frame.data.some(({ seq }) => seq === to)) {
        const data = { from, to, count: to - from + 1, reason: 'slow_consumer', fetchable: true };
        socket.send(JSON.stringify({ type: 'gap', data }));
      }
      if (after.length > 0) socket.send(JSON.stringify({ ...frame, data: after }));
    });
  });
}

async function publish(app: MonitoredApp, from: number, to: number): Promise<void> {
  for (let n = from; n <= to; n += 1) {
    app.stream.publish({ message: `line ${n}.`, n });
    // As an app that goes on with its work: what is due is written.
    if (n % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

describe.skipIf(!chromiumPath)(`what the dashboard makes of the stream${whyNoChromium}`, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  it('takes a burst of 40,000 lines, keeps the newest 20,000 and says so', async () => {
    await using app = await monitoredApp({
      logger: false,
      history: { records: 50_000, bytes: 2 ** 28 },
    }).start();
    await using page = await (await DashboardPage.open(browser, app)).live();
    await publish(app, 1, 40_000);
    await page.system.row('line 40000.').waitFor();
    await expect.poll(() => page.system.fromEnd()).toBeLessThan(2);
    const tally = async (): Promise<number> => Number((await page.system.tally).replaceAll(',', ''));
    await page.until(async () => (await tally()) >= 20_000);
    const kept = await tally();
    expect(kept).toBeGreaterThanOrEqual(20_000);
    expect(kept).toBeLessThan(21_001);
    expect(await page.system.rows.count()).toBeLessThan(100);
    await page.until(async () => (await page.system.messages()).at(-1) === 'line 40000.');
    const numbers = (await page.system.messages()).map((text) => Number(/\d+/.exec(text)![0]));
    expect(numbers).toEqual(
      Array.from({ length: numbers.length }, (_, index) => 40_000 - numbers.length + 1 + index),
    );
    expect(page.complaints).toEqual([]);
  });

  it('shows a gap and fetches what is in it', async () => {
    await using app = await monitoredApp({ logger: false }).start();
    const start = app.get(LogStream).history.end;
    await using page = await DashboardPage.open(browser, app, {}, (opened) =>
      skipping(opened, start + 2, start + 514),
    );
    await page.live();
    await publish(app, 0, 520);
    const gap = page.system.row('513 skipped');
    await gap.waitFor();
    expect(await gap.innerText()).toMatch(/513 skipped.*read too slowly.*Fetch/s);
    await page.audit.row('513 skipped').waitFor();
    await page.system.field(/^Search/).fill('line 1');
    expect(await gap.isVisible()).toBe(true);
    await page.system.button('Reset').click();
    await gap.getByRole('button', { name: 'Fetch' }).click();
    await gap.waitFor({ state: 'detached' });
    await page.audit.row('513 skipped').waitFor({ state: 'detached' });
    await page.until(async () => (await page.system.tally) === '522');
    await page.system.field(/^Search/).fill('line 300.');
    await page.system.row('line 300.').click();
    await page.system.detail.getByRole('button', { name: 'Show among all records' }).click();
    await page.system.row('line 301.').waitFor();
    expect((await page.system.messages()).filter((text) => /line (299|300|301)\./.test(text))).toHaveLength(
      3,
    );
  });

  it('offers what was logged before it came, in steps', async () => {
    await using app = await monitoredApp({ logger: false }).start();
    await publish(app, 1, 5_000);
    await using page = await (await DashboardPage.open(browser, app)).live();
    await page.system.row('line 5000.').waitFor();
    await page.until(async () => (await page.system.tally) === '2,000');
    await page.system.list.focus();
    const toEarlier = async (): Promise<void> => {
      await page.page.keyboard.press('Home');
      await page.system.list.locator('.row[aria-selected=true]', { hasText: 'earlier' }).waitFor();
    };
    await toEarlier();
    await page.page.keyboard.press('Enter');
    await page.until(async () => (await page.system.tally) === '4,000');
    await toEarlier();
    await page.page.keyboard.press('Enter');
    await page.until(async () => (await page.system.tally) === '5,001');
    await page.page.keyboard.press('Home');
    await page.system.row('line 1.').waitFor();
    expect(await page.system.row('earlier').count()).toBe(0);
  });

  it('comes back after a restart of the application, and says what cannot be known', async () => {
    const first = await monitoredApp({ logger: false }).start();
    const { port } = first;
    await using page = await (await DashboardPage.open(browser, first)).live();
    first.stream.publish({ message: 'before the restart' });
    await page.system.row('before the restart').waitFor();
    await first.close();
    await page.page.locator('.connection[data-phase=waiting]').waitFor();
    expect(await page.connection.innerText()).toMatch(/^Reconnecting/);
    await using second = await monitoredApp({ logger: false }).onPort(port).start();
    second.stream.publish({ message: 'after the restart' });
    await page.connection
      .getByRole('button', { name: 'Now' })
      .click({ timeout: 2_000 })
      .catch(() => {});
    await page.live();
    await page.system.row('after the restart').waitFor();
    const order = await page.system.rows.allInnerTexts();
    const at = (text: string): number => order.findIndex((row) => row.includes(text));
    expect(at('before the restart')).toBeGreaterThanOrEqual(0);
    expect(at('The application has restarted')).toBeGreaterThan(at('before the restart'));
    expect(at('after the restart')).toBeGreaterThan(at('The application has restarted'));
    await page.audit.row('The application has restarted').waitFor();
  });

  it('resumes where it was cut off, losing nothing and showing nothing twice', async () => {
    await using app = await monitoredApp({ logger: false }).start();
    await using page = await (await DashboardPage.open(browser, app)).live();
    for (let round = 0; round < 3; round += 1) {
      app.stream.publish({ message: `connected ${round}.` });
      await page.system.row(`connected ${round}.`).waitFor();
      for (const peer of app.peers) peer.terminate();
      app.stream.publish({ message: `cut off ${round}.` });
      await page.system.row(`cut off ${round}.`).waitFor();
      await page.live();
    }
    expect((await page.system.messages()).slice(-6)).toEqual(
      [0, 1, 2].flatMap((round) => [`connected ${round}.`, `cut off ${round}.`]),
    );
    expect(await page.system.row('skipped').count()).toBe(0);
  });

  it('shows what was lost while it was away as gone', async () => {
    await using app = await monitoredApp({ logger: false, history: { records: 50 } }).start();
    await using page = await (await DashboardPage.open(browser, app)).live();
    app.stream.publish({ message: 'seen' });
    await page.system.row('seen').waitFor();
    for (const peer of app.peers) peer.terminate();
    await publish(app, 1, 200);
    await page.system.row('line 200.').waitFor();
    await page.system.button('Newest first').click();
    await page.system.list.focus();
    await page.page.keyboard.press('End');
    const gap = page.system.row('150 skipped');
    await gap.waitFor();
    expect(await gap.innerText()).toContain('no longer kept');
    expect(await gap.getByRole('button').count()).toBe(0);
  });

  it('asks for a token, keeps it for the tab, and watches with it', async () => {
    await using app = await monitoredApp({ logger: false, authorize: bearerToken([TOKEN]) }).start();
    app.stream.publish({ message: 'for those who may' });
    await using page = await DashboardPage.open(browser, app);
    const token = page.page.getByLabel('Access token');
    await token.fill('a-wrong-token-of-some-length');
    await token.press('Enter');
    await page.page.getByRole('alert').filter({ hasText: 'does not accept' }).waitFor();
    expect(await page.page.content()).not.toContain('for those who may');
    await token.fill(TOKEN);
    await page.page.getByRole('button', { name: 'Watch' }).click();
    await page.live();
    await page.system.row('for those who may').waitFor();
    await page.page.reload();
    await page.system.row('for those who may').waitFor();
    expect(
      await page.page.evaluate(() => JSON.stringify([localStorage, document.cookie, location.href])),
    ).not.toContain(TOKEN);
  });

  it('notices that its permission is gone, and offers to sign in', async () => {
    let allowed = true;
    await using app = await monitoredApp({ logger: false, authorize: () => allowed }).start();
    await using page = await (await DashboardPage.open(browser, app)).live();
    allowed = false;
    for (const peer of app.peers) peer.terminate();
    await page.page.locator('.connection[data-phase=closed]').waitFor();
    expect(await page.connection.innerText()).toContain('no longer signed in');
    await page.connection.getByRole('button', { name: 'Sign in' }).click();
    await page.page.getByLabel('Access token').waitFor();
  });

  it('shows one category to who may see one', async () => {
    await using app = await monitoredApp({
      logger: false,
      authorize: () => ({ categories: ['audit'] }),
    }).start();
    app.stream.publish({ message: 'secret' });
    app.stream.publish({ message: 'of record', is_audit: true });
    await using page = await (await DashboardPage.open(browser, app)).live();
    await page.audit.row('of record').waitFor();
    await page.system.root.getByText('You may not see these records.').waitFor();
    expect(await page.page.content()).not.toContain('secret');
  });

  it('works below the path of a proxy', async () => {
    await using app = await monitoredApp({ logger: false }).start();
    app.stream.publish({ message: 'through the proxy' });
    await using page = await DashboardPage.open(
      browser,
      app,
      { path: '/apps/one/monitor' },
      async (opened) => {
        await opened.route(/\/apps\/one\//, async (route) => {
          await route.fulfill({
            response: await route.fetch({ url: route.request().url().replace('/apps/one/', '/') }),
          });
        });
        await opened.routeWebSocket(/\/apps\/one\/ws\/monitor/, (socket) => {
          const server = new WebSocket(socket.url().replace('/apps/one/', '/'));
          server.addEventListener('message', ({ data }) => socket.send(String(data)));
          socket.onMessage((text) => server.send(String(text)));
          socket.onClose(() => server.close());
        });
      },
    );
    await page.live();
    await page.system.row('through the proxy').waitFor();
    expect(await page.system.row('through the proxy').count()).toBe(1);
  });
});
