// The inside of the package for programs that Node runs by itself, without TypeScript: built into `dist-test`.
export { resolveTrailOptions } from '../src/options/resolve-trail-options.js';
export { readAnchors } from '../src/trail/evidence/anchor-file.js';
export { verifyTrail } from '../src/trail/evidence/verify/verify-trail.js';
export { TrailReader } from '../src/trail/sqlite/reader/trail-reader.js';
export { openTrail } from '../src/trail/open-trail.js';
