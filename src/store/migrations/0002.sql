-- What was counted of the transcripts that agents write in their own interface, so that nothing counts twice.

CREATE TABLE counted (
    key     TEXT    PRIMARY KEY,             -- a request as agent and provider name it
    session INTEGER NOT NULL,
    turn    INTEGER NOT NULL,
    model   TEXT,
    usage   TEXT    NOT NULL,                -- Usage, JSON
    at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX counted_by_time ON counted (at);

-- How far which transcript of a living session was taken in.
CREATE TABLE followed (
    session  INTEGER NOT NULL,
    path     TEXT    NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (session, path)
) STRICT, WITHOUT ROWID;
