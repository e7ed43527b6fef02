import { type ResolvedPostgresOptions, type TrailPostgresOptions } from './postgres-options.js';

/** When the state of the trail is signed. */
export interface TrailCheckpointOptions {
  /**
   * Longest time that an entry waits for a checkpoint over it, in milliseconds, 1,000 to 86,400,000.
   * @default 60_000
   */
  everyMs?: number;
  /**
   * Entries after which a checkpoint is made earlier, 1 to 1,000,000.
   * @default 1_000
   */
  records?: number;
}

/** What happens while the disk fills up. */
export interface TrailSpaceOptions {
  /**
   * Free space of the disk, in bytes, under which the trail says that it is running low and takes no more intents:
   * calls audited with `failure: 'closed'` are refused while what they would leave behind could still be stored.
   * 0 for never.
   * @default 67_108_864 (64 MiB)
   */
  lowBytes?: number;
  /**
   * Size of a file that is given up when the disk is full, so that the last entries still fit, in bytes. 0 for none.
   * @default 4_194_304 (4 MiB)
   */
  ballastBytes?: number;
}

/** How long entries are kept. Without either bound nothing is ever deleted. */
export interface TrailRetentionOptions {
  /** Age from which entries may be deleted, in days of 24 hours. */
  days?: number;
  /** Size of the trail file above which the oldest entries are deleted, in bytes, at least 1 MiB. */
  bytes?: number;
}

/**
 * Options of the durable audit trail.
 *
 * @publicApi
 */
export interface TrailOptions {
  /**
   * The SQLite file of the trail, which is needed unless it is in {@link postgres}; made on the first start, in a directory that exists. Its companions stand beside
   * it: `<file>.key`, `.anchors`, `.lock`, `.owner`, `.spool`, `.ballast`.
   */
  file?: string;
  /**
   * Keeps the trail in PostgreSQL, for an application of several processes. `file` then only says where key, anchors and
   * spool of this process lie; without it, and without {@link key}, this process signs nothing, and the spool is in the
   * directory for temporary files.
   */
  postgres?: TrailPostgresOptions;
  /**
   * Private key that signs the checkpoints: Ed25519, PKCS#8, as PEM text.
   * @default a key that is made on the first start and kept in `<file>.key`
   */
  key?: string;
  /**
   * The key before {@link key}, as PEM text. Given once, at the start that brings the new key, it makes the change a
   * rotation that an auditor can follow: both keys sign.
   */
  previousKey?: string;
  /**
   * Goes on under a new key although the previous one cannot sign any more. Auditors will be told.
   * @default false
   */
  acceptNewKey?: boolean;
  /** When the state of the trail is signed. */
  checkpoint?: TrailCheckpointOptions;
  /**
   * Where checkpoints go beside the trail file: a file that they are appended to, or a function that gets each signed
   * note. Only copies that the owner of this machine cannot change show a trail that was cut or written anew.
   * @default '<file>.anchors'
   */
  anchors?: string | ((note: string) => unknown);
  /**
   * How long a call that is audited with `failure: 'closed'` waits for its record, in milliseconds, 100 to 600,000.
   * @default 5_000
   */
  deadlineMs?: number;
  /**
   * Entries that may wait for their commit, 1 to 1,000,000.
   * @default 10_000
   */
  queue?: number;
  /**
   * Size of the file for entries that the trail cannot take at the moment, in bytes. 0 for none: such entries are
   * then only counted.
   * @default 67_108_864 (64 MiB)
   */
  spoolBytes?: number;
  /**
   * That file; on another disk than the trail it also helps when the disk is full.
   * @default '<file>.spool'
   */
  spoolFile?: string;
  /** What happens while the disk fills up. */
  space?: TrailSpaceOptions;
  /** How long entries are kept. */
  retention?: TrailRetentionOptions;
  /**
   * Path at which those who may see audit records can read the trail over HTTP, with a leading slash; `false` for
   * none. The app's global prefix is not put before it.
   * @default '/monitor/audit'
   */
  path?: string | false;
}

type Filled<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> };

/** The options after validation: complete, absolute paths, copied, frozen. */
export interface ResolvedTrailOptions extends Filled<
  Omit<TrailOptions, 'key' | 'previousKey' | 'postgres' | 'checkpoint' | 'space' | 'retention'>
> {
  readonly key: string | undefined;
  readonly previousKey: string | undefined;
  readonly postgres: ResolvedPostgresOptions | undefined;
  /** False for a process that has no key: somebody else signs. */
  readonly signs: boolean;
  readonly checkpoint: Filled<TrailCheckpointOptions>;
  readonly space: Filled<TrailSpaceOptions>;
  readonly retention: Readonly<TrailRetentionOptions>;
}
