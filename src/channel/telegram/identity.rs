//! Who the bot is, and how the store names its groups and its people.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::store::{Author, GroupId, PersonHash, Scope, Store};

/// The channel's name.
pub const CHANNEL: &str = "telegram";

/// Who the bot is.
#[derive(Clone, Debug)]
pub struct Me {
    /// The bot's user id.
    pub id: i64,
    /// The name without `@`.
    pub name: String,
    /// Whether privacy mode was off at the start.
    pub hears_all: bool,
}

/// Now, in Unix seconds.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// A group, as the store names it.
pub fn group(chat: i64) -> GroupId {
    GroupId::new(CHANNEL, &chat.to_string())
}

/// The scope of a group's settings and lessons.
pub fn scope(chat: i64) -> Scope {
    Scope::Group(group(chat))
}

/// The scope of a group, or, where that is none, of all.
pub fn scope_of(chat: Option<i64>) -> Scope {
    chat.map_or(Scope::Base, scope)
}

/// The keyed hash of a person's id.
pub fn person(store: &Store, id: i64) -> PersonHash {
    store.secret().person(CHANNEL, &id.to_string())
}

/// Who teaches or sets something.
pub fn author(store: &Store, id: i64) -> Author {
    Author::person(&person(store, id))
}
