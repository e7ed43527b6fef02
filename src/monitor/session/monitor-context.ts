import { type ResolvedLimits } from '../../options/resolved-options.js';
import { type RecordSource } from '../../stream/record-source.js';
import { type FanOut } from '../../subscription/fan-out.js';
import { type BatchFraming } from '../protocol/batch-framing.js';
import { type MonitorCounters } from '../monitor-counters.js';
import { type PlainFraming } from '../protocol/plain-framing.js';
import { type Firings } from './firings.js';
import { type ProductionRates } from './production-rates.js';
import { type RecordText } from '../protocol/record-text.js';

/** What all sessions of one monitor share. */
export interface MonitorContext {
  readonly source: RecordSource;
  readonly fanOut: FanOut;
  readonly text: RecordText;
  readonly framings: {
    readonly plain: PlainFraming;
    readonly batch: BatchFraming;
    readonly compressedBatch: BatchFraming;
  };
  readonly rates: ProductionRates;
  readonly firings: Firings;
  readonly counters: MonitorCounters;
  readonly instance: string;
  readonly limits: ResolvedLimits;
}
