//! Teaching in chat: unanswered questions, lessons, and a group's own entries.

pub(crate) mod dialogue;
pub(crate) mod lessons;
pub(crate) mod session;
