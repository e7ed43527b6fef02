import { canonicalPayload } from '../../../src/trail/evidence/canonical-payload.js';
import { type Checkpoint } from '../../../src/trail/evidence/checkpoint.js';
import { originOf, signCheckpoint } from '../../../src/trail/evidence/checkpoint-note.js';
import { CHAIN_START, chainHash, leafHash } from '../../../src/trail/evidence/hashes.js';
import { handOver } from '../../../src/trail/evidence/key-handover.js';
import { MerkleTree } from '../../../src/trail/evidence/merkle-tree.js';
import { type SigningKey } from '../../../src/trail/evidence/signing-key.js';
import { FIRST_START, formatStart, type StartState } from '../../../src/trail/evidence/start-state.js';
import { type StoredEntry } from '../../../src/trail/evidence/verify/stored-entry.js';
import { type TrailEvidence } from '../../../src/trail/evidence/verify/verify-trail.js';
import { keyOfSeed } from './a-key.js';

export const TRAIL_ID = '0199c2a4-7d1e-7000-8000-000000000001';

/** A key of the trail: always the same for a number. */
export const trailKey = (number: number): SigningKey =>
  keyOfSeed(Buffer.alloc(32, number), originOf(TRAIL_ID));

/** A trail as the store would have written it, in memory. */
export class ATrail implements TrailEvidence {
  readonly trail = TRAIL_ID;
  readonly keys: string[];
  entries: StoredEntry[] = [];
  checkpoints: string[] = [];
  /** What was kept elsewhere: every checkpoint that was ever made. */
  readonly anchors: string[] = [];
  start: StartState = FIRST_START;
  private tree = new MerkleTree();
  private chain: Buffer = CHAIN_START;
  private readonly states = new Map<number, StartState>();
  private readonly handovers: { readonly seq: number; readonly note: string }[] = [];

  constructor(private key: SigningKey = trailKey(1)) {
    this.keys = [key.verifier];
  }

  /** `count` entries, with a checkpoint behind each `every`. */
  static of(count: number, every: number, key?: SigningKey, word?: string): ATrail {
    return new ATrail(key).grow(count, every, word);
  }

  get size(): number {
    return this.tree.size;
  }

  grow(count: number, every = Infinity, word = 'order'): this {
    for (let index = 0; index < count; index++) {
      this.add({ id: `id-${this.size + 1}`, message: `${word} ${this.size + 1} \u00e9\u{1f600} "quoted"` });
      if (this.size % every === 0) this.sign();
    }
    return this;
  }

  add(data: object, kind = 'record'): this {
    const seq = this.size + 1;
    const stream = kind === 'record' ? { epoch: 'mgf3k2', seq: seq + 4_000 } : null;
    const payload = canonicalPayload({ v: 1, seq, kind, stream, instance: 'host:1', data });
    const leaf = leafHash(payload);
    this.tree.append(leaf);
    this.chain = chainHash(this.chain, leaf);
    this.entries.push({ seq, payload, chain: this.chain });
    this.states.set(seq, { ...FIRST_START, through: seq, chain: this.chain, frontier: this.tree.frontier() });
    return this;
  }

  state(): Checkpoint {
    const { size, chain } = this;
    return {
      trail: this.trail,
      size,
      root: this.tree.root(),
      chain,
      time: new Date(1_760_000_000_000 + size * 1_000).toISOString(),
    };
  }

  sign(key = this.key): this {
    this.keep(signCheckpoint(this.state(), key));
    return this;
  }

  rotate(next: SigningKey): this {
    const data = handOver(this.state(), this.key, next);
    this.handovers.push({ seq: this.size + 1, note: data.note });
    this.anchors.push(data.note);
    this.key = next;
    return this.add({ ...data }, 'key').sign();
  }

  prune(through: number): this {
    const handovers = this.handovers.filter(({ seq }) => seq <= through).map(({ note }) => note);
    const start = { ...this.states.get(through)!, handovers };
    this.add({ ...formatStart(start), reason: 'age' }, 'pruned').sign();
    return this.dropThrough(start);
  }

  /** What a retention does, and what somebody can do who only says that it was one. */
  dropThrough(start: StartState): this {
    this.start = start;
    this.entries = this.entries.filter(({ seq }) => seq > start.through);
    this.checkpoints = this.checkpoints.filter((note) => Number(note.split('\n')[1]) >= start.through);
    return this;
  }

  stateAt(seq: number): StartState {
    return this.states.get(seq)!;
  }

  private keep(note: string): void {
    this.checkpoints.push(note);
    this.anchors.push(note);
  }
}
