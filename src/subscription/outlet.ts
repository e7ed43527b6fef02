/**
 * Where the bytes of one client go. Implemented by each transport; the subscription side knows no sockets.
 * No method throws: a client that cannot be written to is ended by its transport.
 */
export interface Outlet {
  /** Bytes that were written but that the operating system has not taken yet. */
  readonly backlog: number;

  /** Writes framed bytes, at once or, when the client is gone, not at all. */
  write(bytes: Buffer): void;

  /** Calls back, later and once, when the client can take more; never when it is gone. */
  whenWritable(resume: () => void): void;

  /** The history has passed the client's position: it cannot be given everything any more. */
  overtaken(): void;
}
