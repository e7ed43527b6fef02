/** All clients in one process: connect when told to, and say what arrived. */
import { setTimeout as pause } from 'node:timers/promises';
import { answer } from '../remote.mjs';
import { until } from '../wait.mjs';
import { Client } from './client.mjs';

/** Handshakes at a time: a server's accept queue is not what is measured. */
const AT_ONCE = 50;

let clients = [];

answer({
  async connect({ count, port, handshake }) {
    clients = [];
    while (clients.length < count) {
      const few = Math.min(AT_ONCE, count - clients.length);
      for (let opened = 0; opened < few; opened++) clients.push(new Client(port, handshake));
      await until(() => clients.every((client) => client.ready || client.closed));
    }
    const ready = clients.filter((client) => client.ready && !client.closed).length;
    if (ready < count) throw new Error(`${ready} of ${count} clients could connect`);
  },

  /** Forgets what came so far. */
  reset() {
    for (const client of clients) client.mark();
  },

  /**
   * Waits until every client has got that many lines since {@link reset}, and a moment for surplus ones.
   *
   * @returns bytes that arrived
   * @throws Error when one has got more or fewer: what is lost must not look like speed
   */
  async arrived({ lines }) {
    await until(() => clients.every((client) => client.lines >= lines || client.closed));
    await pause(20);
    const wrong = clients.filter((client) => client.lines !== lines);
    if (wrong.length > 0) {
      const counts = wrong.slice(0, 5).map((client) => client.lines);
      throw new Error(
        `${wrong.length} of ${clients.length} clients did not get ${lines} lines but ${counts}, ...`,
      );
    }
    return { bytes: clients.reduce((sum, client) => sum + client.bytes, 0) };
  },

  /**
   * The same where the machine may be too small for all of them: a client that the server has cut off, because
   * it could not read as fast as was logged, is counted and not an error.
   *
   * @returns {Promise<{ complete: number }>} clients that have got every line
   */
  async counted({ lines }) {
    await until(() => clients.every((client) => client.lines >= lines || client.closed));
    await pause(20);
    const surplus = clients.find((client) => client.lines > lines);
    if (surplus) throw new Error(`A client got ${surplus.lines} lines where ${lines} were logged`);
    return { complete: clients.filter((client) => client.lines === lines).length };
  },

  async disconnect() {
    await Promise.all(clients.map((client) => client.close()));
    clients = [];
  },
});
