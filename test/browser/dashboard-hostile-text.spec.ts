import { type Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, launchChromium, whyNoChromium } from '../harness/chromium.js';
import { type MonitoredApp, monitoredApp } from '../harness/monitored-app.js';
import { DashboardPage } from './harness/dashboard-page.js';

const HTML = '<img src=x onerror="document.title=1"><script>document.title=1</script><b>bold</b>&lt;';
const TERMINAL = 'red \u001b[31mtext\u001b[0m \u0007 \u009b2J end';
const RIGHT_TO_LEFT = 'user \u202egnp.exe\u202c logged in';
const LONG = `long ${'x'.repeat(30_000)}`;

describe.skipIf(!chromiumPath)(`hostile text in the dashboard${whyNoChromium}`, () => {
  let browser: Browser;
  let app: MonitoredApp;

  beforeAll(async () => {
    browser = await launchChromium();
    app = await monitoredApp({ logger: false, redact: false }).start();
    for (const message of [
      HTML,
      TERMINAL,
      RIGHT_TO_LEFT,
      LONG,
      'one\nline\r\nforged INFO',
      'مرحبا abc 123',
    ]) {
      app.stream.publish({ message });
    }
    app.stream.publish({
      message: 'in every field',
      logger: `audit.${HTML}`,
      action: HTML,
      outcome: HTML,
      reason: HTML,
      actor: { type: HTML, id: RIGHT_TO_LEFT },
      targets: [{ type: HTML, id: TERMINAL }],
      error: { name: HTML, message: TERMINAL, stack: `${HTML}\n    at ${HTML} (/x.ts:1:1)` },
      [HTML]: HTML,
      ['__proto__x']: { constructor: HTML, nested: { [TERMINAL]: [HTML, null, true, 1e21] } },
    });
  });
  afterAll(async () => {
    await browser.close();
    await app.close();
  });

  async function open(): Promise<DashboardPage> {
    const page = await (await DashboardPage.open(browser, app)).live();
    await page.system.row('مرحبا').waitFor();
    await page.audit.row('in every field').waitFor();
    return page;
  }

  it('is text, never markup', async () => {
    await using page = await open();
    await page.system.row('<b>bold</b>').click();
    await page.audit.row('in every field').click();
    await page.audit.detail.locator('.stack').first().waitFor();
    for (const fold of await page.audit.detail.locator('.fold[aria-expanded=false]').all())
      await fold.click();
    await page.audit.detail
      .getByRole('button', { name: /^Only records with this/ })
      .first()
      .click();
    expect(await page.page.locator('#app img, #app script, #app b').count()).toBe(0);
    expect(await page.page.title()).toBe('Log stream');
    expect(await page.system.row('<b>bold</b>').locator('.cell-message').innerText()).toContain(HTML);
    expect(page.complaints).toEqual([]);
  });

  it('commands no terminal, breaks no line and turns no direction unseen', async () => {
    await using page = await open();
    const messages = await page.system.messages();
    expect(messages).toContain('red text ␇ ⟨009B⟩2J end');
    expect(await page.system.row('red text').locator('.ansi-1').innerText()).toBe('text');
    expect(messages).toContain('user ⟨202E⟩gnp.exe⟨202C⟩ logged in');
    expect(messages).toContain('one↵line↵forged INFO');
    expect(await page.system.row('logged in').locator('.control').first().getAttribute('title')).toBe(
      'U+202E',
    );
    const shown = await page.page.locator('#app').innerText();
    expect(shown.replaceAll(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  });

  it('in one direction leaves the texts beside it in theirs', async () => {
    await using page = await open();
    const row = page.system.row('مرحبا');
    expect(
      await row.locator('.cell-message > .text').evaluate((text) => getComputedStyle(text).unicodeBidi),
    ).toMatch(/^isolate|^plaintext/);
    const [time, level] = await Promise.all([
      row.locator('.cell-time').boundingBox(),
      row.locator('.cell-level').boundingBox(),
    ]);
    expect(time!.x).toBeLessThan(level!.x);
  });

  it('of any length takes a bounded place, and can be seen whole', async () => {
    await using page = await open();
    const row = page.system.row('long xxx');
    expect((await row.innerText()).length).toBeLessThan(600);
    expect(await row.innerText()).toContain('more characters');
    await page.page.keyboard.press('w');
    await page.until(async () => (await row.boundingBox())!.height > 22);
    expect((await row.boundingBox())!.height).toBeLessThan(800);
    await row.click();
    await page.system.detail.locator('.detail-message').getByRole('button', { name: 'Show all' }).click();
    await page.until(
      async () => (await page.system.detail.locator('.detail-message').innerText()).length >= 30_000,
    );
    const width = await page.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(width).toBeLessThanOrEqual(0);
  });
});
