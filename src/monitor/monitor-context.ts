import { type ResolvedLimits } from '../options/resolved-options.js';
import { type LogStream } from '../stream/log-stream.js';
import { type FanOut } from '../subscription/fan-out.js';
import { type BatchFraming } from './batch-framing.js';
import { type StreamFormat } from './http/stream-format.js';
import { type StreamFormatName } from './http/stream-request.js';
import { type MonitorCounters } from './monitor-counters.js';
import { type PlainFraming } from './plain-framing.js';
import { type ProductionRates } from './production-rates.js';
import { type RecordText } from './record-text.js';

/** What all sessions of one monitor share. */
export interface MonitorContext {
  readonly stream: LogStream;
  readonly fanOut: FanOut;
  readonly text: RecordText;
  readonly framings: {
    readonly plain: PlainFraming;
    readonly batch: BatchFraming;
    readonly compressedBatch: BatchFraming;
  };
  readonly formats: Readonly<Record<StreamFormatName, StreamFormat>>;
  readonly rates: ProductionRates;
  readonly counters: MonitorCounters;
  readonly instance: string;
  readonly limits: ResolvedLimits;
}
