import { type MessagePort, type Worker } from 'node:worker_threads';
import { TrailError, type TrailErrorCode } from './trail-error.js';

/** A call to a worker, its answer, and what the worker says unasked. */
export type CallMessage = { readonly call: number; readonly method: string; readonly argument: unknown };
export type WorkerMessage =
  | { readonly call: number; readonly value: unknown }
  | { readonly call: number; readonly error: PlainTrailError }
  | WorkerEvent;
export type WorkerEvent = { readonly event: string; readonly value: unknown };

/** Classes do not cross between threads. */
export interface PlainTrailError {
  readonly code: TrailErrorCode;
  readonly message: string;
}

interface Pending {
  readonly resolve: (value: never) => void;
  readonly reject: (error: TrailError) => void;
}

/** What can be asked of a worker: the types of argument and answer, by method. */
export type Methods = Record<string, (argument: never) => unknown>;

/** The main thread's end: calls in order, answers by number. The worker keeps the process alive while it owes one. */
export class WorkerCalls<M extends Methods, E extends WorkerEvent = never> {
  private readonly pending = new Map<number, Pending>();
  private calls = 0;
  private failure: TrailError | undefined;
  private readonly ended: Promise<void>;

  /**
   * @param onEvent what the worker says unasked
   * @param onEnd the thread ended; makes the error of what it still owed
   */
  constructor(
    private readonly worker: Worker,
    onEvent: (event: E) => void,
    onEnd: (reason: unknown) => TrailError,
  ) {
    worker.unref();
    let reason: unknown;
    worker.on('message', (message: WorkerMessage) => {
      if ('event' in message) onEvent(message as E);
      else this.settle(message);
    });
    worker.on('error', (error) => void (reason = error));
    this.ended = new Promise((resolve) => {
      worker.on('exit', (code) => {
        this.failAll(onEnd(reason ?? `exit code ${code}`));
        resolve();
      });
    });
  }

  call<K extends keyof M & string>(
    method: K,
    argument: Parameters<M[K]>[0],
  ): Promise<Awaited<ReturnType<M[K]>>> {
    if (this.failure) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      this.calls += 1;
      this.pending.set(this.calls, { resolve, reject });
      this.worker.ref();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- another thread, not another window
      this.worker.postMessage({ call: this.calls, method, argument } satisfies CallMessage);
    });
  }

  /** Resolves when the thread has ended, and keeps the process alive until then. */
  async untilEnded(): Promise<void> {
    this.worker.ref();
    await this.ended;
  }

  /** Ends the thread wherever it is. */
  async terminate(): Promise<void> {
    await this.worker.terminate();
    await this.ended;
  }

  private settle(message: Exclude<WorkerMessage, WorkerEvent>): void {
    const pending = this.pending.get(message.call);
    this.pending.delete(message.call);
    if (this.pending.size === 0) this.worker.unref();
    if ('error' in message) pending?.reject(new TrailError(message.error.code, message.error.message));
    else pending?.resolve(message.value as never);
  }

  private failAll(failure: TrailError): void {
    this.failure = failure;
    const owed = [...this.pending.values()];
    this.pending.clear();
    for (const { reject } of owed) reject(failure);
  }
}

/** The worker's end: answers calls by name, in the order in which they came. */
export function answerCalls<M extends Methods>(
  port: MessagePort,
  methods: M,
  toTrailError: (error: unknown) => TrailError,
): void {
  const failed = (call: number, error: unknown): void => {
    const { code, message } = toTrailError(error);
    port.postMessage({ call, error: { code, message } } satisfies WorkerMessage);
  };
  port.on('message', ({ call, method, argument }: CallMessage) => {
    try {
      const value: unknown = methods[method]!(argument as never);
      if (value instanceof Promise) {
        value.then(
          (settled: unknown) => port.postMessage({ call, value: settled } satisfies WorkerMessage),
          (error: unknown) => failed(call, error),
        );
      } else {
        port.postMessage({ call, value } satisfies WorkerMessage);
      }
    } catch (error) {
      failed(call, error);
    }
  });
}
