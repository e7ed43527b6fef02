/** The load generator, in a process of its own: requests as fast as they are answered, or at a fixed rate. */
import { setTimeout as pause } from 'node:timers/promises';
import { answer } from '../remote.mjs';
import { HttpConnection } from './http-connection.mjs';

answer({
  /** Each connection asks again as soon as it has its answer. */
  async closed({ port, path, connections, seconds }) {
    const latencies = [];
    const { all, failure } = open(port, path, connections);
    const start = performance.now();
    const end = start + seconds * 1000;
    const loop = (connection) =>
      new Promise((resolve) => {
        const next = () => {
          const sent = performance.now();
          connection.send(() => {
            const now = performance.now();
            latencies.push(now - sent);
            if (now < end) next();
            else resolve();
          });
        };
        next();
      });
    try {
      await Promise.race([Promise.all(all.map(loop)), failure]);
      return {
        requests: latencies.length,
        seconds: (performance.now() - start) / 1000,
        ...spread(latencies),
      };
    } finally {
      for (const connection of all) connection.close();
    }
  },

  /**
   * Requests are due at fixed times, whatever became of those before, and their latency counts from then: a request
   * that has to wait, for a connection or because the server held this process up, was late for its user as well
   * (coordinated omission).
   */
  async paced({ port, path, connections, seconds, perSecond }) {
    const latencies = [];
    const lateness = [];
    const { all, failure } = open(port, path, connections);
    const free = [...all];
    const waiting = [];
    const total = Math.round(seconds * perSecond);
    const start = performance.now();
    const ask = (connection, due) => {
      lateness.push(performance.now() - due);
      connection.send(() => {
        latencies.push(performance.now() - due);
        const next = waiting.shift();
        if (next === undefined) free.push(connection);
        else ask(connection, next);
      });
    };
    const run = async () => {
      for (let asked = 0; asked < total;) {
        await pause(1);
        for (; asked < total; asked++) {
          const due = start + (asked * 1000) / perSecond;
          if (due > performance.now()) break;
          const connection = free.pop();
          if (connection) ask(connection, due);
          else waiting.push(due);
        }
      }
      while (latencies.length < total) await pause(1);
    };
    try {
      await Promise.race([run(), failure]);
      return {
        requests: latencies.length,
        seconds: (performance.now() - start) / 1000,
        late: spread(lateness).p50,
        ...spread(latencies),
      };
    } finally {
      for (const connection of all) connection.close();
    }
  },
});

function open(port, path, connections) {
  const { promise: failure, reject } = Promise.withResolvers();
  // Nobody may be listening any more when the last connection complains.
  failure.catch(() => {});
  const all = Array.from({ length: connections }, () => new HttpConnection(port, path, reject));
  return { all, failure };
}

function spread(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return { p50: at(0.5), p99: at(0.99) };
}
