-- A layer is its last snapshot and the updates after it. `seq` counts a layer's updates from 1: two servers
-- cannot both write the same one.
CREATE TABLE layer_updates (
    volume TEXT NOT NULL,
    layer TEXT NOT NULL,
    seq BIGINT NOT NULL,
    author TEXT NOT NULL,
    at BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (volume, layer, seq)
);

CREATE TABLE layer_snapshots (
    volume TEXT NOT NULL,
    layer TEXT NOT NULL,
    seq BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (volume, layer)
);

-- Whose program wrote under which number: nobody continues what another user's program began.
CREATE TABLE layer_replicas (
    volume TEXT NOT NULL,
    layer TEXT NOT NULL,
    replica BIGINT NOT NULL,
    principal TEXT NOT NULL,
    PRIMARY KEY (volume, layer, replica)
);

-- Provisional names; only the token's hash is kept.
CREATE TABLE sessions (
    token TEXT NOT NULL PRIMARY KEY,
    principal TEXT NOT NULL,
    name TEXT NOT NULL,
    created BIGINT NOT NULL
);
