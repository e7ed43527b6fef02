import { type Browser, type BrowserContextOptions, type Locator, type Page } from 'playwright-core';
import { type MonitoredApp } from '../../harness/monitored-app.js';

type Category = 'system' | 'audit';

/** The dashboard in a browser, and all that it complained about. */
export class DashboardPage implements AsyncDisposable {
  /** What was logged to the console, thrown, or stopped by the Content-Security-Policy. */
  readonly complaints: string[] = [];
  readonly system: PanelOnPage;
  readonly audit: PanelOnPage;

  private constructor(readonly page: Page) {
    this.system = new PanelOnPage(page, 'system');
    this.audit = new PanelOnPage(page, 'audit');
  }

  static async open(
    browser: Browser,
    app: MonitoredApp,
    {
      hash = '',
      path = '/monitor',
      ...context
    }: BrowserContextOptions & { hash?: string; path?: string } = {},
    prepare: (page: Page) => Promise<unknown> = async () => {},
  ): Promise<DashboardPage> {
    const opened = await browser.newContext({ acceptDownloads: true, ...context });
    const page = await opened.newPage();
    const dashboard = new DashboardPage(page);
    page.on('console', (message) => dashboard.complaints.push(message.text()));
    page.on('pageerror', (error) => dashboard.complaints.push(String(error)));
    await prepare(page);
    await page.goto(`http://127.0.0.1:${app.port}${path}${hash}`);
    return dashboard;
  }

  get connection(): Locator {
    return this.page.locator('.connection');
  }

  async live(): Promise<this> {
    await this.page.locator('.connection[data-phase=live]').waitFor();
    return this;
  }

  /** Waits for what only the page can tell. */
  async until(condition: () => boolean | Promise<boolean>, what = 'it to happen'): Promise<void> {
    const end = performance.now() + 15_000;
    while (!(await condition())) {
      if (performance.now() > end) throw new Error(`The page did not come to ${what}.`);
      await this.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.context().close();
  }
}

/** One panel of it. */
export class PanelOnPage {
  readonly root: Locator;
  readonly list: Locator;
  readonly rows: Locator;
  readonly detail: Locator;

  constructor(
    private readonly page: Page,
    readonly category: Category,
  ) {
    this.root = page.locator(`#panel-${category}`);
    this.list = this.root.locator('.list');
    this.rows = this.list.locator('.row');
    this.detail = this.root.locator('.detail');
  }

  row(text: string | RegExp): Locator {
    return this.rows.filter({ hasText: text });
  }

  button(name: string | RegExp): Locator {
    return this.root.getByRole('button', { name });
  }

  field(name: RegExp): Locator {
    return this.root.getByRole('searchbox', { name });
  }

  /** The messages in view, from top to bottom. */
  async messages(): Promise<string[]> {
    const texts = await this.list.locator('.row .cell-message > .text').allTextContents();
    return texts;
  }

  get tally(): Promise<string> {
    return this.root.locator('.tally').innerText();
  }

  get unseen(): Locator {
    return this.root.locator('.unseen');
  }

  scrollTop(): Promise<number> {
    return this.list.evaluate((list) => list.scrollTop);
  }

  /** How far the list is from its end, in pixels. */
  fromEnd(): Promise<number> {
    return this.list.evaluate((list) => list.scrollHeight - list.clientHeight - list.scrollTop);
  }

  /** Turns the wheel over the list, as a person does. */
  async wheel(pixels: number): Promise<void> {
    await this.list.hover();
    await this.page.mouse.wheel(0, pixels);
  }
}
