import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditTrail, bearerToken, type LogStreamOptions } from 'nestjs-log-stream';
import { type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chromiumPath, launchChromium, whyNoChromium } from '../harness/chromium.js';
import { eventually } from '../harness/event-loop.js';
import { type MonitoredApp, monitoredApp } from '../harness/monitored-app.js';
import { withSqlite } from '../trail/harness/with-sqlite.js';
import { DashboardPage } from './harness/dashboard-page.js';

const TOKEN = 'a-token-that-is-long-enough';

const REPORT = {
  verdict: 'ok',
  entries: 42,
  last: 42,
  prunedThrough: 0,
  signedThrough: 40,
  anchoredThrough: 0,
  findings: [],
  findingCount: 0,
  notEstablished: ['Entries 41 to 42 are not signed yet.'],
};

describe.skipIf(!chromiumPath || !withSqlite)(
  `the trail in the dashboard${whyNoChromium}${withSqlite ? '' : ' (needs node:sqlite, Node 22.13)'}`,
  () => {
    let browser: Browser;
    let directory = '';

    beforeAll(async () => {
      browser = await launchChromium();
    });
    afterAll(() => browser.close());
    beforeEach(async () => {
      directory = await mkdtemp(join(tmpdir(), 'dashboard-trail-'));
    });
    afterEach(() => rm(directory, { recursive: true, force: true }));

    function start(options: LogStreamOptions = {}, port = 0): Promise<MonitoredApp> {
      return monitoredApp({ logger: false, trail: { file: join(directory, 'audit.db') }, ...options })
        .onPort(port)
        .start();
    }

    /** Audit records, in the trail when it resolves. */
    async function record(app: MonitoredApp, count: number, fields: object = {}): Promise<void> {
      const trail = app.get(AuditTrail);
      const { last } = trail.status;
      for (let n = 1; n <= count; n += 1) {
        app.stream.publish({ message: `entry ${n}.`, is_audit: true, action: 'order_placed', n, ...fields });
      }
      await eventually(() => trail.status.last >= last + count);
    }

    const progress = (page: DashboardPage): Promise<string> =>
      page.audit.root.locator('.trail-progress span').innerText();

    async function search(page: DashboardPage, fields: Record<string, string>): Promise<void> {
      for (const [name, value] of Object.entries(fields)) {
        const field = page.audit.root.locator(`.trail-form [name=${name}]`);
        if (name === 'outcome' || name === 'kinds') await field.selectOption(value);
        else await field.fill(value);
      }
      await page.audit.root.getByRole('button', { name: 'Search', exact: true }).click();
    }

    it('finds what is no longer in memory, page by page, newest first', async () => {
      await using app = await start({ history: { records: 10 } });
      await record(app, 700);
      await using page = await (await DashboardPage.open(browser, app)).live();
      await page.audit.button('Trail').click();
      await page.audit.row('entry 700.').waitFor();
      await expect
        .poll(async () => (await page.audit.messages()).slice(0, 2))
        .toEqual(['entry 700.', 'entry 699.']);
      expect(await page.audit.rows.count()).toBeLessThan(100);
      await page.audit.list.focus();
      // Each time to the end of what is there, which fetches what comes behind it.
      await page.until(async () => {
        await page.page.keyboard.press('End');
        return (await page.audit.row('entry 1.').count()) > 0;
      });
      await expect.poll(() => progress(page)).toMatch(/^70\d entries, all there are\.$/);
      await expect.poll(async () => (await page.audit.messages()).at(-1)).toBe('entry 1.');
      await page.audit.button('Live').click();
      await page.audit.field(/^Search/).waitFor();
      expect(page.complaints).toEqual([]);
    });

    it('searches by every field, and shows an entry with its place and hash', async () => {
      await using app = await start();
      await record(app, 3, { action: 'user_role_changed', actor: { id: 'ann' }, outcome: 'failure' });
      await record(app, 4, { action: 'order_placed', targets: [{ type: 'order', id: 'o-1' }] });
      await using page = await (await DashboardPage.open(browser, app)).live();
      await page.audit.button('Trail').click();
      for (const [fields, found] of [
        [{ action: 'user_*' }, 3],
        [{ actor: 'ann', text: 'entry 2.' }, 1],
        [{ actor: '', text: '', action: '', target: 'o-1' }, 4],
        [{ target: '', outcome: 'failure' }, 3],
        [{ outcome: '', kinds: 'intent' }, 0],
        [{ kinds: '', to: '2020-01-01T00:00' }, 0],
        [{ to: '', from: '2020-01-01T00:00', action: 'order_placed' }, 4],
      ] as const) {
        await search(page, fields);
        const wanted =
          found === 0
            ? 'Nothing in the trail matches.'
            : found === 1
              ? '1 entry, all there are.'
              : `${found} entries, all there are.`;
        await page.until(async () => (await progress(page)) === wanted, wanted);
      }
      await page.audit.row('entry 3.').click();
      const { entries } = await app.get(AuditTrail).query({ action: 'order_placed', text: 'entry 3.' });
      const facts = await page.audit.detail.innerText();
      expect(facts).toContain(entries[0]!.hash);
      expect(facts).toMatch(new RegExp(`Entry\\s+${entries[0]!.seq}\\s+Kind\\s+record`));
      await page.audit.detail.getByRole('button', { name: 'Only records with this id' }).click();
      await page.until(async () => (await page.audit.root.locator('[name=target]').inputValue()) === 'o-1');
      expect(page.complaints).toEqual([]);
    });

    it('offers the whole trail where a filter finds little, and a link brings the search back', async () => {
      await using app = await start({ history: { records: 10 } });
      await record(app, 30);
      await using page = await (await DashboardPage.open(browser, app)).live();
      await page.audit.field(/^Search/).fill('entry 7.');
      await page.audit.button('Search the whole trail for this').click();
      await page.audit.row('order_placed').waitFor();
      expect(await page.audit.list.locator('.cell-message mark').first().innerText()).toBe('entry 7.');
      await expect.poll(() => new URL(page.page.url()).hash).toContain('trail.text=entry+7.');
      const { hash } = new URL(page.page.url());
      await using other = await (await DashboardPage.open(browser, app, { hash })).live();
      await other.audit.row('order_placed').waitFor();
      expect(await other.audit.root.locator('.trail-form [name=text]').inputValue()).toBe('entry 7.');
      await other.audit.button('Live').click();
      await other.until(() => !other.page.url().includes('trail='));
    });

    it('tells the notes of the trail from records', async () => {
      await using app = await start();
      await record(app, 2);
      const { holds, store } = app.get(AuditTrail);
      const { hold } = await holds.place({ reason: 'case 12' });
      await holds.release(hold, 'closed');
      const data = { reason: 'spool_full', count: 1_200, from: 'x', to: 'y' };
      await store!.append({ kind: 'gap', stream: null, instance: 'test', data });
      await store!.append({
        kind: 'intent',
        stream: null,
        instance: 'test',
        data: { level: 'INFO', logger: 'audit.x', message: 'About to pay', action: 'pay' },
      });
      await using page = await (await DashboardPage.open(browser, app)).live();
      await page.audit.button('Trail').click();
      await page.audit.row('case 12').waitFor();
      const texts = await page.audit.list
        .locator('.row:not([data-kind=record]) .cell-message')
        .allInnerTexts();
      expect(texts.map((text) => text.replace(/\s+/g, ' '))).toEqual([
        'intent About to pay',
        'gap 1,200 not stored: the spool was full',
        expect.stringMatching(/^release Hold \S+ was released: closed/),
        'hold Nothing of this may be deleted: case 12',
      ]);
      await page.audit.row('1,200 not stored').click();
      expect(await page.audit.detail.locator('.tree').innerText()).toContain('spool_full');
      expect(page.complaints).toEqual([]);
    });

    it.each([
      [
        400,
        '{"code":"invalid_query","message":"`action` must be a text."}',
        '`action` must be a text.',
        false,
      ],
      [401, '', 'You are not signed in any more.', 'Sign in'],
      [403, 'Forbidden', 'You may not read the audit trail.', 'Try again'],
      [503, '', 'each reading is itself recorded', 'Try again'],
      [500, '', 'The server answered 500.', 'Try again'],
      [200, '<html>', 'The server answered 200.', 'Try again'],
    ] as const)('shows a refusal as what it is: %s %s', async (status, body, text, button) => {
      await using app = await start();
      await record(app, 1);
      let refusing = true;
      await using page = await DashboardPage.open(browser, app, {}, (opened: Page) =>
        opened.route(/\/monitor\/audit\?/, (route) =>
          refusing ? route.fulfill({ status, body }) : route.continue(),
        ),
      );
      await page.live();
      await page.audit.button('Trail').click();
      const alert = page.audit.root.getByRole('alert').filter({ hasText: text });
      await alert.waitFor();
      expect(await page.audit.rows.count()).toBe(0);
      if (!button) return expect(await alert.getByRole('button').count()).toBe(0);
      await alert.getByRole('button', { name: button }).waitFor();
      if (button !== 'Try again') return;
      refusing = false;
      await alert.getByRole('button', { name: button }).click();
      await page.audit.row('entry 1.').first().waitFor();
    });

    it('reads with the token of who has signed in', async () => {
      await using app = await start({ authorize: bearerToken([TOKEN]) });
      await record(app, 1);
      await using page = await DashboardPage.open(browser, app);
      await page.page.getByLabel('Access token').fill(TOKEN);
      await page.page.getByRole('button', { name: 'Watch' }).click();
      await page.live();
      await page.audit.button('Trail').click();
      await page.audit.row('entry 1.').waitFor();
      expect(page.page.url()).not.toContain(TOKEN);
    });

    it('is not offered where there is none, or to who may not see audit records', async () => {
      await using without = await monitoredApp({ logger: false }).start();
      await using page = await (await DashboardPage.open(browser, without)).live();
      expect(await page.audit.button('Trail').count()).toBe(0);
      await using app = await start({ authorize: () => ({ categories: ['system'] }) });
      await using other = await (await DashboardPage.open(browser, app)).live();
      await other.audit.root.getByText('You may not see these records.').waitFor();
      expect(await other.audit.button('Trail').count()).toBe(0);
    });

    it('says through which entry the trail is signed, and that it is not stored any more', async () => {
      await using app = await start();
      await record(app, 3);
      await using page = await (await DashboardPage.open(browser, app)).live();
      const badge = page.audit.root.locator('.trail-badge');
      await badge.waitFor();
      await app.get(AuditTrail).checkpoint();
      const { last } = app.get(AuditTrail).status;
      await page.until(async () =>
        new RegExp(`^Trail signed through ${last}, \\d\\d:\\d\\d:\\d\\d$`).test(
          (await badge.getAttribute('title'))!,
        ),
      );
      const status = { ...app.get(AuditTrail).status, state: 'failing', problem: 'full', verifier: 'v' };
      await page.page.route(/\/audit\/status/, (route) => route.fulfill({ json: status }));
      for (const peer of app.peers) peer.terminate();
      await badge.filter({ hasText: 'Entries are not being stored: the disk is full' }).waitFor();
      expect(await badge.getAttribute('data-state')).toBe('warning');
    });

    it('verifies on request, says how far it is, and what was not established', async () => {
      await using app = await start();
      const answers: object[] = [
        { report: null, at: null, durationMs: null, running: { entries: 1_000, of: 4_200 } },
        { report: REPORT, at: '2026-01-01T00:00:00.000Z', durationMs: 12, running: null },
        {
          report: {
            ...REPORT,
            verdict: 'altered',
            firstBadSeq: 7,
            findings: [{ text: 'Entry 7 is not what was stored.' }],
            findingCount: 3,
          },
          at: null,
          durationMs: null,
          running: null,
        },
      ];
      await using page = await DashboardPage.open(browser, app, {}, (opened: Page) =>
        opened.route(/\/audit\/verify$/, (route) => {
          const json = answers.shift();
          return json ? route.fulfill({ json }) : route.fulfill({ status: 404 });
        }),
      );
      await page.live();
      await page.audit.root.locator('.trail-badge').click();
      const facts = page.audit.root.getByRole('group', { name: 'The audit trail' });
      await facts.getByRole('button', { name: 'Verify' }).click();
      await facts.getByText('1,000 of 4,200 entries verified').waitFor();
      await facts.getByText('Nothing was altered, as far as could be checked.').waitFor();
      await facts.getByText('Entries 41 to 42 are not signed yet.').waitFor();
      await facts.getByRole('button', { name: 'Verify again' }).click();
      await facts.getByText('Entries are not what was stored.').waitFor();
      await facts.getByText('Entry 7 is not what was stored.').waitFor();
      await facts.getByText('and 2 more').waitFor();
      await facts.getByRole('button', { name: 'Verify again' }).click();
      await facts.getByText('This server does not verify on request.').waitFor();
      expect(await facts.getByRole('button', { name: /^Verify/ }).count()).toBe(0);
    });

    it('keeps the audit records over a restart, in order, with what is missing in its place', async () => {
      const first = await start({ history: { records: 8 } });
      const { port } = first;
      await using page = await (await DashboardPage.open(browser, first)).live();
      first.stream.publish({ message: 'seen before', is_audit: true });
      first.stream.publish({ message: 'system before' });
      await page.audit.row('seen before').waitFor();
      await page.system.row('system before').waitFor();
      await page.page.context().setOffline(true);
      for (const peer of first.peers) peer.terminate();
      await page.page.locator('.connection[data-phase=waiting]').waitFor();
      await page.page.route(/./, (route) => route.abort());
      first.stream.publish({ message: 'missed before', is_audit: true });
      first.stream.publish({ message: 'system lost' });
      await first.close();
      await using second = await start({ history: { records: 8 } }, port);
      second.stream.publish({ message: 'early after', is_audit: true });
      for (let n = 1; n <= 20; n += 1) second.stream.publish({ message: `system ${n}.` });
      second.stream.publish({ message: 'late after', is_audit: true });
      await page.page.unroute(/./);
      await page.page.context().setOffline(false);
      await page.connection
        .getByRole('button', { name: 'Now' })
        .click({ timeout: 2_000 })
        .catch(() => {});
      await page.live();
      await page.audit.row('late after').waitFor();
      const order = async (panel: DashboardPage['audit'], texts: string[]): Promise<string[]> => {
        const rows = await panel.rows.allInnerTexts();
        return rows.flatMap((row) => texts.find((text) => row.includes(text)) ?? []);
      };
      const audited = ['seen before', 'missed before', 'has restarted', 'early after', 'late after'];
      await expect.poll(() => order(page.audit, audited)).toEqual(audited);
      const logged = ['system before', 'has restarted', 'skipped', 'system 20.'];
      await expect
        .poll(() => order(page.system, logged))
        .toEqual([
          'system before',
          'has restarted',
          // Around the audit record that the trail has kept, and behind it.
          'skipped',
          'skipped',
          'system 20.',
        ]);
      second.stream.publish({ message: 'and on', is_audit: true });
      await page.audit.row('and on').waitFor();
      expect((await page.audit.messages()).filter((text) => text === 'missed before')).toHaveLength(1);
    });
  },
);
