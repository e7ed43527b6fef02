/** When the caller of a log call is looked up; see the `caller` option. */
export const CALLER_MODES = ['budget', 'always', 'watched', 'never'] as const;

/**
 * When `module`, `function` and `line` of a log call are looked up: within a budget of time, always, while somebody
 * watches, never. See the option `caller`.
 *
 * @publicApi
 */
export type CallerMode = (typeof CALLER_MODES)[number];
