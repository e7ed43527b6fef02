/** What a name of a schema may be: it is put into statements, where no parameter can stand. */
const SCHEMA_NAME = /^[a-z_][a-z0-9_]{0,39}$/;

export function isSchemaName(value: unknown): value is string {
  return typeof value === 'string' && SCHEMA_NAME.test(value);
}

/** Roles that cannot log in, to be granted to those who do. */
export function rolesOf(schema: string): Readonly<Record<'app' | 'signer' | 'reader', string>> {
  return { app: `${schema}_app`, signer: `${schema}_signer`, reader: `${schema}_reader` };
}

/** Tables, format by format; each is made once. The last one's place is the format, in `meta`. */
export function migrations(schema: string): readonly string[] {
  return [firstFormat(schema)];
}

/**
 * What an entry is found by stands beside its payload, as the writer read it there: PostgreSQL cannot index a text that
 * holds an escaped NUL by way of its own JSON functions. A verification computes all of it again from the payloads.
 *
 * The row of `trail` is the lock of all that append. It is never updated: a head that is costs a dead row each time.
 */
function firstFormat(schema: string): string {
  return `
CREATE TABLE ${schema}.meta (name text PRIMARY KEY, value text NOT NULL);
CREATE TABLE ${schema}.trail (id text PRIMARY KEY);
INSERT INTO ${schema}.trail VALUES (gen_random_uuid()::text);

CREATE TABLE ${schema}.entries (
  seq bigint PRIMARY KEY,
  chain bytea NOT NULL CHECK (length(chain) = 32),
  payload text NOT NULL,
  id text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  time text COLLATE "C" NOT NULL,
  level text COLLATE "C",
  logger text COLLATE "C",
  action text COLLATE "C",
  actor text COLLATE "C",
  outcome text COLLATE "C",
  intent text COLLATE "C",
  epoch text COLLATE "C",
  stream_seq bigint,
  targets text[] COLLATE "C"
);
CREATE UNIQUE INDEX entries_id ON ${schema}.entries (id);
CREATE INDEX entries_kind ON ${schema}.entries (kind, seq) WHERE kind <> 'record';
CREATE INDEX entries_action ON ${schema}.entries (action, seq) WHERE action IS NOT NULL;
CREATE INDEX entries_actor ON ${schema}.entries (actor, seq) WHERE actor IS NOT NULL;
CREATE INDEX entries_outcome ON ${schema}.entries (outcome, seq) WHERE outcome <> 'success';
CREATE INDEX entries_intent ON ${schema}.entries (intent) WHERE intent IS NOT NULL;
CREATE INDEX entries_stream ON ${schema}.entries (epoch, stream_seq) WHERE epoch IS NOT NULL;
CREATE INDEX entries_time ON ${schema}.entries USING brin (time);
CREATE INDEX entries_targets ON ${schema}.entries USING gin (targets) WHERE targets IS NOT NULL;

CREATE TABLE ${schema}.checkpoints (
  number bigint PRIMARY KEY,
  size bigint NOT NULL,
  root bytea NOT NULL CHECK (length(root) = 32),
  chain bytea NOT NULL CHECK (length(chain) = 32),
  frontier bytea NOT NULL CHECK (length(frontier) % 32 = 0),
  note text NOT NULL
);
CREATE INDEX checkpoints_size ON ${schema}.checkpoints (size);

-- Streams whose records are kept here, in order. pruned: the highest position among what a retention deleted.
CREATE TABLE ${schema}.epochs (
  number bigint PRIMARY KEY, epoch text COLLATE "C" NOT NULL UNIQUE, after_seq bigint NOT NULL,
  pruned bigint NOT NULL DEFAULT 0
);

-- Processes that write, and when each was last heard of: a call of one that is silent has crashed.
CREATE TABLE ${schema}.runs (instance text COLLATE "C" PRIMARY KEY, seen timestamptz NOT NULL);

-- Committed with the application's own data, and not sequenced yet.
CREATE TABLE ${schema}.inbox (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text COLLATE "C" NOT NULL,
  entry text NOT NULL,
  since timestamptz NOT NULL DEFAULT clock_timestamp(),
  problem text
);
`;
}
