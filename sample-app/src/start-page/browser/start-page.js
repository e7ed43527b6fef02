import { Agents } from './agents.js';
import { Lines, watch } from './plain-client.js';

/** What happened before the page was opened, so that the list is not empty. */
const LINES = 12;

/** Actions after which the table of agents looks different. */
const CHANGES = new Set(['instance_spawn', 'instance_terminate', 'state_change']);

const byId = (id) => document.getElementById(id);
const monitor = new URL('/ws/monitor', location.href);
monitor.protocol = monitor.protocol === 'https:' ? 'wss:' : 'ws:';

for (const origin of document.querySelectorAll('pre b')) origin.textContent = location.origin;
for (const address of document.querySelectorAll('.monitor-url')) address.textContent = monitor.href;

const agents = new Agents(byId('agents'), send);
const lines = new Lines(byId('lines'), LINES);

agents.refresh();
watch(monitor.href, {
  replay: LINES,
  onRecord: (type, record) => {
    lines.add(type, record);
    if (CHANGES.has(record.action)) agents.refresh();
  },
  onState: (state, text) => {
    byId('connection').dataset.state = state;
    byId('connection').textContent = text;
  },
});

byId('spawn').addEventListener('submit', (event) => {
  event.preventDefault();
  const { name } = event.target.elements;
  void send('POST', '/instances', { name: name.value });
});

byId('coordinate').addEventListener('click', async () => {
  const all = await fetch('/instances').then((response) => response.json());
  const instance_ids = all.slice(-3).map(({ id }) => id);
  await send('POST', '/coordinations', { instance_ids, task: 'Compare notes' });
});

byId('burst').addEventListener('submit', async (event) => {
  event.preventDefault();
  const { count, start } = event.target.elements;
  start.disabled = true;
  const burst = await send('POST', '/traffic/burst', { count: Number(count.value) });
  start.disabled = false;
  if (burst?.duration_ms === undefined) return;
  tell(`${burst.count.toLocaleString('en')} records logged in ${burst.duration_ms} ms`);
});

/** Makes a request and tells how it ended. */
async function send(method, path, body) {
  try {
    const response = await fetch(path, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const answer = await response.json();
    tell(`${method} ${path}: ${response.status} ${answer.message ?? ''}`);
    return answer;
  } catch {
    tell(`${method} ${path}: no answer`);
    return undefined;
  }
}

function tell(text) {
  byId('answer').textContent = text;
}
