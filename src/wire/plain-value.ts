/** A value that JSON can hold and that nobody else can change. */
export type PlainValue = string | number | boolean | null | PlainValue[] | PlainObject;

/**
 * An object of a record: own fields with plain JSON values, no prototype of interest, no cycles.
 *
 * @publicApi
 */
export interface PlainObject {
  [field: string]: PlainValue;
}
