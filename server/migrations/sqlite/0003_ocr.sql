-- Pages whose text is still to be read by OCR.
ALTER TABLE volumes ADD COLUMN pending BIGINT NOT NULL DEFAULT 0;

-- Pages that have been read and are not in a manifest yet, by what they were read from and with.
CREATE TABLE ocr_pages (
    source TEXT NOT NULL PRIMARY KEY,
    scan TEXT NOT NULL,
    text BYTEA NOT NULL
);

-- Texts and indexes of earlier manifests: whoever still reads by one may have them.
CREATE TABLE superseded (
    volume TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    PRIMARY KEY (volume, sha256)
);
