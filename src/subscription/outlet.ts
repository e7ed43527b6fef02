import { type Gap } from './gap.js';

/**
 * Backlog of a socket, in bytes, over which its client counts as slow and gets nothing more. The kernel takes some
 * megabytes more before that; what lies above would be memory of this process, per client.
 */
export const HIGH_WATER_MARK = 1024 * 1024;

/**
 * Where the bytes of one client go. Implemented by each transport; the subscription side knows no sockets.
 * No method throws: a client that cannot be written to is ended by its transport.
 */
export interface Outlet {
  /** Bytes that were written but that the operating system has not taken yet. */
  readonly backlog: number;

  /** Writes framed bytes, at once or, when the client is gone, not at all. */
  write(bytes: Buffer): void;

  /**
   * Calls back, later and once, when the client can take more; never when it is gone. A second call takes the
   * place of one that is still waiting.
   */
  whenWritable(resume: () => void): void;

  /** Where the client reads from was searched for, and is known: what it asked for comes next. */
  begins(position: number): void;

  /**
   * The history has passed the client's position.
   *
   * @returns whether the client was told and goes on behind the gap; otherwise it is ended
   */
  missed(gap: Gap): boolean;

  /**
   * What the client asked for is no longer complete, and nobody can tell what is missing.
   *
   * @param unknown nothing of it is there: the client goes on with what comes now
   */
  unrecoverable(unknown: boolean): void;

  /** The client asked for a position and has now read everything from there on, up to the live records. */
  caughtUp(position: number): void;
}
