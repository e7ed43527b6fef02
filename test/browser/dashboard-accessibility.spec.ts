import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import { bearerToken } from 'nestjs-log-stream';
import { type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, launchChromium, whyNoChromium } from '../harness/chromium.js';
import { type MonitoredApp, monitoredApp } from '../harness/monitored-app.js';
import { withSqlite } from '../trail/harness/with-sqlite.js';
import { DashboardPage } from './harness/dashboard-page.js';

const THEMES = ['light', 'dark'] as const;
const SIZES = {
  desktop: { viewport: { width: 1440, height: 900 } },
  tablet: { viewport: { width: 1024, height: 768 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
};

/** Runs axe in the page. Evaluated by the debugger: the page's own Content-Security-Policy would not let it in. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }>;
      };
    };
    const results = await axe.run();
    return results.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
    );
  });
}

describe.skipIf(!chromiumPath)(`the dashboard for everybody${whyNoChromium}`, () => {
  let browser: Browser;
  let app: MonitoredApp;

  beforeAll(async () => {
    browser = await launchChromium();
    app = await monitoredApp({ logger: false }).start();
    for (const level of ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const) {
      for (const is_audit of [false, true]) {
        app.stream.publish({
          level,
          message: `message ${level}`,
          is_audit,
          action: 'order_placed',
          outcome: 'failure',
          reason: 'denied',
          duration_ms: 5,
          tenant: 'a',
        });
      }
    }
    app.stream.publish({
      level: 'ERROR',
      message: 'failed',
      error: new Error('no', { cause: new Error('why') }),
    });
  });
  afterAll(async () => {
    await browser.close();
    await app.close();
  });

  describe.each(THEMES)('in the %s theme', (colorScheme) => {
    it.each(Object.entries(SIZES))('on a %s', async (name, size) => {
      await using page = await (await DashboardPage.open(browser, app, { colorScheme, ...size })).live();
      await page.system.row('failed').waitFor();
      expect(await violations(page.page)).toEqual([]);
      await page.system.field(/^Search/).fill('message');
      await page.system.row('message ERROR').click();
      await page.system.detail.waitFor();
      expect(await violations(page.page)).toEqual([]);
      await page.system.detail.getByRole('button', { name: 'No records with this level' }).click();
      await page.system.detail.getByRole('button', { name: 'Close' }).click();
      await page.system.button('Pause').click();
      if (name !== 'phone') await page.audit.row('message CRITICAL').click();
      await page.page.getByRole('button', { name: 'Wrap lines' }).click();
      await page.system.root.locator('summary[aria-label^=Columns]').click();
      expect(await violations(page.page)).toEqual([]);
    });

    it('in the help and with an error and its cause', async () => {
      await using page = await (await DashboardPage.open(browser, app, { colorScheme })).live();
      await page.system.row('failed').click();
      await page.system.detail.locator('.stack').first().waitFor();
      expect(await violations(page.page)).toEqual([]);
      await page.page.keyboard.press('?');
      await page.page.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor();
      expect(await violations(page.page)).toEqual([]);
    });

    it.skipIf(!withSqlite)('in the search of the trail', async () => {
      const directory = await mkdtemp(join(tmpdir(), 'dashboard-axe-'));
      await using cleanup = new AsyncDisposableStack();
      cleanup.defer(() => rm(directory, { recursive: true, force: true }));
      await using own = await monitoredApp({
        logger: false,
        trail: { file: join(directory, 'a.db') },
      }).start();
      own.stream.publish({ message: 'signed in', is_audit: true });
      await using page = await (await DashboardPage.open(browser, own, { colorScheme })).live();
      await page.audit.row('signed in').waitFor();
      await page.audit.button('Trail').click();
      await page.audit.row('signed in').click();
      await page.audit.detail.waitFor();
      expect(await violations(page.page)).toEqual([]);
      await page.audit.root.locator('.trail-badge').click();
      expect(await violations(page.page)).toEqual([]);
    });

    it('where it asks for a token', async () => {
      await using closed = await monitoredApp({
        logger: false,
        authorize: bearerToken(['a-token-that-is-long-enough']),
      }).start();
      await using page = await DashboardPage.open(browser, closed, { colorScheme });
      await page.page.getByLabel('Access token').waitFor();
      expect(await violations(page.page)).toEqual([]);
    });
  });

  it('tells a screen reader what happens, and not every line', async () => {
    await using own = await monitoredApp({ logger: false }).start();
    await using page = await (await DashboardPage.open(browser, own)).live();
    const said = page.page.locator('[role=status]');
    await expect.poll(() => said.allInnerTexts()).toContain('Live');
    for (let n = 0; n < 100; n += 1) own.stream.publish({ message: `line ${n}`, level: 'ERROR' });
    await page.system.row('line 99').waitFor();
    expect((await said.allInnerTexts()).join()).not.toContain('line');
    expect(await page.system.list.getAttribute('aria-live')).toBeNull();
    await expect.poll(async () => Number(await page.system.list.getAttribute('aria-rowcount'))).toBe(102);
  });
});
