import { resolve } from 'node:path';
import { ENTRY_POINTS, PROGRAMS, THREADS } from './published.mjs';

const paths = (/** @type {Record<string, string>} */ files) =>
  Object.values(files).map((file) => resolve(file));

const LIBRARY = paths(ENTRY_POINTS);
const OUTSIDE_NEST = paths({ ...PROGRAMS, ...THREADS });

/** @typedef {import('rolldown').ChunkingContext} Context */

/**
 * Puts what several entry points share into few files, in place of one for each set of entry points. No entry point may
 * load more than it needs by that: the client runs in browsers, programs and threads run without Nest.
 *
 * @returns {import('rolldown').CodeSplittingOptions}
 */
export function sharedChunks() {
  /** @type {Set<string> | undefined} */
  let library;
  /** @type {Set<string> | undefined} */
  let outsideNest;
  return {
    // What a file shares with others is all that is taken, not what that imports in turn.
    includeDependenciesRecursively: false,
    groups: [
      {
        minShareCount: 2,
        name(id, context) {
          library ??= importedBy(LIBRARY, context);
          outsideNest ??= importedBy(OUTSIDE_NEST, context);
          if (/[\\/]src[\\/]wire[\\/]/.test(id)) return 'wire';
          if (/[\\/]src[\\/]client[\\/]/.test(id)) return 'client';
          if (!library.has(id)) return 'trail';
          return outsideNest.has(id) ? 'plain' : 'nest';
        },
      },
    ],
  };
}

/** Everything that is loaded with these files, themselves included: no `import()` is followed. */
function importedBy(/** @type {string[]} */ entries, /** @type {Context} */ context) {
  const found = new Set(entries);
  for (const id of found) for (const next of context.getModuleInfo(id)?.importedIds ?? []) found.add(next);
  return found;
}
