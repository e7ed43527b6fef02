import { spawnSync } from 'node:child_process';
import { hasSqlite, whyNoSqlite } from '../store/a-trail.js';

/** Behind the name of a test that mounts things in a user namespace of its own: why it is skipped, where it is. */
export const whyNoMounts = ((): string => {
  if (!hasSqlite) return whyNoSqlite;
  const { status, stderr } = spawnSync('unshare', ['-rm', 'true'], { encoding: 'utf8' });
  return status === 0 ? '' : ` (skipped: unshare says ${stderr?.trim() || 'nothing'})`;
})();
