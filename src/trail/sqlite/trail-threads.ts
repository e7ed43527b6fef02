import { Worker } from 'node:worker_threads';
import { type ReaderData, type ReaderMethods } from './reader/reader-methods.js';
import { closed, crashed } from '../store/store.messages.js';
import { TrailError } from '../store/trail-error.js';
import { WorkerCalls } from '../store/worker-calls.js';
import { type WriterData, type WriterEvent, type WriterMethods } from './writer/writer-methods.js';
import { threadFile } from './thread-file.js';

/** Without the parent's flags: `--import` of a tracer, `--test` and the like are none of this thread's business. */
const PLAIN = { execArgv: [] };

export function startWriter(
  data: WriterData,
  onEvent: (event: WriterEvent) => void,
  onEnd: (reason: unknown) => TrailError,
): WorkerCalls<WriterMethods, WriterEvent> {
  const worker = new Worker(threadFile('writer.worker.js'), {
    ...PLAIN,
    workerData: data,
    name: 'audit-trail-writer',
  });
  return new WorkerCalls(worker, onEvent, onEnd);
}

/** The thread that answers queries, started by the first one: a slow search never delays a commit. */
export class ReaderThread {
  private calls: WorkerCalls<ReaderMethods> | undefined;
  private closed = false;

  constructor(private readonly data: ReaderData) {}

  /** @throws TrailError */
  call<K extends keyof ReaderMethods & string>(
    method: K,
    argument: Parameters<ReaderMethods[K]>[0],
  ): Promise<Awaited<ReturnType<ReaderMethods[K]>>> {
    if (this.closed) return Promise.reject(new TrailError('closed', closed(this.data.file)));
    this.calls ??= this.start();
    return this.calls.call(method, argument);
  }

  async close(): Promise<void> {
    this.closed = true;
    const { calls } = this;
    if (!calls) return;
    await calls.call('close', undefined).catch(() => undefined);
    await calls.untilEnded();
  }

  private start(): WorkerCalls<ReaderMethods> {
    const worker = new Worker(threadFile('reader.worker.js'), {
      ...PLAIN,
      workerData: this.data,
      name: 'audit-trail-reader',
    });
    return new WorkerCalls(
      worker,
      () => undefined,
      (reason) => {
        // The next query starts another one.
        this.calls = undefined;
        return new TrailError('crashed', crashed(this.data.file, reason));
      },
    );
  }
}
