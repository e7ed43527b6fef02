import { readPath, readText } from './read-path.js';

/**
 * Who did it. Only what identifies somebody: whatever else a user object holds stays out of the records.
 *
 * @publicApi
 */
export interface AuditActor {
  readonly id: string;
  readonly name?: string;
  /** What kind of actor: `user`, `service`, `job`. */
  readonly type?: string;
}

/**
 * An actor, or something that has one's id: a text, a number, or an object with one of `id`, `sub`, `userId`,
 * `user_id`, `uid`, `_id`, `username`, `email`.
 *
 * @publicApi
 */
export type AuditActorLike = AuditActor | string | number | bigint | object;

/** Somebody acted, but nobody could say who. */
export const UNKNOWN_ACTOR: AuditActor = Object.freeze({ id: 'unknown', type: 'unknown' });

const ID_FIELDS = ['id', 'sub', 'userId', 'user_id', 'uid', '_id', 'username', 'email'] as const;
const NAME_FIELDS = ['name', 'username', 'displayName', 'display_name'] as const;

/** Reduces what an app calls an actor; `undefined` when there is none, {@link UNKNOWN_ACTOR} when it has no id. */
export function toActor(value: unknown): AuditActor | undefined {
  if (value === undefined || value === null || value === '' || value === false) return undefined;
  const own = idOf(value);
  if (own !== undefined) return { id: own };
  const id = ID_FIELDS.map(
    (field) => idOf(readPath(value, field)) ?? objectIdOf(readPath(value, field)),
  ).find((found) => found !== undefined);
  if (id === undefined) return UNKNOWN_ACTOR;
  const name = NAME_FIELDS.map((field) => readText(value, field)).find(
    (found) => found !== undefined && found !== id,
  );
  const type = readText(value, 'type');
  return { id, ...(name !== undefined && { name }), ...(type !== undefined && { type }) };
}

function idOf(value: unknown): string | undefined {
  const isId =
    (typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'bigint';
  return isId ? String(value) : undefined;
}

/** MongoDB ids are objects that print as their hexadecimal text. */
function objectIdOf(value: unknown): string | undefined {
  const print = readPath(value, 'toHexString');
  return typeof print === 'function' ? idOf(Reflect.apply(print, value, [])) : undefined;
}
