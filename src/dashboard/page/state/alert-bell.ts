import { computed, signal } from '@preact/signals';
import { type AlertData } from '../../../wire/alert.js';
import { withFiring } from '../model/alerts.js';

/** The last alerts that have fired, and which of them nobody has looked at. */
export class AlertBell {
  /** Newest first. */
  readonly firings = signal<readonly AlertData[]>([]);
  private readonly seen = signal<ReadonlySet<AlertData>>(new Set());
  readonly unseen = computed(
    () => this.firings.value.filter((firing) => !this.seen.value.has(firing)).length,
  );

  /** @returns whether it is new to this page */
  add(firing: AlertData): boolean {
    const before = this.firings.peek();
    this.firings.value = withFiring(before, firing);
    return this.firings.peek() !== before;
  }

  /** Somebody has looked. */
  look(): void {
    this.seen.value = new Set(this.firings.peek());
  }
}
