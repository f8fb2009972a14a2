-- PostgreSQL begins with what SQLite came to in its first six steps; from here on both go on step by step, under the
-- same numbers. Texts that are sorted or compared are so by their bytes, as in SQLite.
CREATE TABLE cases (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    number TEXT COLLATE "C" NOT NULL UNIQUE,
    title TEXT NOT NULL,
    court TEXT NOT NULL
);

CREATE TABLE volumes (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    case_id TEXT COLLATE "C" NOT NULL REFERENCES cases (id),
    title TEXT COLLATE "C" NOT NULL,
    class TEXT NOT NULL,
    position BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    manifest TEXT NOT NULL,
    pages BIGINT NOT NULL,
    materials BIGINT NOT NULL,
    -- Pages whose text is still to be read by OCR.
    pending BIGINT NOT NULL DEFAULT 0,
    UNIQUE (case_id, title)
);

-- Provisional names; only the token's hash is kept.
CREATE TABLE sessions (
    token TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    principal TEXT NOT NULL,
    name TEXT NOT NULL,
    created TIMESTAMPTZ NOT NULL
);

-- Pages that have been read and are not in a manifest yet, by what they were read from and with. What is known of the
-- scan is JSON that the database never looks into.
CREATE TABLE ocr_pages (
    source TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    scan TEXT NOT NULL,
    text BYTEA NOT NULL
);

-- Texts, indexes and manifests of before: whoever still reads by one may have them.
CREATE TABLE superseded (
    volume TEXT COLLATE "C" NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    bytes BIGINT NOT NULL,
    PRIMARY KEY (volume, sha256)
);

-- A shared document belongs to a case or to a volume (`scope`, `owner`) and has a name there: a volume's layers are
-- such documents. It is its last snapshot and the updates after that. `seq` counts a document's updates from 1: two
-- servers cannot both write the same one.
CREATE TABLE document_updates (
    scope TEXT COLLATE "C" NOT NULL,
    owner TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    author TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (scope, owner, name, seq)
);

CREATE TABLE document_snapshots (
    scope TEXT COLLATE "C" NOT NULL,
    owner TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (scope, owner, name)
);

-- Whose program wrote under which number: nobody continues what another user's program began.
CREATE TABLE document_replicas (
    scope TEXT COLLATE "C" NOT NULL,
    owner TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    replica BIGINT NOT NULL,
    principal TEXT NOT NULL,
    PRIMARY KEY (scope, owner, name, replica)
);

-- Updates that a snapshot holds, in blobs: each has a run of them, with authors and times.
CREATE TABLE document_archive (
    scope TEXT COLLATE "C" NOT NULL,
    owner TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    first_seq BIGINT NOT NULL,
    last_seq BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    PRIMARY KEY (scope, owner, name, first_seq)
);
