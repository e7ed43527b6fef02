import { type IncomingMessage } from 'node:http';
import { type Principal } from 'nestjs-log-stream';
import { type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, launchChromium, whyNoChromium } from '../harness/chromium.js';
import { type MonitoredApp, monitoredApp } from '../harness/monitored-app.js';
import { DashboardPage } from './harness/dashboard-page.js';
import { PlainProxy } from './harness/plain-proxy.js';

describe.skipIf(!chromiumPath)(`who watches by the dashboard${whyNoChromium}`, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  it('by a cookie goes on when a session that slides has been renewed, and signs in when it has ended', async () => {
    let slidMs = 2_000;
    let known = true;
    const authorize = ({ headers }: IncomingMessage): Principal | undefined =>
      known && headers.cookie === 'session=me' ? { id: 'me', expiresAt: Date.now() + slidMs } : undefined;
    await using app = await monitoredApp({ logger: false, authorize }).start();
    await using page = await DashboardPage.open(browser, app, {}, async (opened) => {
      await opened.context().addCookies([{ name: 'session', value: 'me', domain: '127.0.0.1', path: '/' }]);
    });
    await page.live();
    app.stream.publish({ message: 'before' });
    await page.system.row('before').waitFor();
    slidMs = 3_600_000;
    const [first] = app.peers;
    await page.until(() => app.peers[0] !== first, 'be cut off');
    app.stream.publish({ message: 'meanwhile' });
    await page.system.row('meanwhile').waitFor();
    await page.live();
    expect(await page.system.row('before').count()).toBe(1);
    expect(await page.system.row(/skipped|restarted/).count()).toBe(0);
    known = false;
    for (const peer of app.peers) peer.terminate();
    await page.page.getByRole('button', { name: 'Sign in' }).waitFor();
  });

  it('behind a proxy that passes no upgrades reads over HTTP, says so, and goes back once it does', async () => {
    await using app = await monitoredApp({ logger: false }).start();
    await using proxy = await PlainProxy.before(app.port);
    app.stream.publish({ message: 'from before' });
    await using page = await DashboardPage.open(browser, proxy as unknown as MonitoredApp);
    await page.page.locator('.connection-state', { hasText: 'Live over HTTP' }).waitFor();
    expect(await page.page.locator('.connection-reason').innerText()).toContain('Upgrade');
    await page.system.row('from before').waitFor();
    app.stream.publish({ message: 'over HTTP' });
    await page.system.row('over HTTP').waitFor();
    proxy.passUpgrades();
    await page.page.evaluate(() => window.dispatchEvent(new Event('online')));
    await page.page.locator('.connection-state', { hasText: /^Live$/ }).waitFor();
    app.stream.publish({ message: 'over the WebSocket' });
    await page.system.row('over the WebSocket').waitFor();
    expect((await page.system.messages()).slice(-3)).toEqual([
      'from before',
      'over HTTP',
      'over the WebSocket',
    ]);
  });

  it('is not asked for a token where none can work, but told what to set', async () => {
    await using app = await monitoredApp({ logger: false }).start();
    await using page = await DashboardPage.open(browser, app, {
      extraHTTPHeaders: { 'X-Forwarded-For': '203.0.113.7' },
    });
    await page.page.getByText('authorize: bearerToken').waitFor();
    expect(await page.page.locator('input').count()).toBe(0);
  });
});
