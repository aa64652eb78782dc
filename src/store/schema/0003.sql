-- What is remembered for a short while by every process: name and person are keyed hashes; body is the channel's own and
-- sealed by it.
CREATE TABLE notes (
    name TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    body TEXT NOT NULL,
    until BIGINT NOT NULL
);
CREATE INDEX notes_until ON notes (until);
CREATE INDEX notes_person ON notes (person);
