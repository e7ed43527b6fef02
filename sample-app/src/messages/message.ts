/** Something said to an instance. */
export interface Message {
  readonly id: string;
  readonly instance_id: string;
  readonly content: string;
}

/** How an instance's turn on a message ended; `dropped` when the instance was terminated before. */
export type TurnResult = 'answered' | 'timed_out' | 'failed' | 'dropped';
