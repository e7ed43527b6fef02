import { Logger } from '@nestjs/common';
import { NEST_LOG_LEVELS } from '../record/log-call.js';
import { captureFrames, type Entrance } from './stack.js';

/** What Nest's `Logger` does at a place of its code: hand on what is logged, or flush what was held back. */
export type NestPlace = 'logs' | 'flushes';

/** By file, then by the offset in it. */
export type NestPlaces = ReadonlyMap<string, ReadonlyMap<number, NestPlace>>;

/**
 * Learns at which places Nest's `Logger` calls a logger, by having it call one. In a bundle neither files nor, once it is
 * minified, names tell Nest's frames from the application's.
 *
 * @returns `undefined` while Nest holds lines back: it would hold back these too
 */
export function learnNestPlaces(): NestPlaces | undefined {
  if ((Logger as unknown as { isBufferAttached?: boolean }).isBufferAttached) return undefined;
  const places = new Map<string, Map<number, NestPlace>>();
  const below = captureFrames(learnNestPlaces, Infinity).length + 1;
  let place: NestPlace = 'logs';
  const probe: Entrance = () => {
    const frames = captureFrames(probe, Infinity);
    for (const frame of frames.slice(0, frames.length - below)) {
      const file = frame.getFileName();
      if (!file) continue;
      const inFile = places.get(file) ?? new Map<number, NestPlace>();
      places.set(file, inFile.set(frame.getPosition(), inFile.get(frame.getPosition()) ?? place));
    }
  };
  // A `Logger` by what `instanceof` says: what this package puts between Nest and its loggers lets these calls pass.
  const probes = Object.fromEntries(NEST_LOG_LEVELS.map((level) => [level, { value: probe }]));
  const logger = Object.create(Logger.prototype, probes) as Logger;
  // Objects of our own in the place of `this`: nothing is logged, and Nest's `Logger` does not change.
  const instance = Object.create(Logger.prototype, { localInstance: { value: logger } }) as Logger;
  const shared = Object.create(Logger, {
    staticInstanceRef: { value: logger, writable: true },
    logBuffer: { value: [{ methodRef: probe, arguments: [] }], writable: true },
    isBufferAttached: { value: false, writable: true },
  }) as typeof Logger;
  for (const level of NEST_LOG_LEVELS) {
    instance[level]('');
    shared[level]('');
  }
  place = 'flushes';
  shared.flush();
  return places;
}
