CREATE TABLE cases (
    id TEXT NOT NULL PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    court TEXT NOT NULL
);

CREATE TABLE volumes (
    id TEXT NOT NULL PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES cases (id),
    title TEXT NOT NULL,
    class TEXT NOT NULL,
    position BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    manifest TEXT NOT NULL,
    pages BIGINT NOT NULL,
    materials BIGINT NOT NULL,
    UNIQUE (case_id, title)
);
