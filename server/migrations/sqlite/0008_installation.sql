-- Which installation this is; a copy of it has the same id. `copying` while it does not have everything yet.
CREATE TABLE installation (
    id TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL
);
INSERT INTO installation (id, state) VALUES (lower(hex(randomblob(16))), 'whole');
