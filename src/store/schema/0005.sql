-- What is remembered of a conversation is a note.
DROP TABLE conversations;
