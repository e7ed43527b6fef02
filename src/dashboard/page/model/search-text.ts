import { foldText } from '../../../wire/fold.js';
import { recordText } from '../../../wire/record-text.js';
import { textedData } from '../../../wire/texted-data.js';
import { auditFacts } from './audit-facts.js';
import { clockTime, dayOf, duration } from './format.js';
import { type RecordRow } from './row.js';
import { outcomeText } from './row-text.js';

/** The text of a record that every search looks through, and what this page alone shows: local time, a duration. */
export function searchTextOf(row: RecordRow): string {
  const { data, category, time } = row;
  const { durationMs } = auditFacts(data);
  const shown = [
    recordText(textedData(data, category)),
    `${dayOf(time, 'local')} ${clockTime(time, 'local')}`,
    outcomeText(data),
    durationMs === undefined ? '' : duration(durationMs),
  ];
  return shown.join(' ');
}

/** The same, as letters are compared; made by the first search. */
export function foldedTextOf(row: RecordRow): string {
  row.searchText ??= foldText(searchTextOf(row));
  return row.searchText;
}
