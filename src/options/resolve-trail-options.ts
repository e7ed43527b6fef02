import { createPrivateKey } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { group, integer, routePath, trueOrFalse } from './option-checks.js';
import { mustBe, secretMustBe } from './options.messages.js';
import { type ResolvedPostgresOptions } from './postgres-options.js';
import { resolvePostgresOptions } from './resolve-postgres-options.js';
import { type ResolvedTrailOptions } from './trail-options.js';

const KNOWN = [
  'file',
  'postgres',
  'key',
  'previousKey',
  'acceptNewKey',
  'checkpoint',
  'anchors',
  'deadlineMs',
  'queue',
  'spoolBytes',
  'spoolFile',
  'space',
  'retention',
  'path',
];

const MIB = 1024 * 1024;
const LARGEST_FILE = 2 ** 46;

/**
 * Validates the option `trail`, fills in its defaults, copies and freezes.
 *
 * @throws TypeError with a sentence that says what to change
 */
export function resolveTrailOptions(value: unknown): ResolvedTrailOptions {
  const given = group('trail', value, KNOWN);
  const postgres = given.postgres === undefined ? undefined : resolvePostgresOptions(given.postgres);
  const isNamed = given.file !== undefined || !postgres;
  const file = isNamed ? filePath('trail.file', given.file) : temporaryFile(postgres);
  const {
    acceptNewKey = false,
    checkpoint = {},
    anchors = isNamed ? defaultAnchors(file) : nowhere,
    deadlineMs = 5_000,
    queue = 10_000,
    spoolBytes = 64 * MIB,
    spoolFile = defaultSpool(file),
    space = {},
    retention = {},
    path = '/monitor/audit',
  } = given;
  return Object.freeze({
    file,
    postgres,
    signs: isNamed || given.key !== undefined,
    key: privateKey('trail.key', given.key),
    previousKey: privateKey('trail.previousKey', given.previousKey),
    acceptNewKey: trueOrFalse('trail.acceptNewKey', acceptNewKey),
    checkpoint: checkpointOptions(checkpoint),
    anchors: anchorsOption(anchors),
    deadlineMs: integer('trail.deadlineMs', deadlineMs, 100, 600_000),
    queue: integer('trail.queue', queue, 1, 1_000_000),
    spoolBytes: integer('trail.spoolBytes', spoolBytes, 0, LARGEST_FILE),
    spoolFile: filePath('trail.spoolFile', spoolFile),
    space: spaceOptions(space),
    retention: retentionOptions(retention),
    path: path === false ? false : routePath('trail.path', path, '/monitor/audit'),
  });
}

/** Names what a process without a place of its own keeps until it ends. */
function temporaryFile({ schema }: ResolvedPostgresOptions): string {
  return join(tmpdir(), `nestjs-log-stream-${schema}-${process.pid}`);
}

const nowhere = (): void => {};

/** Where the checkpoints of a trail go when nobody says where. */
export function defaultAnchors(file: string): string {
  return `${file}.anchors`;
}

/** Where entries wait that the trail cannot take, when nobody says where. */
export function defaultSpool(file: string): string {
  return `${file}.spool`;
}

/** Absolute: the working directory may change, and two paths of one file must not pass for two trails. */
function filePath(option: string, value: unknown): string {
  // SQLite would read these as a database in memory and as a URI: neither is a file that stays.
  const isFile =
    typeof value === 'string' &&
    value.trim() !== '' &&
    !/^(?::memory:$|file:)/i.test(value) &&
    !value.includes('\0');
  if (!isFile) throw new TypeError(mustBe(option, "the path of a file, as './data/audit.db'", value));
  return resolve(value);
}

function privateKey(option: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !isEd25519(value)) {
    throw new TypeError(
      secretMustBe(
        option,
        'an Ed25519 private key as PEM text, as `openssl genpkey -algorithm ed25519` makes',
        value,
      ),
    );
  }
  return value;
}

function isEd25519(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'ed25519';
  } catch {
    return false;
  }
}

function checkpointOptions(value: unknown): ResolvedTrailOptions['checkpoint'] {
  const { everyMs = 60_000, records = 1_000 } = group('trail.checkpoint', value, ['everyMs', 'records']);
  return Object.freeze({
    everyMs: integer('trail.checkpoint.everyMs', everyMs, 1_000, 86_400_000),
    records: integer('trail.checkpoint.records', records, 1, 1_000_000),
  });
}

function anchorsOption(value: unknown): ResolvedTrailOptions['anchors'] {
  if (typeof value === 'function') return value as (note: string) => unknown;
  if (typeof value === 'string') return filePath('trail.anchors', value);
  throw new TypeError(mustBe('trail.anchors', 'the path of a file or a function that gets each note', value));
}

function spaceOptions(value: unknown): ResolvedTrailOptions['space'] {
  const { lowBytes = 64 * MIB, ballastBytes = 4 * MIB } = group('trail.space', value, [
    'lowBytes',
    'ballastBytes',
  ]);
  return Object.freeze({
    lowBytes: integer('trail.space.lowBytes', lowBytes, 0, LARGEST_FILE),
    ballastBytes: integer('trail.space.ballastBytes', ballastBytes, 0, 1024 * MIB),
  });
}

function retentionOptions(value: unknown): ResolvedTrailOptions['retention'] {
  const { days, bytes } = group('trail.retention', value, ['days', 'bytes']);
  return Object.freeze({
    ...(days !== undefined && { days: integer('trail.retention.days', days, 1, 36_500) }),
    ...(bytes !== undefined && { bytes: integer('trail.retention.bytes', bytes, MIB, LARGEST_FILE) }),
  });
}
