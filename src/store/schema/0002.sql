-- What was taken from a channel and is not answered yet; gone once it is. body is the channel's own and sealed by it;
-- step is 0 while nothing went out for it, 1 from the moment that something may have.
CREATE TABLE pending (
    message TEXT PRIMARY KEY,
    channel TEXT NOT NULL,
    place BIGINT NOT NULL,
    body TEXT NOT NULL,
    step BIGINT NOT NULL,
    owner TEXT NOT NULL,
    leased_until BIGINT NOT NULL
);
CREATE INDEX pending_lease ON pending (channel, leased_until);

-- Conversations that a person has taken over; conversation and person are keyed hashes.
CREATE TABLE pauses (
    conversation TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    until BIGINT NOT NULL
);
CREATE INDEX pauses_until ON pauses (until);
CREATE INDEX pauses_person ON pauses (person);
