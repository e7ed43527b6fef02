import { Logger } from '@nestjs/common';
import { LogStream } from 'nestjs-log-stream';
import { describe, expect, it, vi } from 'vitest';
import { monitoredApp } from '../harness/monitored-app.js';
import { currentLogger } from '../../src/logger/nest-logger.js';
import { learnNestPlaces } from '../../src/logger/nest-places.js';

describe('the places at which Nest calls a logger', () => {
  it("are learned from Nest's own code, which logs nothing meanwhile", () => {
    const output = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const errors = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const places = learnNestPlaces();
    expect([output.mock.calls, errors.mock.calls]).toEqual([[], []]);
    vi.restoreAllMocks();
    const [[file, found]] = [...places!] as [[string, ReadonlyMap<number, string>]];
    expect(file).toContain('logger.service');
    expect(new Set(found.values())).toEqual(new Set(['logs', 'flushes']));
    // Six levels, by an instance and by the class.
    expect([...found.values()].filter((place) => place === 'logs').length).toBeGreaterThanOrEqual(12);
  });

  it('are learned without a record in the stream of an app that listens', async () => {
    await using app = await monitoredApp().start();
    const messages: unknown[] = [];
    app.app.get(LogStream).records$.subscribe(({ message }) => messages.push(message));
    expect(learnNestPlaces()).toBeDefined();
    new Logger('app').log('seen');
    expect(messages).toEqual(['seen']);
  });

  it('are left for later while Nest holds lines back, which stay as they are', () => {
    const passed: string[] = [];
    const before = currentLogger()!;
    Logger.overrideLogger({
      log: (message: string) => void passed.push(message),
      error: () => undefined,
      warn: () => undefined,
    });
    Logger.attachBuffer();
    try {
      Logger.log('held back');
      expect(learnNestPlaces()).toBeUndefined();
    } finally {
      Logger.flush();
    }
    Logger.overrideLogger(before);
    expect(passed).toEqual(['held back']);
  });
});
