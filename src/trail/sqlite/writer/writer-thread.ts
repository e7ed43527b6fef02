import { type MessagePort } from 'node:worker_threads';
import { trailErrorOf } from '../sqlite.js';
import { type PruneBounds, type PruneResult } from '../../store/pruned.js';
import { TrailWriter } from './trail-writer.js';
import { type WriterData, type WriterEvent, type WriterMethods } from './writer-methods.js';
import { type OpenedTrail } from '../../store/trail-backend.js';

/** How often the file and the disk are looked at while nothing is written. */
const LOOK_MS = 1_000;

/** Gives a {@link TrailWriter} a thread of its own: its timers, and what it says unasked. */
export class WriterThread {
  readonly methods: WriterMethods = {
    open: () => this.open(),
    append: (batch) => {
      const answer = this.writer.append(batch);
      this.afterwards();
      return answer;
    },
    beginEpoch: (epoch) => this.writer.beginEpoch(epoch),
    openIntents: () => this.writer.openIntents,
    checkpoint: () => this.writer.checkpoint(),
    rotateKey: (pem) => this.writer.signer.rotateKey(pem),
    prune: (bounds) => this.prune(bounds),
    close: () => this.close(),
  };
  private opened: TrailWriter | undefined;
  private look: NodeJS.Timeout | undefined;
  private due: NodeJS.Timeout | undefined;
  private afterward: NodeJS.Immediate | undefined;
  private wasLow = false;
  private troubled = false;

  constructor(
    private readonly data: WriterData,
    private readonly port: MessagePort,
  ) {}

  private get writer(): TrailWriter {
    return this.opened!;
  }

  private open(): OpenedTrail {
    const { options, instance } = this.data;
    this.opened = TrailWriter.open(options, instance, {
      checkpoint: (checkpoint) => this.say({ event: 'checkpoint', value: checkpoint }),
      problem: (error) => this.problem(error),
    });
    this.look = setInterval(() => this.maintain(), LOOK_MS);
    if (this.writer.hasToFinishPruning) {
      this.writer.finishPruning(nextTurn).catch((error: unknown) => this.problem(error));
    }
    this.afterwards();
    const { started, signer, last } = this.writer;
    return {
      trail: started.trail,
      verifier: signer.verifier,
      keyCreated: started.keys.created,
      keyPath: started.keys.path,
      last,
      checkpoint: signer.last,
    };
  }

  private prune(bounds: PruneBounds): Promise<PruneResult> {
    let steps = 0;
    return this.writer.prune(bounds, () => {
      this.say({ event: 'pruning', value: (steps += 1) });
      return nextTurn();
    });
  }

  /** Once the answer is on its way: nobody who waits for a commit waits for a signature. */
  private afterwards(): void {
    this.afterward ??= setImmediate(() => {
      this.afterward = undefined;
      this.maintain();
    });
  }

  private maintain(): void {
    try {
      this.writer.maintain();
      if (this.troubled) this.say({ event: 'upkeep', value: undefined });
      this.troubled = false;
    } catch (error) {
      this.problem(error);
    }
    const { isLow, free } = this.writer.space;
    if (isLow !== this.wasLow) this.say({ event: 'space', value: { isLow, free } });
    this.wasLow = isLow;
    if (this.writer.signer.uncovered > 0)
      this.due ??= setTimeout(() => this.checkpointDue(), this.data.options.checkpoint.everyMs);
  }

  private checkpointDue(): void {
    this.due = undefined;
    try {
      this.writer.checkpoint();
    } catch (error) {
      this.problem(error);
    }
  }

  private close(): void {
    clearInterval(this.look);
    clearTimeout(this.due);
    clearImmediate(this.afterward);
    this.opened?.close();
    // Nothing keeps the thread then, and it ends once the answer is sent.
    this.port.unref();
  }

  private problem(error: unknown): void {
    const { code, message } = trailErrorOf(error, this.data.options.file);
    this.troubled = true;
    this.say({ event: 'upkeep', value: { code, message } });
  }

  private say(event: WriterEvent): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- another thread, not another window
    this.port.postMessage(event);
  }
}

/** Calls that have come are answered first. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
