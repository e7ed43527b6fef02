import { visibleLines } from '../terminal/visible-text.js';

/**
 * What a spreadsheet would take for a formula: whoever gets text logged could run one on the machine of who opens the
 * file (OWASP, CSV injection). Full-width forms are read as the others by some.
 */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

const NEEDS_QUOTES = /[",\r\n]/;

/**
 * A line of CSV (RFC 4180). A text that a spreadsheet would take for a formula gets an apostrophe before it. Control
 * characters but line feeds are shown as pictures: CSV has no way to escape them, and it may be shown on a terminal.
 */
export function csvLine(cells: readonly (string | number)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = `${FORMULA.test(value) ? "'" : ''}${visibleLines(value)}`;
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
