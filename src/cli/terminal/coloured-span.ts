import { type AnsiRun, readColours } from '../../wire/ansi.js';
import { type Span } from './layout.js';
import { type Style } from './paint.js';
import { visibleLines } from './visible-text.js';

/**
 * Logged text with the colours that it was logged in, and all else in it that a terminal would obey made visible: what
 * is written are colours of our own choice, never the codes that came.
 */
export function colouredSpan(logged: string, style: Style): Span {
  const { text, runs } = readColours(logged);
  let shown = '';
  let from = 0;
  const shownRuns: AnsiRun[] = [];
  for (const run of runs) {
    shown += visibleLines(text.slice(from, run.start));
    const start = shown.length;
    shown += visibleLines(text.slice(run.start, run.end));
    shownRuns.push({ start, end: shown.length, style: run.style });
    from = run.end;
  }
  return { text: shown + visibleLines(text.slice(from)), style, runs: shownRuns };
}
