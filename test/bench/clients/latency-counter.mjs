import { FrameReader } from './frame-reader.mjs';
import { now } from '../clock.mjs';

const TEXT = 0x01;
const PING = 0x09;

/** Reads every line and notes how long it took from the log call to here. */
export class LatencyCounter {
  lines = 0;
  pings = 0;
  ready = true;
  /** Milliseconds, of the lines since the last {@link takeLatencies}. */
  #latencies = [];
  #number;
  #reader = new FrameReader((first, payload) => this.#frame(first, payload));

  /** @param {Buffer} bytes the next ones, cut anywhere */
  read(bytes) {
    this.#reader.read(bytes);
  }

  takeLatencies() {
    return this.#latencies.splice(0);
  }

  #frame(first, payload) {
    if ((first & 0x0f) === PING) this.pings += 1;
    if ((first & 0x0f) !== TEXT) return;
    const { sent, number } = JSON.parse(payload.toString()).data;
    this.#latencies.push(now() - sent);
    if (this.#number !== undefined && number !== this.#number + 1) {
      throw new Error(`Line ${number} came after line ${this.#number}`);
    }
    this.#number = number;
    this.lines += 1;
  }
}
