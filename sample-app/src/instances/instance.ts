export type InstanceState = 'idle' | 'working' | 'waiting' | 'failed' | 'terminated';

/** One running agent. */
export interface Instance {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly model: string;
  /** ISO 8601. */
  readonly created_at: string;
  readonly state: InstanceState;
}
