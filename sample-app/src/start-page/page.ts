export const PAGE = /* html */ `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>Agent orchestrator</title>
    <link rel="stylesheet" href="/start-page/style.css" />
    <script type="module" src="/start-page/start-page.js"></script>
  </head>
  <body>
    <header>
      <h1>Agent orchestrator</h1>
      <p>The sample app of <strong>nestjs-log-stream</strong>: agents at simulated work, and all that they log.</p>
    </header>

    <main>
      <section class="hero" aria-labelledby="watch-title">
        <div>
          <h2 id="watch-title">Watch them</h2>
          <a class="open" href="/monitor">Open the dashboard</a>
          <p>System logs on the left, audit records on the right, as they happen.</p>
        </div>
        <ul>
          <li><b>At once</b> messages, turns and tool calls of four agents, about six lines a second.</li>
          <li>
            <b>Mixed in</b> slow answers with their duration, test output of several lines, an error with its cause, tools
            refused to an agent, terminations that fail.
          </li>
          <li>
            <b>20 seconds after the start</b> the models' provider has an outage: warnings, errors, one CRITICAL, failed
            turns, and a recovery. Then again every minute or two.
          </li>
          <li>
            <b>For good</b> every audit record is kept in a signed trail. Choose <i>Trail</i> in the audit panel to search
            all of it, and the seal beside it to verify it.
          </li>
        </ul>
      </section>

      <section aria-labelledby="agents-title">
        <h2 id="agents-title">Make something happen</h2>
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th scope="col">Agent</th>
                <th scope="col">Role</th>
                <th scope="col">Model</th>
                <th scope="col">State</th>
                <th scope="col">Actions</th>
              </tr>
            </thead>
            <tbody id="agents"></tbody>
          </table>
        </div>
        <div class="controls">
          <form id="spawn">
            <label>Name <input name="name" value="researcher" maxlength="64" required autocomplete="off" /></label>
            <button>Spawn</button>
          </form>
          <button type="button" id="coordinate">Coordinate three</button>
          <form id="burst">
            <label>Records
              <select name="count">
                <option value="2000">2,000</option>
                <option value="10000">10,000</option>
                <option value="40000">40,000</option>
              </select>
            </label>
            <button name="start">Burst</button>
          </form>
        </div>
        <p id="answer" role="status">Stop main-orchestrator, and see the refusal on record.</p>
      </section>

      <section aria-labelledby="plain-title">
        <h2 id="plain-title">Or with any WebSocket <span id="connection" data-state="connecting">Connecting</span></h2>
        <p>
          The latest lines, from <code class="monitor-url">ws://localhost:3000/ws/monitor</code>, with nothing but the
          browser's own <code>WebSocket</code>. In a terminal: <code>npm run demo</code>, or
          <code>npx wscat -c <span class="monitor-url">ws://localhost:3000/ws/monitor</span></code>
        </p>
        <ol id="lines" tabindex="0" aria-labelledby="plain-title"></ol>
        <details>
          <summary>The same things by curl</summary>
          <pre><code>curl <b>http://localhost:3000</b>/instances
curl <b>http://localhost:3000</b>/instances -H 'content-type: application/json' -d '{"name":"researcher"}'
curl <b>http://localhost:3000</b>/instances/ID/messages -H 'content-type: application/json' -d '{"content":"What is new?"}'
curl <b>http://localhost:3000</b>/coordinations -H 'content-type: application/json' -d '{"instance_ids":["ID","ID"],"task":"Compare notes"}'
curl <b>http://localhost:3000</b>/traffic/burst -H 'content-type: application/json' -d '{"count":2000}'
curl -X DELETE <b>http://localhost:3000</b>/instances/unknown</code></pre>
          <p>
            ID is an <code>id</code> from the first command's answer. The messages <code>/fail</code> and
            <code>/hang</code> make an agent fail and time out.
          </p>
        </details>
      </section>
    </main>
  </body>
</html>
`;
