import { ranged, whole } from '../numbers.mjs';
import { table } from '../table.mjs';
import { atMost } from '../targets.mjs';

const MIB = 2 ** 20;

export const about = `\
- Each import runs in a process of its own that has imported Nest and RxJS, as every app has; the packages take turns. What a
  package leaves to the start of an app is not in it: here the audit trail and what serves WebSockets.
- Memory is what the heap has grown by, after a collection of garbage on either side.
- Published is what \`npm pack\` would pack; code without source maps and without what is to be read.`;

export function tables({ imports, published }) {
  return [
    {
      title: 'importing a package, with quartiles',
      text: table(
        ['', 'time, ms', 'times @nestjs/schedule', 'heap, MiB'],
        imports.map(({ name, ms, ofBase, heap }) => [
          `\`${name}\``,
          ranged(ms, 1),
          ranged(ofBase, 2),
          (heap.median / MIB).toFixed(1),
        ]),
      ),
    },
    {
      title: 'what is published',
      text: table(
        ['files', 'code, bytes', 'all, bytes'],
        [[whole(published.files), whole(published.codeBytes), whole(published.bytes)]],
      ),
    },
  ];
}

export function targets({ imports: [ours], published }) {
  const exactly = (value) => ({ median: value, low: value, high: value });
  return [
    atMost(1.5, 'times', 2, ours.ofBase, 'importing the package, compared with @nestjs/schedule'),
    atMost(150, 'files', 0, exactly(published.files), 'files of the published package'),
    atMost(1.5, 'MB', 2, exactly(published.codeBytes / 1e6), 'code of the published package'),
  ];
}
