/** What a person needs to know once the app listens. */
export function welcome(port: number): string {
  const http = `http://localhost:${port}`;
  const json = `-H 'content-type: application/json'`;
  return `
The agent orchestrator is running, and its agents are at work. Watch them:

  the dashboard     ${http}/monitor
  what to try       ${http}
  in a terminal     npx wscat -c ws://localhost:${port}/ws/monitor

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
