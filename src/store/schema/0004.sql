-- Whose something pending is, as a keyed hash; empty where nobody has to know.
ALTER TABLE pending ADD COLUMN person TEXT NOT NULL DEFAULT '';
CREATE INDEX pending_person ON pending (person, place);
