import { rotated, sample } from './measure.mjs';
import { Remote } from './remote.mjs';

export const REPLAYED = 10_000;

/** Fills the history, in bursts that leave the event loop alone. */
const FILL = { bursts: 100, ticks: 1, lines: 128, restMs: 1 };

/** How a client asks for it. */
const KINDS = [
  { name: '`?v=1&replay=10000`', handshake: { path: `?v=1&replay=${REPLAYED}`, counts: 'batches' } },
  { name: '`?replay=10000`, plain', handshake: { path: `?replay=${REPLAYED}`, counts: 'frames' } },
];

/**
 * What it costs to give one client the whole history, while nothing else happens. The first replay of a process,
 * whose code has not been compiled yet, is told apart from the later ones.
 *
 * @param {{ processes: number, rounds: number }} effort
 */
export async function measureReplay({ processes, rounds }, progress) {
  const client = new Remote(new URL('replay/client.mjs', import.meta.url));
  const results = KINDS.map((kind) => ({ kind, first: [], later: [] }));
  try {
    for (let generation = 0; generation < processes; generation++) {
      progress(`replay: process ${generation + 1}/${processes}`);
      for (const { kind, first, later } of rotated(results, generation)) {
        await withServer(async (server, address) => {
          const handshake = { ...kind.handshake, path: address.handshake.path + kind.handshake.path };
          for (let round = 0; round <= rounds; round++) {
            const measured = await replay(server, client, { port: address.port, handshake });
            (round === 0 ? first : later).push(measured);
          }
        });
      }
    }
  } finally {
    client.stop();
  }
  return results.map(({ kind: { name }, first, later }) => ({
    name,
    first: summary(first),
    later: summary(later),
  }));
}

async function withServer(body) {
  const server = new Remote(new URL('fan-out/server.mjs', import.meta.url));
  try {
    const address = await server.call('start', { key: 'ours' });
    await server.call('burst', FILL);
    await body(server, address);
  } finally {
    server.stop();
  }
}

async function replay(server, client, address) {
  const before = await server.call('usage');
  const { wall, bytes } = await client.call('replay', { ...address, lines: REPLAYED });
  const cpu = ((await server.call('usage')) - before) / 1000;
  await server.call('watched', { clients: 0 });
  return { wall, bytes, cpu };
}

function summary(rounds) {
  const of = (name) => sample(rounds.map((round) => round[name]));
  return { cpu: of('cpu'), wall: of('wall'), bytes: of('bytes').median };
}
