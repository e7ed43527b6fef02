import {
  appendFileSync,
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendAnchor, readAnchors } from '../../../src/trail/evidence/anchor-file.js';
import { parseCheckpoint, signCheckpoint } from '../../../src/trail/evidence/checkpoint-note.js';
import {
  keyFileReadable,
  keyFileUnusable,
  malformedNote,
  NOT_ED25519,
  noteProblem,
} from '../../../src/trail/evidence/evidence.messages.js';
import { leafHash } from '../../../src/trail/evidence/hashes.js';
import { loadOrCreateKey } from '../../../src/trail/evidence/key-file.js';
import { checkSignature } from '../../../src/trail/evidence/signed-note.js';
import { SigningKey } from '../../../src/trail/evidence/signing-key.js';

const NAME = 'nestjs-log-stream/audit/files';
const key = SigningKey.generate(NAME);

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'evidence-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('loadOrCreateKey', () => {
  it('makes a key for the owner only, and finds it again', () => {
    const path = join(directory, 'trail.key');
    const made = loadOrCreateKey(path, NAME);
    expect(made.created).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toBe(made.key.toPem());
    expect(readdirSync(directory)).toEqual(['trail.key']);

    const found = loadOrCreateKey(path, NAME);
    expect(found.created).toBe(false);
    expect(found.key.verifier).toBe(made.key.verifier);
  });

  it.each([0o640, 0o604, 0o620, 0o644])('refuses a file of mode %o', (mode) => {
    const path = join(directory, 'trail.key');
    loadOrCreateKey(path, NAME);
    chmodSync(path, mode);
    expect(() => loadOrCreateKey(path, NAME)).toThrow(new Error(keyFileReadable(path, mode)));
  });

  it('leaves a file alone that holds no key', () => {
    const path = join(directory, 'trail.key');
    writeFileSync(path, '', { mode: 0o600 });
    expect(() => loadOrCreateKey(path, NAME)).toThrow(new Error(keyFileUnusable(path, NOT_ED25519)));
    expect(readFileSync(path, 'utf8')).toBe('');
  });

  it('is not stopped by the draft of a start that crashed', () => {
    const path = join(directory, 'trail.key');
    writeFileSync(`${path}.${process.pid}.new`, 'half a key');
    expect(loadOrCreateKey(path, NAME).created).toBe(true);
  });
});

describe('the anchor file', () => {
  const anchors = [1, 2, 3].map((size) =>
    signCheckpoint(
      {
        trail: 'files',
        size,
        root: leafHash(`root ${size}`),
        chain: leafHash(`chain ${size}`),
        time: '2025-10-08T18:30:45.123Z',
      },
      ...(size === 2 ? [key, SigningKey.generate(NAME)] : [key]),
    ),
  );
  const read = async (path: string): Promise<string[]> => {
    const notes: string[] = [];
    for await (const note of readAnchors(path)) notes.push(note);
    return notes;
  };

  it('gives back what was appended', async () => {
    const path = join(directory, 'anchors');
    for (const anchor of anchors) appendAnchor(path, anchor);
    expect(await read(path)).toEqual(anchors);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toBe(anchors.map((note) => `${note}\n`).join(''));
  });

  it('takes what a person wrote around them, and line ends of another system', async () => {
    const path = join(directory, 'anchors');
    writeFileSync(path, `\n\n${anchors.join('\n\n\n').replaceAll('\n', '\r\n')}\r\n\r\n`);
    expect(await read(path)).toEqual(anchors);
  });

  it('loses only the note that a crash cut off, wherever it was cut', async () => {
    const path = join(directory, 'anchors');
    const [before, cut, after] = anchors as [string, string, string];
    const whole = Buffer.byteLength(`${cut}\n`);
    for (let kept = 1; kept < whole; kept++) {
      rmSync(path, { force: true });
      appendAnchor(path, before);
      const start = statSync(path).size;
      appendFileSync(path, `${cut}\n`);
      truncateSync(path, start + kept);

      const torn = await read(path);
      expect(torn[0]).toBe(before);
      expect(torn).toHaveLength(2);

      appendAnchor(path, after);
      const mended = await read(path);
      expect([mended[0], mended.at(-1)]).toEqual([before, after]);
      // The cut note says of itself that it is none: nobody should take it for a forged one.
      for (const note of mended.slice(1, -1)) {
        // Cut between its signatures, or before the blank line behind them, it still holds.
        if (cut.startsWith(note) && note.endsWith('\n'))
          expect(checkSignature(parseCheckpoint(note), key.verifyingKey)).toBe('valid');
        else expect(() => parseCheckpoint(note)).toThrow(malformedNote(noteProblem.noFinalNewline));
      }
    }
  });
});
