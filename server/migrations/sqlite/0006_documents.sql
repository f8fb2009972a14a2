-- A shared document belongs to a case or to a volume (`scope`, `owner`) and has a name there: a volume's layers are
-- such documents. It is its last snapshot and the updates after that. `seq` counts a document's updates from 1: two
-- servers cannot both write the same one.
CREATE TABLE document_updates (
    scope TEXT NOT NULL,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    seq BIGINT NOT NULL,
    author TEXT NOT NULL,
    at BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (scope, owner, name, seq)
);

CREATE TABLE document_snapshots (
    scope TEXT NOT NULL,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    seq BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (scope, owner, name)
);

-- Whose program wrote under which number: nobody continues what another user's program began.
CREATE TABLE document_replicas (
    scope TEXT NOT NULL,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    replica BIGINT NOT NULL,
    principal TEXT NOT NULL,
    PRIMARY KEY (scope, owner, name, replica)
);

-- Updates that a snapshot holds, in blobs: each has a run of them, with authors and times.
CREATE TABLE document_archive (
    scope TEXT NOT NULL,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    first_seq BIGINT NOT NULL,
    last_seq BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    PRIMARY KEY (scope, owner, name, first_seq)
);

INSERT INTO document_updates (scope, owner, name, seq, author, at, bytes)
SELECT 'volume', volume, layer, seq, author, at, bytes FROM layer_updates;

-- Updates used to be deleted with each snapshot. Where that has happened history begins with the snapshot, as one
-- change whose authors and time are not known.
INSERT INTO document_updates (scope, owner, name, seq, author, at, bytes)
SELECT 'volume', volume, layer, seq, '', 0, bytes FROM layer_snapshots;

INSERT INTO document_snapshots (scope, owner, name, seq, bytes)
SELECT 'volume', volume, layer, seq, bytes FROM layer_snapshots;

INSERT INTO document_replicas (scope, owner, name, replica, principal)
SELECT 'volume', volume, layer, replica, principal FROM layer_replicas;

DROP TABLE layer_updates;
DROP TABLE layer_snapshots;
DROP TABLE layer_replicas;
