export { tables } from '../fan-out/report.mjs';

export const about = `\
- The same servers, clients and cases as above, all of them ours. An extended client (\`?v=1\`) gets a flush as one \`batch\` with
  sequence numbers and a cursor; with the option \`compression\`, batches of 1 KiB and more are deflated once for all clients that
  negotiated it. The lines of the benchmark differ in a number or two, so they deflate better than those of an app.
- Records are counted inside of the batches, inflated where they are compressed. Since all clients get the same bytes, each
  batch is decoded once and compared byte by byte for the others.`;

/** There are none for the formats; they are measured so that their price is known. */
export function targets() {
  return [];
}
