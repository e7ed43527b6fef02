import { Logger } from '@nestjs/common';
import { AuditTrail } from 'nestjs-log-stream';
import { describe, expect, it } from 'vitest';
import { turns } from '../harness/event-loop.js';
import { type ServerFrame } from '../harness/received-records.js';
import { hasSqlite, TrailDirectory, verified, whyNoSqlite } from '../trail/store/a-trail.js';
import { so, within } from './deadline.js';
import { scaled } from './fault-scale.js';
import { reportTrail } from './finding.js';
import { Random } from './random.js';
import { AuditedApp } from './trail/audited-calls.js';
import { EpochAccount } from './trail/epoch-account.js';
import { Follower } from './trail/follower.js';
import { entriesOf } from './trail/stored-trail.js';

const SEEDS = scaled({ short: 4, long: 60 });
const STEPS = 40;

/** One life of a trail: an app that restarts, clients that come and go, bursts that the history cannot hold. */
class Life {
  readonly audit = [new Follower('websocket'), new Follower('event stream')];
  readonly mixed = new Follower('websocket', '');
  readonly accounts: EpochAccount[] = [];
  restarts = 0;
  resumes = 0;
  private app: AuditedApp | undefined;
  private logged = 0;

  constructor(
    private readonly file: string,
    private readonly random: Random,
  ) {}

  get clients(): Follower[] {
    return [...this.audit, this.mixed];
  }

  async start(): Promise<void> {
    const records = this.random.integer(5, 200);
    // A short queue sends what a burst brings through the spool.
    const queue = this.random.pick([20, 10_000]);
    this.app = await AuditedApp.start(
      { file: this.file, queue, checkpoint: { records: this.random.integer(1, 300) } },
      { history: { records } },
    );
    this.accounts.push(new EpochAccount(this.app.app.stream.cursors.epoch));
  }

  async step(): Promise<void> {
    const { random } = this;
    const client = random.pick(this.clients);
    await random.pick([
      () => this.log(random.integer(1, 10)),
      () => this.log(random.integer(50, 400)),
      () => this.come(client),
      () => this.come(client),
      () => this.go(client),
      () => turns(random.integer(1, 30)),
      () => (random.chance(0.3) ? this.restart() : this.come(client)),
    ])();
  }

  async end(): Promise<void> {
    const trail = this.app!.app.get(AuditTrail);
    await so(() => trail.status.spooled === 0, 'the spool is empty');
    const { id } = await this.app!.payments.log(0);
    await within(Promise.all(this.clients.map((client) => this.follow(client, id))), 'everybody has it all');
    await this.close();
  }

  /** Who was too slow for a burst was closed, and comes back. */
  private async follow(client: Follower, id: string): Promise<void> {
    for (;;) {
      await this.come(client);
      const got = await client.got(id).then(
        () => true,
        () => false,
      );
      if (got) return;
      await this.go(client);
    }
  }

  private async log(count: number): Promise<void> {
    const logger = new Logger('Work');
    for (let record = 0; record < count; record++) {
      this.logged += 1;
      if (this.random.chance(0.4)) void this.app!.payments.log(this.logged);
      else logger.log(`work ${this.logged}`);
      if (this.random.chance(0.02)) await turns(this.random.integer(1, 5));
    }
  }

  async come(client: Follower): Promise<void> {
    if (client.isConnected) return;
    if (client.cursor !== undefined) this.resumes += 1;
    await client.connect(this.app!.app.port);
  }

  private async go(client: Follower): Promise<void> {
    if (!client.isConnected) return;
    const frames = await client.leave();
    if (client === this.mixed) this.accounts.at(-1)!.book(frames);
  }

  private async restart(): Promise<void> {
    await this.close();
    this.restarts += 1;
    await this.start();
  }

  private async close(): Promise<void> {
    if (this.random.chance(0.5)) for (const client of this.clients) await this.go(client);
    const trail = this.app!.app.get(AuditTrail);
    await this.app!.close();
    expect(trail.status.lost).toBe(0);
    for (const client of this.clients) await this.go(client);
  }
}

describe('The account of one start', () => {
  const cursor = (position: number, epoch = 'e'): string => `${epoch}-${position.toString(36)}`;
  const hello = { type: 'hello', data: {}, items: [], cursor: cursor(1) };
  const batch = (count: number, at: string, epoch?: string): ServerFrame => ({
    type: 'batch',
    data: {},
    items: Array.from({ length: count }, (_, seq) => ({ type: 'system_log', seq, data: {} })),
    cursor: at,
    ...(epoch !== undefined && { epoch }),
  });
  const gap = (count: number): ServerFrame => ({ type: 'gap', data: { count }, items: [] });

  it.each<[string, number, ServerFrame[][]]>([
    ['nothing where all is well', 0, [[hello, batch(3, cursor(4)), gap(5), batch(1, cursor(10))]]],
    ['what was lost', -2, [[hello, batch(3, cursor(6))]]],
    ['what comes twice', 2, [[hello, batch(3, cursor(4))], [batch(3, cursor(5))]]],
    [
      'no gap that is told again',
      0,
      [
        [hello, gap(5)],
        [gap(5), batch(1, cursor(7))],
      ],
    ],
    ['what is lost behind an earlier start', -1, [[batch(3, cursor(9, 'd'), 'd'), batch(3, cursor(5))]]],
  ])('finds %s', (_, difference, connections) => {
    const account = new EpochAccount('e');
    for (const frames of connections) account.book(frames);
    expect(account.difference).toBe(difference);
  });
});

describe.skipIf(!hasSqlite)(`Clients that resume by cursor${whyNoSqlite}`, () => {
  it('have every committed audit record once, in order, over restarts and evictions', async (test) => {
    const random = Random.announced('resume');
    const totals = { records: 0, restarts: 0, resumes: 0 };
    for (let seed = 0; seed < SEEDS; seed++) {
      await using directory = new TrailDirectory();
      const life = new Life(directory.file, random);
      await life.start();
      // Nobody is owed what was before it came.
      for (const client of life.clients) await life.come(client);
      for (let step = 0; step < STEPS; step++) await life.step();
      await life.end();
      const records = entriesOf(directory.file).filter(({ kind }) => kind === 'record');
      const ids = records.map(({ data }) => String(data['id']));
      for (const client of life.clients) expect(client.ids).toEqual(ids);
      expect(life.accounts.map(({ difference }) => difference)).toEqual(life.accounts.map(() => 0));
      expect((await verified(directory.file)).verdict).toBe('ok');
      totals.records += ids.length;
      totals.restarts += life.restarts;
      totals.resumes += life.resumes;
    }
    reportTrail(test, {
      what: 'clients that resume by cursor: a WebSocket and an event stream with `category=audit`, a WebSocket with everything',
      load: `${SEEDS} lives of a trail, ${totals.restarts} restarts, ${totals.resumes} resumes, histories of 5 to 200 records; seed ${random.seed}`,
      outcome:
        'each has every committed audit record once, in order; within each start the third one was given or told of every record',
      acknowledged: totals.records,
      counted: 0,
      lost: 0,
    });
  }, 900_000);
});
