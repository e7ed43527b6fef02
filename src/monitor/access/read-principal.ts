import { type LogCategory } from '../../record/categorize.js';
import { FilterError } from '../../subscription/filter/filter-error.js';
import { type FilterSpec } from '../../subscription/filter/filter-spec.js';
import { parseFilter } from '../../subscription/filter/parse-filter.js';
import {
  CATEGORIES_EXPECTED,
  EXPIRY_EXPECTED,
  FILTER_EXPECTED,
  ID_EXPECTED,
  noSuchField,
  PRINCIPAL_EXPECTED,
  principalMustHave,
} from './access.messages.js';
import { Access, CATEGORIES } from './access.js';
import { PrincipalError } from './principal-error.js';

/**
 * Names that somebody may take for one of ours. An application may answer with its own user object, so fields
 * that are not known are left alone, but a misspelled restriction must not become none.
 */
const MISTAKEN: Readonly<Record<string, string>> = {
  category: 'categories',
  filters: 'filter',
  expires: 'expiresAt',
  expires_at: 'expiresAt',
};

/**
 * Reads what `authorize` answered.
 *
 * @returns `undefined` for nobody, `forbidden` for somebody who may see nothing
 * @throws PrincipalError when it is no principal: whoever it was shall not watch
 */
export function readPrincipal(answer: unknown): Access | 'forbidden' | undefined {
  if (!answer) return undefined;
  if (typeof answer !== 'object') return Access.EVERYTHING;
  // The empty result of a query is truthy, and would be somebody without restrictions.
  if (Array.isArray(answer)) throw new PrincipalError(PRINCIPAL_EXPECTED);
  const { id, categories, filter, expiresAt } = answer as Record<string, unknown>;
  for (const [field, meant] of Object.entries(MISTAKEN)) {
    if (field in answer) throw new PrincipalError(noSuchField(field, meant));
  }
  const forced = filterOf(filter);
  const seen = categoriesOf(categories).filter((one) => !forced?.category || forced.category === one);
  if (seen.length === 0) return 'forbidden';
  return new Access(
    seen,
    [
      ...(seen.length < CATEGORIES.length ? [{ category: seen[0]! }] : []),
      ...(forced && Object.keys(forced).length > 0 ? [forced] : []),
    ],
    idOf(id),
    expiryOf(expiresAt),
  );
}

function idOf(value: unknown): string | undefined {
  // Ids of databases are often numbers.
  const id = typeof value === 'number' || typeof value === 'bigint' ? String(value) : value;
  if (id === undefined || id === null) return undefined;
  if (typeof id !== 'string' || id === '') throw new PrincipalError(principalMustHave('id', ID_EXPECTED));
  return id;
}

function categoriesOf(value: unknown): readonly LogCategory[] {
  if (value === undefined) return CATEGORIES;
  if (!Array.isArray(value) || !value.every((one) => CATEGORIES.some((known) => known === one))) {
    throw new PrincipalError(principalMustHave('categories', CATEGORIES_EXPECTED));
  }
  return CATEGORIES.filter((category) => value.includes(category));
}

function filterOf(value: unknown): FilterSpec | undefined {
  if (value === undefined) return undefined;
  try {
    return parseFilter(value);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    throw new PrincipalError(principalMustHave('filter', FILTER_EXPECTED(error.message)));
  }
}

function expiryOf(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const time = value instanceof Date ? value.getTime() : value;
  if (typeof time !== 'number' || !Number.isFinite(time)) {
    throw new PrincipalError(principalMustHave('expiresAt', EXPIRY_EXPECTED));
  }
  return time;
}
