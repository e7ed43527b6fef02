import {
  connect,
  type ConnectionState,
  type LogStreamClient,
  LogStreamError,
  type LogStreamErrorCode,
  type LogStreamItem,
} from '../../client/index.js';
import { authorizedSocket } from '../authorized-socket.js';
import { CliError } from '../cli-error.js';
import * as messages from '../cli.messages.js';
import { type CommandIo } from '../command-io.js';
import { EXIT_CODES } from '../exit-code.js';
import { Clock } from '../terminal/clock.js';
import { paintFor } from '../terminal/paint.js';
import { visible } from '../terminal/visible-text.js';
import { filterOf } from './filter-flags.js';
import { News } from './news.js';
import { PacedOutput } from './output.js';
import { jsonLines, ReadableLines, type TailLines } from './tail-lines.js';
import { replayOf, type TailOptions } from './tail-options.js';

/** What to end with after an error that another attempt does not mend. */
const ENDINGS: Partial<Record<LogStreamErrorCode, number>> = {
  not_authorized: EXIT_CODES.notAuthorized,
  forbidden: EXIT_CODES.notAuthorized,
  expired: EXIT_CODES.notAuthorized,
  revoked: EXIT_CODES.notAuthorized,
  invalid_filter: EXIT_CODES.usage,
  invalid_replay: EXIT_CODES.usage,
};

/** HTTP status for a URL that asks for something impossible. */
const BAD_REQUEST = 400;

/** One run of `tail`. */
export class Tail {
  private readonly output: PacedOutput;
  private readonly lines: TailLines;
  private readonly news: News;
  private received = 0;
  private taken = 0;
  /** Records that were shown. */
  private shown = 0;
  /** How many items had been received when all that was asked for had come. */
  private caughtUpAt = Number.POSITIVE_INFINITY;
  /** Whether `--since` goes no further back than the history does; nothing to say when it was said. */
  private reached: boolean;
  private failure: LogStreamError | undefined;

  constructor(
    private readonly address: string,
    private readonly options: TailOptions,
    private readonly io: CommandIo,
  ) {
    const { stdout, stderr, env } = io;
    const { json, utc = false, full = false, wrap, color, quiet = false, since } = options;
    this.output = new PacedOutput(stdout);
    this.lines = json
      ? jsonLines
      : new ReadableLines({
          paint: paintFor(stdout, env, color),
          width: () => (stdout.isTTY && wrap ? stdout.columns : undefined),
          clock: new Clock(utc),
          full,
        });
    this.news = new News(stderr, paintFor(stderr, env, color), address, quiet);
    this.reached = since === undefined;
  }

  /** @throws CliError unless it ends well */
  async run(): Promise<void> {
    const { replay, since, after, token, reconnect } = this.options;
    if ([replay, since, after].filter((start) => start !== undefined).length > 1) {
      throw new CliError(EXIT_CODES.usage, messages.REPLAY_AND_SINCE);
    }
    const client = connect(this.address, {
      filter: filterOf(this.options),
      replay: replayOf(this.options),
      reconnect,
      signal: AbortSignal.any([this.io.signal, this.output.closed]),
      WebSocket: authorizedSocket(token),
    });
    try {
      await this.show(client);
    } catch (error) {
      if (!(error instanceof LogStreamError)) throw error;
      this.failure = error;
    } finally {
      await client.close();
    }
    if (this.failure) throw ending(this.failure);
    if (this.output.failure) {
      throw new CliError(EXIT_CODES.failed, messages.failure(this.output.failure.message));
    }
    if (this.io.signal.aborted) throw new CliError(EXIT_CODES.interrupted);
  }

  private async show(client: LogStreamClient): Promise<void> {
    const items = client[Symbol.asyncIterator]();
    client.subscribe(() => (this.received += 1));
    client.on('state', (state) => this.stateChanged(client, state));
    client.on('caught_up', () => {
      this.caughtUpAt = Math.min(this.caughtUpAt, this.received);
      this.look(client);
    });
    for await (const item of items) {
      this.taken += 1;
      if (this.wanted(item, client)) await this.output.write(this.lines.text(item));
      if (this.shown === this.options.limit) return;
      this.look(client);
    }
  }

  private stateChanged(client: LogStreamClient, state: ConnectionState): void {
    this.news.follow(state, client);
    if (state.name !== 'waiting' || this.news.connected || this.options.wait) return;
    this.failure = state.error;
    void client.close();
  }

  /** The server is asked for all that it has: it knows no times. */
  private wanted(item: LogStreamItem, client: LogStreamClient): boolean {
    if (!('seq' in item)) return true;
    const { since } = this.options;
    if (since !== undefined && this.taken <= this.caughtUpAt) {
      if (new Date(item.data.timestamp).getTime() < since) {
        this.reached = true;
        return false;
      }
      this.tellReach(client);
    }
    this.shown += 1;
    return true;
  }

  private tellReach({ hello }: LogStreamClient): void {
    const oldest = hello?.heads.oldest ?? 1;
    if (!this.reached && oldest > 1) this.news.tell(messages.outOfReach(oldest));
    this.reached = true;
  }

  /** All that there was is shown. */
  private look(client: LogStreamClient): void {
    if (this.taken < this.caughtUpAt) return;
    this.tellReach(client);
    if (this.options.once) void client.close();
  }
}

function ending(error: LogStreamError): CliError {
  const { code, message, path, status } = error;
  const exitCode = status === BAD_REQUEST ? EXIT_CODES.usage : (ENDINGS[code] ?? EXIT_CODES.failed);
  const hint = code === 'not_authorized' ? ` ${messages.TOKEN_HINT}` : '';
  const place = path === undefined ? '' : ` (${path})`;
  return new CliError(exitCode, messages.failure(visible(`${message}${place}${hint}`)));
}
