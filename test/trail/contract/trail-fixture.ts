import { type ResolvedTrailOptions, type TrailOptions } from '../../../src/options/trail-options.js';
import { UuidV7 } from '../../../src/record/record-id.js';
import { draftOf } from '../../../src/trail/store/draft-entry.js';
import {
  type BackendListener,
  type OpenedTrail,
  type TrailBackend,
  type WritableTrail,
} from '../../../src/trail/store/trail-backend.js';
import { type NewEntry } from '../../../src/trail/store/trail-entry.js';
import { type TrailStore } from '../../../src/trail/store/trail-store.js';
import { type PlainObject } from '../../../src/wire/plain-value.js';

/** A trail of its own for one test, in the store that a contract is tried on. Gone, with all that is open, at the end. */
export interface TrailFixture extends AsyncDisposable {
  /** Options under which this trail is found again. */
  options(given?: Partial<TrailOptions>): ResolvedTrailOptions;
  /** Where these options keep it. */
  place(options: ResolvedTrailOptions, instance?: string): WritableTrail;
  /** The trail of an application; is closed at the end. */
  open(given?: Partial<TrailOptions>): Promise<TrailStore>;
  /** While this is held, the store takes nothing: every append fails, and works again afterwards. */
  outage(): Promise<AsyncDisposable>;
  /** Ends a store without any of its goodbyes, as `kill -9` does. */
  kill(store: TrailStore): Promise<void>;
}

/** Makes one. */
export type MakeFixture = () => Promise<TrailFixture>;

/** What a backend said unasked. */
export class HeardEvents implements BackendListener {
  readonly sizes: number[] = [];
  readonly problems: (string | undefined)[] = [];
  readonly ends: string[] = [];
  steps = 0;

  checkpoint: BackendListener['checkpoint'] = ({ size }) => void this.sizes.push(size);
  upkeep: BackendListener['upkeep'] = (problem) => void this.problems.push(problem?.code);
  space: BackendListener['space'] = () => {};
  pruning: BackendListener['pruning'] = () => void (this.steps += 1);
  ended: BackendListener['ended'] = ({ code }) => void this.ends.push(code);
}

/** A backend that is open, until it goes out of scope. */
export class OpenBackend implements AsyncDisposable {
  private constructor(
    readonly backend: TrailBackend,
    readonly opened: OpenedTrail,
    readonly heard: HeardEvents,
  ) {}

  static async of(fixture: TrailFixture, given: Partial<TrailOptions> = {}): Promise<OpenBackend> {
    const heard = new HeardEvents();
    const backend = fixture.place(fixture.options(given), 'contract:1').connect(heard);
    return new OpenBackend(backend, await backend.open(), heard);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.backend.close();
  }
}

/** An audit record, a second after the one before. */
export function record(number: number, data: PlainObject = {}, epoch = 'epoch-1'): NewEntry {
  return {
    kind: 'record',
    stream: { epoch, seq: number },
    instance: 'contract:1',
    data: {
      timestamp: new Date(Date.UTC(2026, 0, 1) + number * 1_000).toISOString(),
      level: 'INFO',
      logger: 'audit.users',
      message: `role changed ${number}`,
      action: 'user_role_changed',
      outcome: 'success',
      ...data,
    },
  };
}

export function records(count: number, from = 1): NewEntry[] {
  return Array.from({ length: count }, (_, index) => record(from + index));
}

export function intent(id: string): NewEntry {
  return { kind: 'intent', stream: null, instance: 'contract:1', data: { id, action: 'pay' } };
}

/** How a call ended that an intent announced. */
export function outcome(number: number, id: string): NewEntry {
  return record(number, { intent: id });
}

/** A batch as the queue sends it. */
export function batch(...entries: readonly NewEntry[]): string {
  const ids = new UuidV7();
  return `[${entries.map((entry) => draftOf(entry, ids).text).join(',')}]`;
}

/** Everything that a trail holds is verified before it is given. */
export async function storedData(fixture: TrailFixture): Promise<PlainObject[]> {
  const place = fixture.place(fixture.options());
  const { verdict, findings } = await place.verify({ trusted: [] });
  if (verdict !== 'ok') throw new Error(findings.map(({ text }) => text).join(' '));
  await using view = place.view();
  await using evidence = await view.evidence();
  const all: PlainObject[] = [];
  for await (const { payload } of evidence.entries)
    all.push((JSON.parse(Buffer.from(payload as Uint8Array).toString()) as { data: PlainObject }).data);
  return all;
}
