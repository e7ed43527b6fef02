/** When the caller of a log call is looked up; see the `caller` option. */
export const CALLER_MODES = ['budget', 'always', 'watched', 'never'] as const;

/** @publicApi */
export type CallerMode = (typeof CALLER_MODES)[number];
