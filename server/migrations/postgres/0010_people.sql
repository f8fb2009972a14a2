-- How far a case is: `pending`, `closed` or `archived`.
ALTER TABLE cases ADD COLUMN state TEXT NOT NULL DEFAULT 'pending';

-- People with an account. The password is argon2id's PHC string; there is none until its owner has chosen one.
CREATE TABLE users (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    login TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password TEXT,
    administrator BIGINT NOT NULL,
    disabled BIGINT NOT NULL,
    created TIMESTAMPTZ NOT NULL
);

-- Signed in where. Of the token only the SHA-256 is kept; `id` is what its owner names it by.
CREATE TABLE user_sessions (
    token TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id),
    device TEXT NOT NULL,
    created TIMESTAMPTZ NOT NULL,
    seen TIMESTAMPTZ NOT NULL,
    expires TIMESTAMPTZ NOT NULL,
    revoked TIMESTAMPTZ
);

CREATE INDEX user_sessions_by_user ON user_sessions (user_id);

-- SHA-256 of codes with which a password is chosen, once.
CREATE TABLE one_time_codes (
    code TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id),
    expires TIMESTAMPTZ NOT NULL
);

-- Tries to sign in that failed, by account and by address; nobody tries again before `until`.
CREATE TABLE sign_in_failures (
    subject TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    last TIMESTAMPTZ NOT NULL,
    until TIMESTAMPTZ NOT NULL
);

-- What people are to a case. One who leaves stays here with the time until which they were.
CREATE TABLE members (
    case_id TEXT COLLATE "C" NOT NULL REFERENCES cases (id),
    user_id TEXT COLLATE "C" NOT NULL REFERENCES users (id),
    role TEXT COLLATE "C" NOT NULL,
    party TEXT NOT NULL,
    since TIMESTAMPTZ NOT NULL,
    until TIMESTAMPTZ,
    PRIMARY KEY (case_id, user_id, role)
);

CREATE INDEX members_by_user ON members (user_id);

-- What a role does not get to see of a case (知情范围): a material, or all of the volume when that is empty.
CREATE TABLE withheld (
    volume_id TEXT COLLATE "C" NOT NULL REFERENCES volumes (id),
    material TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    reason TEXT NOT NULL,
    since TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (volume_id, material, role)
);

-- Counts up with everything above that takes a right away or gives one, so that every server notices.
CREATE TABLE rights_version (
    id BIGINT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL
);

INSERT INTO rights_version (id, version) VALUES (1, 0);
