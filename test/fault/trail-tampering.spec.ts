import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readTail } from '../../src/trail/evidence/verify/entry-tail.js';
import { type TrailReport } from '../../src/trail/evidence/verify/trail-report.js';
import { VERIFY_EXIT_CODES } from '../../src/trail/evidence/verify/verdict.js';
import { verifyTrail } from '../../src/trail/evidence/verify/verify-trail.js';
import { VerifyingKey } from '../../src/trail/evidence/verifying-key.js';
import { openForReading } from '../../src/trail/sqlite/connection.js';
import { restoreHead } from '../../src/trail/sqlite/writer/restore-head.js';
import { TrailReader } from '../../src/trail/sqlite/reader/trail-reader.js';
import { type TrailQuery } from '../../src/trail/store/trail-query.js';
import {
  hasSqlite,
  intent,
  rawDatabase,
  record,
  TrailDirectory,
  verified,
  whyNoSqlite,
} from '../trail/store/a-trail.js';
import { scaled } from './fault-scale.js';
import { reportTrail } from './finding.js';
import { Random } from './random.js';
import { type Cell, cellsOf } from './trail/cells.js';

const ENTRIES = 50;

/** Every bit in the long form; every so many-th in the short one. */
const STEP = scaled({ short: 97, long: 1 });
const ANYWHERE = scaled({ short: 500, long: 20_000 });

/** Verifies each signature once: what is asked here a hundred thousand times is not whether Ed25519 works. */
class RememberingKey extends VerifyingKey {
  private readonly answers = new Map<string, boolean>();

  override verifies(bytes: Uint8Array, signature: Uint8Array): boolean {
    const question = `${Buffer.from(bytes).toString('latin1')}|${Buffer.from(signature).toString('latin1')}`;
    const answer = this.answers.get(question) ?? super.verifies(bytes, signature);
    this.answers.set(question, answer);
    return answer;
  }
}

/** The bytes of a closed trail on the disk, with nothing of SQLite or of ours in the way. */
class TrailBytes implements Disposable {
  readonly bytes: Buffer;
  private readonly file: number;

  constructor(path: string) {
    this.bytes = readFileSync(path);
    this.file = openSync(path, 'r+');
  }

  /** Pages that were split still hold copies of rows, which nobody reads. @param read what SQLite finds in the file */
  async placeOf(part: Uint8Array, read: () => string): Promise<number> {
    const before = read();
    for (let place = this.bytes.indexOf(part); place >= 0; place = this.bytes.indexOf(part, place + 1)) {
      const isRead = await this.flipped(place * 8, () => read() !== before);
      if (isRead) return place;
    }
    throw new Error('Nobody reads it');
  }

  async flipped<T>(bit: number, look: () => T): Promise<Awaited<T>> {
    const place = Math.floor(bit / 8);
    const byte = this.bytes[place]!;
    try {
      writeSync(this.file, Buffer.of(byte ^ (1 << (bit % 8))), 0, 1, place);
      return await look();
    } finally {
      writeSync(this.file, Buffer.of(byte), 0, 1, place);
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.file);
  }
}

/** Fifty entries with three checkpoints, in a file that is not open any more. @returns its verifier key */
async function closedTrail(directory: TrailDirectory): Promise<string> {
  const store = await directory.open();
  for (let number = 0; number < ENTRIES; number++) {
    await store.append(record(number));
    if (number === 20 || number === 35) await store.checkpoint();
  }
  await store.close();
  return store.key.verifier;
}

function rows(file: string, columns: string, table: string): Record<string, unknown>[] {
  using db = rawDatabase(file);
  return db.prepare(`SELECT ${columns} FROM ${table} ORDER BY 1`).all();
}

describe.skipIf(!hasSqlite)(`The file of a trail${whyNoSqlite}`, () => {
  it('cannot be changed by a bit of what it proves', async (test) => {
    await using directory = new TrailDirectory();
    const { file } = directory;
    const { name, publicKey } = VerifyingKey.parse(await closedTrail(directory));
    const trusted = [new RememberingKey(name, publicKey)];
    const entries = rows(file, 'seq, CAST(payload AS BLOB) AS payload, chain', 'entries');
    const checkpoints = rows(
      file,
      'number, CAST(note AS BLOB) AS note, root, chain, frontier',
      'checkpoints',
    );
    expect([entries.length, checkpoints.length]).toEqual([ENTRIES, 3]);
    using trail = new TrailBytes(file);
    const look = async (): Promise<TrailReport> => {
      using reader = TrailReader.open(file);
      return await verifyTrail(reader.evidence(), { trusted });
    };
    const wrong: string[] = [];
    let bits = 0;
    const read = (): string =>
      JSON.stringify([
        rows(file, 'seq, hex(CAST(payload AS BLOB)), hex(chain)', 'entries'),
        rows(file, 'number, hex(CAST(note AS BLOB)), hex(root), hex(chain), hex(frontier)', 'checkpoints'),
      ]);
    const flip = async (
      part: Uint8Array,
      check: (changed: Buffer) => Promise<string>,
      length = part.length,
    ): Promise<void> => {
      const place = await trail.placeOf(part, read);
      for (let bit = bits % STEP; bit < length * 8; bit += STEP) {
        bits += 1;
        const changed = Buffer.from(part);
        changed[Math.floor(bit / 8)]! ^= 1 << (bit % 8);
        const problem = await trail.flipped(place * 8 + bit, () => check(changed));
        if (problem !== '') wrong.push(`bit ${bit}: ${problem}`);
      }
    };
    const judged = async (
      seq: number,
      verdict: keyof typeof VERIFY_EXIT_CODES | undefined,
    ): Promise<string> => {
      const report = await look();
      const found = [report.verdict, report.exitCode, report.firstBadSeq].join(' ');
      const expected = [verdict, VERIFY_EXIT_CODES[verdict!], seq].join(' ');
      return found === expected ? '' : `${found}, not ${expected}`;
    };
    for (const { seq, payload, chain } of entries) {
      const number = Number(seq);
      await flip(payload as Uint8Array, (changed) => {
        // A bit that makes another number of the number inside cannot be told from an entry that was moved.
        const isMoved = (readTail(changed)?.seq ?? number) !== number;
        return judged(number, isMoved ? 'out_of_sequence' : 'altered');
      });
      // They lie side by side; alone, a hash may be found in a checkpoint as well.
      await flip(
        Buffer.concat([chain as Uint8Array, payload as Uint8Array]),
        () => judged(number, 'altered'),
        32,
      );
    }
    for (const { note } of checkpoints) {
      await flip(note as Uint8Array, async () => {
        const { verdict, exitCode } = await look();
        return verdict === 'bad_key' && exitCode === 6 ? '' : verdict;
      });
    }
    // What a start computes from: nothing is appended to what does not fit.
    const last = checkpoints.at(-1)!;
    for (const column of [last['root'], last['frontier']]) {
      await flip(column as Uint8Array, async () => {
        using db = openForReading(file);
        expect(() => restoreHead(db, file)).toThrow(expect.objectContaining({ code: 'broken' }));
        return '';
      });
    }
    expect(wrong).toEqual([]);
    expect((await verified(file)).verdict).toBe('ok');
    reportTrail(test, {
      what: 'flipped bits of the file of a trail: payloads, hashes and checkpoints',
      load: `${bits} bits, one at a time, of ${ENTRIES} entries and ${checkpoints.length} checkpoints`,
      outcome: 'each is found, at its entry, with its own verdict and exit code',
      acknowledged: ENTRIES,
      counted: 0,
      lost: 0,
    });
  }, 2_400_000);

  it('cannot be changed by a bit of what an entry is found by', async (test) => {
    await using directory = new TrailDirectory();
    const { file } = directory;
    const { name, publicKey } = VerifyingKey.parse(await searchedTrail(directory));
    const trusted = [new RememberingKey(name, publicKey)];
    const before = answers(file);
    using trail = new TrailBytes(file);
    const cells = foundBy(file, trail.bytes);
    const seen = { found: 0, unreadable: 0 };
    const missed: string[] = [];
    let next = 0;
    let bits = 0;
    for (const { of, start, length } of cells) {
      for (; next < bits + length * 8; next += STEP) {
        const bit = start * 8 + next - bits;
        await trail.flipped(bit, async () => {
          const isOk = await ok(file, trusted);
          if (isOk === true)
            missed.push(`${of}, bit ${bit - start * 8}: ${different(before, answers(file))}`);
          else seen[isOk === undefined ? 'unreadable' : 'found'] += 1;
        });
      }
      bits += length * 8;
    }
    expect(missed.slice(0, 20)).toEqual([]);
    reportTrail(test, {
      what: 'flipped bits of what an entry is found by: indexes, targets, blocks, streams',
      load: `${seen.found + seen.unreadable} bits, one at a time, of ${cells.length} rows`,
      outcome: `each is found: ${seen.found} by the verification, ${seen.unreadable} make the file unreadable`,
      acknowledged: ENTRIES,
      counted: 0,
      lost: 0,
    });
  }, 2_400_000);

  it('never verifies with other entries or answers than before, whichever of its bits are changed', async (test) => {
    const random = Random.announced('bits anywhere');
    await using directory = new TrailDirectory();
    const { file } = directory;
    const trusted = [VerifyingKey.parse(await searchedTrail(directory))];
    const before = [texts(file), answers(file)];
    using trail = new TrailBytes(file);
    const seen = { found: 0, unreadable: 0, unharmed: 0 };
    for (let flip = 0; flip < ANYWHERE; flip++) {
      await trail.flipped(random.integer(0, trail.bytes.length * 8 - 1), async () => {
        const isOk = await ok(file, trusted);
        if (isOk) expect([texts(file), answers(file)]).toEqual(before);
        seen[isOk === undefined ? 'unreadable' : isOk ? 'unharmed' : 'found'] += 1;
      });
    }
    expect(seen.found).toBeGreaterThan(ANYWHERE / 20);
    reportTrail(test, {
      what: 'flipped bits anywhere in the file',
      load: `${ANYWHERE} bits, one at a time; seed ${random.seed}`,
      outcome:
        `${seen.found} found, ${seen.unreadable} make the file unreadable, ${seen.unharmed} touch nothing that is proved ` +
        '(indexes, free space): then the entries are those that were stored',
      acknowledged: ENTRIES,
      counted: 0,
      lost: 0,
    });
  }, 2_400_000);
});

/** Entries that each index and each table has something of, by three starts of an application. @returns its verifier key */
async function searchedTrail(directory: TrailDirectory): Promise<string> {
  const store = await directory.open();
  for (let number = 0; number < ENTRIES; number++) {
    if (number % 20 === 0) await store.beginEpoch(`epoch-${number / 20}`);
    const stream = { epoch: `epoch-${Math.floor(number / 20)}`, seq: number };
    if (number % 7 === 0)
      await store.append({ ...intent(number), data: { ...record(number).data, id: `intent-${number}` } });
    const more = {
      actor: { id: `actor-${number % 3}` },
      targets: [
        { type: 'user', id: `user-${number % 5}` },
        { type: 'role', id: 'admin' },
      ],
      ...(number % 4 === 0 && { outcome: 'failure', level: 'WARNING' }),
      ...(number % 14 === 0 && { intent: `intent-${number}` }),
    };
    await store.append({ ...record(number, more), stream });
    if (number === 20 || number === 35) await store.checkpoint();
  }
  await store.close();
  return store.key.verifier;
}

/** What is compared with the payloads, beside the entries themselves and the notes. */
function foundBy(file: string, bytes: Buffer): Cell[] {
  using db = rawDatabase(file);
  const cells = [
    ...cellsOf(db, bytes, (name) => /^(entries_|targets|checkpoints|epochs|sqlite_autoindex)/.test(name)),
  ];
  const names = new Set(cells.map(({ of }) => of));
  expect(names.size).toBeGreaterThanOrEqual(13);
  return cells;
}

const QUESTIONS: readonly TrailQuery[] = [
  {},
  { kinds: ['intent'] },
  { kinds: ['key', 'pruned', 'hold'] },
  { action: 'user_role_changed' },
  { action: 'user_*' },
  ...[0, 1, 2].map((number) => ({ actor: `actor-${number}` })),
  ...[0, 1, 2, 3, 4].map((number) => ({ target: `user-${number}` })),
  { target: 'admin' },
  { outcome: 'failure' },
  { outcome: 'success' },
  { level: 'WARNING' },
  { from: '2026-01-01T00:00:20.000Z' },
  { to: '2026-01-01T00:00:35.000Z' },
  { text: 'changed 7' },
];

/** What somebody is told who asks, by each of the ways to find an entry. */
function answers(file: string): string[] {
  using reader = TrailReader.open(file);
  return [
    ...QUESTIONS.map((question) => {
      const { entries, damaged } = reader.query({ ...question, limit: 500 });
      return JSON.stringify([question, entries.map(({ seq }) => seq), damaged]);
    }),
    ...[0, 1, 2].map((epoch) => JSON.stringify(reader.positionAfter(`epoch-${epoch}`, epoch * 20 + 3))),
    JSON.stringify(reader.summary()),
  ];
}

function different(before: readonly string[], after: readonly string[]): string {
  return after.find((answer, index) => answer !== before[index]) ?? 'nothing is answered otherwise';
}

function texts(file: string): string[] {
  using reader = TrailReader.open(file);
  // As bytes: whether SQLite takes them for a text is one bit of a row, and no matter of what was stored.
  return [...reader.rows()].map(({ payload, chain }) => {
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : Buffer.from(payload as Uint8Array);
    return `${Buffer.from(chain).toString('hex')} ${bytes.toString('latin1')}`;
  });
}

/** @returns `undefined` where it cannot be read */
async function ok(file: string, trusted: VerifyingKey[]): Promise<boolean | undefined> {
  try {
    using reader = TrailReader.open(file);
    return (await verifyTrail(reader.evidence(), { trusted })).verdict === 'ok';
  } catch {
    return undefined;
  }
}
