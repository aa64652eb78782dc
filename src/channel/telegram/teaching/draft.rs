//! An entry of one's own before it is taught.

use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

use super::texts::{shortened, without_repeats};
use crate::channel::telegram::identity::{now, scope_of};
use crate::faq::{Entry, LABEL_CHARS};
use crate::id::EntryId;
use crate::store::Scope;

/// An entry before it is taught.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// The group for which and by whose admins it is taught; none: for all, by operators.
    pub chat: Option<i64>,
    /// How people ask, the question itself first.
    pub wordings: Vec<String>,
    /// The answer.
    pub answer: String,
    /// The picture that goes with it, as a file's id.
    pub picture: Option<String>,
    /// The unanswered questions that it settles.
    pub cluster: Option<i64>,
    /// Its position in the list of unanswered questions, where it is from there.
    pub listed: Option<u32>,
    /// The teaching in whose place it is taught.
    pub replaces: Option<i64>,
}

impl Draft {
    /// What an own entry is now, to be taught in the place of `teaching`.
    pub fn of(chat: Option<i64>, teaching: i64, entry: Entry) -> Self {
        let mut wordings = std::iter::once(entry.question).chain(entry.phrasings).collect();
        without_repeats(&mut wordings);
        Self {
            chat,
            wordings,
            answer: entry.answer,
            picture: entry.picture,
            replaces: Some(teaching),
            ..Self::default()
        }
    }

    /// For whom it is taught.
    pub fn scope(&self) -> Scope {
        scope_of(self.chat)
    }

    /// The question.
    pub fn question(&self) -> &str {
        self.wordings.first().map_or("", String::as_str)
    }

    /// The entry that it becomes, in the place of `old`; none where no id can be made for it.
    pub fn entry(&self, old: Option<&Entry>) -> Option<Entry> {
        let id = match old {
            // What was taught for it stays with it.
            Some(old) => old.id.clone(),
            None => fresh_id()?,
        };
        Some(Entry {
            id,
            label: shortened(self.question(), LABEL_CHARS),
            question: self.question().to_owned(),
            section: None,
            answer: self.answer.clone(),
            related: old.map(|old| old.related.clone()).unwrap_or_default(),
            phrasings: self.wordings.clone(),
            picture: self.picture.clone(),
        })
    }
}

/// An id that no entry has: `own-` and the time.
fn fresh_id() -> Option<EntryId> {
    static LAST: AtomicU64 = AtomicU64::new(0);
    let number = LAST.fetch_add(1, Ordering::Relaxed) & 0xFFF;
    format!("own-{:x}-{number:x}", now()).parse().ok()
}
