import { type ConnectionState, type LogStreamClient } from '../../client/index.js';
import { shownAddress } from '../address.js';
import * as messages from '../cli.messages.js';
import { type Output } from '../command-io.js';
import { type Paint } from '../terminal/paint.js';
import { visible } from '../terminal/visible-text.js';

/** Tells on stderr what becomes of the connection. */
export class News {
  /** Whether there was a connection. */
  connected = false;
  private told = false;

  constructor(
    private readonly stderr: Output,
    private readonly paint: Paint,
    private readonly address: string,
    private readonly quiet: boolean,
  ) {}

  tell(text: string): void {
    if (!this.quiet) this.stderr.write(`${this.paint('faint', `-- ${visible(text)}`)}\n`);
  }

  follow(state: ConnectionState, { hello }: LogStreamClient): void {
    if (state.name === 'waiting') {
      if (this.connected) this.tell(messages.waiting(state.error.message, state.at - Date.now()));
      this.told = false;
    } else if ((state.name === 'live' || state.name === 'catching_up') && !this.told) {
      const { instance = '' } = hello ?? {};
      const address = shownAddress(this.address);
      this.tell(this.connected ? messages.connectedAgain(instance) : messages.connected(address, instance));
      this.told = this.connected = true;
    }
  }
}
