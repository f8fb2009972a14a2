-- Since when no newer manifest has named it; for what is here already, since now.
ALTER TABLE superseded ADD COLUMN at BIGINT NOT NULL DEFAULT 0;
UPDATE superseded SET at = CAST(unixepoch('subsec') * 1000 AS INTEGER);

-- Programs at work: what one has put into the blob store and not named yet is not removed (`write`), nothing is
-- (`copy`), or it is the one that removes (`collect`). One that is killed no longer renews its lease.
CREATE TABLE leases (
    id TEXT NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,
    began BIGINT NOT NULL,
    expires BIGINT NOT NULL
);

-- Old blobs that somebody wants again, or, with the collector's lease, is about to remove.
CREATE TABLE blob_claims (
    sha256 TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    collector TEXT
);
