/** A part of a text that a finder has looked at: it never has to look at it again. */
export interface Span {
  readonly start: number;
  /** The first position after it. */
  readonly end: number;
  /** False for a false alarm. */
  readonly isSecret: boolean;
  /** What stands around the replacement, so that JSON stays JSON where the secret was no text: `"pin":1234`. */
  readonly quote?: string;
}

/**
 * Looks for a secret where a text shows the first sign of one. Reads forward only, but for what a fixed bound allows,
 * and takes part in a linear scan: what it reads it returns as part of the span.
 *
 * @param at position of the sign
 * @param isCut whether the text goes on behind its end: a secret may then be there only in part
 */
export type Finder = (text: string, at: number, isCut: boolean) => Span;

/** One kind of secrets: where a text shows the first sign of one, and what is there. */
export interface Detector {
  /** Position of the first sign from `from` on, or {@link NOWHERE}. */
  next(text: string, from: number): number;
  find: Finder;
}

export const NOWHERE = Number.POSITIVE_INFINITY;

export const secret = (start: number, end: number): Span => ({ start, end, isSecret: true });

export const falseAlarm = (start: number, end: number): Span => ({ start, end, isSecret: false });
