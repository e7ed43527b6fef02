import { group, trueOrFalse } from './option-checks.js';
import { mustBe, secretMustBe } from './options.messages.js';
import { type ResolvedLogStreamOptions } from './resolved-options.js';

/** A censor is written for each secret of a text: a long one would make records grow. */
const LONGEST_CENSOR = 64;

/** A shorter key could be found by trying. */
const SHORTEST_KEY = 16;

/** Validates the option `redact`, fills in its defaults, copies and freezes. */
export function resolveRedact(value: unknown): ResolvedLogStreamOptions['redact'] {
  if (value === false) return false;
  const {
    keys = [],
    defaults = true,
    patterns = true,
    censor = '[REDACTED]',
    hash,
  } = group('redact', value, ['keys', 'defaults', 'patterns', 'censor', 'hash']);
  return Object.freeze({
    keys: secretKeys(keys),
    defaults: trueOrFalse('redact.defaults', defaults),
    patterns: trueOrFalse('redact.patterns', patterns),
    censor: censorText(censor),
    hash: hash === undefined ? undefined : Object.freeze({ key: hashKey(hash) }),
  });
}

function secretKeys(value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw new TypeError(mustBe('redact.keys', 'an array of names', value));
  return Object.freeze(
    value.map((key: unknown) => {
      // Nest ignores what has no name in it; who wrote it meant something, and would believe it hidden.
      if (typeof key !== 'string' || !/[^.\s]/.test(key)) {
        throw new TypeError(mustBe('redact.keys', "names or dotted paths, as 'user.email'", key));
      }
      return key;
    }),
  );
}

function censorText(value: unknown): string {
  if (typeof value !== 'string' || value.length > LONGEST_CENSOR) {
    throw new TypeError(mustBe('redact.censor', `a text of at most ${LONGEST_CENSOR} characters`, value));
  }
  return value;
}

function hashKey(value: unknown): string {
  const { key } = group('redact.hash', value, ['key']);
  if (typeof key !== 'string' || key.length < SHORTEST_KEY) {
    throw new TypeError(
      secretMustBe('redact.hash.key', `a text of at least ${SHORTEST_KEY} characters`, key),
    );
  }
  return key;
}
