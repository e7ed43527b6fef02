import {
  closeSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { keyFileReadable, keyFileUnusable, keyModeSetBack } from './evidence.messages.js';
import { SigningKey } from './signing-key.js';
import { syncDirectoryOf } from './sync-directory.js';

const OWNER_ONLY = 0o600;
const GROUP_AND_OTHERS = 0o077;
/** What Kubernetes adds to every file of a volume with an `fsGroup`: group may read and write. */
const FS_GROUP = 0o060;

/** The key of a trail, and whether it is new: then somebody should be told where it lies. */
export interface LoadedKey {
  readonly key: SigningKey;
  readonly created: boolean;
}

/**
 * Reads the signing key of a trail from a file (PKCS#8 PEM), or makes one there when there is none: readable by the
 * owner only, and on disk when this returns. Only the process that has the trail's lock may call it.
 *
 * @param name of the key: the trail's origin
 * @throws Error that says what to change: others can read the file, or it holds no such key
 */
export function loadOrCreateKey(path: string, name: string): LoadedKey {
  const pem = readKeyFile(path);
  if (pem !== undefined) return { key: parseKeyFile(path, pem, name), created: false };
  const key = SigningKey.generate(name);
  writeKeyFile(path, key);
  return { key, created: true };
}

function readKeyFile(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    if (process.platform !== 'win32') requirePrivate(path, file);
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

/** Of the opened file, so that it cannot be exchanged between the look and the reading. */
function requirePrivate(path: string, file: number): void {
  const { mode, uid } = fstatSync(file);
  if ((mode & GROUP_AND_OTHERS) === 0) return;
  if (
    (mode & GROUP_AND_OTHERS) !== FS_GROUP ||
    uid !== process.getuid?.() ||
    lstatSync(path).isSymbolicLink()
  )
    throw new Error(keyFileReadable(path, mode));
  // At every mount, so that the next start would be refused: set back, as the database is, and said.
  fchmodSync(file, OWNER_ONLY);
  process.emitWarning(keyModeSetBack(path, mode), 'LogStreamWarning');
}

function parseKeyFile(path: string, pem: string, name: string): SigningKey {
  try {
    return SigningKey.fromPem(pem, name);
  } catch (cause) {
    throw new Error(keyFileUnusable(path, (cause as Error).message), { cause });
  }
}

/** By way of another file: a crash halfway must not leave half a key, which would stop every later start. */
function writeKeyFile(path: string, key: SigningKey): void {
  const draft = `${path}.${process.pid}.new`;
  writeKeyDraft(draft, key);
  renameSync(draft, path);
  syncDirectoryOf(path);
}

/** Writes a key to a file of its own, readable by the owner only; its bytes are on disk when this returns. */
export function writeKeyDraft(draft: string, key: SigningKey): void {
  rmSync(draft, { force: true });
  const file = openSync(draft, 'wx', OWNER_ONLY);
  try {
    writeFileSync(file, key.toPem());
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
