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
import { TrailRetention } from './trail-retention.js';
import * as messages from './trail.messages.js';

/** Brings the trail up with the app, tells everybody concerned how it is, and closes it last. */
@Injectable()
export class TrailLifecycle implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('LogStreamModule');
  private readonly store: TrailStore | undefined;
  private readonly retention: TrailRetention | undefined;
  private wasOk = true;

  constructor(
    @Inject(LOG_STREAM_OPTIONS) { trail: options }: ResolvedLogStreamOptions,
    @Inject(AuditTrail) private readonly trail: AuditTrail,
    @Inject(AuditHealth) private readonly health: AuditHealth,
    @Inject(AuditRecorder) private readonly recorder: AuditRecorder,
    @Inject(MonitorGateway) private readonly monitor: MonitorGateway,
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
    this.logger.log(messages.trailOpened(store.name, store.status.last));
    const { created, path, verifier } = store.key;
    if (created && path !== undefined) this.logger.warn(messages.keyCreated(path, verifier));
    await this.recover(store);
    this.retention?.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.retention?.stop();
    if (!this.store) return;
    await this.trail.verification.close();
    await this.store.close();
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
