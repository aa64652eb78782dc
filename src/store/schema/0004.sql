-- Whose something pending is, as a keyed hash; empty where nobody has to know.
ALTER TABLE pending ADD COLUMN person TEXT NOT NULL DEFAULT '';
CREATE INDEX pending_person ON pending (person, place);

-- When a note was written, in microseconds: a late write does not undo a later one.
ALTER TABLE notes ADD COLUMN at BIGINT NOT NULL DEFAULT 0;
