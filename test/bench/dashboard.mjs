import { chromiumPath, launchChromium } from '../harness/chromium.ts';
import { sample } from './measure.mjs';
import { Remote } from './remote.mjs';

/** What the page is given to do, in the order in which it is: the last with 20,000 records held. */
export const CASES = {
  idle: 'nothing is logged',
  burst: 'a burst of 40,000 lines',
  steady: '500 lines/s, with all records held that the page keeps',
};

const BURST = 40_000;
const STEADY = 500;

/**
 * Frames of the dashboard in a headless Chromium: the time from each to the next, as `requestAnimationFrame` tells it.
 *
 * @param {{ rounds: number, seconds: number }} effort
 * @returns {Promise<any>} `{ skipped }` where there is no Chromium
 */
export async function measureDashboard({ rounds, seconds }, progress) {
  if (!chromiumPath) return { skipped: 'no Chromium on this machine; set CHROMIUM_PATH' };
  const browser = await launchChromium();
  const version = browser.version();
  const results = Object.fromEntries(
    Object.keys(CASES).map((key) => [key, { median: [], p99: [], worst: [] }]),
  );
  const heaps = [];
  const bursts = [];
  try {
    for (let round = 0; round < rounds; round++) {
      progress(`dashboard: round ${round + 1}/${rounds}`);
      const server = new Remote(new URL('dashboard/server.mjs', import.meta.url));
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      try {
        const page = await openDashboard(context, await server.call('start'));
        const work = {
          idle: () => page.waitForTimeout(seconds * 1000),
          burst: async () => {
            const start = performance.now();
            await shown(page, await server.call('burst', { lines: BURST }));
            bursts.push(performance.now() - start);
          },
          steady: async () => shown(page, await server.call('pace', { perSecond: STEADY, seconds })),
        };
        for (const key of Object.keys(CASES)) {
          const frames = await framesDuring(page, work[key]);
          for (const [name, value] of Object.entries(frames)) results[key][name].push(value);
        }
        heaps.push(await heapOf(context, page));
      } finally {
        await context.close();
        server.stop();
      }
    }
  } finally {
    await browser.close();
  }
  const cases = Object.fromEntries(
    Object.entries(results).map(([key, { median, p99, worst }]) => [
      key,
      { median: sample(median), p99: sample(p99), worst: sample(worst) },
    ]),
  );
  return { version, cases, burst: sample(bursts), heap: sample(heaps) };
}

async function openDashboard(context, port) {
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${port}/monitor`);
  await page.locator('.connection[data-phase=live]').waitFor();
  return page;
}

/** Until the line with this number is in view: then all before it were taken. */
async function shown(page, number) {
  await page.locator('#panel-system .row', { hasText: `answered ${number}.` }).waitFor();
}

/** @returns milliseconds */
async function framesDuring(page, work) {
  await page.evaluate(() => {
    const times = [];
    globalThis.benchFrames = times;
    const note = (time) => {
      times.push(time);
      if (globalThis.benchFrames === times) requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
  });
  await work();
  const times = await page.evaluate(() => {
    const { benchFrames } = globalThis;
    globalThis.benchFrames = undefined;
    return benchFrames;
  });
  const sorted = times
    .slice(1)
    .map((time, index) => time - times[index])
    .toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return { median: at(0.5), p99: at(0.99), worst: sorted.at(-1) };
}

/** @returns bytes, after a collection of garbage */
async function heapOf(context, page) {
  const session = await context.newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize;
}
