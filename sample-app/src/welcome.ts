import { type AuditTrailFile } from './audit-trail-file/audit-trail-file.js';

/** What a person needs to know once the app listens. */
export function welcome(port: number, trail: AuditTrailFile): string {
  const http = `http://localhost:${port}`;
  const json = `-H 'content-type: application/json'`;
  return `
The agent orchestrator is running, and its agents are at work. Watch them:

  the dashboard     ${http}/monitor
  what to try       ${http}
  in a terminal     npx wscat -c ws://localhost:${port}/ws/monitor

${trailText(trail)}

Give them something to do:

  curl ${http}/instances
  curl ${http}/instances ${json} -d '{"name":"researcher"}'
  curl ${http}/instances/ID/messages ${json} -d '{"content":"What is new?"}'
  curl ${http}/coordinations ${json} -d '{"instance_ids":["ID","ID"],"task":"Compare notes"}'
  curl ${http}/traffic/burst ${json} -d '{"count":2000}'
  curl -X DELETE ${http}/instances/unknown

The messages "/fail" and "/hang" make an agent fail and time out. This terminal shows nothing below CRITICAL.
Ctrl+C ends the app.
`;
}

function trailText({ path, stays }: AuditTrailFile): string {
  if (path === undefined) return 'This Node keeps no audit trail: that needs 22.13 or later.';
  const until = stays ? '' : '\nIt goes with this process: AUDIT_TRAIL=./audit.db keeps it.';
  return `Their audit records are kept and signed in\n\n  ${path}\n${until}`.trimEnd();
}
