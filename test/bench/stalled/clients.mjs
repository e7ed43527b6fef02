/** A client that reads everything, and many that have stopped reading. */
import { Client } from '../clients/client.mjs';
import { answer } from '../remote.mjs';
import { until } from '../wait.mjs';

let healthy;
let stalled = [];

answer({
  async connect({ port, handshake, count }) {
    healthy = new Client(port, { ...handshake, counts: 'latencies' });
    stalled = Array.from({ length: count }, () => new Client(port, handshake));
    const all = [healthy, ...stalled];
    if (!(await until(() => all.every((client) => client.ready && !client.closed))))
      throw new Error(`Not all of ${all.length} clients could connect`);
    for (const client of stalled) client.stall();
    healthy.mark();
  },

  /**
   * Waits until the healthy client has read that many lines, and forgets them. It reads them in order and without
   * a hole, or this process ends.
   *
   * @returns how late they were, in milliseconds
   */
  async arrived({ lines }) {
    await until(() => healthy.lines >= lines || healthy.closed);
    if (healthy.lines !== lines)
      throw new Error(`The healthy client read ${healthy.lines} of ${lines} lines`);
    healthy.mark();
    const sorted = healthy.counter.takeLatencies().toSorted((a, b) => a - b);
    const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
    return { p50: at(0.5), p99: at(0.99), worst: sorted.at(-1) };
  },
});
