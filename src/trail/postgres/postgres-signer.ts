import { UuidV7 } from '../../record/record-id.js';
import { type PlainObject } from '../../wire/plain-value.js';
import { appendAnchor } from '../evidence/anchor-file.js';
import { type Checkpoint } from '../evidence/checkpoint.js';
import { originOf, parseCheckpoint, signCheckpoint } from '../evidence/checkpoint-note.js';
import { handOver } from '../evidence/key-handover.js';
import { type SigningKey } from '../evidence/signing-key.js';
import { type NewEntry } from '../store/trail-entry.js';
import { TrailError } from '../store/trail-error.js';
import { finishRotation, prepareRotation, type StartKeys } from '../store/trail-keys.js';
import { type WrittenCheckpoint } from '../store/written-checkpoint.js';
import { type Connections } from './connect.js';
import { type RunSql } from './pg-pool.js';
import { placedDraft } from './placed-draft.js';
import { lastSignedMissing, notSigning } from './postgres.messages.js';
import { lastCheckpoint, type CheckpointRow, type VerifiedHead } from './verified-head.js';

/** A client that does not go on within this, in ms, loses the lock that it holds: nobody waits longer for it. */
const BEGIN_LOCKED = 'BEGIN; SET LOCAL idle_in_transaction_session_timeout = 2000';

/** What signing is about. */
export interface SignerTrail {
  readonly trail: string;
  readonly instance: string;
  readonly head: VerifiedHead;
  /** Without, this process signs nothing. */
  readonly keys: StartKeys | undefined;
  /** The key that signs, as the trail says. */
  readonly verifier: string;
  readonly last: WrittenCheckpoint | undefined;
  /** File that anchors go to, and the number of the last checkpoint in it. */
  readonly anchors: string | undefined;
  readonly anchored: number;
}

/** Signs the head of a trail, anchors what was signed, and changes the key. One thing after the other. */
export class PostgresSigner {
  private readonly ids = new UuidV7();
  private key: SigningKey | undefined;
  private signed: WrittenCheckpoint | undefined;
  private anchored: number;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly connections: Connections,
    private readonly of: SignerTrail,
    private readonly tell: (checkpoint: WrittenCheckpoint) => void,
  ) {
    this.key = of.keys?.key;
    this.signed = of.last;
    this.anchored = of.anchored;
  }

  get last(): WrittenCheckpoint | undefined {
    return this.signed;
  }

  get verifier(): string {
    return this.key?.verifier ?? this.of.verifier;
  }

  get signs(): boolean {
    return this.key !== undefined;
  }

  /** Brings in the key of this start: the first one, the one so far, or one that takes over. */
  async start(): Promise<void> {
    const { keys, trail } = this.of;
    if (!keys) return;
    const { key, isFirst, previous, path } = keys;
    if (isFirst) await this.nameFirst(key);
    if (previous) await this.inTurn(() => this.changeKey(previous, key));
    if (path !== undefined) finishRotation(path, originOf(trail), key.verifier);
  }

  /** Signs what is committed, unless that was done, by whomever. */
  checkpoint(): Promise<WrittenCheckpoint> {
    return this.inTurn(() => this.signHead());
  }

  /** @returns the verifier key of the next one */
  async rotateKey(pem: string | undefined): Promise<string> {
    const { keys, trail } = this.of;
    if (!keys || !this.key) throw new TrailError('key', notSigning());
    const next = prepareRotation(keys.path, originOf(trail), pem);
    await this.inTurn(() => this.changeKey(this.key!, next));
    if (keys.path !== undefined) finishRotation(keys.path, originOf(trail), next.verifier);
    await this.checkpoint();
    return next.verifier;
  }

  /** An entry that the trail itself makes. */
  entry(kind: NewEntry['kind'], data: PlainObject): NewEntry {
    const timestamp = new Date().toISOString();
    const { instance } = this.of;
    return { kind, stream: null, instance, data: { id: this.ids.next(), timestamp, ...data } };
  }

  private async nameFirst(key: SigningKey): Promise<void> {
    const { connections } = this;
    const [row] = await connections.query(`SELECT ${connections.schema}.first_key($1) AS vkey`, [
      key.verifier,
    ]);
    if (row!.vkey !== key.verifier) throw new TrailError('key', notSigning());
  }

  private async signHead(): Promise<WrittenCheckpoint> {
    const { connections, of } = this;
    const { schema } = connections;
    const run: RunSql = (sql, values) => connections.query(sql, values);
    for (;;) {
      const last = await lastCheckpoint(run, schema);
      await this.requireSigned(run, last);
      await of.head.advance(run);
      if (last && (last.size >= of.head.size || !this.key)) return this.written(run, last);
      if (!this.key) throw new TrailError('key', notSigning());
      const checkpoint = of.head.checkpoint(of.trail);
      const note = signCheckpoint(checkpoint, this.key);
      // Otherwise somebody else has signed meanwhile: what is left is looked at anew.
      if (await this.store(run, last, checkpoint, note, this.key))
        return this.written(run, { ...checkpoint, note, number: (last?.number ?? 0) + 1 });
    }
  }

  /** After a failover the server may not have what was signed: to sign another thing of that size would be a fork. */
  private async requireSigned(run: RunSql, last: CheckpointRow | undefined): Promise<void> {
    if (!this.signed || last?.note === this.signed.note) return;
    const { size, note } = this.signed;
    const [found] = await run(
      `SELECT (SELECT coalesce(max(seq), 0) FROM ${this.connections.schema}.entries) AS last,
         EXISTS (SELECT FROM ${this.connections.schema}.checkpoints WHERE size = $1 AND note = $2)
         OR EXISTS (SELECT FROM ${this.connections.schema}.checkpoints WHERE size > $1) AS known`,
      [size, note],
    );
    if (found!.known !== true)
      throw new TrailError('corrupt', lastSignedMissing(this.connections.name, size, Number(found!.last)));
  }

  private async store(
    run: RunSql,
    last: CheckpointRow | undefined,
    { size, root, chain }: Checkpoint,
    note: string,
    { verifier }: { readonly verifier: string },
  ): Promise<boolean> {
    const { schema } = this.connections;
    const [row] = await run(`SELECT ${schema}.sign($1, $2, $3, $4, $5, $6, $7) AS done`, [
      (last?.number ?? 0) + 1,
      verifier,
      size,
      root,
      chain,
      this.of.head.frontier,
      note,
    ]);
    return row!.done === true;
  }

  /** The old key signs the state that it leaves, and the next entry says which key takes over: nothing in between. */
  private async changeKey(from: SigningKey | 'lost', to: SigningKey): Promise<void> {
    const { connections, of } = this;
    const { schema } = connections;
    const before = this.of.keys?.previous === from ? of.verifier : this.verifier;
    const written = await connections.transaction(BEGIN_LOCKED, async (run) => {
      await run(`SELECT ${schema}.lock()`);
      const last = await lastCheckpoint(run, schema);
      await of.head.advance(run);
      const checkpoint = of.head.checkpoint(of.trail);
      const { note, ...rest } =
        from === 'lost'
          ? {
              note: signCheckpoint({ ...checkpoint, nextKey: to.verifier }, to),
              vkey: to.verifier,
              lost: true,
            }
          : handOver(checkpoint, from, to);
      await this.store(run, last, checkpoint, note, { verifier: before });
      const draft = placedDraft(this.entry('key', { note, ...rest }), 0);
      await run(`SELECT * FROM ${schema}.put($1::json)`, [JSON.stringify([draft])]);
      await run(`SELECT ${schema}.next_key($1, $2)`, [before, to.verifier]);
      return { ...checkpoint, note, number: (last?.number ?? 0) + 1 };
    });
    this.key = to;
    const run: RunSql = (sql, values) => connections.query(sql, values);
    await this.written(run, written);
    await this.signHead();
  }

  private async written(
    run: RunSql,
    { note, number }: Pick<CheckpointRow, 'note' | 'number'>,
  ): Promise<WrittenCheckpoint> {
    const { size, time } = parseCheckpoint(note).checkpoint;
    const checkpoint = { size, time, note };
    const isNew = this.signed?.note !== note;
    this.signed = checkpoint;
    if (isNew) this.tell(checkpoint);
    await this.anchor(run, number);
    return checkpoint;
  }

  /** Appends what the file does not have: also what it could not be given when its disk was full, or others have signed. */
  private async anchor(run: RunSql, number: number): Promise<void> {
    const { anchors } = this.of;
    if (anchors === undefined || number <= this.anchored) return;
    const missing = await run(
      `SELECT number, note FROM ${this.connections.schema}.checkpoints WHERE number > $1 ORDER BY number`,
      [this.anchored],
    );
    for (const row of missing) {
      appendAnchor(anchors, String(row.note));
      this.anchored = Number(row.number);
    }
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined);
    return result;
  }
}
