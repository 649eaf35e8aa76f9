-- What is known of turns besides what was said in them, and what is learnt from that.

-- How a prompt was read before it was sent, what was expected of it, and how good its answer seems. No text of it.
CREATE TABLE record (
    turn             INTEGER PRIMARY KEY,
    category         TEXT    NOT NULL,       -- as the user corrected it; as in its turn
    read_as          TEXT    NOT NULL,       -- as the classifier read it
    sub              TEXT,
    complexity       INTEGER NOT NULL,       -- 0 to 100
    parts            TEXT    NOT NULL,       -- of the complexity: names and shares, JSON
    tags             TEXT    NOT NULL,       -- JSON
    language         TEXT,
    marks            TEXT    NOT NULL,       -- JSON
    words            INTEGER NOT NULL,
    features         BLOB    NOT NULL,       -- 32-bit floats, little-endian
    project          TEXT    NOT NULL,       -- the working directory
    group_name       TEXT,
    chosen           TEXT    NOT NULL,       -- why this model: Chosen, as a word
    followed         INTEGER,                -- whether it was the first of what was suggested; NULL: nothing was
    propensity       REAL,                   -- how likely the suggestion was to name this model
    predicted_input  INTEGER,
    predicted_output INTEGER,
    predicted_nano   INTEGER,
    quality          REAL,                   -- 0 to 10; NULL while it is not over
    why              TEXT    NOT NULL        -- the quality explained, one line
) STRICT;

-- Of the turns there were, it is known what they were taken for and where they were asked.
INSERT INTO record (turn, category, read_as, complexity, parts, tags, marks, words, features, project, group_name,
        chosen, why)
    SELECT turn.id, turn.category, turn.category, 0, '[]', '[]', '[]', 0, x'',
        COALESCE(json_extract(session.spec, '$.cwd'), ''), json_extract(session.spec, '$.group'), 'default', ''
    FROM turn LEFT JOIN session ON session.id = turn.session;

-- What was seen of a turn. Its weight is what it changes at a score of 0 to 10; what was kept so far was another
-- scale, and but for relays said no more than the state of the turn does.
ALTER TABLE outcome ADD COLUMN layer TEXT NOT NULL DEFAULT 'transport';
DELETE FROM outcome WHERE name IN ('answered', 'interrupted', 'failed', 'open');
UPDATE outcome SET name = 'relayed onward', weight = 1.5, layer = 'behaviour' WHERE name = 'relayed';

-- What turns tell of models, in the order in which it was learnt. Rows are added, never changed: the newest of a turn
-- holds, and takes the place of those before it. What is believed is a fold over these rows.
CREATE TABLE evidence (
    seq        INTEGER PRIMARY KEY,
    turn       INTEGER,                      -- NULL: it came from another store
    model      TEXT    NOT NULL,
    category   TEXT    NOT NULL,
    success    REAL    NOT NULL,             -- 0 to 1
    weight     REAL    NOT NULL,             -- how sure that is, 0 to 1; 0 takes the turn back
    at         INTEGER NOT NULL,
    -- As in a record, where there is no turn that has one.
    tags       TEXT,
    complexity INTEGER,
    features   BLOB
) STRICT;
CREATE INDEX evidence_by_turn ON evidence (turn, seq);
CREATE INDEX evidence_imported ON evidence (at) WHERE turn IS NULL;
INSERT INTO evidence (turn, model, category, success, weight, at)
    SELECT id, model, category, success, 1.0, COALESCE(ended_at, asked_at) FROM turn
    WHERE success IS NOT NULL AND model IS NOT NULL AND backend <> 'rehearsal' ORDER BY id;

-- What the user wants forgotten: evidence up to `seq` of this model (NULL: of all) in this category (NULL: in all).
CREATE TABLE forgotten (
    seq      INTEGER NOT NULL,
    model    TEXT,
    category TEXT,
    at       INTEGER NOT NULL
) STRICT;

-- The fold as it stood after the evidence up to `seq`, so that a start need not begin anew.
CREATE TABLE learner (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    seq      INTEGER NOT NULL,
    snapshot TEXT    NOT NULL,               -- JSON
    at       INTEGER NOT NULL
) STRICT;

-- How often a model could be had through a backend: failures of keys, limits, machines and networks.
CREATE TABLE availability (
    model    TEXT    NOT NULL,
    backend  TEXT    NOT NULL,
    answered INTEGER NOT NULL,
    failed   INTEGER NOT NULL,
    in_a_row INTEGER NOT NULL,               -- failures since it last answered
    category TEXT,                           -- of the newest failure, JSON
    at       INTEGER NOT NULL,
    PRIMARY KEY (model, backend)
) STRICT, WITHOUT ROWID;

-- What was adjusted by what was measured: estimates, weights.
CREATE TABLE adjustment (
    id         INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    kind       TEXT    NOT NULL,
    what       TEXT    NOT NULL,
    old        TEXT    NOT NULL,
    new        TEXT    NOT NULL,
    reason     TEXT    NOT NULL,
    confidence REAL    NOT NULL              -- 0 to 1
) STRICT;
CREATE INDEX adjustment_of ON adjustment (kind, what, id);

-- What was concluded, and whether it is applied.
CREATE TABLE learning (
    id      INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    kind    TEXT    NOT NULL,
    key     TEXT    NOT NULL,                -- what it is about; the same conclusion has the same
    text    TEXT    NOT NULL,
    success REAL    NOT NULL,                -- 0 to 1
    n       INTEGER NOT NULL,
    tier    TEXT    NOT NULL,
    state   TEXT    NOT NULL
) STRICT;
CREATE INDEX learning_of ON learning (kind, key, at);
