import { group } from './option-checks.js';
import { mustBe, secretMustBe } from './options.messages.js';
import { type ResolvedPostgresOptions } from './postgres-options.js';

const SCHEMA_NAME = /^[a-z_][a-z0-9_]{0,39}$/;
const URL_OF_POSTGRES = /^postgres(?:ql)?:\/\//;

/** @throws TypeError with a sentence that says what to change */
export function resolvePostgresOptions(value: unknown): ResolvedPostgresOptions {
  const given = group('trail.postgres', value, ['url', 'pool', 'schema']);
  const { pool } = given;
  const { url, schema: schemaOfUrl } = takeSchema(given.url);
  const { schema = schemaOfUrl ?? 'audit' } = given;
  if ((url === undefined) === (pool === undefined))
    throw new TypeError(mustBe('trail.postgres', 'an object with either `url` or `pool`', value));
  if (url !== undefined && !isUrl(url))
    throw new TypeError(secretMustBe('trail.postgres.url', 'a URL as `postgres://user@host/database`', url));
  if (pool !== undefined && !isPool(pool))
    throw new TypeError(mustBe('trail.postgres.pool', 'a `pg.Pool`', typeof pool));
  if (typeof schema !== 'string' || !SCHEMA_NAME.test(schema))
    throw new TypeError(
      mustBe(
        'trail.postgres.schema',
        'a name of lower case letters, digits and underscores, at most 40',
        schema,
      ),
    );
  return Object.freeze({ url, pool, schema });
}

/** A command line has no other place for it. `pg` does not know the name. */
function takeSchema(value: unknown): { readonly url: unknown; readonly schema: string | undefined } {
  if (!isUrl(value)) return { url: value, schema: undefined };
  const url = new URL(value);
  const schema = url.searchParams.get('schema');
  if (schema === null) return { url: value, schema: undefined };
  url.searchParams.delete('schema');
  return { url: url.href, schema };
}

function isUrl(value: unknown): value is string {
  return typeof value === 'string' && URL_OF_POSTGRES.test(value) && URL.canParse(value);
}

function isPool(value: unknown): value is object {
  return typeof value === 'object' && value !== null && 'connect' in value && 'query' in value;
}
