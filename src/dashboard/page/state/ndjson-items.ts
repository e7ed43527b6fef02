import { type AlertData, type LogStreamItem, type RecordItem } from '../../../client/index.js';

/** What one line of the stream over HTTP says. */
export interface ReadLine {
  readonly items: readonly LogStreamItem[];
  /** An alert has fired. */
  readonly alert?: AlertData;
  /** Close code, where the server says that it ends the stream. */
  readonly closing?: number;
}

interface Line {
  readonly type?: unknown;
  readonly seq?: unknown;
  /** Of a record of an earlier run, which the trail still has. */
  readonly epoch?: unknown;
  readonly data?: unknown;
  readonly cursor?: unknown;
}

const NOTHING: ReadLine = { items: [] };

/** Reads lines of NDJSON, in their order, as what a client yields. What is not understood is left out. */
export function itemReader(): (text: string) => ReadLine {
  let epoch: string | undefined;
  let cursor = '';
  return (text) => {
    let line: Line;
    try {
      line = Object(JSON.parse(text)) as Line;
    } catch {
      return NOTHING;
    }
    if (typeof line.cursor === 'string') cursor = line.cursor;
    const run = typeof line.epoch === 'string' ? line.epoch : runOf(cursor);
    const previousEpoch = epoch;
    epoch = run;
    const data = Object(line.data) as Readonly<Record<string, unknown>>;
    switch (line.type) {
      case 'system_log':
      case 'audit_log': {
        const { type, seq } = line;
        return { items: [{ type, seq, data, epoch: run, cursor } as unknown as RecordItem] };
      }
      case 'gap':
        return { items: [{ ...data, type: 'gap', epoch: run, cursor } as unknown as LogStreamItem] };
      case 'caught_up': {
        if (data['missing'] !== null) return NOTHING;
        const lost = { type: 'lost', epoch: run, cursor } as const;
        return {
          items: [
            previousEpoch === undefined || previousEpoch === run
              ? { ...lost, reason: 'not_recovered' }
              : { ...lost, reason: 'restarted', previousEpoch },
          ],
        };
      }
      case 'alert':
        return { items: [], alert: data as unknown as AlertData };
      case 'closing':
        return { items: [], closing: Number(data['code']) };
      default:
        return NOTHING;
    }
  };
}

/** A cursor names its run: the page is of the same version as the server that served it. */
function runOf(cursor: string): string {
  return cursor.slice(0, cursor.lastIndexOf('-'));
}
