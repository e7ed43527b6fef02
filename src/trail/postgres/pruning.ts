import { type PlainObject } from '../../wire/plain-value.js';
import { formatStart } from '../evidence/start-state.js';
import { type Hold } from '../store/hold.js';
import { holdsInForce } from '../store/holds-in-force.js';
import { type PrunableStretch, type PruneBounds } from '../store/pruned.js';
import { splitHashes } from '../store/split-hashes.js';
import { type RunSql } from './pg-pool.js';
import { addConditions, Conditions } from './query-condition.js';

/** What the last entry of kind `pruned` says. */
export interface PrunedData extends PlainObject {
  through: number;
  chain: string;
  frontier: string[];
  handovers: string[];
}

/** What can be pruned of a trail, and what is. */
export class Pruning {
  constructor(
    private readonly run: RunSql,
    private readonly schema: string,
  ) {}

  async last(): Promise<PrunedData | undefined> {
    const [payload] = await this.payloads(`kind = 'pruned'`, 'DESC LIMIT 1');
    return payload === undefined ? undefined : (JSON.parse(payload) as { data: PrunedData }).data;
  }

  /** The last entry that was pruned, also when its deletion is not finished. */
  async through(): Promise<number> {
    return (await this.last())?.through ?? 0;
  }

  async holds(): Promise<Hold[]> {
    return holdsInForce(await this.payloads(`kind IN ('hold', 'release')`));
  }

  /** What the bounds name and the holds leave; `through` is before `from` when that is nothing. */
  async prunable({ olderThan, keepBytes }: PruneBounds): Promise<PrunableStretch> {
    const floor = await this.through();
    const wanted = Math.max(await this.old(floor, olderThan), await this.overSize(floor, keepBytes));
    const holds: { id: string; first: number }[] = [];
    for (const hold of await this.holds()) {
      const first = await this.firstHeld(hold, floor);
      if (first <= wanted) holds.push({ id: hold.id, first });
    }
    const allowed = Math.min(wanted, ...holds.map(({ first }) => first - 1));
    const signed = await this.number(`max(size) AS n FROM ${this.schema}.checkpoints WHERE size <= $1`, [
      allowed,
    ]);
    return { from: floor + 1, through: Math.max(floor, signed ?? 0), heldBy: holds.map(({ id }) => id) };
  }

  /**
   * What the entry says that stands in the place of what goes: the state from which the rest can be verified, and the
   * signed note over it.
   */
  async data({ from, through }: PrunableStretch, bounds: PruneBounds): Promise<PlainObject> {
    const [row] = await this.run(
      `SELECT * FROM ${this.schema}.checkpoints WHERE size = $1 ORDER BY number LIMIT 1`,
      [through],
    );
    const { chain, root, frontier, note } = row as unknown as Record<
      'chain' | 'root' | 'frontier',
      Buffer
    > & {
      note: string;
    };
    const handovers = (await this.payloads(`kind = 'key' AND seq BETWEEN ${from} AND ${through}`)).map(
      (payload) => String((JSON.parse(payload) as { data: PlainObject }).data.note),
    );
    const start = formatStart({
      through,
      chain,
      frontier: splitHashes(frontier),
      handovers: [...((await this.last())?.handovers ?? []), ...handovers],
    });
    return {
      from,
      count: through - from + 1,
      root: root.toString('hex'),
      ...start,
      frontier: [...start.frontier],
      handovers: [...start.handovers],
      note,
      bounds: { ...bounds },
    };
  }

  private async old(floor: number, time: string | undefined): Promise<number> {
    if (time === undefined) return floor;
    const young = await this.number(
      `min(seq) AS n FROM ${this.schema}.entries WHERE seq > $1 AND time >= $2`,
      [floor, time],
    );
    return young === undefined ? Number.MAX_SAFE_INTEGER : young - 1;
  }

  /** As many entries of average size as are too much. */
  private async overSize(floor: number, keepBytes: number | undefined): Promise<number> {
    if (keepBytes === undefined) return floor;
    const { schema } = this;
    const bytes =
      (await this.number(`sum(length(payload)) AS n FROM ${schema}.entries WHERE seq > $1`, [floor])) ?? 0;
    if (bytes <= keepBytes) return floor;
    const last = (await this.number(`max(seq) AS n FROM ${schema}.entries`, [])) ?? 0;
    return floor + Math.ceil(((last - floor) * (bytes - keepBytes)) / bytes);
  }

  private async firstHeld({ seq, from, to, action }: Hold, floor: number): Promise<number> {
    const conditions = new Conditions();
    conditions.add('e.seq > ?', floor);
    addConditions(conditions, { order: 'asc', limit: 1, ...(action !== undefined && { action }) });
    if (from !== undefined) conditions.add('e.time >= ?', from);
    if (to !== undefined) conditions.add('e.time <= ?', to);
    const first = await this.number(
      `min(e.seq) AS n FROM ${this.schema}.entries AS e WHERE ${conditions.sql}`,
      conditions.values,
    );
    return Math.min(first ?? seq, seq);
  }

  private async number(sql: string, values: unknown[]): Promise<number | undefined> {
    const [row] = await this.run(`SELECT ${sql}`, values);
    return row?.n == null ? undefined : Number(row.n);
  }

  private async payloads(where: string, order = ''): Promise<string[]> {
    const rows = await this.run(
      `SELECT payload FROM ${this.schema}.entries WHERE kind <> 'record' AND ${where} ORDER BY seq ${order}`,
    );
    return rows.map(({ payload }) => String(payload));
  }
}
