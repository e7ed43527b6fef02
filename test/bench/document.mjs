import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { machineFacts } from './machine.mjs';
import { fanOutTables, hotPathTables, summaryTable, targetsTable } from './report.mjs';

const ROOT = new URL('../../', import.meta.url);
const MARKERS = { start: '<!-- bench:start -->', end: '<!-- bench:end -->' };

/** Writes `docs/benchmarks.md`. */
export async function writeDocument(results) {
  await mkdir(new URL('docs/', ROOT), { recursive: true });
  await writeFile(new URL('docs/benchmarks.md', ROOT), document(results));
}

/** Replaces what stands between the markers of the README, where it has them. @returns whether it has */
export async function writeReadme(results) {
  const file = new URL('README.md', ROOT);
  const readme = await readFile(file, 'utf8').catch(() => '');
  const start = readme.indexOf(MARKERS.start);
  const end = readme.indexOf(MARKERS.end);
  if (start < 0 || end < start) return false;
  const before = readme.slice(0, start + MARKERS.start.length);
  await writeFile(file, `${before}\n\n${summaryTable(results)}\n\n${readme.slice(end)}`);
  return true;
}

function document(results) {
  return `# Benchmarks

Written by \`npm run bench\`, not by hand. Absolute numbers are those of one small machine, which had other work to do;
ratios within the run are what travels. Every number is a median, with the quartiles beside it as its spread.

${machineFacts()
  .map((fact) => `- ${fact}`)
  .join('\n')}

## Targets

"Unclear" means that the limit lies between the quartiles: this run cannot tell.

${targetsTable(results)}

## A log call with nobody watching

${sections(hotPathTables(results))}

How it is measured:

- The path that apps use: \`new Logger('InstancesService').log(...)\` of \`@nestjs/common\`, in an application context set up as
  each package's README says. The row "over nothing" is Nest's \`Logger\` in front of a logger whose methods are empty: every
  other row contains it.
- Each logger runs in a process of its own, as in an app; several such processes per logger, all up at the same time, take
  turns of some 40 ms. Ratios compare turns of the same round.
- Standard output is /dev/null for all of them: consoles and pino (its usual synchronous destination) pay for one real
  \`write\` system call a line, and no terminal or pipe decides how long it takes. In production that takes longer.
- nestjs-pino is measured with its \`NativeLogger\`, which keeps Nest 12's structured params; its plain \`Logger\` drops them.
- The history of ours is full (10,000 records), so every call also evicts one.
- CPU is that of the whole process, the garbage collector's threads included, and leaves out the time that a call waited for a
  core; "time" is what the caller waited, and is only worth reading when the machine had nothing else to do.

## A delivery

A delivery is one line that reached one client. Ours encodes and joins a flush once for all clients and writes one buffer to
each; the peers below pay per client, per line, or both.

${sections(fanOutTables(results))}

How it is measured:

- CPU is \`process.cpuUsage()\` of the server process, user and system, from the log calls to the last byte handed to the
  kernel. All clients live in one other process, as bare sockets that count frames by their headers and leave
  the payload alone.
- Every client must have got exactly as many lines as were logged, no fewer and no more, or the run fails: a loss cannot look
  like speed.
- All peers get their lines from the same calls of Nest's \`Logger\` with a message and three params; ours over \`logger: false\`
  with \`caller: 'never'\`, because no other peer prints or knows the caller. "\`ws.send\` per client" makes one
  \`JSON.stringify\` and one \`send\` per line and client. socket.io broadcasts with \`io.emit\` over its WebSocket transport. "raw
  TCP write" is the limit: ready bytes of the same size, one write per client and flush, no line logged or encoded.
- A tick is one turn of the event loop; ticks follow each other without a pause in bursts of 128 lines, with rests of 10 ms
  in which the clients catch up. Ours runs with \`flush: { windowMs: 0 }\` there, so that no flush holds more than one tick and
  sharing is all that is compared.
- The steady pace runs with the default window of 20 ms. Lines are logged every 5 ms, as many as are due; waking up for that is
  part of every peer's share.
`;
}

function sections(tables) {
  return tables.map(({ title, text }) => `**${title}**\n\n${text}`).join('\n\n');
}
