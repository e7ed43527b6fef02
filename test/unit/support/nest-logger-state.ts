import { Logger } from '@nestjs/common';
import { afterEach, beforeEach } from 'vitest';

/** Nest's `Logger` keeps what an app installs in statics; puts them back after each test. */
export function restoreNestLogger(): void {
  const names = ['staticInstanceRef', 'logLevels', 'isBufferAttached'];
  let before: unknown[];
  beforeEach(() => {
    before = names.map((name) => Reflect.get(Logger, name) as unknown);
    Reflect.set(Logger, 'logBuffer', []);
  });
  afterEach(() => {
    names.forEach((name, index) => Reflect.set(Logger, name, before[index]));
    Reflect.set(Logger, 'logBuffer', []);
  });
}
