import { generateKeyPairSync } from 'node:crypto';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mustBe, secretMustBe, unknownOption } from '../../../src/options/options.messages.js';
import { resolveTrailOptions } from '../../../src/options/resolve-trail-options.js';

const FILE = "the path of a file, as './data/audit.db'";
const KEY = 'an Ed25519 private key as PEM text, as `openssl genpkey -algorithm ed25519` makes';
const between = (min: number, max: number): string => `a whole number from ${min} to ${max}`;

const pem = (type: 'ed25519' | 'ed448'): string =>
  generateKeyPairSync(type as 'ed25519')
    .privateKey.export({ format: 'pem', type: 'pkcs8' })
    .toString();

/** Every way to be wrong, and the sentence that says so. */
const PATH = "a path of letters, digits and -._~, as '/monitor/audit'";

const WRONG: [option: string, value: unknown, sentence: string][] = [
  ...[undefined, null, 5, '', ' ', ':memory:', 'file:a.db', 'a\0b', {}].map(
    (value): [string, unknown, string] => ['file', value, mustBe('trail.file', FILE, value)],
  ),
  ['spoolFile', ':memory:', mustBe('trail.spoolFile', FILE, ':memory:')],
  ['key', 'secret', secretMustBe('trail.key', KEY, 'secret')],
  ['previousKey', null, secretMustBe('trail.previousKey', KEY, null)],
  ['acceptNewKey', 'yes', mustBe('trail.acceptNewKey', 'true or false', 'yes')],
  ['checkpoint', 5, mustBe('trail.checkpoint', 'an object with everyMs, records', 5)],
  ['checkpoint', { every: 5 }, unknownOption('trail.checkpoint.every', ['everyMs', 'records'])],
  ['checkpoint', { everyMs: 5 }, mustBe('trail.checkpoint.everyMs', between(1_000, 86_400_000), 5)],
  ['checkpoint', { records: 0 }, mustBe('trail.checkpoint.records', between(1, 1_000_000), 0)],
  ['anchors', false, mustBe('trail.anchors', 'the path of a file or a function that gets each note', false)],
  ['anchors', '', mustBe('trail.anchors', FILE, '')],
  ['deadlineMs', 1, mustBe('trail.deadlineMs', between(100, 600_000), 1)],
  ['queue', 0, mustBe('trail.queue', between(1, 1_000_000), 0)],
  ['spoolBytes', -1, mustBe('trail.spoolBytes', between(0, 2 ** 46), -1)],
  ['space', { lowBytes: 1.5 }, mustBe('trail.space.lowBytes', between(0, 2 ** 46), 1.5)],
  ['space', { ballastBytes: '1' }, mustBe('trail.space.ballastBytes', between(0, 2 ** 30), '1')],
  ['path', 'x', mustBe('trail.path', PATH, 'x')],
  ['retention', { days: 0 }, mustBe('trail.retention.days', between(1, 36_500), 0)],
  ['retention', { bytes: 5 }, mustBe('trail.retention.bytes', between(2 ** 20, 2 ** 46), 5)],
];

describe('resolveTrailOptions', () => {
  it('fills in the defaults, with absolute paths', () => {
    const file = resolve('data/audit.db');
    expect(resolveTrailOptions({ file: './data/audit.db' })).toEqual({
      file,
      postgres: undefined,
      signs: true,
      key: undefined,
      previousKey: undefined,
      acceptNewKey: false,
      checkpoint: { everyMs: 60_000, records: 1_000 },
      anchors: `${file}.anchors`,
      deadlineMs: 5_000,
      queue: 10_000,
      spoolBytes: 64 * 1024 * 1024,
      spoolFile: `${file}.spool`,
      space: { lowBytes: 64 * 1024 * 1024, ballastBytes: 4 * 1024 * 1024 },
      retention: {},
      path: '/monitor/audit',
    });
  });

  it('takes what is given, and freezes a copy', () => {
    const anchors = (): void => {};
    const given = {
      file: '/var/lib/audit.db',
      key: pem('ed25519'),
      previousKey: pem('ed25519'),
      acceptNewKey: true,
      checkpoint: { everyMs: 1_000, records: 5 },
      anchors,
      deadlineMs: 100,
      queue: 1,
      spoolBytes: 0,
      spoolFile: '/var/spool/audit',
      space: { lowBytes: 0, ballastBytes: 0 },
      retention: { days: 365, bytes: 2 ** 30 },
      path: '/audit',
    };
    const resolved = resolveTrailOptions(given);
    expect(resolved).toEqual({ ...given, signs: true });
    expect(resolved).not.toBe(given);
    expect(Object.isFrozen(resolved)).toBe(true);
    expect(Object.isFrozen(resolved.checkpoint)).toBe(true);
    expect(Object.isFrozen(resolved.space)).toBe(true);
    expect(Object.isFrozen(resolved.retention)).toBe(true);
  });

  it.each(WRONG)('says what to change: %s = %o', (option, value, sentence) => {
    expect(() => resolveTrailOptions({ file: './a.db', [option]: value })).toThrow(new TypeError(sentence));
  });

  it('takes no key of another kind, and does not print it', () => {
    const key = pem('ed448');
    expect(() => resolveTrailOptions({ file: './a.db', key })).toThrow(secretMustBe('trail.key', KEY, key));
  });

  it('refuses what is no object, and an option that does not exist', () => {
    expect(() => resolveTrailOptions('audit.db')).toThrow(
      /^LogStreamModule option `trail` must be an object/,
    );
    expect(() => resolveTrailOptions({ file: './a.db', paths: 'x' })).toThrow(
      /`trail\.paths` does not exist/,
    );
  });
});
