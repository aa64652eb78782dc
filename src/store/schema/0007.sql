-- Sessions of the console: hash is SHA-256 of what the browser holds, name what people see of it.
CREATE TABLE console_sessions (
    hash TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    author TEXT NOT NULL,
    door TEXT NOT NULL,
    begun_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);
CREATE INDEX console_sessions_seen_at ON console_sessions (seen_at);

-- Links into the console that were not used yet; hash is SHA-256 of the secret in the link.
CREATE TABLE console_links (
    hash TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX console_links_expires_at ON console_links (expires_at);

-- What was done in the console beside teachings and settings, which keep their own history.
CREATE TABLE console_log (
    id TEXT PRIMARY KEY,
    author TEXT NOT NULL,
    what TEXT NOT NULL,
    subject TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX console_log_at ON console_log (at);

-- How often a cluster was asked on a day: which questions rise.
CREATE TABLE cluster_days (
    cluster BIGINT NOT NULL,
    day BIGINT NOT NULL,
    asked BIGINT NOT NULL,
    PRIMARY KEY (cluster, day)
);
CREATE INDEX cluster_days_day ON cluster_days (day);
