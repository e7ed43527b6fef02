import { readFile } from 'node:fs/promises';
import { type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, launchChromium, whyNoChromium } from '../harness/chromium.js';
import { DashboardPage } from './harness/dashboard-page.js';
import { type MonitoredApp, monitoredApp } from '../harness/monitored-app.js';

const LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'] as const;

/** What Nest itself says, before anything else. */
const BOOT = 'Nest application successfully started';

/** One record of each level in both categories, and an error with a cause. */
function publishSome(app: MonitoredApp): void {
  for (const level of LEVELS) {
    app.stream.publish({
      level,
      logger: 'app.orders',
      message: `system ${level}`,
      order: { id: 'o-1', items: [1, 2] },
    });
    app.stream.publish({
      level,
      logger: 'audit.orders',
      message: `audit ${level}`,
      action: 'order_placed',
      outcome: level === 'ERROR' ? 'failure' : 'success',
      reason: level === 'ERROR' ? 'denied' : undefined,
      duration_ms: 12.3,
      actor: { type: 'user', id: 'ada' },
      targets: [{ type: 'order', id: 'o-1' }],
    });
  }
  const error = new Error('connection refused');
  app.stream.publish({
    level: 'ERROR',
    logger: 'app.payments',
    message: 'Payment failed',
    error: new TypeError('no route', { cause: error }),
  });
}

describe.skipIf(!chromiumPath)(`the dashboard in a browser${whyNoChromium}`, () => {
  let browser: Browser;
  let app: MonitoredApp;
  let dashboard: DashboardPage;

  beforeAll(async () => {
    browser = await launchChromium();
    app = await monitoredApp({ logger: false }).start();
    publishSome(app);
  });
  afterAll(async () => {
    await browser.close();
    await app.close();
  });

  async function open(options: Parameters<typeof DashboardPage.open>[2] = {}): Promise<DashboardPage> {
    dashboard = await DashboardPage.open(browser, app, options);
    await dashboard.live();
    await dashboard.system.row('Payment failed').waitFor();
    return dashboard;
  }

  it('shows system records left and audit records right, with counts, and complains about nothing', async () => {
    await using page = await open();
    expect(await page.system.messages()).toEqual([
      BOOT,
      ...LEVELS.map((level) => `system ${level}`),
      'Payment failed',
    ]);
    await expect.poll(() => page.audit.messages()).toEqual(LEVELS.map((level) => `audit ${level}`));
    await expect.poll(() => page.system.tally).toBe('7');
    await page.system.button('ERROR 2').waitFor();
    await page.audit.button('ERROR 1').waitFor();
    const [system, audit] = await Promise.all([
      page.system.root.boundingBox(),
      page.audit.root.boundingBox(),
    ]);
    expect(system!.x + system!.width).toBeLessThan(audit!.x);
    expect(await page.audit.row('audit ERROR').innerText()).toMatch(
      /order_placed\s+denied\s+audit ERROR by user:ada\s+12 ms/,
    );
    expect(page.complaints).toEqual([]);
  });

  it('filters by level, search, logger and action, each panel by itself', async () => {
    await using page = await open();
    await page.system.button('INFO 2').click();
    await page.system.button('DEBUG 1').click();
    await page.until(async () => (await page.system.messages())[0] === 'system WARNING');
    await expect.poll(() => page.system.tally).toBe('4 of 7');
    expect(await page.audit.messages()).toHaveLength(5);
    await page.system.field(/^Search/).fill('PAYMENT');
    await page.until(async () => (await page.system.messages()).length === 1);
    expect(await page.system.list.locator('.cell-message mark').innerText()).toBe('Payment');
    await page.system.field(/^Search/).fill('');
    await page.system.field(/logger/).fill('orders');
    await page.until(async () => (await page.system.messages()).length === 3);
    await page.audit.field(/action/).fill('nothing_like_it');
    await page.audit.root.getByText('No record passes the filter.').waitFor();
    await page.system.button('Reset').click();
    await page.audit.button('Reset').click();
    await page.until(
      async () => (await page.system.messages()).length + (await page.audit.messages()).length === 12,
    );
  });

  it('shows all of a record, and filters by a value of it', async () => {
    await using page = await open();
    await page.system.row('system WARNING').click();
    const { detail } = page.system;
    const order = detail.locator('.fold', { hasText: 'order' });
    await order.waitFor();
    expect(await detail.innerText()).toContain('o-1');
    await order.click();
    await expect.poll(() => order.getAttribute('aria-expanded')).toBe('false');
    expect(await detail.innerText()).not.toContain('o-1');
    await order.click();
    await detail.getByRole('button', { name: 'Only records with this level' }).click();
    await page.until(async () => (await page.system.messages()).join() === 'system WARNING');
    await page.system.button(/^Remove the filter level = "WARNING"/).click();
    await page.until(async () => (await page.system.messages()).length === 7);
    await detail.getByRole('button', { name: 'No records with this level' }).click();
    await page.until(async () => (await page.system.messages()).length === 6);
    await detail.getByRole('button', { name: 'Close' }).click();
    await detail.waitFor({ state: 'detached' });
  });

  it('shows a record among all others, and goes back to the filter', async () => {
    await using page = await open();
    await page.system.field(/^Search/).fill('ERROR');
    await page.system.row('system ERROR').click();
    await page.system.detail.getByRole('button', { name: 'Show among all records' }).click();
    await page.until(async () => (await page.system.messages()).length === 7);
    expect(await page.system.list.locator('[aria-selected=true]').innerText()).toContain('system ERROR');
    await page.system.button('Back to the filter').click();
    await page.until(async () => (await page.system.messages()).length < 7);
  });

  it('shows an error with its stack and its cause', async () => {
    await using page = await open();
    await page.system.row('Payment failed').click();
    const stacks = page.system.detail.locator('.stack');
    await expect.poll(() => stacks.count()).toBe(2);
    expect(await stacks.nth(0).innerText()).toContain('TypeError: no route');
    expect(await stacks.nth(0).locator('.stack-own').count()).toBeGreaterThan(0);
    expect(await stacks.nth(0).locator('.stack-foreign').count()).toBeGreaterThan(0);
    expect(await stacks.nth(1).innerText()).toContain('Error: connection refused');
  });

  it('shows who did what to whom, with what outcome and how long it took', async () => {
    await using page = await open();
    await page.audit.row('audit ERROR').click();
    const facts = await page.audit.detail.locator('.audit-facts').innerText();
    expect(facts.split('\n')).toEqual([
      'Action',
      'order_placed',
      'Actor',
      'user:ada',
      'Target',
      'order:o-1',
      'Outcome',
      'denied',
      'Duration',
      '12 ms',
    ]);
  });

  it('copies a record as JSON, and the link of the view, which restores its filters', async () => {
    await using page = await open({ permissions: ['clipboard-read', 'clipboard-write'] });
    const clipboard = (): Promise<string> => page.page.evaluate(() => navigator.clipboard.readText());
    await page.system.row('system INFO').click();
    await page.system.detail.getByRole('button', { name: 'Copy as JSON' }).click();
    await page.until(async () => (await clipboard()).includes('system INFO'));
    expect(JSON.parse(await clipboard())).toMatchObject({
      type: 'system_log',
      data: { order: { id: 'o-1' } },
    });
    await page.system.button('DEBUG 1').click();
    await page.audit.field(/^Search/).fill('audit CRIT');
    await page.page.getByRole('button', { name: 'Copy link' }).click();
    await page.until(async () => (await clipboard()).startsWith('http'));
    const { hash } = new URL(await clipboard());
    await using other = await DashboardPage.open(browser, app, { hash });
    await other.until(async () => (await other.audit.messages()).join() === 'audit CRITICAL');
    expect(await other.audit.field(/^Search/).inputValue()).toBe('audit CRIT');
    expect(await other.system.button('DEBUG 1').getAttribute('aria-pressed')).toBe('false');
  });

  it('pauses the view, not the stream', async () => {
    await using own = await monitoredApp({ logger: false }).start();
    await using page = await (await DashboardPage.open(browser, own)).live();
    own.stream.publish({ message: 'before' });
    await page.system.row('before').waitFor();
    await page.system.button('Pause').click();
    for (let n = 1; n <= 3; n += 1) own.stream.publish({ message: `meanwhile ${n}` });
    await page.system.unseen.filter({ hasText: 'Paused · 3 new' }).waitFor();
    expect(await page.system.row('meanwhile').count()).toBe(0);
    expect(await page.connection.innerText()).toBe('Live');
    await page.system.button('Resume').click();
    await page.until(async () => (await page.system.row('meanwhile').count()) === 3);
    await expect.poll(() => page.system.unseen.count()).toBe(0);
  });

  it('follows the tail until somebody reads further up, and says what is new', async () => {
    await using own = await monitoredApp({ logger: false }).start();
    await using page = await (await DashboardPage.open(browser, own)).live();
    for (let n = 1; n <= 300; n += 1) own.stream.publish({ message: `line ${n}.` });
    await page.system.row('line 300.').waitFor();
    await expect.poll(() => page.system.fromEnd()).toBeLessThan(2);
    await page.system.wheel(-1_500);
    await page.until(async () => (await page.system.fromEnd()) > 1_000);
    const before = await page.system.messages();
    for (let n = 301; n <= 350; n += 1) own.stream.publish({ message: `line ${n}.` });
    await page.system.unseen.filter({ hasText: '50 new' }).waitFor();
    expect(await page.system.messages()).toEqual(before);
    await page.system.unseen.click();
    await page.system.row('line 350.').waitFor();
    await expect.poll(() => page.system.fromEnd()).toBeLessThan(2);
    await page.until(async () => (await page.system.unseen.count()) === 0);
  });

  it('has the newest first, without moving what is read', async () => {
    await using own = await monitoredApp({ logger: false }).start();
    await using page = await (await DashboardPage.open(browser, own)).live();
    await page.system.button('Newest first').click();
    for (let n = 1; n <= 300; n += 1) own.stream.publish({ message: `line ${n}.` });
    await page.system.row('line 300.').waitFor();
    await expect.poll(async () => (await page.system.messages())[0]).toBe('line 300.');
    await page.system.wheel(1_000);
    await page.until(async () => (await page.system.scrollTop()) > 500);
    const topRow = (): Promise<string> =>
      page.system.list.evaluate((list) => {
        const { left, top } = list.getBoundingClientRect();
        return document.elementFromPoint(left + 200, top + 60)!.closest('.row')!.textContent!;
      });
    await page.until(async () => (await topRow()) === (await topRow()));
    const read = await topRow();
    for (let n = 301; n <= 400; n += 1) own.stream.publish({ message: `line ${n}.` });
    await page.system.unseen.filter({ hasText: '100 new' }).waitFor();
    expect(await topRow()).toBe(read);
    await page.system.unseen.click();
    await page.system.row('line 400.').waitFor();
    await expect.poll(async () => (await page.system.messages())[0]).toBe('line 400.');
  });

  it.each(['json', 'ndjson', 'csv'])('exports what is shown as %s', async (format) => {
    await using page = await open();
    await page.system.field(/^Search/).fill('Payment');
    await page.until(async () => (await page.system.messages()).length === 1);
    await page.system.root.locator('summary[aria-label^=Export]').click();
    const [download] = await Promise.all([
      page.page.waitForEvent('download'),
      page.system.root.getByRole('button', { name: `Save as ${format.toUpperCase()}`, exact: true }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(new RegExp(`^system-[\\dT-]+\\.${format}$`));
    const text = await readFile(await download.path(), 'utf8');
    expect(text.match(/Payment failed/g)).toHaveLength(1);
    expect(text).not.toContain('system INFO');
    expect(page.complaints).toEqual([]);
  });

  it('clears a panel, for what comes after', async () => {
    await using own = await monitoredApp({ logger: false }).start();
    await using page = await (await DashboardPage.open(browser, own)).live();
    own.stream.publish({ message: 'old' });
    await page.system.row('old').waitFor();
    await page.system.button('Clear').click();
    await page.system.row('old').waitFor({ state: 'detached' });
    await page.system.root.getByText('No records yet.').waitFor();
    own.stream.publish({ message: 'fresh' });
    await page.system.row('fresh').waitFor();
    await page.until(async () => (await page.system.tally) === '1');
    await expect.poll(() => page.system.messages()).toEqual(['fresh']);
  });

  it('resizes its panels by mouse and by keyboard', async () => {
    await using page = await open();
    const width = async (): Promise<number> => (await page.system.root.boundingBox())!.width;
    const splitter = page.page.getByRole('separator');
    const first = await width();
    const box = (await splitter.boundingBox())!;
    await page.page.mouse.move(box.x + 4, box.y + 100);
    await page.page.mouse.down();
    await page.page.mouse.move(box.x - 200, box.y + 100, { steps: 4 });
    await page.page.mouse.up();
    await page.until(async () => Math.abs((await width()) - first + 204) < 12);
    await splitter.focus();
    await page.page.keyboard.press('End');
    await page.until(async () => (await splitter.getAttribute('aria-valuenow')) === '80');
    await page.page.keyboard.press('ArrowLeft');
    await page.until(async () => (await splitter.getAttribute('aria-valuenow')) === '78');
    await expect.poll(width).toBeGreaterThan(first + 200);
  });

  it('keeps how somebody likes it: theme, times, wrapping, columns', async () => {
    await using page = await open({ timezoneId: 'America/St_Johns' });
    const theme = (): Promise<string | undefined> =>
      page.page.evaluate(() => document.documentElement.dataset['theme']);
    const time = (): Promise<string> => page.system.row('Payment failed').locator('time').innerText();
    const local = await time();
    await page.page.getByRole('button', { name: /^Times/ }).click();
    await page.until(async () => (await time()) !== local);
    await page.page.getByRole('button', { name: 'Wrap lines' }).click();
    await page.page.getByRole('button', { name: 'Theme: as the system' }).click();
    await page.page.getByRole('button', { name: 'Theme: light' }).click();
    await page.until(async () => (await theme()) === 'dark');
    await page.system.root.locator('summary[aria-label^=Columns]').click();
    await page.system.root.getByLabel('Source').check();
    await page.system.root.getByLabel('Logger', { exact: true }).uncheck();
    await page.system.list.getByRole('columnheader', { name: 'Source' }).waitFor();
    const utc = await time();
    await page.page.reload();
    await page.system.row('Payment failed').waitFor();
    await expect.poll(async () => [await theme(), await time()]).toEqual(['dark', utc]);
    expect(await page.system.list.getAttribute('data-wrap')).toBe('true');
    expect(await page.system.list.getByRole('columnheader').allInnerTexts()).toEqual([
      'Time',
      'Level',
      'Source',
      'Message',
    ]);
  });

  it('is used by keyboard alone', async () => {
    await using page = await open();
    const { keyboard } = page.page;
    await keyboard.press('?');
    await page.page.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor();
    await keyboard.press('Escape');
    await page.page.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor({ state: 'hidden' });
    await keyboard.press('a');
    await page.until(() => page.audit.list.evaluate((list) => list === document.activeElement));
    await keyboard.press('Home');
    await keyboard.press('j');
    await keyboard.press('Enter');
    await page.audit.detail.filter({ hasText: 'audit INFO' }).waitFor();
    await keyboard.press('ArrowDown');
    await page.audit.detail.filter({ hasText: 'audit WARNING' }).waitFor();
    const active = await page.audit.list.getAttribute('aria-activedescendant');
    expect(await page.page.locator(`[id="${active}"]`).innerText()).toContain('audit WARNING');
    await keyboard.press('Escape');
    await page.audit.detail.waitFor({ state: 'detached' });
    await keyboard.press('s');
    await keyboard.press('2');
    await page.until(async () => (await page.system.messages()).length === 5);
    await keyboard.press('/');
    await keyboard.type('payment?');
    await keyboard.press('Backspace');
    await page.until(async () => (await page.system.messages()).join() === 'Payment failed');
    await keyboard.press('Escape');
    await keyboard.press('p');
    await page.system.button('Resume').waitFor();
    await keyboard.press('f');
    await page.system.button('Pause').waitFor();
    await keyboard.press('o');
    await keyboard.press('w');
    await keyboard.press('u');
    await keyboard.press('t');
    await expect.poll(() => page.system.button('Newest first').getAttribute('aria-pressed')).toBe('true');
    await keyboard.press('c');
    await page.system.root.getByText('No records yet.').waitFor();
    expect(page.complaints).toEqual([]);
  });

  it('has tabs instead of panels side by side on a phone', async () => {
    await using page = await open({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    expect(await page.audit.root.isVisible()).toBe(false);
    await page.page.getByRole('button', { name: /^Audit/ }).tap();
    await page.audit.row('audit ERROR').waitFor();
    await page.system.root.waitFor({ state: 'hidden' });
    await page.audit.row('audit ERROR').tap();
    const box = (await page.audit.detail.boundingBox())!;
    expect([box.width, box.height]).toEqual([390, 844]);
    await page.audit.detail.getByRole('button', { name: 'Close' }).tap();
    const overflow = await page.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
});
