import { type Authorization } from '../../wire/principal.js';
import { Secret } from './secret.js';

/** Secrets, and who is known by each. */
export class Secrets {
  private readonly entries: readonly (readonly [Secret, Authorization])[];

  constructor(entries: Iterable<readonly [string, Authorization]>) {
    this.entries = [...entries].map(([secret, owner]) => [new Secret(secret), owner]);
  }

  /** Who has this secret. Looks at all of them: stopping at the right one would tell by time which it was. */
  ownerOf(candidate: string): Authorization {
    let found: Authorization;
    for (const [secret, owner] of this.entries) if (secret.matches(candidate)) found = owner;
    return found;
  }
}
