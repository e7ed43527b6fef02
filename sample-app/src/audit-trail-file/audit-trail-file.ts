import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Where the audit trail is kept: in the file that `AUDIT_TRAIL` names, else in a directory of this process's own, which
 * goes with it. Two sample apps at once must not write to one file.
 */
@Injectable()
export class AuditTrailFile implements OnApplicationShutdown {
  /** Undefined where this Node has no SQLite built in: before 22.13. */
  readonly path: string | undefined;
  /** Whether it is there after the end of the app. */
  readonly stays: boolean = Boolean(process.env.AUDIT_TRAIL);

  constructor() {
    if (process.getBuiltinModule?.('node:sqlite') === undefined) return;
    this.path =
      process.env.AUDIT_TRAIL || join(mkdtempSync(join(tmpdir(), 'agent-orchestrator-')), 'audit.db');
  }

  onApplicationShutdown(): void {
    if (this.path !== undefined && !this.stays) rmSync(dirname(this.path), { recursive: true, force: true });
  }
}
