import { WebSocket } from 'ws';
import { type WebSocketConstructor } from '../client/index.js';

/**
 * A WebSocket that sends a token as a header, which takes any characters, and by `ws`, which tells why it was refused.
 */
export function authorizedSocket(token: string | undefined): WebSocketConstructor {
  if (!token) return WebSocket;
  return class extends WebSocket {
    constructor(url: string, protocols?: string[]) {
      super(url, protocols, { headers: { Authorization: `Bearer ${token}` } });
    }
  };
}
