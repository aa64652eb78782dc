//! What the buttons of a lesson are about: kept under a token, since 64 bytes hold no group, question and entry.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use teloxide::types::InlineKeyboardButton;

use super::button::{LessonAct, LessonButton};
use super::draft::Draft;
use crate::channel::telegram::identity::scope_of;
use crate::channel::telegram::keyboard::{Act, button};
use crate::channel::telegram::resources::Resources;
use crate::memory::{Notebook, Notes};
use crate::store::Scope;

/// How long the buttons of a lesson work.
const SESSION_TTL: Duration = Duration::from_hours(1);

/// What the buttons of a lesson are about. It never changes: a press may be handled by another process.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Session {
    /// The group for which and by whose admins it is taught; none: for all, by operators.
    pub chat: Option<i64>,
    /// Its position in the list of unanswered questions, where it is from there.
    pub listed: Option<u32>,
    /// The unanswered questions that it settles.
    pub cluster: Option<i64>,
    /// The question, as typed or masked.
    pub text: String,
    /// The teaching that came of it.
    pub taught: Option<i64>,
    /// What is taught once somebody agrees.
    pub draft: Option<Draft>,
    /// The own lessons that are listed, by id, as they were numbered when the list was opened.
    pub mine: Vec<i64>,
}

impl Session {
    /// For whom it is taught.
    pub fn scope(&self) -> Scope {
        scope_of(self.chat)
    }
}

/// The sessions of all who teach.
pub struct Sessions {
    notes: Arc<Notebook>,
    kept: Notes<Session>,
    next: AtomicU64,
}

impl Sessions {
    /// None yet.
    pub fn new(of: &Resources) -> Self {
        // Not from 0: a button of another process must not mean something else.
        let start = RandomState::new().hash_one(0) & 0xFFFF_FFFF_FFFF;
        // There are few, and a list that was worked through half-way is worth keeping over a restart.
        let kept = Notes::new("desk", 10_000, SESSION_TTL).lasting();
        Self { notes: Arc::clone(&of.notes), kept, next: AtomicU64::new(start) }
    }

    /// Keeps a session of this person; returns its token.
    pub async fn keep(&self, session: Session, person: i64) -> u64 {
        let token = self.next.fetch_add(1, Ordering::Relaxed);
        self.notes.remember(&self.kept, format!("{token:x}"), person, session).await;
        token
    }

    /// The session of a token, unless it has expired.
    pub async fn find(&self, token: u64) -> Option<Session> {
        self.notes.recall(&self.kept, &format!("{token:x}")).await
    }
}

/// A button of the session `token`: whoever may teach may press it.
pub fn key(label: &str, token: u64, act: LessonAct) -> InlineKeyboardButton {
    button(label, 0, Act::Teach(LessonButton { session: token, act }))
}
