import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { hasSqlite, TrailDirectory, verified, whyNoSqlite } from '../trail/store/a-trail.js';
import { so, within } from './deadline.js';
import { scaled } from './fault-scale.js';
import { reportTrail } from './finding.js';
import { Random } from './random.js';
import { AuditedProcess, type PrintedReceipt } from './trail/audited-process.js';
import { Follower } from './trail/follower.js';
import { entriesOf, targetsOf } from './trail/stored-trail.js';

const KILLS = scaled({ short: 10, long: 100 });
const CALLERS = 12;

/** Small, so that checkpoints, anchors and evictions are among what is cut off. */
const OPTIONS = { history: { records: 50 }, trail: { checkpoint: { records: 25 } } };

/** What callers were promised, over all runs of the app. */
class Promises {
  readonly receipts = new Map<string, PrintedReceipt>();
  /** Closed calls that were answered, and those whose handler ran. */
  readonly answered = new Set<string>();
  readonly ran = new Set<string>();
  calls = 0;

  /** Calls until the app is gone. @param name unique over all runs */
  async call(app: AuditedProcess, name: string): Promise<void> {
    for (let number = 0; ; number++) {
      const path = ['log', 'open', 'closed'][number % 3]!;
      const id = `${name}-${number}`;
      this.calls += 1;
      try {
        const { status, body } = await app.post(`/${path}/${id}`, { number });
        expect(status).toBe(201);
        if (path === 'log') this.receipt(body as PrintedReceipt);
        if (path === 'closed') this.answered.add(id);
      } catch (error) {
        if (!app.hasEnded) await app.ended();
        if (!(error instanceof TypeError) && !(error instanceof SyntaxError)) throw error;
        return;
      }
    }
  }

  /** Also of acknowledgements whose answers did not get out any more. */
  note(app: AuditedProcess): void {
    for (const receipt of app.receipts) this.receipt(receipt);
    for (const id of app.said('ran')) this.ran.add(id);
  }

  private receipt(receipt: PrintedReceipt): void {
    const known = this.receipts.get(receipt.id);
    expect(known ?? receipt).toEqual(receipt);
    this.receipts.set(receipt.id, receipt);
  }
}

/** Sometimes before it listens, mostly in the middle of its work; by what it did, or by the clock. */
async function untilKilled(app: AuditedProcess, random: Random): Promise<void> {
  const enough = random.integer(0, 60);
  await so(() => app.hasEnded || app.receipts.length >= enough, 'acknowledgements');
  await pause(random.integer(0, 30));
  app.kill('SIGKILL');
}

describe.skipIf(!hasSqlite)(`An app that is killed${whyNoSqlite}`, () => {
  it(`has kept all that it acknowledged, ${KILLS} times over`, async (test) => {
    const random = Random.announced('kill -9');
    await using directory = new TrailDirectory();
    const { file } = directory;
    const promises = new Promises();
    const followers = [new Follower('websocket'), new Follower('event stream')];
    let atStart = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      await using app = new AuditedProcess(file, OPTIONS);
      if (kill > 0 && random.chance(0.1)) {
        atStart += 1;
        await pause(random.integer(100, 700));
        app.kill('SIGKILL');
        await app.ended();
      } else {
        await so(() => app.port !== undefined || app.hasEnded, 'the app listens');
        expect(app.output).toContain('listening');
        // A replay may be cut off as well.
        const joined = Promise.all(followers.map((one) => one.connect(app.port!)));
        const calls = Array.from({ length: CALLERS }, (_, n) => promises.call(app, `${kill}-${n}`));
        await joined;
        await untilKilled(app, random);
        await within(Promise.all(calls), 'the callers notice');
        await Promise.all(followers.map((one) => one.leave()));
      }
      await app.ended();
      promises.note(app);
      const report = await verified(file);
      expect(report.findings).toEqual([]);
      expect(report.verdict).toBe('ok');
    }

    await using last = new AuditedProcess(file, OPTIONS);
    await so(() => last.port !== undefined, 'the app listens');
    await Promise.all(followers.map((one) => one.connect(last.port!)));
    const { body } = await last.post('/log/last');
    await within(
      Promise.all(followers.map((one) => one.got((body as PrintedReceipt).id))),
      'the end of the replay',
    );
    await Promise.all(followers.map((one) => one.leave()));
    last.kill('SIGTERM');
    await within(last.ended(), 'the end of the app');
    promises.note(last);

    expect((await verified(file)).verdict).toBe('ok');
    const entries = entriesOf(file);
    const byId = new Map(entries.map((entry) => [String(entry.data['id']), entry]));
    expect(byId.size).toBe(entries.length);
    const lost = [...promises.receipts.values()].filter(
      ({ id, seq, hash }) => byId.get(id)?.seq !== seq || byId.get(id)?.hash !== hash,
    );
    expect(lost).toEqual([]);

    const intents = entries.filter(({ kind }) => kind === 'intent');
    const intended = new Set(intents.flatMap(targetsOf));
    expect([...promises.ran].filter((id) => !intended.has(id))).toEqual([]);
    const outcomes = new Map<string, string[]>(intents.map(({ data }) => [String(data['id']), []]));
    for (const { data } of entries) {
      if (data['intent'] === undefined) continue;
      outcomes.get(String(data['intent']))!.push(`${String(data['outcome'])} ${String(data['reason'])}`);
    }
    // Each has one outcome: its own, or that nobody knows.
    const ends = [...outcomes.values()].map((all) => all.join());
    expect(new Set(ends)).toEqual(new Set(['success undefined', 'unknown crashed']));
    const succeeded = new Set(
      entries.filter(({ data }) => data['intent'] && data['outcome'] === 'success').flatMap(targetsOf),
    );
    const unanswered = [...promises.answered].filter((id) => !succeeded.has(id));
    expect(unanswered).toEqual([]);

    // A client may have seen what was never committed, but nothing that was committed twice, late or not at all.
    const records = entries.filter(({ kind }) => kind === 'record').map(({ data }) => String(data['id']));
    const known = new Set(records);
    for (const { ids } of followers) expect(ids.filter((id) => known.has(id))).toEqual(records);

    const crashed = ends.filter((end) => end === 'unknown crashed').length;
    reportTrail(test, {
      what: '`kill -9` of an app that takes audited calls; a WebSocket and an event stream resume over all of its runs',
      load: `${KILLS} times, ${atStart} of them at its start; ${CALLERS} callers, ${promises.calls} calls; seed ${random.seed}`,
      outcome:
        `${entries.length} entries verify after every kill, no id is there twice; ${promises.ran.size} closed handlers ran, each ` +
        `behind its intent; ${crashed} intents without an end became unknown/crashed; both clients have each record once, in order`,
      acknowledged: promises.receipts.size + promises.answered.size,
      counted: 0,
      lost: lost.length + unanswered.length,
    });
  }, 900_000);
});
