import { type Browser } from 'playwright-core';
import { type Principal } from 'nestjs-log-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bareApp } from '../harness/bare-app.js';
import { chromiumPath, launchChromium, whyNoChromium } from '../harness/chromium.js';
import { DashboardPage } from './harness/dashboard-page.js';

const alerts = [{ name: 'broken orders', filter: { level: 'ERROR' }, everyMs: 0, to: () => {} }] as const;

describe.skipIf(!chromiumPath)(`alerts on the dashboard${whyNoChromium}`, () => {
  let browser: Browser;

  beforeAll(async () => void (browser = await launchChromium()));
  afterAll(() => browser.close());

  it('ring a bell, whose list opens the record', async () => {
    await using app = await bareApp({ alerts });
    app.stream.publish({ message: 'before', level: 'ERROR', logger: 'app.orders' });
    await using page = await DashboardPage.open(browser, app);
    await page.live();
    const bell = page.page.locator('.bell');
    await page.until(async () => (await bell.getAttribute('aria-label')) === 'Alerts: 1 new');
    for (let n = 0; n < 300; n += 1) app.stream.publish({ message: `fine ${n}` });
    app.stream.publish({ message: '\u202eno <b>stock</b>', level: 'ERROR', logger: 'app.orders' });
    await page.until(async () => (await bell.getAttribute('aria-label')) === 'Alerts: 2 new');
    await bell.click();
    const items = page.page.locator('.alert-item');
    await expect.poll(() => items.count()).toBe(2);
    expect(await items.first().innerText()).toContain('no <b>stock</b>');
    expect(await items.first().innerText()).not.toContain('\u202e');
    await expect.poll(() => bell.getAttribute('aria-label')).toBe('Alerts');
    await items.last().click();
    await page.system.detail.waitFor();
    expect(await page.system.detail.innerText()).toContain('before');
    expect(page.complaints).toEqual([]);
  });

  it('are unknown to who may not see their record, and there is no bell', async () => {
    const authorize = (): Principal => ({ filter: { not: { logger: 'app.secret' } } });
    await using app = await bareApp({ alerts, authorize });
    app.stream.publish({ message: 'hidden', level: 'ERROR', logger: 'app.secret' });
    await using page = await DashboardPage.open(browser, app);
    await page.live();
    app.stream.publish({ message: 'hidden too', level: 'ERROR', logger: 'app.secret' });
    app.stream.publish({ message: 'seen' });
    await page.system.row('seen').waitFor();
    expect(await page.page.locator('.bell').count()).toBe(0);
  });
});
