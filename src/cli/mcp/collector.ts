import {
  connect,
  type FilterSpec,
  type GapItem,
  type LostItem,
  type LogStreamClient,
  type RecordItem,
  type ReplaySpec,
} from '../../client/index.js';
import { authorizedSocket } from '../authorized-socket.js';

/** An answer holds no more characters of records: what an assistant reads, it pays for and forgets by. */
const MOST_CHARACTERS = 64 * 1024;

/** Records as an assistant gets them. */
export interface Collected {
  readonly records: readonly object[];
  /** Which records are missing, and why. */
  readonly gaps: readonly object[];
  /** Where to go on; absent when nothing came, and nothing was given to go on from. */
  readonly cursor?: string;
  /** Whether there are more behind the cursor already. */
  readonly more: boolean;
}

/** What to collect. */
export interface Wanted {
  readonly filter: FilterSpec;
  readonly replay: ReplaySpec;
  /** Most records. */
  readonly limit: number;
  /** Whether to go on when all that there was has come. */
  readonly live: boolean;
  readonly signal: AbortSignal;
}

/** Reads the stream as far as it is asked for, over a connection of its own for each question. */
export class Collector {
  constructor(
    private readonly address: string,
    private readonly token: string | undefined,
  ) {}

  /** @throws LogStreamError where the stream cannot be read */
  async collect({ filter, replay, limit, live, signal }: Wanted): Promise<Collected> {
    const client = connect(this.address, {
      filter,
      replay,
      reconnect: false,
      signal,
      WebSocket: authorizedSocket(this.token),
    });
    const answer = new Answer(limit, 'after' in replay ? replay.after : undefined);
    try {
      await read(client, answer, live);
    } finally {
      await client.close();
    }
    return answer.collected;
  }
}

/** Until the answer is full, or all that there was has come. */
async function read(client: LogStreamClient, answer: Answer, live: boolean): Promise<void> {
  let received = 0;
  let taken = 0;
  let end = Number.POSITIVE_INFINITY;
  const items = client[Symbol.asyncIterator]();
  client.subscribe(() => (received += 1));
  client.on('caught_up', () => {
    if (live) return;
    end = received;
    if (taken >= end) void client.close();
  });
  for await (const item of items) {
    taken += 1;
    if (!answer.add(item)) return;
    if (taken >= end || (live && answer.isFull)) return;
  }
}

class Answer {
  private readonly records: object[] = [];
  private readonly gaps: object[] = [];
  private characters = 0;
  private more = false;

  constructor(
    private readonly limit: number,
    private cursor: string | undefined,
  ) {}

  get isFull(): boolean {
    return this.records.length >= this.limit;
  }

  get collected(): Collected {
    const { records, gaps, cursor, more } = this;
    return { records, gaps, ...(cursor !== undefined && { cursor }), more };
  }

  /** @returns false when it did not fit any more */
  add(item: RecordItem | GapItem | LostItem): boolean {
    if ('seq' in item) {
      const record = {
        seq: item.seq,
        category: item.type === 'audit_log' ? 'audit' : 'system',
        ...item.data,
      };
      const size = JSON.stringify(record).length;
      // One record always fits, however large: its limits are those of the application.
      const isTooLarge = this.records.length > 0 && this.characters + size > MOST_CHARACTERS;
      if (this.isFull || isTooLarge) {
        this.more = true;
        return false;
      }
      this.characters += size;
      this.records.push(record);
    } else {
      const { epoch: _epoch, cursor: _cursor, ...gap } = item;
      this.gaps.push(gap);
    }
    this.cursor = item.cursor;
    return true;
  }
}
