import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { AsyncLocalStorage } from 'node:async_hooks';
import { MonitorGateway } from '../monitor/monitor.gateway.js';
import { RecordText } from '../monitor/protocol/record-text.js';
import { LOG_STREAM_OPTIONS, type ResolvedLogStreamOptions } from '../options/resolved-options.js';
import { type LogRecord } from '../record/log-record.js';
import { LogStream } from '../stream/log-stream.js';
import { type Alert, type AlertedRecord } from '../wire/alert.js';
import { AlertDelivery } from './alert-delivery.js';
import { AlertRule } from './alert-rule.js';
import { AlertWatch } from './alert-watch.js';
import { alertFailed } from './alerts.messages.js';

/** How long a shutdown waits for the app's functions, in milliseconds. */
const SHUTDOWN_MS = 2_000;

/** Characters of a message that those who watch are shown. */
const LONGEST_MESSAGE = 300;

/** What became of the firings of one alert, since the start. */
export interface AlertCounts {
  readonly fired: number;
  /** Calls of `to` that failed, or did not answer. */
  readonly failed: number;
  /** Firings for which `to` was not called: too many waited. */
  readonly dropped: number;
}

/** Calls the app's functions when records match. */
@Injectable()
export class Alerts implements OnApplicationShutdown {
  private readonly logger = new Logger('LogStreamAlerts');
  private readonly alerts: readonly { readonly rule: AlertRule; readonly delivery: AlertDelivery }[];
  private readonly watch: AlertWatch | undefined;
  private readonly text = new RecordText();
  /** Set in all that the calls do: what is logged in there would otherwise alert again, for ever. */
  private readonly inside = new AsyncLocalStorage<true>();
  private firings = 0;

  constructor(
    @Inject(LOG_STREAM_OPTIONS) private readonly options: ResolvedLogStreamOptions,
    @Inject(LogStream) private readonly stream: LogStream,
    @Inject(MonitorGateway) private readonly monitor: MonitorGateway,
  ) {
    this.alerts = options.alerts.map((alert) => ({
      rule: new AlertRule(alert),
      delivery: new AlertDelivery(alert, (reason) => this.logger.warn(alertFailed(alert.name, reason))),
    }));
    // Without alerts nobody looks at records, and lines are not made records for nobody.
    if (this.alerts.length === 0) return;
    this.watch = new AlertWatch(
      stream,
      (record) => this.look(record),
      () => this.inside.getStore() === true,
    );
  }

  /** By the name of the alert. */
  get counts(): Readonly<Record<string, AlertCounts>> {
    return Object.fromEntries(
      this.alerts.map(({ rule, delivery: { fired, failed, dropped } }) => [
        rule.options.name,
        { fired, failed, dropped },
      ]),
    );
  }

  /** Records that were evicted before the alerts had looked at them. */
  get missed(): number {
    return this.watch?.missed ?? 0;
  }

  async onApplicationShutdown(): Promise<void> {
    this.watch?.stop();
    await Promise.all(this.alerts.map(({ delivery }) => delivery.stop(SHUTDOWN_MS)));
  }

  private look(record: LogRecord): void {
    const now = performance.now();
    for (const { rule, delivery } of this.alerts) {
      const matches = rule.look(record, now);
      if (matches === undefined) continue;
      const alert = this.alertOf(rule.options.name, record, matches);
      this.inside.run(true, () => delivery.push(alert));
      this.tell(alert, record);
    }
  }

  private alertOf(name: string, record: LogRecord, matches: number): Alert {
    const { seq, category } = record;
    const data = JSON.parse(`{${this.text.fields(record)}}`) as AlertedRecord;
    const time = new Date().toISOString();
    return { name, time, matches, instance: this.options.instance, seq, category, record: data };
  }

  private tell({ name, time, matches }: Alert, record: LogRecord): void {
    const { seq, category, level, logger, message } = record;
    this.firings += 1;
    this.monitor.tellAlert(
      {
        epoch: this.stream.cursors.epoch,
        id: this.firings,
        name,
        time,
        matches,
        record: { seq, category, level, logger, message: message.slice(0, LONGEST_MESSAGE) },
      },
      record,
    );
  }
}
