-- Times are milliseconds since the Unix epoch, amounts nano-dollars, ids those of the house.
-- There are no foreign keys on purpose: a reference that dangles is worth less than the row that holds it.

CREATE TABLE session (
    id         INTEGER PRIMARY KEY,
    name       TEXT    NOT NULL,
    spec       TEXT    NOT NULL,             -- SessionSpec, JSON
    parent     INTEGER,
    forked_at  INTEGER,
    head       INTEGER,
    created_at INTEGER NOT NULL,
    killed_at  INTEGER,
    agent_ref  TEXT,
    status     TEXT    NOT NULL,             -- Status, JSON
    gauges     TEXT    NOT NULL,             -- Gauges, JSON; only the context and its window count
    note       TEXT
) STRICT;
CREATE INDEX session_by_name ON session (name, id);
CREATE INDEX session_living ON session (id) WHERE killed_at IS NULL;

CREATE TABLE turn (
    id              INTEGER PRIMARY KEY,
    parent          INTEGER,
    session         INTEGER NOT NULL,
    prompt          TEXT    NOT NULL,
    origin          TEXT    NOT NULL,        -- Origin, JSON
    broadcast       INTEGER,                 -- its number, where the origin is one
    blocks          TEXT    NOT NULL,        -- Vec<Block>, JSON
    state           TEXT    NOT NULL CHECK (state IN ('waiting', 'streaming', 'done', 'interrupted', 'failed')),
    failure         TEXT,                    -- Failure, JSON, where the state is failed
    backend         TEXT    NOT NULL,
    model           TEXT,
    category        TEXT    NOT NULL,
    agent_ref       TEXT,
    input           INTEGER NOT NULL,
    output          INTEGER NOT NULL,
    reasoning       INTEGER NOT NULL,
    cache_read      INTEGER NOT NULL,
    cache_write_5m  INTEGER NOT NULL,
    cache_write_1h  INTEGER NOT NULL,
    usage_estimated INTEGER NOT NULL,
    priced_nano     INTEGER NOT NULL,
    unpriced_nano   INTEGER NOT NULL,
    plan_nano       INTEGER NOT NULL,        -- list price of what a subscription covers
    cost_estimated  INTEGER NOT NULL,
    price_source    TEXT,
    price_date      TEXT,
    attached        TEXT    NOT NULL,        -- paths, JSON
    attempts        TEXT    NOT NULL,        -- Vec<Attempt>, JSON
    receipt         TEXT    NOT NULL,        -- Receipt, JSON
    asked_at        INTEGER NOT NULL,
    sent_at         INTEGER,
    first_token_at  INTEGER,
    ended_at        INTEGER,
    rating          TEXT,                    -- the newest: good, bad, 1 to 5
    success         REAL,                    -- the rating as a share of a success, 0 to 1
    -- When its money counts as spent: when it ended; before that, when it was sent.
    spent_at        INTEGER NOT NULL GENERATED ALWAYS AS (COALESCE(ended_at, sent_at, asked_at)) VIRTUAL
) STRICT;
CREATE INDEX turn_by_session ON turn (session, id);
CREATE INDEX turn_by_day ON turn (spent_at);
CREATE INDEX turn_unfinished ON turn (id) WHERE state IN ('waiting', 'streaming');
CREATE INDEX turn_rated ON turn (model, category, success) WHERE success IS NOT NULL;
CREATE INDEX turn_of_broadcast ON turn (broadcast) WHERE broadcast IS NOT NULL;

-- What has arrived of answers that are not over; gone when they are.
CREATE TABLE draft (
    turn  INTEGER NOT NULL,
    seq   INTEGER NOT NULL,
    delta TEXT    NOT NULL,                  -- Delta, JSON
    PRIMARY KEY (turn, seq)
) STRICT, WITHOUT ROWID;

-- Every rating ever given; the newest is also in its turn.
CREATE TABLE rating (
    turn   INTEGER NOT NULL,
    rating TEXT    NOT NULL,
    note   TEXT,
    at     INTEGER NOT NULL
) STRICT;
CREATE INDEX rating_by_turn ON rating (turn);

-- What was seen of a turn without asking.
CREATE TABLE outcome (
    turn   INTEGER NOT NULL,
    name   TEXT    NOT NULL,
    weight REAL    NOT NULL,
    at     INTEGER NOT NULL
) STRICT;
CREATE INDEX outcome_by_turn ON outcome (turn);

-- The suggestion that was shown when a turn was asked.
CREATE TABLE suggestion (
    turn       INTEGER PRIMARY KEY,
    suggestion TEXT    NOT NULL,             -- Suggestion, JSON
    followed   INTEGER NOT NULL,
    at         INTEGER NOT NULL
) STRICT;

CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
