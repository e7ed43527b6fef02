import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { AuditHealth } from '../audit/deliver/audit-health.js';
import { AuditRecorder } from '../audit/call/audit-recorder.js';
import { type AuditIntent } from '../audit/describe/event-of-intent.js';
import { MonitorGateway } from '../monitor/monitor.gateway.js';
import { LOG_STREAM_OPTIONS, type ResolvedLogStreamOptions } from '../options/resolved-options.js';
import { AuditTrail } from './audit-trail.js';
import { type TrailStatus } from './store/trail-status.js';
import { type TrailStore } from './store/trail-store.js';
import { TrailStart } from './trail-start.js';
import { TrailRetention } from './trail-retention.js';
import * as messages from './trail.messages.js';

/** After the start; `enableShutdownHooks()` may be called behind `listen()`. */
const REMIND_MS = 1_000;

/** Brings the trail up with the app, tells everybody concerned how it is, and closes it last. */
@Injectable()
export class TrailLifecycle implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('LogStreamModule');
  private readonly store: TrailStore | undefined;
  private readonly retention: TrailRetention | undefined;
  private wasOk = true;
  private reminder: NodeJS.Timeout | undefined;

  constructor(
    @Inject(LOG_STREAM_OPTIONS) { trail: options }: ResolvedLogStreamOptions,
    @Inject(AuditTrail) private readonly trail: AuditTrail,
    @Inject(AuditHealth) private readonly health: AuditHealth,
    @Inject(AuditRecorder) private readonly recorder: AuditRecorder,
    @Inject(MonitorGateway) private readonly monitor: MonitorGateway,
    @Inject(TrailStart) private readonly start: TrailStart,
  ) {
    this.store = trail.store;
    if (!this.store || !options) return;
    this.retention = new TrailRetention(this.store, options.retention, (error) =>
      this.logger.error(messages.pruningFailed(error)),
    );
    this.store.onStatus((status) => this.changed(status));
    this.store.onCheckpoint(({ size, note }) =>
      this.monitor.announce({ type: 'audit_checkpoint', data: { size, note } }),
    );
  }

  async onApplicationBootstrap(): Promise<void> {
    const { store } = this;
    if (!store) return;
    this.start.finish();
    if (store.status.state === 'closed') throw new Error(messages.startedElsewhere(store.name));
    this.logger.log(messages.trailOpened(store.name, store.status.last));
    const { created, path, verifier } = store.key;
    if (created && path !== undefined) this.logger.warn(messages.keyCreated(path, verifier));
    await this.recover(store);
    this.retention?.start();
    this.reminder = setTimeout(() => this.remind(), REMIND_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    this.start.finish();
    clearTimeout(this.reminder);
    this.retention?.stop();
    if (!this.store) return;
    await this.trail.verification.close();
    await this.store.close();
  }

  /** By then `main.ts` has done what it does: without a listener, a signal ends the process on the spot. */
  private remind(): void {
    if (process.listenerCount('SIGTERM') === 0) this.logger.warn(messages.noShutdownHooks());
  }

  /** Says of calls that the end of the last run cut off how they ended. */
  private async recover(store: TrailStore): Promise<void> {
    const open = await store.openIntents();
    if (open.length === 0) return;
    await this.recorder.recoverIntents(open.map(({ id, data }) => ({ ...data, id }) as AuditIntent));
    this.logger.warn(messages.intentsRecovered(open.length));
  }

  private changed({ state, problem }: TrailStatus): void {
    const isOk = state === 'ok';
    if (isOk === this.wasOk || state === 'closed') return;
    this.wasOk = isOk;
    if (isOk) {
      this.health.up();
      this.logger.log(messages.trailWorksAgain());
    } else {
      const text = messages.trailTroubled(state, problem?.message ?? '');
      this.health.down(text);
      this.logger.error(text);
    }
  }
}
