/** A record as an extended client gets it. */
export interface Item {
  readonly type: 'system_log' | 'audit_log';
  readonly seq: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A message of the extended protocol; of a batch, `data` is in {@link items}. */
export interface ServerFrame {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly id?: string | number;
  readonly items: readonly Item[];
  /** Of a batch from before this start of the application. */
  readonly epoch?: string;
  /** Beside the data of a batch, in the data of others. */
  readonly cursor?: string;
}

/** What a client that speaks the extended protocol has received, over whichever transport. */
export abstract class ReceivedRecords {
  /** Everything received so far. */
  abstract readonly frames: readonly ServerFrame[];

  /** Waits until something is so; rejects when the connection closes before. */
  abstract until(condition: () => boolean): Promise<void>;

  get items(): readonly Item[] {
    return this.frames.flatMap(({ items }) => items);
  }

  get seqs(): readonly number[] {
    return this.items.map(({ seq }) => seq);
  }

  get messages(): readonly unknown[] {
    return this.items.map(({ data }) => data['message']);
  }

  all(type: string): ServerFrame[] {
    return this.frames.filter((frame) => frame.type === type);
  }

  /** The first message of a type, as soon as it is there. */
  first(type: string): Promise<ServerFrame> {
    return this.nth(type, 1);
  }

  async nth(type: string, number: number): Promise<ServerFrame> {
    await this.until(() => this.all(type).length >= number);
    return this.all(type)[number - 1]!;
  }

  /** Waits until a record with this message has come. */
  message(text: string): Promise<void> {
    return this.until(() => this.messages.includes(text));
  }
}
