/** With the `u` flag this is only a surrogate that has no other half: pairs are one code point. */
const LONE_SURROGATE = /\p{Surrogate}/u;
const LONE_SURROGATES = new RegExp(LONE_SURROGATE, 'gu');

/** Whether a text has UTF-8 bytes of its own: half of a surrogate pair is encoded like U+FFFD, as any other half is. */
export function isWellFormed(text: string): boolean {
  return !LONE_SURROGATE.test(text);
}

/**
 * A copy of plain JSON in which every half of a surrogate pair (a text cut within an emoji) stands as its escape,
 * `\ud83d`. RFC 8785 refuses such strings, and a record must not be lost because a caller cut a text badly; written
 * out, two different halves stay different.
 */
export function wellFormed<T>(value: T): T;
export function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return wellFormedText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => wellFormed(item));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [wellFormedText(key), wellFormed<unknown>(item)]),
  );
}

function wellFormedText(text: string): string {
  return text.replace(LONE_SURROGATES, (half) => `\\u${half.charCodeAt(0).toString(16)}`);
}
