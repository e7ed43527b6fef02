import { statSync } from 'node:fs';
import { type ResolvedPostgresOptions } from '../../options/postgres-options.js';
import { readAnchors } from '../evidence/anchor-file.js';
import { type TrailReport } from '../evidence/verify/trail-report.js';
import { verifyTrail } from '../evidence/verify/verify-trail.js';
import { VerifyingKey } from '../evidence/verifying-key.js';
import { anchorsUnreadable, trailKeyUnreadable, verificationStopped } from '../store/store.messages.js';
import { type TrailLocation, type VerifyRequest, type VerifyRun } from '../store/trail-backend.js';
import { TrailError } from '../store/trail-error.js';
import { type TrailView } from '../store/trail-view.js';
import { Connections } from './connect.js';
import { PostgresView } from './postgres-view.js';
import { openSnapshot } from './snapshot.js';

/** A trail in a database of PostgreSQL. */
export class PostgresLocation implements TrailLocation {
  constructor(protected readonly options: ResolvedPostgresOptions) {}

  /** Without the password. */
  get name(): string {
    const { url, schema } = this.options;
    if (url === undefined) return `PostgreSQL (${schema})`;
    const shown = new URL(url);
    shown.password = '';
    for (const name of ['password', 'sslkey', 'sslpassword']) shown.searchParams.delete(name);
    return shown.href;
  }

  view(): TrailView {
    return new PostgresView(this.connections());
  }

  /** In this thread, which answers others between two pages. */
  async verify(request: VerifyRequest, { onProgress, signal }: VerifyRun = {}): Promise<TrailReport> {
    const stopped = (): TrailError => new TrailError('closed', verificationStopped(this.name));
    if (signal?.aborted) throw stopped();
    // Before the trail: an anchor that is written meanwhile knows of entries that are not looked at.
    const anchors = request.anchors === undefined ? undefined : this.anchorsUntilNow(request.anchors);
    const connections = this.connections();
    try {
      await using evidence = await openSnapshot(connections, signal);
      const { last, prunedThrough } = evidence;
      for (const key of evidence.keys) this.requireKey(key);
      return await verifyTrail(evidence, {
        trusted: request.trusted.map((key) => VerifyingKey.parse(key)),
        ...(anchors && { anchors }),
        ...(onProgress && { onProgress: (entries) => onProgress({ entries, of: last - prunedThrough }) }),
      });
    } catch (error) {
      if (signal?.aborted) throw stopped();
      throw error;
    } finally {
      await connections.close();
    }
  }

  protected connections(): Connections {
    return new Connections(this.options, this.name);
  }

  private requireKey(key: string): void {
    try {
      VerifyingKey.parse(key);
    } catch (error) {
      throw new TrailError('corrupt', trailKeyUnreadable(this.name, error), { cause: error });
    }
  }

  private anchorsUntilNow(path: string): AsyncGenerator<string, void, undefined> {
    try {
      return readAnchors(path, statSync(path).size);
    } catch (error) {
      throw new TrailError('io', anchorsUnreadable(path, error), { cause: error });
    }
  }
}
