/** SQLSTATE of what the functions refuse themselves; no class of PostgreSQL or of the standard begins so. */
export const REFUSED = { isolation: 'NL001', key: 'NL002', checkpoint: 'NL003', prune: 'NL004' } as const;

const DEFINER = 'SECURITY DEFINER SET search_path = pg_catalog, pg_temp';

/**
 * All that writes to a trail. Each is one statement for its caller, so that the lock never waits for a client: one that is
 * frozen holds nobody up. They run with the rights of the owner; who calls them needs none on the tables.
 */
export function functions(schema: string): string {
  return [
    fixedRows(schema),
    lock(schema),
    put(schema),
    drain(schema),
    append(schema),
    enqueue(schema),
    sign(schema),
    keys(schema),
    runs(schema),
    prune(schema),
  ].join('\n');
}

/** Against a hand that slips; against intent stand the chain and the checkpoints. */
function fixedRows(s: string): string {
  const tables = ['entries', 'checkpoints'];
  return `
CREATE OR REPLACE FUNCTION ${s}.keep_rows() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('${s}.pruning', true) = 'on' THEN RETURN NULL; END IF;
  RAISE EXCEPTION 'a row of an audit trail is never changed, and only deleted by its retention';
END $$;
${tables
  .map(
    (table) => `DROP TRIGGER IF EXISTS ${table}_fixed ON ${s}.${table};
CREATE TRIGGER ${table}_fixed BEFORE UPDATE OR DELETE OR TRUNCATE ON ${s}.${table}
  FOR EACH STATEMENT EXECUTE FUNCTION ${s}.keep_rows();`,
  )
  .join('\n')}`;
}

/** What is acknowledged is on a disk, also where the session was set otherwise. What waits longer for it stays. */
const DURABLE = `
  IF current_setting('synchronous_commit') IN ('off', 'local', 'remote_write') THEN
    PERFORM set_config('synchronous_commit', 'on', true);
  END IF;`;

function lock(s: string): string {
  return `
CREATE OR REPLACE FUNCTION ${s}.lock() RETURNS void LANGUAGE plpgsql ${DEFINER} AS $$
BEGIN
  -- Another level would go on seeing the trail as it was before the lock was had.
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'the audit trail is written in READ COMMITTED, and this transaction is %',
      upper(current_setting('transaction_isolation')) USING ERRCODE = '${REFUSED.isolation}';
  END IF;${DURABLE}
  PERFORM 1 FROM ${s}.trail FOR UPDATE;
END $$;`;
}

/** With the lock held. `prefix || seq || suffix` is the canonical text (RFC 8785): `seq` is between `kind` and `stream`. */
function put(s: string): string {
  return `
CREATE OR REPLACE FUNCTION ${s}.put(given json)
  RETURNS TABLE (place integer, placed bigint, linked bytea, problem text) LANGUAGE plpgsql ${DEFINER} AS $$
DECLARE
  e record;
  old record;
  head bigint;
  last bytea;
  body text;
BEGIN
  SELECT seq, chain INTO head, last FROM ${s}.entries ORDER BY seq DESC LIMIT 1;
  IF NOT FOUND THEN
    head := 0;
    last := decode(repeat('00', 32), 'hex');
  END IF;
  FOR e IN SELECT * FROM json_to_recordset(given) AS (
    n integer, prefix text, suffix text, id text, kind text, "time" text, level text, logger text, action text,
    actor text, outcome text, intent text, epoch text, stream_seq bigint, targets text[])
  LOOP
    place := e.n;
    SELECT seq, chain, payload INTO old FROM ${s}.entries WHERE entries.id = e.id;
    IF FOUND THEN
      placed := old.seq;
      linked := old.chain;
      problem := CASE WHEN old.payload <> e.prefix || ',"seq":' || old.seq || e.suffix THEN e.id END;
    ELSE
      head := head + 1;
      body := e.prefix || ',"seq":' || head || e.suffix;
      last := sha256('audit/chain/v1\\000'::bytea || last || sha256('\\000'::bytea || convert_to(body, 'UTF8')));
      INSERT INTO ${s}.entries VALUES (head, last, body, e.id, e.kind, e.time, e.level, e.logger, e.action, e.actor,
        e.outcome, e.intent, e.epoch, e.stream_seq, e.targets);
      IF e.epoch IS NOT NULL AND NOT EXISTS (SELECT FROM ${s}.epochs WHERE epochs.epoch = e.epoch) THEN
        INSERT INTO ${s}.epochs SELECT coalesce(max(number), 0) + 1, e.epoch, head - 1 FROM ${s}.epochs;
      END IF;
      placed := head;
      linked := last;
      problem := NULL;
    END IF;
    RETURN NEXT;
  END LOOP;
END $$;`;
}

/** With the lock held: gives what came with the application's own transactions its place. */
function drain(s: string): string {
  return `
CREATE OR REPLACE FUNCTION ${s}.drain(most integer) RETURNS integer LANGUAGE plpgsql ${DEFINER} AS $$
DECLARE
  waiting bigint[];
  batch json;
BEGIN
  SELECT array_agg(number), json_agg(entry::json ORDER BY number) INTO waiting, batch FROM (
    SELECT number, entry FROM ${s}.inbox WHERE inbox.problem IS NULL ORDER BY number LIMIT most
  ) AS next;
  IF waiting IS NULL THEN RETURN 0; END IF;
  UPDATE ${s}.inbox SET problem = 'same id, other content'
    WHERE id IN (SELECT p.problem FROM ${s}.put(batch) AS p WHERE p.problem IS NOT NULL) AND number = ANY (waiting);
  DELETE FROM ${s}.inbox WHERE number = ANY (waiting) AND inbox.problem IS NULL;
  RETURN cardinality(waiting);
END $$;
CREATE OR REPLACE FUNCTION ${s}.sequence(most integer) RETURNS integer LANGUAGE plpgsql ${DEFINER} AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM ${s}.inbox WHERE inbox.problem IS NULL) THEN RETURN 0; END IF;
  PERFORM ${s}.lock();
  RETURN ${s}.drain(most);
END $$;`;
}

function append(s: string): string {
  return `
CREATE OR REPLACE FUNCTION ${s}.append(given json)
  RETURNS TABLE (place integer, placed bigint, linked bytea, problem text) LANGUAGE plpgsql ${DEFINER} AS $$
BEGIN
  PERFORM ${s}.lock();
  PERFORM ${s}.drain(500);
  RETURN QUERY SELECT * FROM ${s}.put(given);
END $$;
CREATE OR REPLACE FUNCTION ${s}.begin_epoch(name text) RETURNS void LANGUAGE plpgsql ${DEFINER} AS $$
BEGIN
  PERFORM ${s}.lock();
  INSERT INTO ${s}.epochs (number, epoch, after_seq) SELECT
    (SELECT coalesce(max(number), 0) + 1 FROM ${s}.epochs), name, (SELECT coalesce(max(seq), 0) FROM ${s}.entries)
  ON CONFLICT (epoch) DO NOTHING;
END $$;`;
}

/** In the transaction of the application: takes no lock of the trail, and needs no parameter. */
function enqueue(s: string): string {
  return `
CREATE OR REPLACE FUNCTION ${s}.enqueue(given text) RETURNS text LANGUAGE plpgsql ${DEFINER} AS $$
DECLARE
  body text := convert_from(decode(given, 'base64'), 'UTF8');
BEGIN${DURABLE}
  INSERT INTO ${s}.inbox (id, entry) VALUES (body::json ->> 'id', body);
  RETURN pg_current_xact_id()::text;
END $$;`;
}

/** Without a lock while it is computed: who signs what somebody else has signed meanwhile computes it anew. */
function sign(s: string): string {
  return `
CREATE OR REPLACE FUNCTION ${s}.sign(
  next bigint, signer text, size bigint, root bytea, chain bytea, frontier bytea, note text
) RETURNS boolean LANGUAGE plpgsql ${DEFINER} AS $$
BEGIN
  PERFORM ${s}.lock();
  IF signer IS DISTINCT FROM (SELECT value FROM ${s}.meta WHERE name = 'verifier') THEN
    RAISE EXCEPTION 'another key signs this audit trail' USING ERRCODE = '${REFUSED.key}';
  END IF;
  IF next <> 1 + coalesce((SELECT max(number) FROM ${s}.checkpoints), 0) THEN RETURN false; END IF;
  IF chain IS DISTINCT FROM (SELECT e.chain FROM ${s}.entries AS e WHERE e.seq = size)
    AND NOT (size = 0 AND NOT EXISTS (SELECT FROM ${s}.entries)) THEN
    RAISE EXCEPTION 'the audit trail is not what is signed' USING ERRCODE = '${REFUSED.checkpoint}';
  END IF;
  INSERT INTO ${s}.checkpoints VALUES (next, size, root, chain, frontier, note);
  RETURN true;
END $$;`;
}

function keys(s: string): string {
  return `
CREATE OR REPLACE FUNCTION ${s}.first_key(vkey text) RETURNS text LANGUAGE plpgsql ${DEFINER} AS $$
BEGIN
  PERFORM ${s}.lock();
  INSERT INTO ${s}.meta VALUES ('first_verifier', vkey), ('verifier', vkey) ON CONFLICT DO NOTHING;
  RETURN (SELECT value FROM ${s}.meta WHERE name = 'verifier');
END $$;
CREATE OR REPLACE FUNCTION ${s}.next_key(before text, vkey text) RETURNS void LANGUAGE plpgsql ${DEFINER} AS $$
BEGIN
  PERFORM ${s}.lock();
  UPDATE ${s}.meta SET value = vkey WHERE name = 'verifier' AND value = before;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'another key signs this audit trail' USING ERRCODE = '${REFUSED.key}';
  END IF;
END $$;`;
}

function runs(s: string): string {
  return `
CREATE OR REPLACE FUNCTION ${s}.seen(name text) RETURNS void LANGUAGE sql ${DEFINER} AS $$
  INSERT INTO ${s}.runs VALUES (name, clock_timestamp())
  ON CONFLICT (instance) DO UPDATE SET seen = excluded.seen;
$$;`;
}

function prune(s: string): string {
  return `
CREATE OR REPLACE FUNCTION ${s}.prune_step(upto bigint, most integer) RETURNS boolean LANGUAGE plpgsql ${DEFINER} AS $$
DECLARE
  last bigint;
BEGIN
  PERFORM ${s}.lock();
  IF NOT EXISTS (
    SELECT FROM ${s}.entries WHERE kind = 'pruned' AND (payload::json -> 'data' ->> 'through')::bigint >= upto
      AND seq <= (SELECT max(size) FROM ${s}.checkpoints)
  ) THEN
    RAISE EXCEPTION 'no signed entry of the audit trail says that this is pruned' USING ERRCODE = '${REFUSED.prune}';
  END IF;
  SELECT least(upto, min(seq) + most - 1) INTO last FROM ${s}.entries WHERE seq <= upto;
  IF last IS NULL THEN RETURN false; END IF;
  PERFORM set_config('${s}.pruning', 'on', true);
  UPDATE ${s}.epochs SET pruned = greatest(pruned, gone.at) FROM (
    SELECT epoch, max(stream_seq) AS at FROM ${s}.entries WHERE seq <= last AND epoch IS NOT NULL GROUP BY epoch
  ) AS gone WHERE epochs.epoch = gone.epoch;
  DELETE FROM ${s}.entries WHERE seq <= last;
  DELETE FROM ${s}.checkpoints WHERE size < last;
  PERFORM set_config('${s}.pruning', 'off', true);
  RETURN last < upto;
END $$;`;
}
