/** A part of a text that a finder has looked at: it never has to be looked at again. */
export interface Span {
  readonly start: number;
  /** The first position after it. */
  readonly end: number;
  /** False for a false alarm. */
  readonly isSecret: boolean;
}

/**
 * Looks for a secret where a text shows the first sign of one. Reads forward only, and takes part in a linear
 * scan: what it reads it either returns as part of the span or there is a fixed bound for it.
 *
 * @param at position of the sign
 * @param isCut whether the text goes on behind its end: a secret may then be there only in part
 */
export type Finder = (text: string, at: number, isCut: boolean) => Span;

export const secret = (start: number, end: number): Span => ({ start, end, isSecret: true });

export const falseAlarm = (start: number, end: number): Span => ({ start, end, isSecret: false });
