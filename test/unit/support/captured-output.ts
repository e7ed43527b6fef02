import { type LoggerService } from '@nestjs/common';
import { vi } from 'vitest';
import { type NestLogLevel } from '../../../src/record/log-call.js';

/** One call of a logger. */
export interface Call {
  readonly level: NestLogLevel;
  readonly args: readonly unknown[];
}

/** Calls a logger method with arguments of any kind. */
export function call(logger: LoggerService, { level, args }: Call): void {
  const [message, ...rest] = args;
  logger[level]?.(message, ...rest);
}

/** What is written to stdout and stderr meanwhile, in order, nothing of it shown. */
export function capturedOutput(action: () => void): string[] {
  const { written, restore } = capture();
  try {
    action();
  } finally {
    restore();
  }
  return written;
}

/** The same of something that takes its time. */
export async function writtenDuring(action: () => Promise<void>): Promise<string[]> {
  const { written, restore } = capture();
  try {
    await action();
  } finally {
    restore();
  }
  return written;
}

function capture(): { readonly written: string[]; restore(): void } {
  const written: string[] = [];
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((chunk) => {
      written.push(`${name}: ${String(chunk)}`);
      return true;
    }),
  );
  const consoles = (['log', 'error'] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation((text) => {
      written.push(`console.${name}: ${String(text)}`);
    }),
  );
  return {
    written,
    restore: () => {
      for (const spy of [...spies, ...consoles]) spy.mockRestore();
    },
  };
}
