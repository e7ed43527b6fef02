import { type AppendedBatch } from '../store/appended-batch.js';
import { type OpenIntent } from '../store/open-intent.js';
import { type PruneBounds, type PruneResult } from '../store/pruned.js';
import { closed, crashed } from '../store/store.messages.js';
import { type BackendListener, type OpenedTrail, type TrailBackend } from '../store/trail-backend.js';
import { TrailError } from '../store/trail-error.js';
import { type WorkerCalls } from '../store/worker-calls.js';
import { type WrittenCheckpoint } from '../store/written-checkpoint.js';
import { startWriter } from './trail-threads.js';
import { type WriterData, type WriterEvent, type WriterMethods } from './writer/writer-methods.js';

/** The one writer of a file, in a thread of its own: a commit waits for the disk, and the application must not. */
export class SqliteBackend implements TrailBackend {
  private readonly calls: WorkerCalls<WriterMethods, WriterEvent>;
  private isClosing = false;

  constructor(data: WriterData, listener: BackendListener) {
    this.calls = startWriter(
      data,
      (event) => tell(listener, event),
      (reason) => {
        const error = this.endOf(data.options.file, reason);
        listener.ended(error);
        return error;
      },
    );
  }

  open(): Promise<OpenedTrail> {
    return this.calls.call('open', undefined);
  }

  append(batch: string): Promise<AppendedBatch> {
    return this.calls.call('append', batch);
  }

  beginEpoch(epoch: string): Promise<void> {
    return this.calls.call('beginEpoch', epoch);
  }

  openIntents(): Promise<OpenIntent[]> {
    return this.calls.call('openIntents', undefined);
  }

  checkpoint(): Promise<WrittenCheckpoint> {
    return this.calls.call('checkpoint', undefined);
  }

  rotateKey(pem: string | undefined): Promise<string> {
    return this.calls.call('rotateKey', pem);
  }

  prune(bounds: PruneBounds): Promise<PruneResult> {
    return this.calls.call('prune', bounds);
  }

  async close(): Promise<void> {
    this.isClosing = true;
    await this.calls.call('close', undefined).catch(() => undefined);
    await this.calls.untilEnded();
  }

  async terminate(): Promise<void> {
    this.isClosing = true;
    await this.calls.terminate();
  }

  private endOf(file: string, reason: unknown): TrailError {
    return this.isClosing
      ? new TrailError('closed', closed(file))
      : new TrailError('crashed', crashed(file, reason));
  }
}

function tell(listener: BackendListener, heard: WriterEvent): void {
  switch (heard.event) {
    case 'checkpoint':
      return listener.checkpoint(heard.value);
    case 'upkeep':
      return listener.upkeep(heard.value);
    case 'space':
      return listener.space(heard.value);
    case 'pruning':
      return listener.pruning(heard.value);
  }
}
