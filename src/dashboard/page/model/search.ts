import { foldText } from '../../../wire/fold.js';
import { type RecordRow } from './row.js';
import { foldedTextOf, searchTextOf } from './search-text.js';

/** `/order \\d+ (paid|sent)/`, with `i`, `m`, `s` or `u` behind it where wanted. */
const EXPRESSION = /^\/(.+)\/([imsu]*)$/s;

/** @returns the regular expression that was typed; `undefined` for a text, or for one that is not finished yet */
export function expressionOf(search: string): RegExp | undefined {
  const [, source, flags] = EXPRESSION.exec(search.trim()) ?? [];
  if (source === undefined) return undefined;
  try {
    return new RegExp(source, flags);
  } catch {
    return undefined;
  }
}

/**
 * Compiles what was typed into the search: a text, in any case, or a regular expression between slashes. Those run
 * nowhere but here, where they cost only the person who has typed them.
 *
 * @returns `undefined` for nothing to check
 */
export function compileSearch(search: string): ((row: RecordRow) => boolean) | undefined {
  const expression = expressionOf(search);
  if (expression) return (row) => expression.test(searchTextOf(row));
  const wanted = foldText(search.trim());
  return wanted === '' ? undefined : (row) => foldedTextOf(row).includes(wanted);
}
