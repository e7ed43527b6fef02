/** What is known of the connection, and since when. */
export type Connection =
  | { readonly phase: 'connecting'; readonly reason?: string }
  /** Connected; what was missed, or asked for at the start, is still coming. */
  | { readonly phase: 'replaying' }
  /** With a reason, by a second way: over HTTP. */
  | { readonly phase: 'live'; readonly reason?: string }
  /** Broken; tries again at `at`, in milliseconds since the epoch. */
  | { readonly phase: 'waiting'; readonly at: number; readonly attempt: number; readonly reason: string }
  /** Over: nothing tries again by itself. */
  | { readonly phase: 'closed'; readonly reason: string; readonly signIn: boolean };

/** @returns what the status says, in a few words */
export function connectionText(connection: Connection, now: number): string {
  switch (connection.phase) {
    case 'connecting':
      return 'Connecting…';
    case 'replaying':
      return 'Catching up…';
    case 'live':
      return connection.reason === undefined ? 'Live' : 'Live over HTTP';
    case 'waiting': {
      const seconds = Math.ceil((connection.at - now) / 1000);
      return seconds > 0 ? `Reconnecting in ${seconds} s` : 'Reconnecting…';
    }
    case 'closed':
      return 'Disconnected';
  }
}

/** @returns why, where there is a reason to tell */
export function connectionReason(connection: Connection): string | undefined {
  return ('reason' in connection && connection.reason) || undefined;
}
