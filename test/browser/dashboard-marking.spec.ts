import { type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, launchChromium, whyNoChromium } from '../harness/chromium.js';
import { type MonitoredApp, monitoredApp } from '../harness/monitored-app.js';
import { DashboardPage, type PanelOnPage } from './harness/dashboard-page.js';

describe.skipIf(!chromiumPath)(`text and rows of a list that moves${whyNoChromium}`, () => {
  let browser: Browser;
  let app: MonitoredApp;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  async function opened(lines: number): Promise<DashboardPage> {
    app = await monitoredApp({ logger: false }).start();
    const dashboard = await DashboardPage.open(browser, app, {
      permissions: ['clipboard-read', 'clipboard-write'],
      timezoneId: 'UTC',
    });
    await dashboard.live();
    log(1, lines);
    await dashboard.system.row(`line ${lines}.`).waitFor();
    // Where a row is, is measured: nothing may move any more.
    await expect.poll(() => dashboard.system.fromEnd()).toBeLessThan(2);
    return dashboard;
  }

  function log(from: number, to: number): void {
    for (let n = from; n <= to; n += 1) {
      app.stream.publish({ logger: 'app', message: `line ${n}.`, user_id: n });
    }
  }

  async function closed(dashboard: DashboardPage): Promise<void> {
    await dashboard[Symbol.asyncDispose]();
    await app.close();
  }

  const marked = (page: DashboardPage): Promise<string> => page.page.evaluate(() => String(getSelection()));

  async function copied(page: DashboardPage): Promise<string> {
    await page.page.evaluate(() => navigator.clipboard.writeText(''));
    await page.page.keyboard.press('Control+c');
    const clipboard = (): Promise<string> => page.page.evaluate(() => navigator.clipboard.readText());
    await page.until(async () => (await clipboard()) !== '', 'copy');
    return clipboard();
  }

  /** Drags from the beginning of one row's message to that of another, and leaves the button down. */
  async function drag(page: DashboardPage, panel: PanelOnPage, from: string, to: string): Promise<void> {
    const start = (await panel.row(from).locator('.cell-message').boundingBox())!;
    await page.page.mouse.move(start.x + 1, start.y + 11);
    await page.page.mouse.down();
    const end = (await panel.row(to).locator('.cell-message > .text').boundingBox())!;
    await page.page.mouse.move(end.x + end.width, end.y + 11, { steps: 5 });
  }

  it('stands still while text is marked, says so, and goes on afterwards', async () => {
    const page = await opened(200);
    await drag(page, page.system, 'line 196.', 'line 196.');
    log(201, 260);
    await page.system.unseen.filter({ hasText: '60 new' }).waitFor();
    await expect.poll(() => marked(page)).toBe('line 196.');
    await page.page.mouse.up();
    log(261, 270);
    await page.system.unseen.filter({ hasText: 'Paused by selection · 70 new' }).waitFor();
    await expect.poll(() => marked(page)).toBe('line 196.');
    expect(await copied(page)).toBe('line 196.');
    await page.system.unseen.click();
    await page.system.row('line 270.').waitFor();
    await expect.poll(() => page.system.fromEnd()).toBeLessThan(2);
    await expect.poll(() => page.system.unseen.count()).toBe(0);
    await closed(page);
  });

  it('goes on by itself once nothing is marked any more', async () => {
    const page = await opened(200);
    await drag(page, page.system, 'line 196.', 'line 198.');
    await page.page.mouse.up();
    log(201, 210);
    await page.system.unseen.filter({ hasText: 'Paused by selection · 10 new' }).waitFor();
    await page.page.evaluate(() => getSelection()!.removeAllRanges());
    await page.system.row('line 210.').waitFor();
    await expect.poll(() => page.system.fromEnd()).toBeLessThan(2);
    await closed(page);
  });

  it('keeps what is marked when it scrolls out of view, and copies all between, a line a row', async () => {
    const page = await opened(400);
    await drag(page, page.system, 'line 390.', 'line 392.');
    await page.page.mouse.up();
    expect(await copied(page)).toMatch(
      /^line 390\. user_id=390\n[\d:.]{12} INFO app line 391\. user_id=391\n[\d:.]{12} INFO app line 392\.$/,
    );
    await page.system.wheel(-6_000);
    await page.system.row('line 130.').waitFor();
    const text = await marked(page);
    expect(text).toContain('line 390.');
    expect(text).toContain('line 392.');
    // On, up to what is in view now.
    await page.page.keyboard.down('Shift');
    await page.page.evaluate(() => {
      const row = [...document.querySelectorAll('#panel-system .row')].find((one) =>
        one.textContent.includes('line 130.'),
      )!;
      const selection = getSelection()!;
      const { focusNode, focusOffset } = selection;
      selection.setBaseAndExtent(row.querySelector('.cell-message .text')!, 0, focusNode!, focusOffset);
    });
    await page.page.keyboard.up('Shift');
    const lines = (await copied(page)).split('\n');
    expect(lines).toHaveLength(392 - 130 + 1);
    expect(lines[0]).toBe('line 130. user_id=130');
    expect(lines[100]).toMatch(/^[\d:.]{12} INFO app line 230\. user_id=230$/);
    expect(page.complaints).toEqual([]);
    await closed(page);
  });

  it('selects rows by click, shift and click, and by keyboard, and copies them', async () => {
    const page = await opened(200);
    await page.system.row('line 190.').click();
    await page.system.row('line 193.').click({ modifiers: ['Shift'] });
    await expect.poll(() => page.system.list.locator('.row[aria-selected=true]').count()).toBe(4);
    await expect.poll(() => marked(page)).toBe('');
    const lines = (await copied(page)).split('\n');
    expect(lines.map((line) => line.replace(/^\S+ /, ''))).toEqual(
      [190, 191, 192, 193].map((n) => `INFO app line ${n}. user_id=${n}`),
    );
    await page.page.keyboard.press('Shift+ArrowUp');
    expect((await copied(page)).split('\n')).toHaveLength(3);
    await page.page.keyboard.press('ArrowDown');
    await page.page.keyboard.press('Control+a');
    expect((await copied(page)).split('\n')).toHaveLength(201);
    await closed(page);
  });

  it('copies what is visible as lines and as NDJSON', async () => {
    const page = await opened(50);
    await page.system.field(/^Search/).fill('line 4');
    await page.until(async () => (await page.system.messages()).length === 11);
    const menu = page.system.root.locator('summary[aria-label^=Export]');
    const clipboard = (): Promise<string> => page.page.evaluate(() => navigator.clipboard.readText());
    await menu.click();
    await page.system.button('Copy visible rows as NDJSON').click();
    await page.until(async () => (await clipboard()).startsWith('{'));
    const records = (await clipboard())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { data: { user_id: number } });
    expect(records.map(({ data }) => data.user_id)).toEqual([4, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49]);
    await page.system.button('Copy visible rows').first().click();
    await page.until(async () => !(await clipboard()).startsWith('{'));
    expect((await clipboard()).split('\n')).toHaveLength(11);
    await page.system.row('line 40.').click();
    await page.system.row('line 42.').click({ modifiers: ['Shift'] });
    await menu.click();
    await page.system.button('Copy selected rows').first().click();
    await page.until(async () => (await clipboard()).split('\n').length === 3);
    await closed(page);
  });
});
