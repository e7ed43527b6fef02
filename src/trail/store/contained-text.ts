import { foldText } from '../../wire/fold.js';
import { recordText } from '../../wire/record-text.js';
import { textedData } from '../../wire/texted-data.js';

/** Words by which most entries can be told not to have a text, before they are read. */
const WORD = /[a-z0-9_]+/g;

/** Stands in the text of a record, and nowhere in the record: `by user:ada`. */
const ADDED = 'by';

/** A word may be cut by a colour code, which the text of a record leaves out. */
const CUT = /\\u00[19]b|\u009b/i;

/**
 * Tells whether a text stands in the text of an entry, the same that every search looks through.
 *
 * @param text `undefined` for no condition: then there is nothing to test
 */
export function containedText(text: string | undefined): ((payload: string) => boolean) | undefined {
  if (text === undefined) return undefined;
  const wanted = foldText(text);
  const words = wanted.match(WORD) ?? [];
  const [word = ''] = words
    .filter((one) => one !== ADDED)
    .toSorted((one, other) => other.length - one.length);
  return (payload) => {
    if (!foldText(payload).includes(word) && !CUT.test(payload)) return false;
    const { kind, instance, data } = JSON.parse(payload) as Readonly<Record<string, unknown>>;
    const record = textedData(Object(data) as Readonly<Record<string, unknown>>, 'audit');
    return foldText(`${recordText(record)} ${String(kind)} ${String(instance)}`).includes(wanted);
  };
}
