import { type AuditEvent, type AuditReceipt } from '../../../src/audit/audit-event.js';
import { MemorySink } from './memory-sink.js';

/** A sink that stands in for the durable trail: what it is asked, and when it answers, is up to a test. */
export class DurableSink extends MemorySink {
  override readonly durable = true;
  override deadlineMs = 60_000;
  /** Everything that has happened, in order: a test writes into it as well. */
  readonly journal: string[] = [];
  private readonly intents: AuditEvent[] = [];

  /** Resolves or rejects as the store would. */
  store: (kind: 'intent' | 'record', event: AuditEvent) => Promise<void> = async () => undefined;

  override async record(event: AuditEvent): Promise<AuditReceipt> {
    await this.keep('record', event);
    return super.record(event);
  }

  override async intend(event: AuditEvent): Promise<AuditReceipt> {
    await this.keep('intent', event);
    this.intents.push(event);
    return { id: event.id };
  }

  takeIntent(): AuditEvent {
    const intent = this.intents.shift();
    if (!intent) throw new Error('There is no intent.');
    return intent;
  }

  override get rest(): readonly AuditEvent[] {
    return [...super.rest, ...this.intents];
  }

  private async keep(kind: 'intent' | 'record', event: AuditEvent): Promise<void> {
    await this.store(kind, event);
    this.journal.push(kind);
  }
}

export const DISK_FULL = new Error('disk full');

/** A store that refuses everything, or one kind only. */
export const refusing =
  (refused?: 'intent' | 'record'): DurableSink['store'] =>
  async (kind) => {
    if (!refused || kind === refused) throw DISK_FULL;
  };

/** A store that never answers for one kind. */
export const silentOn =
  (silent: 'intent' | 'record'): DurableSink['store'] =>
  (kind) =>
    kind === silent ? new Promise(() => undefined) : Promise.resolve();
