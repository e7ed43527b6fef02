import { type Frame, type Level, LEVELS } from './frame.js';

/** Counts what arrived, by category and level. */
export class Tally {
  private readonly started = Date.now();
  private readonly counts = { system_log: newCounts(), audit_log: newCounts() };

  count({ type, data }: Frame): void {
    this.counts[type][data.level] += 1;
  }

  summary(): string {
    const seconds = ((Date.now() - this.started) / 1_000).toFixed(0);
    return [
      '',
      `In ${seconds} seconds, over one WebSocket:`,
      '',
      row('', [...LEVELS, 'all']),
      row('system', numbers(this.counts.system_log)),
      row('audit', numbers(this.counts.audit_log)),
      '',
    ].join('\n');
  }
}

function newCounts(): Record<Level, number> {
  return { DEBUG: 0, INFO: 0, WARNING: 0, ERROR: 0, CRITICAL: 0 };
}

function numbers(counts: Record<Level, number>): number[] {
  const each = LEVELS.map((level) => counts[level]);
  return [...each, each.reduce((sum, count) => sum + count, 0)];
}

function row(title: string, cells: readonly (string | number)[]): string {
  return `  ${title.padEnd(6)}${cells.map((cell) => String(cell).padStart(10)).join('')}`;
}
