//! `/why` as a reply to an answer: what it was taken for, how surely, and what came next.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Bot;
use super::answer::Asked;
use super::intake::update::Incoming;
use crate::matcher::Read;
use crate::memory::Notes;
use crate::reply::wording;
use crate::responder::Response;

/// How long an answer can be asked about.
const KEPT: Duration = Duration::from_hours(1);

/// Why an answer was given.
#[derive(Clone, Serialize, Deserialize)]
struct Why {
    question: String,
    candidates: Vec<(String, f32)>,
}

/// Why the latest answers were given, by chat and message.
pub struct Whys(Notes<Why>);

impl Default for Whys {
    fn default() -> Self {
        Self(Notes::new("why", 2_000, KEPT))
    }
}

impl Bot {
    /// Remembers what led to the message `sent`, in case somebody wants to know.
    pub(super) fn remember_why(&self, asked: &Asked, sent: i64, question: &str, response: &Response) {
        let candidates = response.ranking.candidates.iter().take(2);
        let candidates: Vec<_> = candidates.map(|near| (near.entry.to_string(), near.score)).collect();
        if candidates.is_empty() {
            return;
        }
        let of = format!("{}:{sent}", asked.target.chat);
        let why = Why { question: question.to_owned(), candidates };
        self.notes.jot(&self.whys.0, of, asked.asker, why, self.whys.0.end());
    }

    pub(super) async fn explain(&self, message: &Incoming, asked: &Asked) {
        let why = match &message.reply_to {
            Some(meant) => {
                self.notes.recall(&self.whys.0, &format!("{}:{}", message.chat.id, meant.id)).await
            }
            None => None,
        };
        let Some(Why { question, candidates }) = why else {
            self.say(asked, wording::WHY_HOW, Vec::new()).await;
            return;
        };
        let view = self.responder.view(asked.group().as_ref()).await;
        let mut lines = Vec::new();
        for (rank, (id, score)) in candidates.iter().enumerate() {
            let Ok(id) = id.parse() else { continue };
            let name = view.entry(&id).map_or(id.as_str(), |entry| &entry.question);
            if rank > 0 {
                lines.push(wording::why_next(name, percent(*score)));
                continue;
            }
            lines.push(wording::why_entry(name, percent(*score)));
            // The guide's phrasings say nothing about an entry of the group's own.
            if view.is_in_guide(&id)
                && let Some(nearest) = view.explain(&question, Read::Whole).phrasing
            {
                lines.push(wording::why_phrasing(&nearest));
            }
        }
        self.say(asked, &lines.join("\n"), Vec::new()).await;
    }
}

fn percent(score: f32) -> u32 {
    (score * 100.0).round() as u32
}
