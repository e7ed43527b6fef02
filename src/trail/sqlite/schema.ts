/** `PRAGMA application_id` of a trail: "NLSA". */
export const APPLICATION_ID = 0x4e4c5341;

/** `PRAGMA user_version`: the format of the tables below. */
export const FORMAT = 1;

/**
 * The tables of a trail. What a query looks at is computed from the payload by the database, not stored beside it: so
 * nobody can change what an entry is found by without changing what was hashed.
 *
 * The triggers are against mistakes, as a hand that slips in the sqlite3 shell. Against intent stand the chain and the
 * checkpoints.
 */
export const SCHEMA = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE entries (
  seq INTEGER PRIMARY KEY,
  chain BLOB NOT NULL CHECK (length(chain) = 32),
  payload TEXT NOT NULL,
  id TEXT NOT NULL AS (payload ->> '$.data.id') VIRTUAL,
  kind TEXT NOT NULL AS (payload ->> '$.kind') VIRTUAL,
  time TEXT NOT NULL AS (payload ->> '$.data.timestamp') VIRTUAL,
  level TEXT AS (payload ->> '$.data.level') VIRTUAL,
  logger TEXT AS (payload ->> '$.data.logger') VIRTUAL,
  action TEXT AS (payload ->> '$.data.action') VIRTUAL,
  actor TEXT AS (payload ->> '$.data.actor.id') VIRTUAL,
  outcome TEXT AS (payload ->> '$.data.outcome') VIRTUAL,
  -- Of the entry that says how the call ended: that a stream has begun is not its end.
  intent TEXT AS (iif(payload ->> '$.data.outcome' IS NULL, NULL, payload ->> '$.data.intent')) VIRTUAL,
  epoch TEXT AS (payload ->> '$.stream.epoch') VIRTUAL,
  stream_seq INTEGER AS (payload ->> '$.stream.seq') VIRTUAL
) STRICT;
CREATE UNIQUE INDEX entries_id ON entries (id);
CREATE INDEX entries_kind ON entries (kind) WHERE kind <> 'record';
CREATE INDEX entries_action ON entries (action) WHERE action IS NOT NULL;
CREATE INDEX entries_actor ON entries (actor) WHERE actor IS NOT NULL;
CREATE INDEX entries_outcome ON entries (outcome) WHERE outcome <> 'success';
CREATE INDEX entries_level ON entries (level) WHERE level NOT IN ('DEBUG', 'INFO');
CREATE INDEX entries_intent ON entries (intent) WHERE intent IS NOT NULL;
CREATE INDEX entries_stream ON entries (epoch, stream_seq) WHERE epoch IS NOT NULL;

-- Ids of targets, for the question who did something to one of them.
CREATE TABLE targets (
  target TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (target, seq)
) STRICT, WITHOUT ROWID;

-- Signed states. from_time and to_time span the entries since the checkpoint before: a coarse index on time, which
-- costs an entry nothing. frontier: the Merkle tree's, 32 bytes each. open_from: no intent before it is without outcome.
CREATE TABLE checkpoints (
  number INTEGER PRIMARY KEY,
  size INTEGER NOT NULL,
  root BLOB NOT NULL CHECK (length(root) = 32),
  chain BLOB NOT NULL CHECK (length(chain) = 32),
  frontier BLOB NOT NULL CHECK (length(frontier) % 32 = 0),
  from_time TEXT NOT NULL,
  to_time TEXT NOT NULL,
  open_from INTEGER NOT NULL,
  note TEXT NOT NULL
) STRICT;
CREATE INDEX checkpoints_size ON checkpoints (size);

-- Streams whose records are kept here, in order. after_seq: the last entry when the stream began; pruned: its highest
-- position among the entries that a retention deleted.
CREATE TABLE epochs (
  number INTEGER PRIMARY KEY, epoch TEXT NOT NULL UNIQUE, after_seq INTEGER NOT NULL,
  pruned INTEGER NOT NULL DEFAULT 0
) STRICT;

-- A row only inside of the transaction that deletes: entries up to it may go.
CREATE TABLE pruning (through INTEGER PRIMARY KEY) STRICT;

CREATE TRIGGER entries_next BEFORE INSERT ON entries
WHEN NEW.seq <> 1 + coalesce((SELECT max(seq) FROM entries), 0)
BEGIN SELECT RAISE(ABORT, 'an entry of an audit trail comes after the last one'); END;

CREATE TRIGGER entries_fixed BEFORE UPDATE ON entries
BEGIN SELECT RAISE(ABORT, 'an entry of an audit trail is never changed'); END;

CREATE TRIGGER entries_kept BEFORE DELETE ON entries
WHEN OLD.seq > coalesce((SELECT through FROM pruning), 0)
BEGIN SELECT RAISE(ABORT, 'an entry of an audit trail is only deleted by its retention'); END;

CREATE TRIGGER checkpoints_fixed BEFORE UPDATE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'a checkpoint of an audit trail is never changed'); END;

CREATE TRIGGER checkpoints_kept BEFORE DELETE ON checkpoints
WHEN OLD.size >= coalesce((SELECT through FROM pruning), 0)
BEGIN SELECT RAISE(ABORT, 'a checkpoint of an audit trail is only deleted by its retention'); END;

-- Deleting starts only when a "pruned" entry names what goes and a signed checkpoint covers that entry.
CREATE TRIGGER pruning_proved BEFORE INSERT ON pruning
WHEN NOT EXISTS (
  SELECT 1 FROM entries
  WHERE kind <> 'record' AND kind = 'pruned' AND payload ->> '$.data.through' >= NEW.through
    AND seq <= (SELECT max(size) FROM checkpoints)
)
BEGIN SELECT RAISE(ABORT, 'no signed entry of the audit trail says that this is pruned'); END;

CREATE TRIGGER entries_targets AFTER INSERT ON entries
WHEN json_type(NEW.payload, '$.data.targets') = 'array'
BEGIN
  INSERT OR IGNORE INTO targets
  SELECT value ->> '$.id', NEW.seq FROM json_each(NEW.payload, '$.data.targets')
  WHERE type = 'object' AND value ->> '$.id' IS NOT NULL;
END;

CREATE TRIGGER entries_targets_gone AFTER DELETE ON entries
WHEN json_type(OLD.payload, '$.data.targets') = 'array'
BEGIN
  DELETE FROM targets WHERE seq = OLD.seq AND target IN (
    SELECT value ->> '$.id' FROM json_each(OLD.payload, '$.data.targets') WHERE type = 'object'
  );
END;
`;
