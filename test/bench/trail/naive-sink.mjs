import { AuditSink } from 'nestjs-log-stream';
import { hash } from 'node:crypto';

/**
 * What is written first when somebody needs durable audit records: one transaction for each, in the main thread, with the
 * settings, the columns and the hash chain of ours. It does not even show them to anybody.
 */
export class NaiveSink extends AuditSink {
  durable = true;
  #db;
  #insert;
  #seq = 0;
  #chain = '';

  constructor(file) {
    super();
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
    this.#db = new DatabaseSync(file);
    this.#db.exec(`
      PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 1000;
      CREATE TABLE entries (seq INTEGER PRIMARY KEY, chain TEXT NOT NULL, payload TEXT NOT NULL,
        id TEXT NOT NULL AS (payload ->> '$.id') VIRTUAL, action TEXT AS (payload ->> '$.action') VIRTUAL) STRICT;
      CREATE UNIQUE INDEX entries_id ON entries (id);
      CREATE INDEX entries_action ON entries (action)`);
    this.#insert = this.#db.prepare('INSERT INTO entries (seq, chain, payload) VALUES (?, ?, ?)');
  }

  async record({ fields, ...event }) {
    const payload = JSON.stringify({ ...event, ...fields, timestamp: new Date().toISOString() });
    this.#chain = hash('sha256', this.#chain + payload);
    this.#seq += 1;
    this.#insert.run(this.#seq, this.#chain, payload);
    return { id: event.id, seq: this.#seq, hash: this.#chain };
  }

  close() {
    this.#db.close();
  }
}
