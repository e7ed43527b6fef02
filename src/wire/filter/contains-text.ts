import { withoutColours } from '../ansi.js';
import { foldText } from '../fold.js';
import { recordText } from '../record-text.js';
import { type FilteredRecord } from './filtered-record.js';

/** Compiles a search for a text in the text of a record, whatever the case and composition of its letters. */
export function compileSearch(search: string): (record: FilteredRecord) => boolean {
  const wanted = foldText(search);
  return (record) =>
    // Where most are found, if at all.
    foldText(withoutColours(record.message)).includes(wanted) ||
    foldText(recordText(record)).includes(wanted);
}
