import { type Provider } from '@nestjs/common';
import { AuditSink } from '../audit/deliver/audit-sink.js';
import { StreamAuditSink } from '../audit/deliver/stream-audit-sink.js';
import { LogStreamLogger } from '../logger/log-stream-logger.js';
import { LOG_STREAM_OPTIONS, type ResolvedLogStreamOptions } from '../options/resolved-options.js';
import { LogStream } from '../stream/log-stream.js';
import { AuditTrail } from './audit-trail.js';
import { TrailAuditSink } from './trail-audit-sink.js';
import { TrailEndpoint } from './trail-endpoint.js';
import { TrailLifecycle } from './trail-lifecycle.js';
import { TrailStart } from './trail-start.js';
import { TrailReading } from './trail-reading.js';

/** The providers of the trail; without the option `trail` none of them opens or starts anything. */
export function trailProviders(): Provider[] {
  return [
    {
      provide: AuditTrail,
      inject: [LOG_STREAM_OPTIONS, LogStream, TrailStart],
      // Opened here, not in a hook: whoever injects an audit logger gets one whose records are kept.
      useFactory: async (
        { trail, instance }: ResolvedLogStreamOptions,
        stream: LogStream,
        start: TrailStart,
      ) => {
        if (!trail) return new AuditTrail(undefined, stream, instance);
        const store = await start.open(trail, instance);
        await store.beginEpoch(stream.cursors.epoch);
        return new AuditTrail(store, stream, instance);
      },
    },
    {
      provide: AuditSink,
      inject: [LOG_STREAM_OPTIONS, LogStreamLogger, AuditTrail],
      useFactory: (
        { trail: options }: ResolvedLogStreamOptions,
        logger: LogStreamLogger,
        trail: AuditTrail,
      ): AuditSink =>
        options ? new TrailAuditSink(logger, trail, options.deadlineMs) : new StreamAuditSink(logger),
    },
    TrailStart,
    TrailLifecycle,
    TrailReading,
    TrailEndpoint,
  ];
}
