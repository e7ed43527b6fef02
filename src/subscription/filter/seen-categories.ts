import { type FilterSpec } from '../../wire/filter/filter-spec.js';

/** Which categories filters may let pass. */
export interface SeenCategories {
  readonly system: boolean;
  readonly audit: boolean;
}

export const EVERYTHING: SeenCategories = Object.freeze({ system: true, audit: true });

/** @param filters all of which must let a record pass; what they say with `not` is not looked at */
export function seenCategories(filters: readonly FilterSpec[]): SeenCategories {
  return {
    system: filters.every(({ category }) => category !== 'audit'),
    audit: filters.every(({ category }) => category !== 'system'),
  };
}
