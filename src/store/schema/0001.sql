-- Read by SQLite and by PostgreSQL alike: TEXT and BIGINT only, no generated keys. Times are Unix seconds.

CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);
-- revision: of the last change to teachings or settings; cluster: the last cluster's id;
-- generation: goes up when a restore replaces everything.
INSERT INTO counters (name, value) VALUES ('revision', 0), ('cluster', 0), ('generation', 1);

-- The key of the hashes that stand for people.
CREATE TABLE secrets (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- Messages that were taken to be answered; message is a keyed hash, token names the claim.
CREATE TABLE processed (
    message TEXT PRIMARY KEY,
    token TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX processed_at ON processed (at);

-- conversation and person are keyed hashes; near is entry ids parted by spaces.
CREATE TABLE conversations (
    conversation TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    entry TEXT NOT NULL,
    near TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX conversations_at ON conversations (at);
CREATE INDEX conversations_person ON conversations (person);

-- A value that was taken back stays as NULL, so that other replicas learn of it.
CREATE TABLE settings (
    scope TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT,
    revision BIGINT NOT NULL,
    PRIMARY KEY (scope, name)
);
CREATE INDEX settings_revision ON settings (revision);

CREATE TABLE settings_history (
    id BIGINT PRIMARY KEY,
    scope TEXT NOT NULL,
    name TEXT NOT NULL,
    old_value TEXT,
    new_value TEXT,
    author TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX settings_history_scope ON settings_history (scope, id);
CREATE INDEX settings_history_at ON settings_history (at);

CREATE TABLE feedback (
    person TEXT NOT NULL,
    entry TEXT NOT NULL,
    helpful BIGINT NOT NULL,
    channel TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (person, entry)
);
CREATE INDEX feedback_at ON feedback (at);

-- Questions that ask the same; teaching is the one that answered or ignored them.
CREATE TABLE clusters (
    id BIGINT PRIMARY KEY,
    state TEXT NOT NULL,
    teaching BIGINT
);

-- digest is over text, channel, scope and entry: the text itself is longer than PostgreSQL lets a key be.
-- entry is the one whose answer was not helpful, or empty.
CREATE TABLE questions (
    digest TEXT PRIMARY KEY,
    cluster BIGINT NOT NULL REFERENCES clusters (id),
    text TEXT NOT NULL,
    channel TEXT NOT NULL,
    scope TEXT NOT NULL,
    entry TEXT NOT NULL,
    asked BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);
CREATE INDEX questions_cluster ON questions (cluster);
CREATE INDEX questions_last_at ON questions (last_at);
CREATE INDEX questions_entry ON questions (entry);

-- token is made by who teaches, so that a repeated attempt is one teaching; body is JSON by kind.
CREATE TABLE teachings (
    id BIGINT PRIMARY KEY,
    token TEXT NOT NULL UNIQUE,
    revision BIGINT NOT NULL,
    scope TEXT NOT NULL,
    kind TEXT NOT NULL,
    entry TEXT NOT NULL,
    body TEXT NOT NULL,
    author TEXT NOT NULL,
    at BIGINT NOT NULL,
    undone_by TEXT,
    undone_at BIGINT
);
CREATE INDEX teachings_revision ON teachings (revision);
CREATE INDEX teachings_scope ON teachings (scope, id);

-- Own messages to be removed from a group; chat and message are the channel's own ids.
CREATE TABLE deletions (
    channel TEXT NOT NULL,
    chat TEXT NOT NULL,
    message TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    claimed_until BIGINT NOT NULL,
    PRIMARY KEY (channel, chat, message)
);
CREATE INDEX deletions_due_at ON deletions (due_at);

CREATE TABLE cooldowns (
    name TEXT NOT NULL,
    slot BIGINT NOT NULL,
    person TEXT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (name, slot)
);
CREATE INDEX cooldowns_until ON cooldowns (until);
CREATE INDEX cooldowns_person ON cooldowns (person);

CREATE TABLE tallies (
    day BIGINT NOT NULL,
    channel TEXT NOT NULL,
    outcome TEXT NOT NULL,
    entry TEXT NOT NULL,
    messages BIGINT NOT NULL,
    PRIMARY KEY (day, channel, outcome, entry)
);
