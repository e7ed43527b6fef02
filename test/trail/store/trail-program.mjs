// A process of its own with a trail: `node trail-program.mjs <mode> <file>`. Prints one line per event.
import { openTrail, resolveTrailOptions } from '../../../dist-test/inside.js';

const [, , mode, file] = process.argv;
const say = (line) => process.stdout.write(`${line}\n`);
const record = (id) => ({
  kind: 'record',
  stream: null,
  instance: `child:${process.pid}`,
  data: { id, action: 'tested', padding: 'x'.repeat(200) },
});
const open = (more = {}) =>
  openTrail(resolveTrailOptions({ file, space: { lowBytes: 0, ballastBytes: 0 }, ...more }));

const modes = {
  /** Opens and says whether that worked. */
  async open() {
    try {
      const store = await open();
      say('open');
      await store.close();
    } catch (error) {
      say(`${error.code} ${error.message}`);
    }
  },
  /** Holds the trail until it is killed. */
  async hold() {
    const store = await open();
    say('open');
    process.once('SIGTERM', () => void store.close());
    setInterval(() => {}, 1_000);
  },
  /** Opens, has one entry acknowledged, and stays until it is told to end. */
  async take() {
    try {
      const store = await open();
      await store.append(record('taken'));
      say('ack taken');
      process.once('SIGTERM', () => void store.close().then(() => process.exit()));
      setInterval(() => {}, 1_000);
    } catch (error) {
      say(`${error.code} ${error.message}`);
    }
  },
  /** Many callers, each of which tells what was acknowledged, until it is killed. */
  async append() {
    const store = await open({ checkpoint: { records: 50 } });
    let count = 0;
    const caller = async () => {
      for (;;) {
        const id = `${process.pid}-${(count += 1)}`;
        await store.append(record(id));
        say(`ack ${id}`);
      }
    };
    await Promise.all(Array.from({ length: 20 }, caller));
  },
  /** 10,000 entries in the queue, and told to stop. */
  async stop() {
    const store = await open();
    process.once('SIGTERM', () => void store.close().then(() => say(`closed ${store.status.committed}`)));
    const appended = Array.from({ length: 10_000 }, (_, i) => store.append(record(`${i}`)));
    say('queued');
    await Promise.all(appended);
    say('all acknowledged');
  },
  /** Appends, signs and deletes, all that a trail writes. */
  async prune() {
    const store = await open({ checkpoint: { records: 1_000 } });
    for (let part = 0; part < 5; part += 1)
      await Promise.all(Array.from({ length: 1_000 }, (_, i) => store.append(record(`${part}.${i}`))));
    const { count } = await store.prune({ keepBytes: 0 });
    say(`pruned ${count}`);
    await store.close();
  },
  /** Appends until the file may not grow any more (`ulimit -f`), keeps the rest, and tries again. */
  async limited() {
    const store = await open({ spoolBytes: 100_000 });
    let acknowledged = 0;
    let code;
    while (!code) {
      const results = await Promise.allSettled(
        Array.from({ length: 100 }, (_, i) => store.append(record(`${acknowledged + i}`))),
      );
      acknowledged += results.filter(({ status }) => status === 'fulfilled').length;
      code = results.find(({ status }) => status === 'rejected')?.reason.code;
    }
    say(`refused ${code}`);
    const kept = [];
    for (let i = 0; i < 40; i += 1) kept.push((await store.keep(record(`kept-${i}`))).kept);
    say(`kept ${kept.join()}`);
    say(`state ${store.status.state}`);
    await store.close();
    say(`acknowledged ${acknowledged}`);
  },
};
await modes[mode]();
