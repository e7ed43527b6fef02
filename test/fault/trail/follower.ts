import { ExtendedClient } from '../../harness/extended-client.js';
import { type ReceivedRecords, type ServerFrame } from '../../harness/received-records.js';
import { StreamClient } from '../../harness/stream-client.js';

/** How a client comes to the stream. */
export type Way = 'websocket' | 'event stream';

type Connection = ReceivedRecords & { readonly cursor: string | undefined; break(): Promise<void> };

/** A client that loses its connection again and again, and each time resumes with the last cursor that it was given. */
export class Follower {
  private connection: Connection | undefined;
  private earlier: readonly Connection[] = [];
  private lastCursor: string | undefined;

  constructor(
    readonly way: Way,
    private readonly query = 'category=audit',
  ) {}

  /** Until it is greeted. */
  async connect(port: number): Promise<void> {
    const { lastCursor, query } = this;
    const resume = lastCursor === undefined ? '' : `&after=${lastCursor}`;
    if (this.way === 'websocket') {
      const url = `ws://127.0.0.1:${port}/ws/monitor?v=1&${query}${resume}`;
      this.connection = await ExtendedClient.connect(url);
    } else {
      const headers: Record<string, string> = lastCursor === undefined ? {} : { 'Last-Event-ID': lastCursor };
      const client = await StreamClient.connect(`http://127.0.0.1:${port}/monitor/stream?${query}`, headers);
      // The first block has an id only for who came without one.
      if (lastCursor === undefined) await client.until(() => client.cursor !== undefined);
      this.connection = client;
    }
  }

  get isConnected(): boolean {
    return this.connection !== undefined;
  }

  /** Breaks the connection, or notices that it broke. @returns what came over it */
  async leave(): Promise<readonly ServerFrame[]> {
    const { connection } = this;
    if (!connection) return [];
    await connection.break();
    // A stream that was cut before its first id says nothing new.
    this.lastCursor = connection.cursor ?? this.lastCursor;
    this.earlier = [...this.earlier, connection];
    this.connection = undefined;
    return connection.frames;
  }

  /** The cursor that it would resume with. */
  get cursor(): string | undefined {
    return this.connection?.cursor ?? this.lastCursor;
  }

  get connections(): readonly ReceivedRecords[] {
    return this.connection ? [...this.earlier, this.connection] : this.earlier;
  }

  /** Ids of the audit records that it got, in their order. */
  get ids(): string[] {
    return this.connections.flatMap(({ items }) =>
      items.filter(({ type }) => type === 'audit_log').map(({ data }) => String(data['id'])),
    );
  }

  /** Waits until a record has come, over this connection or an earlier one. */
  async got(id: string): Promise<void> {
    const { connection } = this;
    await connection!.until(() => connection!.items.some(({ data }) => data['id'] === id));
  }
}
