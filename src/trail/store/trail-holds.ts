import { type NewHold, type Hold } from './hold.js';
import { holdMustBe, holdUnknown } from './store.messages.js';
import { type NewEntry } from './trail-entry.js';
import { type TrailReceipt } from '../../record/kept-entry.js';
import { TrailError } from './trail-error.js';
import { time } from './trail-query.js';

/** What holds need of the store. */
export interface HoldTrail {
  append(entry: NewEntry): Promise<TrailReceipt>;
  activeHolds(): Promise<Hold[]>;
  newId(): string;
  readonly instance: string;
}

/**
 * Legal holds: what must not be pruned. They are entries of the trail, and so evidence themselves.
 *
 * @publicApi
 */
export class TrailHolds {
  constructor(private readonly trail: HoldTrail) {}

  /** Those in force. */
  active(): Promise<Hold[]> {
    return this.trail.activeHolds();
  }

  /**
   * Resolves when the hold is committed; from then on nothing that it keeps is pruned.
   *
   * @returns the id of the hold, beside the receipt of its entry
   * @throws TrailError `invalid_query` that names the field
   */
  async place(hold: NewHold): Promise<TrailReceipt & { readonly hold: string }> {
    const { id = this.trail.newId(), reason, from, to, action } = hold;
    demandText('reason', reason);
    demandText('id', id);
    if (action !== undefined) demandText('action', action);
    const receipt = await this.append('hold', {
      hold: id,
      reason,
      // Not beside the fields of records: a hold on an action is not found as one.
      scope: {
        ...(from !== undefined && { from: time('from', from) }),
        ...(to !== undefined && { to: time('to', to) }),
        ...(action !== undefined && { action }),
      },
    });
    return { ...receipt, hold: id };
  }

  /** @throws TrailError `invalid_query` when no such hold is in force */
  async release(hold: string, reason: string): Promise<TrailReceipt> {
    demandText('reason', reason);
    const active = await this.active();
    if (!active.some(({ id }) => id === hold)) throw new TrailError('invalid_query', holdUnknown(hold));
    return this.append('release', { hold, reason });
  }

  private append(kind: 'hold' | 'release', data: NewEntry['data']): Promise<TrailReceipt> {
    return this.trail.append({ kind, stream: null, instance: this.trail.instance, data });
  }
}

function demandText(field: string, value: unknown): void {
  if (typeof value !== 'string' || value.trim() === '') {
    throw new TrailError('invalid_query', holdMustBe(field, 'a text that is not empty'));
  }
}
