import { describe, expect, it } from 'vitest';
import { exportedRow, exportRows } from '../../../src/dashboard/page/model/export-rows.js';
import { rowOfEntry } from '../../../src/dashboard/page/model/trail-entry.js';
import { type TrailEntryAnswer, type TrailStatusAnswer } from '../../../src/wire/trail-answers.js';
import { signedText, trailWarning } from '../../../src/dashboard/page/model/trail-status.js';

const TIMESTAMP = '2025-10-08T18:30:45.123Z';

function entry(kind: string, data: object = {}): TrailEntryAnswer {
  return {
    seq: 7,
    kind,
    hash: 'ab'.repeat(32),
    instance: 'host:1',
    stream: { epoch: 'e', seq: 3 },
    data: { timestamp: TIMESTAMP, ...data },
  };
}

describe('an entry of the trail as a row', () => {
  it('is the record that it holds', () => {
    const data = { level: 'ERROR', logger: 'audit.x', message: 'm', action: 'a' };
    const row = rowOfEntry(entry('record', data));
    expect(row).toMatchObject({ key: 7, seq: 7, category: 'audit', time: Date.parse(TIMESTAMP), data });
  });

  it.each([
    ['gap', { reason: 'spool_full', count: 1_200 }, 'ERROR', '1,200 not stored: the spool was full'],
    ['gap', { reason: 'new_reason', count: 'x' }, 'ERROR', 'x not stored: new_reason'],
    ['pruned', { from: 1, through: 4_000 }, 'INFO', 'Entries 1 to 4,000 were deleted by the retention'],
    ['key', {}, 'WARNING', 'The key that signs was changed'],
    ['hold', { reason: 'case 12' }, 'INFO', 'Nothing of this may be deleted: case 12'],
    ['release', { hold: 'h', reason: 'closed' }, 'WARNING', 'Hold h was released: closed'],
    ['intent', { level: 'INFO', message: 'About to' }, 'INFO', 'About to'],
    ['new_kind', {}, 'INFO', ''],
  ])('says what a %s is', (kind, data, level, message) => {
    expect(rowOfEntry(entry(kind, data)).data).toMatchObject({ level, message });
  });

  it('is exported as the route answers it, with nothing of what the row was given', () => {
    const stored = entry('gap', { reason: 'spool_full', count: 1 });
    expect(exportedRow(rowOfEntry(stored))).toEqual(stored);
    expect(JSON.parse(exportRows([rowOfEntry(stored)], 'ndjson'))).toEqual(stored);
  });
});

describe('how the trail is', () => {
  const OK: TrailStatusAnswer = { state: 'ok', last: 9, spooled: 0, lost: 0, verifier: 'v' };

  it.each<[Partial<TrailStatusAnswer>, string | undefined]>([
    [{}, undefined],
    [{ state: 'failing', problem: 'full' }, 'Entries are not being stored: the disk is full.'],
    [
      { state: 'failed', problem: 'replaced' },
      'Entries are not being stored: its file was deleted or replaced.',
    ],
    [{ state: 'failed', problem: 'unheard_of' }, 'Entries are not being stored: unheard_of.'],
    [{ state: 'failing' }, 'Entries are not being stored.'],
    [{ lost: 1 }, '1 entry was lost since the start.'],
    [{ spooled: 2_000 }, '2,000 entries wait to be stored.'],
    [{ checkpointProblem: 'io' }, 'New entries are not being signed: the disk fails.'],
    [{ lowSpace: true }, 'The disk is nearly full.'],
  ])('%j is told as: %s', (status, warning) => {
    expect(trailWarning({ ...OK, ...status })).toBe(warning);
  });

  it('says through which entry it is signed, and when', () => {
    expect(signedText(OK, 'utc').join('')).toBe('not signed yet');
    expect(signedText({ ...OK, checkpoint: { size: 4_302, time: TIMESTAMP } }, 'utc').join('')).toBe(
      'signed through 4,302, 18:30:45',
    );
  });
});
