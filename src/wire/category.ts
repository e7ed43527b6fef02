/** Both categories, in the order in which the dashboard shows them. */
export const LOG_CATEGORIES = ['system', 'audit'] as const;

/**
 * What a record belongs to: `audit` says who did what, `system` is everything else.
 *
 * @publicApi
 */
export type LogCategory = (typeof LOG_CATEGORIES)[number];
