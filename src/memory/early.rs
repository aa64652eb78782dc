//! Unanswered questions from before the store was there, in memory only, until learning can take them.

use std::sync::{Mutex, PoisonError};

use crate::id::EntryId;
use crate::learning::Asked;
use crate::store::Scope;

/// How many questions wait at most; what comes after is let go.
const MAX_QUESTIONS: usize = 1_000;

/// Questions that wait.
#[derive(Default)]
pub struct Early(Mutex<Vec<Question>>);

struct Question {
    text: String,
    channel: &'static str,
    scope: Scope,
    at: i64,
    unhelpful: Option<EntryId>,
}

impl Early {
    /// Has a question wait, unless `taken` says that it was taken at once.
    pub fn unless(
        &self,
        taken: impl FnOnce() -> bool,
        channel: &'static str,
        asked: &Asked<'_>,
        unhelpful: Option<&EntryId>,
    ) {
        // Held meanwhile: none shall begin to wait after the others were handed over.
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !taken() && waiting.len() < MAX_QUESTIONS {
            let (text, scope, unhelpful) = (asked.text.to_owned(), asked.scope.clone(), unhelpful.cloned());
            waiting.push(Question { text, channel, scope, at: asked.at, unhelpful });
        }
    }

    /// Hands everything over to `take`, which is there now.
    pub fn hand_over(&self, take: impl Fn(&Asked<'_>, Option<&EntryId>)) {
        let waiting = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        for Question { text, channel, scope, at, unhelpful } in &waiting {
            take(&Asked { text, channel, scope, at: *at }, unhelpful.as_ref());
        }
    }
}
