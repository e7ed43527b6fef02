import { Injectable } from '@nestjs/common';
import { BroadcastChannel } from 'node:worker_threads';
import { type ResolvedTrailOptions } from '../options/trail-options.js';
import { TrailError } from './store/trail-error.js';
import { type TrailStore } from './store/trail-store.js';

/** All starts of this process, in whatever copy of the package; no other process hears of it. */
const CHANNEL = 'nestjs-log-stream/trail-start';

/** How long the start before is waited for: it is in this process, and only has to give back its files. */
const WAIT_MS = 5_000;

type StartMessage =
  /** Somebody starts anew and finds the trail held. */
  | { readonly asks: string; readonly trail: string }
  /** A start that has not come to its end has heard it, and gives the trail back; then it has done so. */
  | { readonly answers: string; readonly isDone: boolean };

/**
 * Opens the trail while the application starts. Nest says nothing to what was made when another provider fails, so a
 * start that fails would hold the trail for as long as the process lives: with `abortOnError: false`, the next try would
 * be refused. Until the application has started, the trail is therefore given back to whoever starts in its place.
 */
@Injectable()
export class TrailStart {
  private channel: BroadcastChannel | undefined;

  /** @throws TrailError as a rejection */
  async open(options: ResolvedTrailOptions, instance: string): Promise<TrailStore> {
    const store = await this.tryTwice(options, instance);
    this.channel = listen((message) => {
      if (!('asks' in message) || message.trail !== store.name) return;
      this.say({ answers: message.asks, isDone: false });
      void this.giveBack(store, message.asks);
    });
    return store;
  }

  /** The application has started, or ends: from now on, who holds the trail holds it. */
  finish(): void {
    this.channel?.close();
    this.channel = undefined;
  }

  private async tryTwice(options: ResolvedTrailOptions, instance: string): Promise<TrailStore> {
    // The store is a third of the package: only those load it who keep a trail.
    const { openTrail, writableTrail } = await import('./open-trail.js');
    try {
      return await openTrail(options, instance);
    } catch (error) {
      const isHeld = error instanceof TrailError && error.code === 'locked';
      if (!isHeld || !(await givenBack((await writableTrail(options, instance)).name))) throw error;
      return openTrail(options, instance);
    }
  }

  private async giveBack(store: TrailStore, asks: string): Promise<void> {
    await store.close();
    this.say({ answers: asks, isDone: true });
    this.finish();
  }

  private say(message: StartMessage): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads of this process, not windows
    this.channel?.postMessage(message);
  }
}

/** @returns whether a start of this process that has not come to its end has given it back */
function givenBack(trail: string): Promise<boolean> {
  const asks = `${process.pid}:${performance.now()}`;
  return new Promise((resolve) => {
    // Heard in the next turns of the event loop, if at all.
    let patience = setTimeout(() => end(false), WAIT_MS / 10);
    const channel = listen((message) => {
      if (!('answers' in message) || message.answers !== asks) return;
      if (message.isDone) return end(true);
      clearTimeout(patience);
      patience = setTimeout(() => end(false), WAIT_MS);
    });
    const end = (given: boolean): void => {
      clearTimeout(patience);
      channel.close();
      resolve(given);
    };
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads of this process, not windows
    channel.postMessage({ asks, trail } satisfies StartMessage);
  });
}

function listen(hear: (message: StartMessage) => void): BroadcastChannel {
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener('message', (event) => hear((event as MessageEvent).data as StartMessage));
  // A start must not keep a process alive that has nothing else to do.
  channel.unref();
  return channel;
}
