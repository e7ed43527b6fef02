import { type WebSocket } from 'ws';
import { type Framing } from '../../subscription/framing.js';
import { type MonitorContext } from '../session/monitor-context.js';
import { safeJson } from '../safe-json.js';
import { type ServerMessage } from '../../wire/server-message.js';
import { type Transport } from '../session/transport.js';
import { FrameWriter } from './frame-writer.js';

/** Speaks the WebSocket protocol with one client. */
export class WebSocketTransport extends FrameWriter implements Transport {
  constructor(
    private readonly socket: WebSocket,
    private readonly framings: MonitorContext['framings'],
  ) {
    super(socket);
  }

  framing(extended: boolean): Framing {
    const { plain, batch, compressedBatch } = this.framings;
    return extended ? (this.inflates ? compressedBatch : batch) : plain;
  }

  send(message: ServerMessage): void {
    this.text(safeJson(message));
  }

  close(code: number, reason: string): void {
    this.socket.close(code, reason);
  }
}
