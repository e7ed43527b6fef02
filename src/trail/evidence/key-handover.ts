import { type Checkpoint } from './checkpoint.js';
import { signCheckpoint } from './checkpoint-note.js';
import { type SigningKey } from './signing-key.js';

/** `data` of an entry of kind `key`: from the next entry on, another key signs. */
export interface KeyHandover {
  /** Verifier key that takes over. */
  readonly vkey: string;
  /**
   * Checkpoint of the entry right before this one, with the line `key <vkey>`, signed by both keys: the old one passes
   * on its trust, the new one shows that it exists. As a checkpoint it fits no other place and no other trail.
   */
  readonly note: string;
}

/**
 * Hands over from one key to the next. The entry with it must come directly after the checkpoint's last entry.
 *
 * @param checkpoint of the trail as it is now
 */
export function handOver(checkpoint: Checkpoint, from: SigningKey, to: SigningKey): KeyHandover {
  const vkey = to.verifier;
  return { vkey, note: signCheckpoint({ ...checkpoint, nextKey: vkey }, from, to) };
}
