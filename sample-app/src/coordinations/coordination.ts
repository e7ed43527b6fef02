export const STRATEGIES = ['parallel', 'sequential'] as const;

/** Whether the instances work on a task at once or one after the other. */
export type Strategy = (typeof STRATEGIES)[number];

/** A task that several instances work on. */
export interface Coordination {
  readonly id: string;
  readonly strategy: Strategy;
  readonly instance_ids: readonly string[];
  readonly task: string;
}
