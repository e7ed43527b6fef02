/** Connects, reads a replay, and says how long it took. */
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from '../clients/client.mjs';
import { answer } from '../remote.mjs';
import { until } from '../wait.mjs';

answer({
  /** @returns milliseconds from the connect to the last byte, and bytes */
  async replay({ port, handshake, lines }) {
    const start = performance.now();
    const client = new Client(port, handshake);
    try {
      const done = () => client.lines >= lines && (client.counter.recovered ?? true);
      if (!(await until(() => client.closed || done())) || client.closed)
        throw new Error(`${client.lines} of ${lines} records were replayed`);
      const wall = client.lastRead - start;
      await pause(20);
      if (client.lines !== lines)
        throw new Error(`${client.lines} records came where ${lines} were asked for`);
      return { wall, bytes: client.bytes };
    } finally {
      await client.close();
    }
  },
});
