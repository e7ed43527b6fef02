import { AppProcess } from './demo/app-process.js';
import { type Frame } from './demo/frame.js';
import { linesOf } from './demo/record-lines.js';
import { Tally } from './demo/tally.js';
import { TwoColumns } from './demo/two-columns.js';
import { Visitor } from './demo/visitor.js';
import { watch } from './demo/watch.js';

/** How long it runs: `npm run demo -- 60`. */
const seconds = Number(process.argv[2] ?? 20);

await using app = await AppProcess.start();
const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());
const signal = AbortSignal.any([interrupted.signal, AbortSignal.timeout(seconds * 1_000)]);

const tally = new Tally();
const screen = new TwoColumns(process.stdout, 'SYSTEM', 'AUDIT', () => interrupted.abort());
const show = (frame: Frame): void => {
  tally.count(frame);
  const isAudit = frame.type === 'audit_log';
  screen.add(isAudit ? 'right' : 'left', linesOf(frame.data, screen.columnWidth));
};
const visitor = new Visitor(app.url, (line) => screen.note(line));

// The visit is over before the time is: what it set going still has a while to arrive.
await Promise.all([watch(app.monitorUrl, show, signal), visitor.visit(signal)]);
screen.flush();
console.log(tally.summary());
