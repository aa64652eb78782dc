-- The older wording of an entry that this teaching stands in for: undoing it brings that one back.
ALTER TABLE teachings ADD COLUMN replaces BIGINT;
