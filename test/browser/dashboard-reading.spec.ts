import { readFile } from 'node:fs/promises';
import { type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, launchChromium, whyNoChromium } from '../harness/chromium.js';
import { type MonitoredApp, monitoredApp } from '../harness/monitored-app.js';
import { DashboardPage } from './harness/dashboard-page.js';
import { PlainProxy } from './harness/plain-proxy.js';

const DAY_MS = 86_400_000;

describe.skipIf(!chromiumPath)(`what is read on the dashboard${whyNoChromium}`, () => {
  let browser: Browser;
  let app: MonitoredApp;

  beforeAll(async () => {
    browser = await launchChromium();
    app = await monitoredApp({ logger: false }).start();
    const now = Date.now();
    app.stream.publish({ message: 'the day before', timestamp: now - DAY_MS });
    app.stream.publish({
      message: '\u001b[1;31mred\u001b[0m, see https://example.org/a?b=1.',
      note: '\u001b[32mok',
    });
    for (let n = 1; n <= 3; n += 1) app.stream.publish({ message: `order ${n} paid` });
    app.stream.publish({ logger: 'audit.x', message: 'role granted', action: 'role_grant' });
  });
  afterAll(async () => {
    await browser.close();
    await app.close();
  });

  async function open(options: Parameters<typeof DashboardPage.open>[2] = {}): Promise<DashboardPage> {
    const page = await DashboardPage.open(browser, app, { timezoneId: 'UTC', ...options });
    await page.live();
    await page.system.row('order 3 paid').waitFor();
    return page;
  }

  it('has its colours as classes, that are neither searched nor exported', async () => {
    await using page = await open();
    const red = page.system.list.locator('.ansi-1.ansi-bold');
    expect(await red.innerText()).toBe('red');
    expect(await red.getAttribute('style')).toBeNull();
    await page.system.field(/^Search/).fill('red, see');
    await page.until(async () => (await page.system.messages()).length === 1);
    // On the ground of a match only its own colour can be read.
    const colour = (element: Element): string => getComputedStyle(element).color;
    const match = page.system.list.locator('mark', { hasText: 'red' });
    expect(await match.locator('.ansi-1').evaluate(colour)).toBe(await match.evaluate(colour));
    await page.system.root.locator('summary[aria-label^=Export]').click();
    const [download] = await Promise.all([
      page.page.waitForEvent('download'),
      page.system.button('Save as NDJSON').click(),
    ]);
    const [line] = (await readFile(await download.path(), 'utf8')).trim().split('\n');
    expect(JSON.parse(line!)).toMatchObject({
      data: { message: 'red, see https://example.org/a?b=1.', note: 'ok' },
    });
    expect(page.complaints).toEqual([]);
  });

  it('has addresses as links that tell the other page nothing', async () => {
    await using page = await open();
    const link = page.system.list.locator('a');
    await expect.poll(() => link.count()).toBe(1);
    expect(await link.evaluate((a: HTMLAnchorElement) => [a.href, a.rel, a.target])).toEqual([
      'https://example.org/a?b=1',
      'noopener noreferrer',
      '_blank',
    ]);
  });

  it('highlights terms without hiding anything, also for who is sent the link', async () => {
    await using page = await open();
    await page.system
      .button('Highlight in System')
      .or(page.system.root.locator('summary[aria-label^=Highlight]'))
      .first()
      .click();
    await page.page.getByLabel('Highlighted term 1').first().fill('ORDER');
    await page.page.getByLabel('Highlighted term 3').first().fill('paid');
    await page.until(async () => (await page.system.list.locator('mark.mark-3').count()) === 3);
    await expect
      .poll(() => page.system.list.locator('mark.mark-1').allInnerTexts())
      .toEqual(['order', 'order', 'order']);
    expect(await page.system.rows.count()).toBe(6);
    await expect.poll(() => page.page.url()).toMatch(/ORDER.*paid/);
    const { hash } = new URL(page.page.url());
    await using other = await open({ hash });
    await other.until(async () => (await other.system.list.locator('mark.mark-1').count()) === 3);
  });

  it('highlights the text that is marked, by a key', async () => {
    await using page = await open();
    await page.system.row('order 2 paid').locator('.text').dblclick();
    await expect.poll(() => page.page.evaluate(() => String(getSelection()))).toMatch(/^(order|2|paid) ?$/);
    await page.page.keyboard.press('h');
    await page.until(async () => (await page.system.list.locator('mark.mark-1').count()) > 0);
  });

  it('has the day where another one begins, and the date with each time', async () => {
    await using page = await open();
    const days = await page.system.list.locator('.day').allInnerTexts();
    expect(days.length).toBeGreaterThan(0);
    expect(days[0]).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(await page.system.row('the day before').locator('time').getAttribute('title')).toMatch(
      /^\d{4}-\d{2}-\d{2} [\d:.]{12} \+00:00$/,
    );
  });

  it('is found again by the link of one record, or said to be gone', async () => {
    await using page = await open({ permissions: ['clipboard-read', 'clipboard-write'] });
    await page.system.row('order 2 paid').click();
    await page.until(() => page.page.url().includes('#record='), 'name the record');
    await page.system.detail.getByRole('button', { name: 'Copy a link to this record' }).click();
    const clipboard = (): Promise<string> => page.page.evaluate(() => navigator.clipboard.readText());
    await page.until(async () => (await clipboard()).includes('#record='), 'copy the link');
    const link = await clipboard();
    await using other = await DashboardPage.open(browser, app, {
      hash: `#system.search=nothing&${new URL(link).hash.slice(1)}`,
    });
    await other.system.detail.getByText('order 2 paid').first().waitFor();
    expect(await other.system.list.locator('[aria-selected=true]').innerText()).toContain('order 2 paid');
    await using late = await DashboardPage.open(browser, app, { hash: '#record=someotherrun.7' });
    await late.page.getByText('The record of this link is gone').waitFor();
    await late.page.getByRole('button', { name: 'Dismiss' }).click();
    await late.page.locator('.linked').waitFor({ state: 'detached' });
  });

  it('has any field as a column, and keeps it', async () => {
    await using page = await open();
    await page.system.root.locator('summary[aria-label^=Columns]').click();
    await page.system.root.getByRole('checkbox', { name: 'note' }).check();
    await page.system.list.getByRole('columnheader', { name: 'note' }).waitFor();
    expect(await page.system.row('red, see').locator('.cell-field').innerText()).toBe('ok');
    await page.page.reload();
    await page.system.list.getByRole('columnheader', { name: 'note' }).waitFor();
    expect(page.complaints).toEqual([]);
  });

  it('folds repeats on demand, and exports each of them', async () => {
    await using own = await monitoredApp({ logger: false }).start();
    await using page = await (await DashboardPage.open(browser, own)).live();
    for (let n = 0; n < 12; n += 1) own.stream.publish({ message: 'retrying' });
    own.stream.publish({ message: 'connected' });
    await page.system.row('connected').waitFor();
    await page.system.button('Fold repeats').click();
    await page.until(async () => (await page.system.row('retrying').count()) === 1);
    expect(await page.system.row('retrying').locator('.repeats').innerText()).toBe('×12');
    own.stream.publish({ message: 'connected' });
    await page.until(async () => (await page.system.row('connected').innerText()).includes('×2'));
    await page.system.root.locator('summary[aria-label^=Export]').click();
    const [download] = await Promise.all([
      page.page.waitForEvent('download'),
      page.system.button('Save as NDJSON').click(),
    ]);
    expect((await readFile(await download.path(), 'utf8')).match(/retrying/g)).toHaveLength(12);
    await page.page.keyboard.press('Escape');
    await page.system.button('Fold repeats').click();
    await page.until(async () => (await page.system.row('retrying').count()) === 12);
  });

  it('is searched at once after the panel was changed by a key, also under Caps Lock', async () => {
    await using page = await open();
    await page.page.keyboard.press('A');
    await page.page.keyboard.press('/');
    await page.page.keyboard.type('role');
    await expect.poll(() => page.audit.field(/^Search/).inputValue()).toBe('role');
  });

  it.each([360, 390, 768])('has every button of a record at a width of %i', async (width) => {
    await using page = await open({ viewport: { width, height: 800 } });
    await page.system.row('order 2 paid').click();
    await page.system.detail.waitFor();
    const box = (await page.system.root.boundingBox())!;
    for (const button of await page.system.detail.locator('.detail-head button').all()) {
      const { x, width: wide } = (await button.boundingBox())!;
      expect(x + wide).toBeLessThanOrEqual(box.x + box.width);
    }
  });

  it.each([360, 768, 1_366])(
    'says what the connection does beside its name, at a width of %i',
    async (width) => {
      await using proxy = await PlainProxy.before(app.port);
      await using page = await DashboardPage.open(browser, proxy as unknown as MonitoredApp, {
        viewport: { width, height: 800 },
      });
      await page.page.locator('.connection-state', { hasText: 'Live over HTTP' }).waitFor();
      const [name, state, tools] = await Promise.all(
        ['.bar h1', '.connection-state', '.bar > .tools'].map((part) =>
          page.page.locator(part).boundingBox(),
        ),
      );
      expect(name!.x + name!.width).toBeLessThanOrEqual(state!.x);
      expect(state!.x + state!.width).toBeLessThanOrEqual(tools!.x);
      const isWhole = (element: Element): boolean => element.scrollWidth <= element.clientWidth;
      expect(await page.page.locator('.connection-state').evaluate(isWhole)).toBe(true);
    },
  );

  it.each([360, 390, 430, 768, 1_366, 1_440])('has every level to switch at a width of %i', async (width) => {
    await using page = await open({ viewport: { width, height: 800 } });
    const box = await page.system.root.boundingBox();
    for (const level of await page.system.root.locator('.level-toggle').all()) {
      const toggle = (await level.boundingBox())!;
      expect(toggle.x + toggle.width).toBeLessThanOrEqual(box!.x + box!.width);
    }
  });
});
