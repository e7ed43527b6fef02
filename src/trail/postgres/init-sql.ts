import { functions } from './functions.js';
import { migrations, rolesOf } from './schema.js';

/** Functions by which an application writes, and a signer beside that. */
const FOR_APP = [
  'append(json)',
  'enqueue(text)',
  'sequence(integer)',
  'begin_epoch(text)',
  'seen(text)',
] as const;
const FOR_SIGNER = [
  'lock()',
  'put(json)',
  'sign(bigint, text, bigint, bytea, bytea, bytea, text)',
  'first_key(text)',
  'next_key(text, text)',
  'prune_step(bigint, integer)',
] as const;

/**
 * Everything that a trail needs of a database, as one script for its owner. It may run again: what is there stays, and what
 * a newer version changes is brought up to it.
 */
export function initSql(schema: string): string {
  const { app, signer, reader } = rolesOf(schema);
  const steps = migrations(schema).map((sql, index) => migration(schema, index + 1, sql));
  return `BEGIN;
SELECT pg_advisory_xact_lock(hashtext('nestjs-log-stream/${schema}'));
CREATE SCHEMA IF NOT EXISTS ${schema};
${steps.join('\n')}
${functions(schema)}
${[app, signer, reader].map(role).join('\n')}
REVOKE ALL ON ALL TABLES IN SCHEMA ${schema} FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ${schema} FROM PUBLIC;
GRANT USAGE ON SCHEMA ${schema} TO ${app}, ${signer}, ${reader};
GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO ${app}, ${signer}, ${reader};
GRANT EXECUTE ON FUNCTION ${FOR_APP.map((name) => `${schema}.${name}`).join(', ')} TO ${app}, ${signer};
GRANT EXECUTE ON FUNCTION ${FOR_SIGNER.map((name) => `${schema}.${name}`).join(', ')} TO ${signer};
COMMIT;
`;
}

/** As one block, which a script can run on its own as well: psql has no condition that all clients know. */
function migration(schema: string, format: number, sql: string): string {
  return `DO $migration$
DECLARE
  format integer := 0;
BEGIN
  IF to_regclass('${schema}.meta') IS NOT NULL THEN
    EXECUTE 'SELECT coalesce(max(value::integer), 0) FROM ${schema}.meta WHERE name = ''format''' INTO format;
  END IF;
  IF format < ${format} THEN
    ${sql.trim()}
    INSERT INTO ${schema}.meta VALUES ('format', '${format}')
      ON CONFLICT (name) DO UPDATE SET value = excluded.value;
  END IF;
END $migration$;`;
}

function role(name: string): string {
  return `DO $role$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${name}') THEN CREATE ROLE ${name} NOLOGIN; END IF;
END $role$;`;
}
