import { effect, signal } from '@preact/signals';
import { readSettings, type Settings } from '../model/settings.js';

const KEY = 'nestjs-log-stream:settings';

/** Settings in the browser's storage; where that is refused, as in some private windows, for as long as the page is open. */
export class SettingsStore {
  readonly current = signal(readSettings(stored()));

  constructor() {
    effect(() => {
      try {
        localStorage.setItem(KEY, JSON.stringify(this.current.value));
      } catch {
        // Then they are not kept.
      }
    });
  }

  change(change: Partial<Settings>): void {
    this.current.value = { ...this.current.value, ...change };
  }
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
