import { type Provider } from '@nestjs/common';
import { LogStreamTickets } from './log-stream-tickets.js';

/** What the module wants to know of tickets, outside the options: their factory may need the tickets. */
export interface TicketExtras {
  /**
   * What issues and takes tickets, where it needs a key of its own.
   * @default a new one with a random key
   */
  tickets?: LogStreamTickets;
}

/** Makes `LogStreamTickets` injectable, also into the factory of the options, which names their `authorize`. */
export function ticketsProvider({ tickets }: TicketExtras): Provider {
  return { provide: LogStreamTickets, useFactory: () => tickets ?? new LogStreamTickets() };
}
