import { readFileSync } from 'node:fs';

/** What users import: each has its place in `exports` of package.json. */
export const ENTRY_POINTS = {
  index: 'src/index.ts',
  access: 'src/monitor/access/index.ts',
  client: 'src/client/index.ts',
  prometheus: 'src/metrics/prometheus.ts',
  terminus: 'src/trail/terminus.ts',
  testing: 'src/testing/index.ts',
  trail: 'src/trail/index.ts',
};

/** What Node starts as threads, by their path: beside whoever starts them, as all built files are. */
export const THREADS = {
  'reader.worker': 'src/trail/sqlite/reader/reader.worker.ts',
  'writer.worker': 'src/trail/sqlite/writer/writer.worker.ts',
  'verify.worker': 'src/trail/sqlite/verify/verify.worker.ts',
};

/** `bin` of package.json. */
export const PROGRAMS = { cli: 'src/cli/main.ts' };

const { dependencies, peerDependencies } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
);

/** What users have anyway, as peers and dependencies; everything else that is imported gets bundled. */
export const external = [
  /^node:/,
  /^@modelcontextprotocol\/sdk\//,
  ...Object.keys({ ...dependencies, ...peerDependencies }),
];
