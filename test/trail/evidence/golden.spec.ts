import { execFileSync, spawnSync } from 'node:child_process';
import { createReadStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalPayload } from '../../../src/trail/evidence/canonical-payload.js';
import { NO_EXPORT, otherExportVersion } from '../../../src/trail/evidence/evidence.messages.js';
import {
  checkpointLine,
  endLine,
  entryLine,
  headerLine,
  parseHeader,
  parseLine,
} from '../../../src/trail/evidence/export-format.js';
import { exportTrail } from '../../../src/trail/evidence/export-trail.js';
import { CHAIN_START, chainHash, leafHash } from '../../../src/trail/evidence/hashes.js';
import { splitLines } from '../../../src/trail/evidence/split-lines.js';
import { VERIFY_EXIT_CODES, type Verdict } from '../../../src/trail/evidence/verify/verdict.js';
import { verifyExport } from '../../../src/trail/evidence/verify/verify-export.js';
import { VerifyingKey } from '../../../src/trail/evidence/verifying-key.js';
import { keyOfSeed } from './a-key.js';
import { ATrail, trailKey } from './a-trail.js';

const file = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));
const VERIFIER = file('verify.py');

const [first, second, stranger] = [trailKey(1), trailKey(2), trailKey(9)];
const otherTrail = keyOfSeed(Buffer.alloc(32, 1), 'nestjs-log-stream/audit/another');

/** 40 entries under two keys, and as many of the same after the first 23 were pruned. */
const whole = (): ATrail => ATrail.of(20, 10).rotate(second).grow(19, 10);
const pruned = (): ATrail => whole().prune(23).grow(3).sign();

async function linesOf(trail: ATrail): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of exportTrail(trail)) lines.push(line);
  return lines;
}

/** The second key named as the first, and the first one signs a new end. */
const beginningWithSecond = (): ATrail => {
  const trail = ATrail.of(20, 10).rotate(second).grow(9, 10).grow(10).sign(first);
  trail.keys.splice(0, 1, second.verifier);
  return trail;
};

const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** Changes made to the lines of an export, and the verdict of both verifiers. */
type Change = (lines: string[]) => string[];
const entryAt = (lines: readonly string[], seq: number): number =>
  lines.findIndex((line) => line.startsWith(`{"type":"entry","seq":${seq},`));
const edit =
  (seq: number, change: (line: string) => string): Change =>
  (lines) => {
    const at = entryAt(lines, seq);
    const changed = change(lines[at]!);
    if (changed === lines[at]) throw new Error(`entry ${seq} was not changed`);
    return lines.with(at, changed);
  };
const chained = (lines: string[]): string[] => {
  let chain: Uint8Array = CHAIN_START;
  return lines.map((line) => {
    const parsed = parseLine(line);
    if (parsed?.type !== 'entry') return line;
    chain = chainHash(chain, leafHash(parsed.entry.payload));
    return entryLine({ ...parsed.entry, chain });
  });
};
const message = (line: string): string => line.replace(/order (\d+)/, 'other $1');

const TAMPERED: readonly (readonly [string, Verdict, Change])[] = [
  ['nothing', 'ok', (lines) => lines],
  ['a payload', 'altered', edit(7, message)],
  ['the last payload', 'altered', edit(40, message)],
  ['two payloads, one before a checkpoint', 'altered', (lines) => edit(9, message)(edit(10, message)(lines))],
  ['a hash', 'altered', edit(12, (line) => line.replace(/"chain":"../, '"chain":"ff'))],
  ['a hash before a checkpoint', 'altered', edit(10, (line) => line.replace(/"chain":"../, '"chain":"ff'))],
  ['a line of another type', 'altered', edit(12, (line) => line.replace('entry', 'enter'))],
  [
    'a hash in capitals',
    'altered',
    edit(12, (line) => line.replace(/[0-9a-f]{64}/, (hash) => hash.toUpperCase())),
  ],
  ['what is no JSON', 'altered', edit(12, (line) => line.slice(0, -1))],
  ['half of a surrogate pair', 'altered', edit(12, (line) => line.replace('\u{1f600}', String.raw`\ud83d`))],
  ['an entry deleted', 'out_of_sequence', (lines) => lines.toSpliced(entryAt(lines, 12), 1)],
  ['the first deleted', 'out_of_sequence', (lines) => lines.toSpliced(1, 1)],
  ['an entry twice', 'out_of_sequence', (lines) => lines.toSpliced(5, 0, lines[5]!)],
  ['two swapped', 'out_of_sequence', (lines) => lines.with(5, lines[6]!).with(6, lines[5]!)],
  [
    'one renumbered',
    'out_of_sequence',
    (lines) => lines.with(12, lines[13]!.replace(/"seq":\d+/, lines[12]!.match(/"seq":\d+/)![0])),
  ],
  ['something after the end', 'out_of_sequence', (lines) => [...lines, lines[3]!]],
  [
    'a checkpoint moved',
    'out_of_sequence',
    (lines) => [lines[0]!, lines[11]!, ...lines.slice(1, 11), ...lines.slice(12)],
  ],
  ['the end cut off', 'truncated', (lines) => lines.slice(0, 30)],
  ['only the last line cut off', 'truncated', (lines) => lines.slice(0, -1)],
  [
    'entries cut off',
    'truncated',
    (lines) => [...lines.slice(0, entryAt(lines, 35)), ...lines.slice(-2, -1), endLine(34)],
  ],
  ['a payload and all hashes', 'rewritten', (lines) => chained(edit(7, message)(lines))],
  ['the last payload and its hash', 'rewritten', (lines) => chained(edit(40, message)(lines))],
  [
    'the root of a checkpoint',
    'bad_key',
    (lines) => lines.with(11, checkpointLine(noteOf(lines[11]!).replace('\n10\n', '\n11\n'))),
  ],
  ['a signature', 'bad_key', (lines) => lines.with(11, lines[11]!.replace(/A(?=[^A]*$)/, 'B'))],
  ['a note that is none', 'bad_key', (lines) => lines.with(11, checkpointLine('10'))],
];
/** An entry behind the last one, where no signature reaches: whoever can write the file can hash it. */
const appended =
  (spell: (payload: string) => string): Change =>
  (lines) => {
    const payload = spell(
      canonicalPayload({
        v: 1,
        seq: 41,
        kind: 'record',
        stream: null,
        instance: 'h',
        data: { id: 'x', n: 12 },
      }),
    );
    const last = parseLine(lines[entryAt(lines, 40)]!);
    const before = last?.type === 'entry' ? last.entry.chain : CHAIN_START;
    const chain = chainHash(before, leafHash(payload));
    return [...lines.slice(0, -1), entryLine({ seq: 41, payload, chain }), endLine(41)];
  };
const SPELLINGS: readonly (readonly [string, Verdict, Change])[] = [
  ['a canonical entry behind the signed ones', 'ok', appended((payload) => payload)],
  ...(
    [
      ['NaN', '12', 'NaN'],
      ['minus zero', '12', '-0'],
      ['an exponent', '12', '1.2e1'],
      ['a fraction', '12', '1.2345e4'],
      ['thirty digits', '12', '123456789012345678901234567890'],
      ['white space', '12', ' 12'],
      ['an escape that needs none', '"id"', String.raw`"\u0069d"`],
      ['half of a surrogate pair', '"x"', String.raw`"\ud83d"`],
      ['a key twice', '"id":"x"', '"id":"none","id":"x"'],
      ['keys out of order', '"id":"x","n":12', '"n":12,"id":"x"'],
      ['one key more', ',"v":1', ',"v":1,"w":1'],
      ['data that is none', '{"id":"x","n":12}', '[]'],
    ] as const
  ).map(
    ([name, from, to]) =>
      [
        `${name} behind the signed ones`,
        'altered',
        appended((payload) => payload.replace(from, to)),
      ] as const,
  ),
  ...['1e21', '1e-7', '0.000001', '100000000000000000000', '1.7976931348623157e+308', '5e-324', '-1.5'].map(
    (number) =>
      [
        `the number ${number}`,
        'ok',
        appended((payload) => payload.replace('12', String(Number(number)))),
      ] as const,
  ),
];
const noteOf = (line: string): string => (JSON.parse(line) as { note: string }).note;

/** Python 3, or why it is not there. */
const whyNoPython = ((): string => {
  const { status, error } = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 8))']);
  return status === 0
    ? ''
    : `, skipped: no python3 of at least 3.8 (${error?.message ?? `exit code ${status}`})`;
})();

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'golden-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

describe('the golden export', () => {
  it.each([
    ['whole', whole],
    ['pruned', pruned],
  ])('is what is written: %s', async (name, make) => {
    // Whoever changes the format changes what auditors have: this file must then stay, beside a new one.
    expect(textOf(await linesOf(make()))).toBe(readFileSync(file(`golden/${name}.ndjson`), 'utf8'));
  });

  it('comes with its keys', () => {
    expect(readFileSync(file('golden/vkeys.txt'), 'utf8')).toBe(`${first.verifier}\n${second.verifier}\n`);
  });

  it('is ok', async () => {
    for (const name of ['whole', 'pruned'])
      for (const trusted of [[first], [second], [first, second], []]) {
        const report = await verifyExport(splitLines(createReadStream(file(`golden/${name}.ndjson`))), {
          trusted: trusted.map(({ verifyingKey }) => verifyingKey),
        });
        expect(report).toMatchObject({ verdict: 'ok', keys: [first.verifier, second.verifier] });
      }
  });
});

describe('an export', () => {
  const trusted = [first.verifyingKey];

  it.each([...TAMPERED, ...SPELLINGS])('with %s is judged %s', async (_, verdict, change) => {
    const report = await verifyExport(change(await linesOf(whole())), { trusted });
    expect(report.verdict).toBe(verdict);
  });

  it('is compared with anchors', async () => {
    const trail = whole();
    const report = await verifyExport(await linesOf(trail), { trusted, anchors: trail.anchors });
    expect(report).toMatchObject({ verdict: 'ok', anchoredThrough: 40, anchors: { given: 6, agree: 6 } });
    const forged = await linesOf(ATrail.of(40, 10, first, 'nothing'));
    expect(await verifyExport(forged, { trusted, anchors: trail.anchors })).toMatchObject({
      verdict: 'rewritten',
    });
  });

  it('is read in pieces, and only split at line feeds', async () => {
    const trail = new ATrail().add({ message: 'a line\u2028separator \u00e9\u{1f600}' }).sign();
    const bytes = Buffer.from(textOf(await linesOf(trail)));
    for (const size of [1, 7, 64, bytes.length]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      expect(await verifyExport(splitLines(chunks), { trusted })).toMatchObject({ verdict: 'ok', last: 1 });
    }
  });

  it('with bytes that are no UTF-8 is altered', async () => {
    const trail = new ATrail().add({ message: 'a \ufffd mark' }).sign();
    const bytes = Buffer.from(textOf(await linesOf(trail)));
    const at = bytes.indexOf('\ufffd');
    // Decoded as text, this is the same.
    const changed = Buffer.concat([bytes.subarray(0, at), Buffer.from([0xff]), bytes.subarray(at + 3)]);
    expect(changed.toString()).toBe(bytes.toString());
    expect(await verifyExport(splitLines([changed]), { trusted })).toMatchObject({ verdict: 'altered' });
  });

  it('cannot be verified without its first line, or of another version', async () => {
    const [header, ...rest] = (await linesOf(whole())) as [string, ...string[]];
    for (const lines of [[], [''], rest, ['{"type":"trail"'], [header.replace('"start":null', '"start":{}')]])
      await expect(verifyExport(lines)).rejects.toThrow(NO_EXPORT);
    await expect(verifyExport([header.replace('"version":1', '"version":2')])).rejects.toThrow(
      otherExportVersion(2, 1),
    );
  });

  it('has lines that are read as they were written', () => {
    const trail = pruned();
    const { trail: id, keys, start } = trail;
    expect(parseHeader(headerLine({ trail: id, keys, start }))).toEqual({ trail: id, keys, start });
    const [entry] = trail.entries;
    expect(parseLine(entryLine(entry!))).toEqual({ type: 'entry', entry });
    expect(parseLine(entryLine({ ...entry!, payload: Buffer.from(entry!.payload as string) }))).toEqual({
      type: 'entry',
      entry,
    });
    expect(parseLine(checkpointLine('note\n'))).toEqual({ type: 'checkpoint', note: 'note\n' });
    expect(parseLine(endLine(7))).toEqual({ type: 'end', last: 7 });
  });
});

describe.skipIf(whyNoPython !== '')(`the verifier in Python${whyNoPython}`, () => {
  const unproved = (): ATrail => {
    const trail = ATrail.of(30, 10);
    return trail.dropThrough(trail.stateAt(20));
  };
  type Case = readonly [name: string, verdict: Verdict, lines: () => Promise<string[]>, keys: readonly Key[]];
  type Key = { readonly verifier: string };
  const CASES: readonly Case[] = [
    ...[...TAMPERED, ...SPELLINGS].map(([name, verdict, change]): Case => [
      `an export with ${name}`,
      verdict,
      async () => change(await linesOf(whole())),
      [first],
    ]),
    ...(
      [
        ['pruned, from the first key', 'ok', pruned, [first]],
        ['pruned, from the second key', 'ok', pruned, [second]],
        ['deleted, not pruned', 'out_of_sequence', unproved, [first]],
        ['rewritten with another key', 'bad_key', () => ATrail.of(30, 10, stranger, 'nothing'), [first]],
        ['rewritten with the old key', 'bad_key', () => ATrail.of(40, 10, first, 'nothing'), [first, second]],
        [
          'rewritten with the old key, newest first',
          'bad_key',
          () => ATrail.of(40, 10, first, 'nothing'),
          [second, first],
        ],
        ['checked with both keys, newest first', 'ok', whole, [second, first]],
        ['checked with keys of others only', 'bad_key', whole, [otherTrail]],
        ['checked with a key of another trail too', 'ok', whole, [otherTrail, second]],
        ['said to begin with the new key', 'bad_key', beginningWithSecond, [second, first]],
        [
          'a new end with the old key',
          'bad_key',
          () => ATrail.of(20, 10).rotate(second).grow(9, 10).grow(10).sign(first),
          [first],
        ],
        [
          'a new key that nobody handed over to',
          'bad_key',
          () => ATrail.of(20, 10).grow(5).sign(second),
          [first],
        ],
      ] as const
    ).map(([name, verdict, make, keys]): Case => [
      `a trail that was ${name}`,
      verdict,
      () => linesOf(make()),
      keys,
    ]),
  ];
  const exports: string[][] = [];
  let codes: readonly number[];

  // One process for all: starting Python costs more than what it then does.
  beforeAll(async () => {
    const jobs: string[][] = [];
    for (const [index, [, , lines, keys]] of CASES.entries()) {
      exports.push(await lines());
      const path = join(directory, `${index}.ndjson`);
      writeFileSync(path, textOf(exports[index]!));
      jobs.push([path, ...keys.map(({ verifier }) => verifier)]);
    }
    const { stdout, stderr } = spawnSync('python3', [file('verify-many.py')], {
      encoding: 'utf8',
      input: JSON.stringify(jobs),
    });
    if (stdout === '') throw new Error(stderr);
    codes = JSON.parse(stdout) as number[];
  }, 120_000);

  it('finds the golden exports ok', () => {
    const vkeys = readFileSync(file('golden/vkeys.txt'), 'utf8').trim().split('\n');
    expect(
      execFileSync('python3', [VERIFIER, file('golden/whole.ndjson'), ...vkeys], { encoding: 'utf8' }),
    ).toBe('ok: 40 entries, signed through 40\n');
    expect(execFileSync('python3', [VERIFIER, file('golden/pruned.ndjson')], { encoding: 'utf8' })).toBe(
      'ok: 44 entries, signed through 44\n',
    );
  });

  it.each(CASES.map(([name, verdict], index) => [name, verdict, index] as const))(
    'agrees on %s: %s',
    async (_, verdict, index) => {
      const trusted = CASES[index]![3].map(({ verifier }) => VerifyingKey.parse(verifier));
      // What the package's own verifier says.
      const own = await verifyExport(exports[index]!, { trusted });
      expect([codes[index], own.exitCode]).toEqual([VERIFY_EXIT_CODES[verdict], VERIFY_EXIT_CODES[verdict]]);
    },
  );
});
