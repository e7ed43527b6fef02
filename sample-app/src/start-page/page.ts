export const PAGE = /* html */ `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>Agent orchestrator</title>
    <link rel="stylesheet" href="/start-page.css" />
    <script type="module" src="/start-page.js"></script>
  </head>
  <body>
    <header>
      <h1>Agent orchestrator</h1>
      <p>
        The sample app of <strong>nestjs-log-stream</strong>. Its agents do simulated work; what the app logs about
        that arrives below as it happens, over one WebSocket.
      </p>
      <p id="connection" role="status" data-state="connecting">Connecting</p>
    </header>

    <details>
      <summary>Give the agents something to do</summary>
      <pre><code>curl <b>http://localhost:3000</b>/instances
curl <b>http://localhost:3000</b>/instances -H 'content-type: application/json' -d '{"name":"researcher"}'
curl <b>http://localhost:3000</b>/instances/ID/messages -H 'content-type: application/json' -d '{"content":"What is new?"}'
curl <b>http://localhost:3000</b>/coordinations -H 'content-type: application/json' -d '{"instance_ids":["ID","ID"],"task":"Compare notes"}'
curl -X DELETE <b>http://localhost:3000</b>/instances/unknown</code></pre>
      <p>
        ID is an <code>id</code> from the first command's answer. The messages <code>/fail</code> and
        <code>/hang</code> make an agent fail and time out. In a terminal, watch with
        <code>npx wscat -c <span id="monitor">ws://localhost:3000/ws/monitor</span></code> or
        <code>npm run demo</code>.
      </p>
    </details>

    <main>
      <section aria-labelledby="system-title">
        <h2 id="system-title">System <output id="system-count">0</output></h2>
        <ol id="system" tabindex="0" aria-labelledby="system-title"></ol>
      </section>
      <section aria-labelledby="audit-title">
        <h2 id="audit-title">Audit <output id="audit-count">0</output></h2>
        <ol id="audit" tabindex="0" aria-labelledby="audit-title"></ol>
      </section>
    </main>
  </body>
</html>
`;
