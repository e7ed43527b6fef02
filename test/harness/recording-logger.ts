import { type LoggerService } from '@nestjs/common';

export interface RecordedLine {
  readonly level: 'log' | 'error' | 'warn' | 'debug' | 'verbose' | 'fatal';
  readonly text: string;
}

/** An inner logger that keeps what it is told, for tests of what this package itself logs. */
export class RecordingLogger implements LoggerService {
  readonly lines: RecordedLine[] = [];
  readonly log = (...args: unknown[]): void => this.record('log', args);
  readonly error = (...args: unknown[]): void => this.record('error', args);
  readonly warn = (...args: unknown[]): void => this.record('warn', args);
  readonly debug = (...args: unknown[]): void => this.record('debug', args);
  readonly verbose = (...args: unknown[]): void => this.record('verbose', args);
  readonly fatal = (...args: unknown[]): void => this.record('fatal', args);

  matching(text: string): RecordedLine[] {
    return this.lines.filter((line) => line.text.includes(text));
  }

  private record(level: RecordedLine['level'], args: unknown[]): void {
    this.lines.push({ level, text: args.map(String).join(' ') });
  }
}
