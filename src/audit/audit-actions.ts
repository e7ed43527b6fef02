/**
 * The actions that an application audits, by declaration merging:
 *
 * ```ts
 * declare module 'nestjs-log-stream' {
 *   interface AuditActions {
 *     instance_spawn: true;
 *     instance_terminate: true;
 *   }
 * }
 * ```
 *
 * From then on every other action is a compile error. While it is empty, any string is an action.
 *
 * @publicApi
 */
// Declaration merging needs an interface, and an empty one is what says "any string".
// oxlint-disable-next-line typescript/no-empty-object-type
export interface AuditActions {}

/** The names of an action registry; any string when it has none. */
export type ActionOf<Registry> = [keyof Registry] extends [never] ? string : Extract<keyof Registry, string>;

/**
 * Name of an audited action, as `user_role_changed`.
 *
 * @publicApi
 */
export type AuditAction = ActionOf<AuditActions>;
