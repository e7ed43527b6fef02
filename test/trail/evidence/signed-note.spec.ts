import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Checkpoint } from '../../../src/trail/evidence/checkpoint.js';
import { originOf, parseCheckpoint, signCheckpoint } from '../../../src/trail/evidence/checkpoint-note.js';
import {
  BAD_KEY_NAME,
  BAD_TRAIL_ID,
  badVerifierKey,
  NOT_ED25519,
  noteProblem,
} from '../../../src/trail/evidence/evidence.messages.js';
import { leafHash } from '../../../src/trail/evidence/hashes.js';
import { handOver } from '../../../src/trail/evidence/key-handover.js';
import {
  checkSignature,
  MalformedNoteError,
  parseNote,
  signNote,
} from '../../../src/trail/evidence/signed-note.js';
import { SigningKey } from '../../../src/trail/evidence/signing-key.js';
import { VerifyingKey } from '../../../src/trail/evidence/verifying-key.js';
import { keyOfSeed } from './a-key.js';
import { runs } from '../../harness/property-runs.js';

/** A note and its key from the test suites of other implementations of C2SP signed-note. */
const FOREIGN_KEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const FOREIGN_NOTE =
  'This is an example message.\n\n\u2014 example.com/foo ' +
  'Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';

const TRAIL = '0199c2a4';
const checkpoint: Checkpoint = {
  trail: TRAIL,
  size: 20_852_163,
  root: leafHash('root'),
  chain: leafHash('chain'),
  time: '2025-10-08T18:30:45.123Z',
};
const first = keyOfSeed(Buffer.alloc(32, 1), originOf(TRAIL));
const second = keyOfSeed(Buffer.alloc(32, 2), originOf(TRAIL));

const problemOf = (parse: () => unknown): string | undefined => {
  try {
    parse();
    return undefined;
  } catch (error) {
    if (!(error instanceof MalformedNoteError)) throw error;
    return error.problem;
  }
};

describe('keys', () => {
  it('sign as RFC 8032, section 7.1, test 1', () => {
    const key = keyOfSeed(
      Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex'),
      'rfc8032',
    );
    expect(key.publicKey.toString('hex')).toBe(
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    );
    const signature = key.sign(Buffer.alloc(0));
    expect(signature.toString('hex')).toBe(
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    );
    expect(key.verifyingKey.verifies(Buffer.alloc(0), signature)).toBe(true);
    expect(key.verifyingKey.verifies(Buffer.from('x'), signature)).toBe(false);
    expect(key.verifyingKey.verifies(Buffer.alloc(0), signature.subarray(1))).toBe(false);
  });

  it('go through PEM and the text of their verifier', () => {
    const key = SigningKey.generate('example.com/log');
    const again = SigningKey.fromPem(key.toPem(), key.name);
    expect(again.verifier).toBe(key.verifier);
    const verifier = VerifyingKey.parse(key.verifier);
    expect(verifier.equals(key.verifyingKey)).toBe(true);
    expect(verifier.verifies(Buffer.from('text'), again.sign(Buffer.from('text')))).toBe(true);
  });

  it('read the verifier key of another implementation', () => {
    expect(VerifyingKey.parse(FOREIGN_KEY).toString()).toBe(FOREIGN_KEY);
  });

  it.each([
    ['example.com/foo', 'it has another form'],
    [FOREIGN_KEY.replace('foo', 'fo o'), 'its name has a space or a control character'],
    [`${FOREIGN_KEY}=`, 'its last part is no base64'],
    [FOREIGN_KEY.replace('+Aeky', '+Beky'), 'it is not of Ed25519'],
    [FOREIGN_KEY.replace('+530d', '+530e'), 'its id is not the one of its name and key, so one was mistyped'],
    [FOREIGN_KEY.replace('/foo', '/fop'), 'its id is not the one of its name and key, so one was mistyped'],
  ])('refuse %s', (vkey, why) => {
    expect(() => VerifyingKey.parse(vkey)).toThrow(new TypeError(badVerifierKey(vkey, why)));
  });

  it('refuse other kinds of keys, and names that cannot stand in a note', () => {
    const { privateKey } = generateKeyPairSync('x25519');
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    expect(() => SigningKey.fromPem(pem, 'name')).toThrow(new TypeError(NOT_ED25519));
    expect(() => SigningKey.fromPem('no key', 'name')).toThrow(new TypeError(NOT_ED25519));
    for (const name of ['', 'a b', 'a+b', 'a\nb', 'a\u00a0b'])
      expect(() => SigningKey.generate(name)).toThrow(new TypeError(BAD_KEY_NAME));
  });
});

describe('signed notes', () => {
  it('of another implementation are verified', () => {
    expect(checkSignature(parseNote(FOREIGN_NOTE), VerifyingKey.parse(FOREIGN_KEY))).toBe('valid');
    const changed = FOREIGN_NOTE.replace('example message', 'exemple message');
    expect(checkSignature(parseNote(changed), VerifyingKey.parse(FOREIGN_KEY))).toBe('invalid');
    expect(checkSignature(parseNote(FOREIGN_NOTE), first.verifyingKey)).toBe('absent');
  });

  it('keep blank lines in their text', () => {
    const text = 'trafitto da un raggio di sole:\n\n\u00e8d \u00e8 subito sera.\n';
    const note = parseNote(signNote(text, [first]));
    expect(note.text).toBe(text);
    expect(checkSignature(note, first.verifyingKey)).toBe('valid');
  });

  it('are spoiled by one false signature of a known key, also beside a true one', () => {
    const note = signNote('text\n', [first]);
    const other = signNote('other\n', [first]).split('\n\n')[1];
    expect(checkSignature(parseNote(note + other), first.verifyingKey)).toBe('invalid');
  });

  const good = signNote('text\n', [first]);
  const line = good.split('\n\n')[1]!;
  it.each([
    ['cut off', good.slice(0, -1), noteProblem.noFinalNewline],
    ['no signature', 'text\n\n', noteProblem.noSignatures],
    ['no blank line', `text\n${line}`, noteProblem.noSignatures],
    ['no text', `\n\n${line}`, noteProblem.noText],
    ['a carriage return', good.replace('text', 'text\r'), noteProblem.control],
    ['half a surrogate pair', good.replace('text', '\ud83d'), noteProblem.surrogate],
    ['a hyphen for the dash', good.replace('\u2014', '-'), noteProblem.signatureLine(1)],
    ['two spaces', good.replace(/ (?=\S+\n$)/, '  '), noteProblem.signatureLine(1)],
    ['base64 without padding', good.replace(/=+\n$/, '\n'), noteProblem.signatureLine(1)],
    ['base64 for URLs', `text\n\n\u2014 name ${'_'.repeat(8)}\n`, noteProblem.signatureLine(1)],
    ['no bytes of signature', 'text\n\n\u2014 name AAAAAA==\n', noteProblem.signatureLine(1)],
    ['a plus in a name', `${good}\u2014 na+me AAAAAAAA\n`, noteProblem.signatureLine(2)],
    ['too many signatures', `text\n\n${line.repeat(65)}`, noteProblem.tooManySignatures(64)],
    ['too long', `${'x'.repeat(65_536)}\n\n${line}`, noteProblem.tooLong(65_536)],
  ])('are refused: %s', (_, note, problem) => {
    expect(problemOf(() => parseNote(note))).toBe(problem);
  });
});

describe('checkpoints', () => {
  it('are written as C2SP tlog-checkpoint, with chain and time', () => {
    const note = signCheckpoint(checkpoint, first);
    expect(note).toBe(
      `nestjs-log-stream/audit/${TRAIL}\n20852163\n${checkpoint.root.toString('base64')}\n` +
        `chain ${checkpoint.chain.toString('base64')}\ntime 2025-10-08T18:30:45.123Z\n\n` +
        note.slice(note.indexOf('\u2014')),
    );
    expect(parseCheckpoint(note).checkpoint).toEqual(checkpoint);
  });

  it('take several signatures, so that the key can change', () => {
    const { vkey, note } = handOver(checkpoint, first, second);
    const parsed = parseCheckpoint(note);
    expect(parsed.checkpoint).toEqual({ ...checkpoint, nextKey: vkey });
    expect(vkey).toBe(second.verifier);
    expect(checkSignature(parsed, first.verifyingKey)).toBe('valid');
    expect(checkSignature(parsed, second.verifyingKey)).toBe('valid');
  });

  it('leave alone the lines of versions to come', () => {
    const text = `${parseCheckpoint(signCheckpoint(checkpoint, first)).text}later something\n`;
    expect(parseCheckpoint(signNote(text, [first])).checkpoint).toEqual(checkpoint);
  });

  const text = parseCheckpoint(signCheckpoint(checkpoint, first)).text;
  const root = checkpoint.root.toString('base64');
  it.each([
    [
      'another origin',
      'nestjs-log-stream/audit',
      'example.com',
      noteProblem.origin('nestjs-log-stream/audit/'),
    ],
    ['no trail', `audit/${TRAIL}`, 'audit/', noteProblem.origin('nestjs-log-stream/audit/')],
    ['a leading zero', '\n20852163', '\n020852163', noteProblem.size],
    ['a sign', '\n20852163', '\n-1', noteProblem.size],
    ['a size that is not exact', '\n20852163', '\n9007199254740993', noteProblem.size],
    ['a short root', root, 'AAAA', noteProblem.root],
    ['no chain', 'chain ', 'chian ', noteProblem.chain],
    ['a short chain', /chain \S+/, 'chain AAAA', noteProblem.chain],
    ['no time', /time .+\n/, '', noteProblem.time],
    ['another time', '.123Z', 'Z', noteProblem.time],
    ['no key', '123Z\n', '123Z\nkey something\n', noteProblem.nextKey],
    ['an empty line', '123Z\n', '123Z\n\nmore\n', noteProblem.emptyLine],
  ])('are refused: %s', (_, find, replacement, problem) => {
    const note = signNote(text.replace(find, replacement), [first]);
    expect(problemOf(() => parseCheckpoint(note))).toBe(problem);
  });

  it('are malformed or not signed when one character changes', () => {
    const note = signCheckpoint(checkpoint, first);
    fc.assert(
      fc.property(fc.nat(note.length - 1), fc.string({ maxLength: 2 }), (at, change) => {
        const changed = note.slice(0, at) + change + note.slice(at + 1);
        fc.pre(changed !== note);
        let outcome: string | undefined;
        const problem = problemOf(() => {
          outcome = checkSignature(parseCheckpoint(changed), first.verifyingKey);
        });
        expect(problem ?? outcome).not.toBe('valid');
      }),
      { numRuns: runs(500) },
    );
  });

  it('are not signed for a trail whose id would write lines of its own', () => {
    for (const trail of ['', 'a\n9', 'a b', 'a+b'])
      expect(() => signCheckpoint({ ...checkpoint, trail }, first)).toThrow(new TypeError(BAD_TRAIL_ID));
  });
});
