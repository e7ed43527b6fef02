// The table of agents: what each is doing, and what can be done to it.

const REFRESH_MS = 250;

/** What a person can do to one agent, by the label of its button. */
const ACTIONS = {
  Ask: (id) => ['POST', `/instances/${id}/messages`, { content: 'What is new?' }],
  Fail: (id) => ['POST', `/instances/${id}/messages`, { content: '/fail' }],
  Hang: (id) => ['POST', `/instances/${id}/messages`, { content: '/hang' }],
  Stop: (id) => ['DELETE', `/instances/${id}`],
};

export class Agents {
  #body;
  #send;
  #rows = new Map();
  #due = false;

  /** `send(method, path, body)` makes a request and tells the person how it ended. */
  constructor(body, send) {
    this.#body = body;
    this.#send = send;
  }

  /** Soon, and once for many calls. */
  refresh() {
    if (this.#due) return;
    this.#due = true;
    setTimeout(() => void this.#load(), REFRESH_MS);
  }

  async #load() {
    this.#due = false;
    const agents = await fetch('/instances')
      .then((response) => response.json())
      .catch(() => []);
    // Rows stay: one that is built anew would take the focus of its buttons with it.
    for (const [id, row] of this.#rows) {
      if (agents.some((agent) => agent.id === id)) continue;
      row.remove();
      this.#rows.delete(id);
    }
    for (const agent of agents) this.#show(agent);
  }

  #show({ id, name, role, model, state }) {
    let row = this.#rows.get(id);
    if (!row) {
      row = this.#newRow(id, name, role, model);
      this.#rows.set(id, row);
      this.#body.append(row);
    }
    row.dataset.state = state;
    row.querySelector('.state').textContent = state;
  }

  #newRow(id, name, role, model) {
    const row = document.createElement('tr');
    const head = cell('th', name);
    head.scope = 'row';
    const state = cell('td', '');
    state.className = 'state';
    const actions = cell('td', '');
    for (const [label, request] of Object.entries(ACTIONS)) {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = label;
      button.setAttribute('aria-label', `${label} ${name}`);
      button.addEventListener('click', () => void this.#send(...request(id)));
      actions.append(button);
    }
    row.append(head, cell('td', role), cell('td', model), state, actions);
    return row;
  }
}

function cell(tag, text) {
  const created = document.createElement(tag);
  created.textContent = text;
  return created;
}
