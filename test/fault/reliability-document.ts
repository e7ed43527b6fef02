import { createRequire } from 'node:module';
import { availableParallelism, totalmem } from 'node:os';
import { type Finding, type TrailFinding } from './finding.js';

/** Where the part about the trail begins. */
export const TRAIL_HEADING = '## The audit trail';

/** @returns the part of docs/reliability.md about the stream */
export function streamPart(findings: readonly Finding[], seconds: number): string {
  return `# Reliability

Written by \`FAULT_SCALE=long npm run test:fault\`, not by hand, each of the two parts by a run of all its tests. Server, clients and faults share one process and one small
machine, which had other work to do: how late something is says little, what is lost says everything.

${machineFacts()
  .map((fact) => `- ${fact}`)
  .join('\n')}
- ${seconds} s in all

${table(
  ['what', 'how much', 'outcome', 'delivered', 'told in gaps', 'late', 'lost silently'],
  [
    ...findings.map(({ what, load, outcome, verdict: { delivered, told, late, missing } }) => [
      what,
      load,
      outcome,
      ...[delivered, told, late, missing].map(grouped),
    ]),
    [
      '**all**',
      '',
      '',
      ...(['delivered', 'told', 'late', 'missing'] as const).map((name) =>
        grouped(findings.reduce((total, { verdict }) => total + verdict[name], 0)),
      ),
    ],
  ],
)}

How to read it:

- A canary numbers its records; every client keeps the account of [the protocol](protocol.md): delivered, plus held back
  by its filter, plus reported in gaps, is what was produced, in order, none twice. A record that is in none of the three
  is lost silently, and the run fails; so it does for one that comes twice, out of order, or with another content.
- "Told in gaps" are records that a client could not be given any more, because it read nothing for too long, or because more
  came at once than the history holds; it was told exactly which. A plain client is closed with 1013 in their place.
- "Late" took more than a second, as everything does for who was not reading.
- A failure prints its seed; \`FAULT_SEED=<seed>\` makes the same choices again.
`;
}

/** @returns the part of docs/reliability.md about the trail */
export function trailPart(trail: readonly TrailFinding[], seconds: number): string {
  return `${TRAIL_HEADING}

${machineFacts()
  .map((fact) => `- ${fact}`)
  .join('\n')}
- ${seconds} s in all

${table(
  ['what', 'how much', 'outcome', 'acknowledged', 'counted in gap entries', 'acknowledged and lost'],
  [
    ...trail.map(({ what, load, outcome, acknowledged, counted, lost }) => [
      what,
      load,
      outcome,
      ...[acknowledged, counted, lost].map(grouped),
    ]),
    [
      '**all**',
      '',
      '',
      ...(['acknowledged', 'counted', 'lost'] as const).map((name) =>
        grouped(trail.reduce((total, finding) => total + finding[name], 0)),
      ),
    ],
  ],
)}

- "Acknowledged": the receipt of \`AuditLogger.log()\`, or the answer of a call with \`failure: 'closed'\`. What [the trail
  guarantees](audit.md#what-it-guarantees), and what it does not, is said there; a killed process is not a power cut, which no test
  of ours can make.
- Beside these the suite (\`npm test\`) holds: 5,000 parallel records are contiguous and in their order, the vectors of RFC 8785 and
  RFC 6962, each bit of fifty entries and of a checkpoint, and a second verifier, in Python, on the same golden files.
`;
}

function machineFacts(): string[] {
  const require = createRequire(import.meta.url);
  const version = (name: string): string =>
    `${name} ${(require(`${name}/package.json`) as { version: string }).version}`;
  const memory = Math.round(totalmem() / 2 ** 30);
  return [
    `Node.js ${process.version}, ${process.platform} ${process.arch}, ${availableParallelism()} cores, ${memory} GB of memory`,
    ['@nestjs/core', 'ws'].map(version).join(', '),
  ];
}

function grouped(value: number): string {
  return value.toLocaleString('en-US');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, column) => (column < 3 ? '---' : '---:'))), ...rows.map(line)].join(
    '\n',
  );
}
