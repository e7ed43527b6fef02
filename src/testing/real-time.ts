import { Socket } from 'node:net';
import { MessageChannel } from 'node:worker_threads';

/**
 * Runs something after a time that no fake clock stops. Test frameworks replace the functions of `node:timers` (Node's
 * own also those of `node:timers/promises`), and a test may do so before it loads this file: what is bound at loading
 * may be a fake already. The idle timer of a socket is started inside of Node.
 *
 * @returns what takes it back
 */
export function afterRealTime(ms: number, act: () => void): () => void {
  const socket = new Socket();
  // The timers of sockets let a process end: who waits must be told first.
  const { port1, port2 } = new MessageChannel();
  port1.ref();
  const stop = (): void => {
    socket.destroy();
    port1.close();
    port2.close();
  };
  // Zero would mean none.
  socket.setTimeout(Math.max(1, ms), () => {
    stop();
    act();
  });
  return stop;
}

/** Settles when the event loop has turned once: what had arrived by now has been handled. */
export async function nextTurn(): Promise<void> {
  // Messages arrive while the loop waits for input and output, timers behind it.
  const { port1, port2 } = new MessageChannel();
  await new Promise((resolve) => {
    port1.once('message', resolve);
    port2.postMessage(undefined);
  });
  port1.close();
  await new Promise<void>((resolve) => void afterRealTime(1, resolve));
}
