import { type LogCategory } from '../../wire/category.js';
import { FilterError } from '../../wire/filter/filter-error.js';
import { type FilterSpec } from '../../wire/filter/filter-spec.js';
import { parseFilter } from '../../wire/filter/parse-filter.js';
import { lineOf } from '../thrown-text.js';
import {
  noPrincipal,
  CATEGORIES_EXPECTED,
  EXPIRY_EXPECTED,
  FILTER_EXPECTED,
  ID_EXPECTED,
  noSuchField,
  principalMustHave,
} from './access.messages.js';
import { Access, CATEGORIES } from './access.js';
import { PrincipalError } from './principal-error.js';

const FIELDS = ['id', 'categories', 'filter', 'expiresAt'] as const;

/** What somebody may call one of ours, beside other capitalisations of it. */
const MISTAKEN: Readonly<Record<string, (typeof FIELDS)[number]>> = {
  category: 'categories',
  filters: 'filter',
  expires: 'expiresAt',
  expires_at: 'expiresAt',
};

/** Most characters of a field's name in a log line: it may come from outside, as the claims of a token do. */
const NAME_LENGTH = 40;

/**
 * Reads what `authorize` answered. Only `true` and a principal let somebody in: whatever else is truthy (a text, an
 * error, a user, a misspelled restriction) would let everybody see everything.
 *
 * @returns `undefined` for nobody, `forbidden` for somebody who may see nothing
 * @throws PrincipalError when it is no principal: whoever it was shall not watch
 */
export function readPrincipal(answer: unknown): Access | 'forbidden' | undefined {
  if (!answer) return undefined;
  return answer === true ? Access.EVERYTHING : readFields(answer);
}

/**
 * The same for what was given where only a principal can be.
 *
 * @throws PrincipalError
 */
export function checkPrincipal(given: unknown): void {
  readFields(given);
}

function readFields(answer: unknown): Access | 'forbidden' {
  const { id, categories, filter, expiresAt } = fieldsOf(answer);
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

/** @returns the fields that it has itself, each read once */
function fieldsOf(answer: unknown): Readonly<Record<string, unknown>> {
  if (!isPlainObject(answer)) throw new PrincipalError(noPrincipal(kindOf(answer)));
  for (const field of Reflect.ownKeys(answer)) {
    if (FIELDS.some((known) => known === field)) continue;
    const name = lineOf(String(field), NAME_LENGTH);
    throw new PrincipalError(noSuchField(name, meantBy(name)));
  }
  const fields: Record<string, unknown> = { ...answer };
  // `{ id: user?.id }` of nobody is somebody without restrictions to look at.
  if (FIELDS.every((field) => fields[field] === undefined || (field === 'id' && fields[field] === null))) {
    throw new PrincipalError(noPrincipal('an object without any of its fields'));
  }
  return fields;
}

/** Also one of another realm, as test runners have them: its prototype is the end of its chain. */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function kindOf(answer: unknown): string {
  if (answer === null) return 'null';
  if (Array.isArray(answer)) return 'a list';
  if (typeof answer !== 'object') return `a value of the type ${typeof answer}`;
  const { name } = (answer as object).constructor ?? {};
  return typeof name === 'string' && name !== 'Object'
    ? `an object of the class ${lineOf(name, NAME_LENGTH)}`
    : 'an object that inherits its fields';
}

function meantBy(field: string): string | undefined {
  const lower = field.toLowerCase();
  return MISTAKEN[lower] ?? FIELDS.find((known) => known.toLowerCase() === lower);
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
