import { existsSync, readFileSync, renameSync } from 'node:fs';
import { originOf } from '../evidence/checkpoint-note.js';
import { loadOrCreateKey, writeKeyDraft } from '../evidence/key-file.js';
import { SigningKey } from '../evidence/signing-key.js';
import { syncDirectoryOf } from '../evidence/sync-directory.js';
import { type ResolvedTrailOptions } from '../../options/trail-options.js';
import { keyChanged, keyIsAnOption, previousKeyWrong } from './store.messages.js';
import { TrailError } from './trail-error.js';

/** The keys that a start has. */
export interface StartKeys {
  readonly key: SigningKey;
  /** True for a trail that nobody signed yet. */
  readonly isFirst: boolean;
  /** True when the key was made now: somebody should be told where it lies. */
  readonly created: boolean;
  /** Where the key lies, when it is in a file of ours. */
  readonly path: string | undefined;
  /** The key that hands over to this one; `lost` when it cannot. */
  readonly previous: SigningKey | 'lost' | undefined;
}

type KeyOptions = Pick<ResolvedTrailOptions, 'file' | 'key' | 'previousKey' | 'acceptNewKey'>;

/**
 * Finds the key to sign with.
 *
 * @param known verifier key that signed last; `undefined` for a new trail
 * @throws TrailError `key`
 */
export function startKeys(options: KeyOptions, trail: string, known: string | undefined): StartKeys {
  const { file, acceptNewKey } = options;
  const name = originOf(trail);
  const path = `${file}.key`;
  finishRotation(path, name, known);
  const own = ownKey(options, path, name, known);
  const isFirst = known === undefined;
  if (isFirst || own.key.verifier === known) return { ...own, isFirst, previous: undefined };
  const previous = previousKey(options, path, name, known);
  if (!previous && !acceptNewKey) throw new TrailError('key', keyChanged(file, known));
  return { ...own, isFirst, previous: previous ?? 'lost' };
}

function ownKey(
  { file, key: pem, acceptNewKey }: KeyOptions,
  path: string,
  name: string,
  known: string | undefined,
): Omit<StartKeys, 'previous' | 'isFirst'> {
  if (pem !== undefined) return { key: SigningKey.fromPem(pem, name), created: false, path: undefined };
  // A key made here would only stand in the way of the one that was forgotten.
  if (known !== undefined && !acceptNewKey && !existsSync(path)) {
    throw new TrailError('key', keyChanged(file, known));
  }
  try {
    return { ...loadOrCreateKey(path, name), path };
  } catch (error) {
    throw new TrailError('key', error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function previousKey(
  { file, key, previousKey: pem }: KeyOptions,
  path: string,
  name: string,
  known: string,
): SigningKey | undefined {
  if (pem !== undefined) {
    const previous = SigningKey.fromPem(pem, name);
    if (previous.verifier !== known) throw new TrailError('key', previousKeyWrong(file, known));
    return previous;
  }
  // From the key that was made here to one that is given.
  if (key === undefined || !existsSync(path)) return undefined;
  const { key: previous } = loadOrCreateKey(path, name);
  return previous.verifier === known ? previous : undefined;
}

/** Puts the next key beside the one in use, where {@link finishRotation} finds it after a crash. */
export function prepareRotation(path: string | undefined, name: string, pem: string | undefined): SigningKey {
  if (path === undefined) {
    if (pem === undefined) throw new TrailError('key', keyIsAnOption());
    return SigningKey.fromPem(pem, name);
  }
  const next = pem === undefined ? SigningKey.generate(name) : SigningKey.fromPem(pem, name);
  const draft = `${path}.next`;
  writeKeyDraft(draft, next);
  syncDirectoryOf(draft);
  return next;
}

/** The database says which key signs: the next one takes its place only when the rotation is committed. */
export function finishRotation(path: string, name: string, known: string | undefined): void {
  const draft = `${path}.next`;
  if (known === undefined || !existsSync(draft)) return;
  if (SigningKey.fromPem(readFileSync(draft, 'utf8'), name).verifier !== known) return;
  renameSync(draft, path);
  syncDirectoryOf(path);
}
