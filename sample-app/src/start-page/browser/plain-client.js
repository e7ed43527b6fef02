// All that a browser needs to watch: a WebSocket, and one JSON object in every frame. What is in a record is shown as
// text, never as markup.

const MIN_RETRY_MS = 1_000;
const MAX_RETRY_MS = 10_000;

/** Calls `onRecord(type, data)` for every record, `replay` old ones first, and `onState` with how the connection is. */
export function watch(url, { replay, onRecord, onState }, afterFailureMs = MIN_RETRY_MS) {
  const socket = new WebSocket(`${url}?replay=${replay}`);
  let retryMs = afterFailureMs;
  socket.addEventListener('open', () => {
    retryMs = MIN_RETRY_MS;
    onState('open', 'Live');
  });
  socket.addEventListener('message', ({ data: frame }) => {
    const { type, data } = JSON.parse(frame);
    onRecord(type, data);
  });
  socket.addEventListener('close', () => {
    onState('closed', 'Disconnected, trying again');
    const options = { replay: 0, onRecord, onState };
    setTimeout(() => watch(url, options, Math.min(retryMs * 2, MAX_RETRY_MS)), retryMs);
  });
}

/** Keeps the newest lines of both categories in a list. */
export class Lines {
  #list;
  #most;
  #waiting = [];

  constructor(list, most) {
    this.#list = list;
    this.#most = most;
  }

  add(type, record) {
    this.#waiting.push(line(type, record));
    // Nothing is drawn in a background tab, and what waits there must not grow without end.
    if (this.#waiting.length > this.#most) this.#waiting.shift();
    if (this.#waiting.length === 1) requestAnimationFrame(() => this.#render());
  }

  #render() {
    this.#list.append(...this.#waiting);
    this.#waiting = [];
    while (this.#list.childElementCount > this.#most) this.#list.firstElementChild.remove();
    this.#list.scrollTop = this.#list.scrollHeight;
  }
}

function line(type, { timestamp, level, logger, message }) {
  const item = document.createElement('li');
  item.dataset.level = level;
  const time = new Date(timestamp).toLocaleTimeString([], { hour12: false });
  const category = type === 'audit_log' ? 'audit' : 'system';
  for (const text of [time, category, level, logger, message]) {
    const cell = document.createElement('span');
    cell.textContent = text;
    item.append(cell);
  }
  return item;
}
