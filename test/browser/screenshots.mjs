/**
 * `npm run screenshots`: takes the pictures of docs/screenshots/ from the sample app, at three sizes and in both themes.
 */
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromiumPath, launchChromium } from '../harness/chromium.ts';
import { smallPng } from './small-png.mjs';

const FOLDER = new URL('../../docs/screenshots/', import.meta.url);
/** What stands in stack traces is of the machine that the pictures are taken on. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SHOWN_ROOT = '/srv/orchestrator/';

const MOST_BYTES = 120_000;

const SIZES = {
  desktop: { viewport: { width: 1440, height: 760 } },
  tablet: { viewport: { width: 1024, height: 768 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
};

/** Seconds that the app is left to itself, so that there is something in the chart. */
const WARM_UP_S = 24;

/** What is to be seen, beside the live view of every size and theme. */
const SCENES = {
  async error(page) {
    const panel = page.locator('#panel-system');
    await panel.locator('.filter-search').fill('Turn failed');
    await panel.locator('.row[data-level=ERROR]', { hasText: 'Turn failed' }).first().click();
    await panel.getByRole('button', { name: 'Show among all records' }).click();
    await page.locator('#panel-system .detail .stack').first().waitFor();
  },
  async filter(page) {
    await page.locator('#panel-system .filter-search').fill('turn');
    await page.locator('#panel-audit .filter-action').fill('state_change');
    await page.locator('#panel-system mark').first().waitFor();
  },
  async gap(page) {
    const list = page.locator('#panel-system .list');
    await list.hover();
    for (let turns = 0; turns < 50 && (await list.locator('.row-gap').count()) === 0; turns += 1) {
      await page.mouse.wheel(0, -300);
      await page.waitForTimeout(100);
    }
    await list.locator('.row-gap').waitFor();
  },
  async trail(page) {
    await page.locator('.switch button', { hasText: 'Trail' }).click();
    const form = page.locator('.trail-form');
    await form.locator('[name=outcome]').selectOption('failure');
    await form.getByRole('button', { name: 'Search', exact: true }).click();
    const row = page.locator('#panel-audit .row', { hasText: 'tool_use' }).first();
    await row.click();
    await page.locator('#panel-audit .hash').waitFor();
  },
  async verified(page) {
    await page.locator('.trail-badge').click();
    await page.locator('.trail-facts .button').click();
    await page.locator('.verdict').waitFor();
  },
  async help(page) {
    await page.keyboard.press('?');
    await page.locator('.help[open]').waitFor();
  },
};

if (!chromiumPath) throw new Error('There is no Chromium on this machine: set CHROMIUM_PATH.');
const app = await startApp();
const browser = await launchChromium();
try {
  await mkdir(FOLDER, { recursive: true });
  await makeTraffic(app.url);
  for (const [size, options] of Object.entries(SIZES)) {
    for (const colorScheme of ['light', 'dark']) {
      await shoot(`dashboard-${size}-${colorScheme}`, { ...options, colorScheme });
    }
  }
  const verifies = (await fetch(`${app.url}/monitor/audit/verify`)).ok;
  for (const [scene, prepare] of Object.entries(SCENES)) {
    if (scene === 'verified' && !verifies) {
      console.log('dashboard-verified.png is left out: this server does not verify on request.');
      continue;
    }
    await shoot(`dashboard-${scene}`, { ...SIZES.desktop, colorScheme: 'light' }, prepare, scene === 'gap');
  }
  await shoot('dashboard-trail-phone', { ...SIZES.phone, colorScheme: 'dark' }, async (page) => {
    await page.locator('#tab-audit').tap();
    await page.locator('.switch button', { hasText: 'Trail' }).tap();
    await page.locator('#panel-audit .row').nth(5).waitFor();
  });
  await shootSignIn('dashboard-sign-in', { viewport: { width: 800, height: 600 }, colorScheme: 'light' });
  await shoot('dashboard-error-dark', { ...SIZES.desktop, colorScheme: 'dark' }, SCENES.error);
} finally {
  await browser.close();
  app.child.kill();
}

async function shoot(name, options, prepare = async () => {}, withGap = false) {
  const context = await browser.newContext({ ...options, timezoneId: 'UTC' });
  const page = await context.newPage();
  await page.routeWebSocket(/\/ws\/monitor/, (socket) => relay(socket, withGap));
  await page.goto(`${app.url}/monitor`);
  await page.locator('.connection[data-phase=live]').waitFor();
  await page.locator('.row').first().waitFor();
  // The head is laid out around it; the phone shows the other panel.
  await page.locator('.trail-badge').waitFor({ state: 'attached' });
  await prepare(page);
  // The chart and the counts are drawn once a second.
  await page.waitForTimeout(1_200);
  await save(name, page);
}

/** The sample app lets everybody on this machine in: what it writes into the page is replaced. */
async function shootSignIn(name, options) {
  const page = await (await browser.newContext(options)).newPage();
  await page.route('**/monitor', async (route) => {
    const body = (await (await route.fetch()).text()).replace('content="granted"', 'content="unauthorized"');
    await route.fulfill({ contentType: 'text/html', body });
  });
  await page.goto(`${app.url}/monitor`);
  await page.locator('.sign-in').waitFor();
  await save(name, page);
}

async function save(name, page) {
  const picture = smallPng(await page.screenshot());
  await page.context().close();
  if (picture.length > MOST_BYTES) throw new Error(`${name}.png has ${picture.length} bytes.`);
  await writeFile(new URL(`${name}.png`, FOLDER), picture);
  console.log(`${name}.png  ${Math.round(picture.length / 1024)} KB`);
}

/**
 * Stands between the page and the server.
 *
 * @param {boolean} withGap whether some records are replaced by the gap that a server reports to who reads too slowly
 */
function relay(socket, withGap) {
  const server = socket.connectToServer();
  server.onMessage((message) => {
    const text = String(message).replaceAll(ROOT, SHOWN_ROOT);
    const frame = JSON.parse(text);
    if (!withGap || frame.type !== 'batch' || frame.data.length < 40) return socket.send(text);
    const { length } = frame.data;
    const [from, to] = [frame.data[length - 25].seq, frame.data[length - 13].seq];
    const send = (data) => socket.send(JSON.stringify({ ...frame, data }));
    send(frame.data.filter(({ seq }) => seq < from));
    const data = { from, to, count: to - from + 1, reason: 'slow_consumer', fetchable: true };
    socket.send(JSON.stringify({ type: 'gap', data }));
    send(frame.data.filter(({ seq }) => seq > to));
  });
}

async function startApp() {
  const program = fileURLToPath(new URL('../../dist-sample/main.js', import.meta.url));
  const child = spawn(process.execPath, ['--enable-source-maps', program], {
    env: { ...process.env, PORT: '0', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  const url = await new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error(`The sample app ended:\n${output}`)));
    child.stdout.on('data', (text) => {
      output += text;
      const printed = /http:\/\/localhost:\d+/.exec(output)?.[0];
      if (printed) resolve(printed);
    });
  });
  return { child, url };
}

/** Gives the agents work, some of which fails. */
async function makeTraffic(url) {
  const post = (path, body) =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const instances = await (await fetch(`${url}/instances`)).json();
  for (const { id } of instances.slice(0, 3)) await post(`/instances/${id}/messages`, { content: '/fail' });
  await fetch(`${url}/instances/unknown`, { method: 'DELETE' });
  await post('/instances', { name: 'researcher' });
  await new Promise((resolve) => setTimeout(resolve, WARM_UP_S * 1_000));
}
