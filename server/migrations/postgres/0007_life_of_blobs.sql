-- Since when no newer manifest has named it; for what is here already, since now.
ALTER TABLE superseded ADD COLUMN at TIMESTAMPTZ NOT NULL DEFAULT date_trunc('milliseconds', now());
ALTER TABLE superseded ALTER COLUMN at DROP DEFAULT;

-- Programs at work: what one has put into the blob store and not named yet is not removed (`write`), nothing is
-- (`copy`), or it is the one that removes (`collect`). One that is killed no longer renews its lease.
CREATE TABLE leases (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,
    began TIMESTAMPTZ NOT NULL,
    expires TIMESTAMPTZ NOT NULL
);

-- Old blobs that somebody wants again, or, with the collector's lease, is about to remove.
CREATE TABLE blob_claims (
    sha256 TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    collector TEXT
);
