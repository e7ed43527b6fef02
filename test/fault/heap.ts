import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Memory that is still needed, of the heap and of buffers outside of it, in bytes. */
export async function memoryInUse(): Promise<number> {
  // Twice, with a rest: what the first collection lets go of (sockets, their buffers) is freed by the second.
  for (let round = 0; round < 2; round++) {
    collect();
    await pause(50);
  }
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
