import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AuditHealth, type AuditReceipt, AuditTrail } from 'nestjs-log-stream';
import { describe, expect, it, type TestContext } from 'vitest';
import { SmallDisk, whyNoSmallDisk } from '../trail/store/small-disk.js';
import { hasSqlite, rawDatabase, TrailDirectory, verified, whyNoSqlite } from '../trail/store/a-trail.js';
import { so, within } from './deadline.js';
import { scaled } from './fault-scale.js';
import { reportTrail } from './finding.js';
import { AuditedApp, DOMAIN_ERROR } from './trail/audited-calls.js';
import { AuditedProcess } from './trail/audited-process.js';
import { countedIn, entriesOf } from './trail/stored-trail.js';

const CALLS = scaled({ short: 200, long: 3_000 });
const QUEUED = 10_000;
const PADDING = 'x'.repeat(2_000);
const DEADLINE_MS = 1_000;

/** The numbers of the calls that are recorded, in the order of the trail. */
function numbersIn(file: string, action: string): number[] {
  return entriesOf(file)
    .filter(({ kind, data }) => kind === 'record' && data['action'] === action)
    .map(({ data }) => (data['metadata'] as { number: number }).number);
}

/** Whatever the trail does, callers of open methods see what the methods do. */
async function expectUnharmedOpenCalls(app: AuditedApp, first: number, count: number): Promise<void> {
  const { stack } = DOMAIN_ERROR;
  for (let number = first; number < first + count; number++) {
    expect(app.payments.pay(number)).toEqual({ paid: number });
    if (number % 50 > 0) continue;
    await expect(app.payments.refuse(number)).rejects.toBe(DOMAIN_ERROR);
    expect(await app.post(`/open/${number}`)).toEqual([200, { paid: number }]);
  }
  expect(DOMAIN_ERROR.stack).toBe(stack);
}

/** Nobody's handler runs, by whichever door they come. */
async function expectRefusedClosedCalls(app: AuditedApp): Promise<void> {
  const { ran } = app.payments;
  const before = ran.length;
  for (let call = 0; call < 5; call++) {
    const [status, body] = await app.post('/closed/1');
    expect([status, body]).toEqual([503, expect.objectContaining({ code: 'AUDIT_UNAVAILABLE' })]);
    await expect(app.payments.revoke(1)).rejects.toMatchObject({ code: 'AUDIT_UNAVAILABLE' });
  }
  expect(ran).toHaveLength(before);
}

/** What waits there is ahead of what comes. */
async function untilSpoolIsEmpty(app: AuditedApp): Promise<void> {
  const trail = app.app.get(AuditTrail);
  await so(() => trail.status.spooled === 0, 'the spool is empty');
}

/** With nothing but closed calls, which are all refused until then. */
async function untilClosedCallsWork(app: AuditedApp): Promise<number> {
  const start = performance.now();
  for (;;) {
    const [status] = await app.post('/closed/7');
    if (status === 200) return performance.now() - start;
    if (performance.now() - start > 45_000) throw new Error('closed calls are refused for ever');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Logs until the trail does not take it. @returns the receipts of those that it took */
async function fill(app: AuditedApp): Promise<AuditReceipt[]> {
  const receipts: AuditReceipt[] = [];
  for (let number = 0; ; number++) {
    try {
      receipts.push(await app.payments.log(number, PADDING));
    } catch {
      return receipts;
    }
  }
}

function lostOf(receipts: readonly AuditReceipt[], file: string): AuditReceipt[] {
  const stored = new Map(entriesOf(file).map(({ seq, hash, data }) => [data['id'], { seq, hash }]));
  return receipts.filter(({ id, seq, hash }) => {
    const entry = stored.get(id);
    return entry?.seq !== seq || entry?.hash !== hash;
  });
}

describe.skipIf(!hasSqlite)(`An app whose trail fails${whyNoSqlite}`, () => {
  it('because somebody else holds the file: goes on, refuses closed calls, and recovers by itself', async (test) => {
    await using directory = new TrailDirectory();
    const { file } = directory;
    const app = await AuditedApp.start({ file, deadlineMs: DEADLINE_MS });
    const receipts = [await app.payments.log(0)];
    using other = rawDatabase(file);
    other.exec('PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE');
    await expectRefusedOnceDown(app);
    await expectUnharmedOpenCalls(app, 1, CALLS);
    await expectRefusedClosedCalls(app);
    expect(app.app.get(AuditHealth).check()).toMatchObject({ status: 'down' });
    other.exec('ROLLBACK');
    const took = await untilClosedCallsWork(app);
    await untilSpoolIsEmpty(app);
    receipts.push(await app.payments.log(1));
    await conclude(test, app, { file, receipts, took, paid: CALLS }, 'another process holds a write lock');
  });

  it.each([
    ['a spool', undefined],
    ['no spool', 0],
  ])(
    'while nothing but closed calls come, with %s: takes them again without a restart',
    async (_, spoolBytes) => {
      await using directory = new TrailDirectory();
      const { file } = directory;
      await using app = await AuditedApp.start({ file, ...(spoolBytes === 0 && { spoolBytes }) });
      using other = rawDatabase(file);
      other.exec('PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE');
      await expectRefusedClosedCalls(app);
      // Their records cannot be stored now either.
      const trail = app.app.get(AuditTrail);
      await so(() => trail.status.lost + trail.status.spooled > 0, 'the trail gives up');
      expect(trail.status.lost > 0).toBe(spoolBytes === 0);
      other.exec('ROLLBACK');
      await untilClosedCallsWork(app);
      expect(app.payments.ran).toEqual([7]);
      await so(() => countedIn(entriesOf(file)) === trail.status.lost, 'the count of what was lost');
    },
  );

  it.skipIf(whyNoSmallDisk)(`because its disk is full${whyNoSmallDisk}`, async (test) => {
    using disk = SmallDisk.mount('6m')!;
    const file = join(disk.path, 'audit.db');
    const app = await AuditedApp.start({ file, deadlineMs: DEADLINE_MS });
    const receipts = await fillUp(app, disk.path);
    await expectRefusedOnceDown(app);
    await expectUnharmedOpenCalls(app, 1, CALLS);
    await expectRefusedClosedCalls(app);
    expect(app.app.get(AuditTrail).status).toMatchObject({ state: 'failing', problem: { code: 'full' } });
    rmSync(join(disk.path, 'filler'));
    const took = await untilClosedCallsWork(app);
    await untilSpoolIsEmpty(app);
    receipts.push(await app.payments.log(1));
    await conclude(test, app, { file, receipts, took, paid: CALLS }, 'the disk is full');
  });

  it.skipIf(whyNoSmallDisk)(
    `because its disk runs low: only closed calls are refused, and work again when only they come${whyNoSmallDisk}`,
    async (test) => {
      using disk = SmallDisk.mount('8m')!;
      const file = join(disk.path, 'audit.db');
      const space = { lowBytes: 4 * 2 ** 20, ballastBytes: 65_536 };
      const app = await AuditedApp.start({ file, deadlineMs: DEADLINE_MS, space });
      const { status } = app.app.get(AuditTrail);
      expect(status.lowSpace).toBe(false);
      writeFileSync(join(disk.path, 'filler'), Buffer.alloc(5 * 2 ** 20));
      await so(() => app.app.get(AuditTrail).status.lowSpace, 'the trail notices');
      await expectRefusedClosedCalls(app);
      const receipts = [await app.payments.log(0)];
      rmSync(join(disk.path, 'filler'));
      const took = await untilClosedCallsWork(app);
      await conclude(test, app, { file, receipts, took, paid: 0 }, 'the disk runs low');
    },
  );

  it('because its file was moved away: has all of it when it is put back', async (test) => {
    await using directory = new TrailDirectory();
    const { file } = directory;
    const away = join(directory.path, 'away');
    const app = await AuditedApp.start({ file, deadlineMs: DEADLINE_MS });
    const receipts: AuditReceipt[] = [];
    const callers = Array.from({ length: 8 }, async () => {
      for (let call = 0; ; call++) receipts.push(await app.payments.log(call));
    });
    await so(() => receipts.length > 200, 'some records');
    mkdirSync(away);
    for (const name of readdirSync(directory.path)) {
      // The lock stays: it is held.
      const moved = ['', '-wal', '-shm'].some((end) => name === `${basename(file)}${end}`);
      if (moved) renameSync(join(directory.path, name), join(away, name));
    }
    await within(Promise.allSettled(callers), 'the callers notice');
    await expectRefusedClosedCalls(app);
    await expectUnharmedOpenCalls(app, 1, CALLS);
    expect(app.app.get(AuditTrail).status).toMatchObject({ state: 'failed', problem: { code: 'replaced' } });
    await app.close();
    for (const name of readdirSync(away)) renameSync(join(away, name), join(dirname(file), name));
    const again = await AuditedApp.start({ file });
    const took = await untilClosedCallsWork(again);
    await conclude(
      test,
      again,
      { file, receipts, took, paid: CALLS, published: app.published },
      'the file is moved away, and put back',
    );
  });

  it('because its file was deleted: does not begin another trail in its place unasked', async () => {
    await using directory = new TrailDirectory();
    const { file } = directory;
    const app = await AuditedApp.start({ file });
    await app.payments.log(1);
    await app.app.get(AuditTrail).checkpoint();
    await app.close();
    rmSync(file);
    await expect(AuditedApp.start({ file })).rejects.toMatchObject({ code: 'broken' });
    renameSync(`${file}.anchors`, `${file}.anchors.old`);
    await using begun = await AuditedApp.start({ file });
    expect(await begun.payments.log(1)).toMatchObject({ seq: 1 });
  });

  it('to be its own alone: the second process does not start, and the first does not notice', async (test) => {
    await using directory = new TrailDirectory();
    const { file } = directory;
    const app = await AuditedApp.start({ file });
    const receipts = [await app.payments.log(0)];
    for (let attempt = 0; attempt < scaled({ short: 2, long: 10 }); attempt++) {
      await using other = new AuditedProcess(file);
      expect(await within(other.ended(), 'its end')).toBe(1);
      expect(other.said('failed')[0]).toMatch(/^locked /);
      receipts.push(await app.payments.log(1));
    }
    await conclude(test, app, { file, receipts, took: 0, paid: 0 }, 'a second process opens the file');
  });

  it('to have an end: SIGTERM with 10,000 records on their way', async (test) => {
    await using directory = new TrailDirectory();
    const { file } = directory;
    await using child = new AuditedProcess(file);
    await so(() => child.port !== undefined, 'the app listens');
    const answer = child.post(`/burst/${QUEUED}`).catch(() => undefined);
    await so(() => child.said('queued').length > 0, 'the burst');
    child.kill('SIGTERM');
    await within(child.ended(), 'the end of the app');
    await answer;
    // The next start brings what waited in the spool.
    await (await AuditedApp.start({ file })).close();
    const { verdict } = await verified(file);
    const entries = entriesOf(file);
    const burst = entries.filter(({ data }) => data['action'] === 'burst');
    const lost = lostOf(child.receipts, file);
    expect([verdict, lost, burst.length + countedIn(entries)]).toEqual(['ok', [], QUEUED]);
    reportTrail(test, {
      what: 'SIGTERM with records on their way',
      load: `${QUEUED} records in one turn of the event loop, then SIGTERM`,
      outcome: `${burst.length} are stored, ${child.receipts.length} were acknowledged before the end`,
      acknowledged: child.receipts.length,
      counted: countedIn(entries),
      lost: lost.length,
    });
  });
});

/** Until the trail has noticed, a record may be on its way to it. */
async function expectRefusedOnceDown(app: AuditedApp): Promise<void> {
  await app.payments.log(0).catch(() => undefined);
  await so(() => !app.app.get(AuditHealth).isUp, 'the trail notices');
}

/** Leaves no room for another page. */
async function fillUp(app: AuditedApp, path: string): Promise<AuditReceipt[]> {
  const filler = join(path, 'filler');
  let bytes = 5 * 2 ** 20;
  for (;;) {
    try {
      writeFileSync(filler, Buffer.alloc(bytes));
      break;
    } catch {
      bytes -= 65_536;
    }
  }
  return fill(app);
}

interface Ran {
  readonly file: string;
  readonly receipts: readonly AuditReceipt[];
  /** Ids of the records of earlier runs. */
  readonly published?: readonly string[];
  /** Until closed calls worked again, in milliseconds. */
  readonly took: number;
  /** Open calls while it failed. */
  readonly paid: number;
}

/** Closes the app and gives account of everything. */
async function conclude(
  test: TestContext,
  app: AuditedApp,
  { file, receipts, took, paid, published = [] }: Ran,
  what: string,
): Promise<void> {
  const trail = app.app.get(AuditTrail);
  await untilSpoolIsEmpty(app);
  await so(() => trail.status.state === 'ok', 'the trail works');
  const { lost: toldLost } = trail.status;
  await app.close();
  const { verdict, findings } = await verified(file);
  expect([verdict, findings]).toEqual(['ok', []]);
  const entries = entriesOf(file);
  const counted = countedIn(entries);
  expect(counted).toBe(toldLost);
  // Every record of the stream is in the trail, once, or in the count.
  const ids = entries.filter(({ kind }) => kind === 'record').map(({ data }) => data['id']);
  const all = new Set<unknown>([...published, ...app.published]);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => id !== undefined && !all.has(id))).toEqual([]);
  expect(ids.length + counted).toBe(all.size);
  const stored = numbersIn(file, 'payment').filter((number) => number !== undefined);
  // All of them, each once, in the order of the calls; unless there was no room, which is counted.
  const expected = Array.from({ length: paid }, (_, index) => index + 1);
  if (counted === 0) expect([...new Set(stored)]).toEqual(expected);
  expect(stored.filter((number) => !expected.includes(number))).toEqual([]);
  const lost = lostOf(receipts, file);
  reportTrail(test, {
    what,
    load: `${receipts.length} acknowledged records around it, ${paid} open calls meanwhile`,
    outcome: `values, errors and stacks of open calls unchanged; closed calls refused, and taken again ${Math.round(took)} ms after the end of it`,
    acknowledged: receipts.length,
    counted,
    lost: lost.length,
  });
}
