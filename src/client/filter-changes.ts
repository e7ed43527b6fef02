import { type FilterSpec } from '../wire/filter/filter-spec.js';
import { type ReplaySpec } from '../wire/replay-spec.js';
import { type LogStreamError } from './log-stream-error.js';
import { type Session } from './session.js';

interface Change {
  readonly filter: FilterSpec;
  readonly replay: ReplaySpec | undefined;
  readonly resolve: () => void;
  readonly reject: (error: LogStreamError) => void;
  /** Where it was last sent. */
  session?: Session;
}

/** Changes of the filter that the server has not agreed to yet: asked again when the connection broke before. */
export class FilterChanges {
  private readonly open = new Set<Change>();

  /** @param session where to ask, if there is one now */
  add(filter: FilterSpec, replay: ReplaySpec | undefined, session: Session | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const change: Change = { filter, replay, resolve, reject };
      this.open.add(change);
      if (session) this.send(change, session);
    });
  }

  /** A connection is there. */
  sendTo(session: Session): void {
    for (const change of this.open) if (change.session !== session) this.send(change, session);
  }

  fail(error: LogStreamError): void {
    for (const { reject } of this.open) reject(error);
    this.open.clear();
  }

  private send(change: Change, session: Session): void {
    change.session = session;
    session.subscribe(change.filter, change.replay, (error) => {
      if (error?.code === 'connection_lost') return;
      this.open.delete(change);
      if (error) change.reject(error);
      else change.resolve();
    });
  }
}
