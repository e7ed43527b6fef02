// The browser's part of the start page. Whatever is in a record is shown as text, never as markup.

const MAX_ROWS = 500;

/** What happened before the page was opened, so that it is worth looking at right away. */
const REPLAYED = 100;
const MIN_RETRY_MS = 1_000;
const MAX_RETRY_MS = 10_000;

/** Fields of a record that have a place of their own in a row. */
const SHOWN = new Set([
  'timestamp',
  'level',
  'logger',
  'message',
  'module',
  'function',
  'line',
  'action',
  'metadata',
]);

const connection = document.getElementById('connection');
const panels = { system_log: panel('system'), audit_log: panel('audit') };
const monitor = new URL('/ws/monitor', location.href);
monitor.protocol = monitor.protocol === 'https:' ? 'wss:' : 'ws:';

for (const origin of document.querySelectorAll('pre b')) origin.textContent = location.origin;
document.getElementById('monitor').textContent = monitor.href;
connect(MIN_RETRY_MS, `?replay=${REPLAYED}`);

function connect(afterFailureMs, query = '') {
  const socket = new WebSocket(monitor.href + query);
  let retryMs = afterFailureMs;
  socket.addEventListener('open', () => {
    retryMs = MIN_RETRY_MS;
    show('open', 'Live');
  });
  socket.addEventListener('message', ({ data }) => {
    const frame = JSON.parse(data);
    panels[frame.type]?.(frame.data);
  });
  socket.addEventListener('close', () => {
    show('closed', 'Disconnected, trying again');
    setTimeout(connect, retryMs, Math.min(retryMs * 2, MAX_RETRY_MS));
  });
}

function show(state, text) {
  connection.dataset.state = state;
  connection.textContent = text;
}

/** A list that keeps the newest rows and stays at its end, unless somebody has scrolled up to read. */
function panel(id) {
  const list = document.getElementById(id);
  const count = document.getElementById(`${id}-count`);
  let received = 0;
  let waiting = [];
  let following = true;

  // Asked for when somebody scrolls, not when rows come: a panel that became smaller has not been scrolled.
  list.addEventListener('scroll', () => {
    following = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  });

  const render = () => {
    list.append(...waiting.map(row));
    while (list.childElementCount > MAX_ROWS) list.firstElementChild.remove();
    waiting = [];
    count.textContent = received.toLocaleString();
    if (following) list.scrollTop = list.scrollHeight;
  };

  return (record) => {
    received += 1;
    waiting.push(record);
    // Nothing is drawn in a background tab, and what waits there must not grow without end.
    if (waiting.length > MAX_ROWS) waiting.shift();
    if (waiting.length === 1) requestAnimationFrame(render);
  };
}

function row(record) {
  const item = document.createElement('li');
  item.dataset.level = record.level;
  item.title = JSON.stringify(record, null, 2);
  const place = record.module
    ? [record.module, record.function, record.line].filter((part) => part !== undefined).join(':')
    : undefined;
  item.append(
    element('time', '', new Date(record.timestamp).toLocaleTimeString([], { hour12: false })),
    element('span', 'level', record.level),
    element('span', 'message', record.message),
    element(
      'span',
      'detail',
      [record.logger, record.action ?? place, ...fields(record)].filter(Boolean).join('  '),
    ),
  );
  return item;
}

/** The extra fields and, of an audit record, its metadata; what stands in both is shown once. */
function fields(record) {
  const extra = Object.entries(record).filter(([name]) => !SHOWN.has(name));
  return Object.entries({ ...record.metadata, ...Object.fromEntries(extra) }).map(
    ([name, value]) => `${name}=${valueText(value)}`,
  );
}

function valueText(value) {
  if (typeof value === 'string') return value;
  // An error; its stack is in the tooltip.
  return value?.message ? `${value.name}: ${value.message}` : JSON.stringify(value);
}

function element(tag, className, text) {
  const created = document.createElement(tag);
  created.className = className;
  created.textContent = text;
  return created;
}
