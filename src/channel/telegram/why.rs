//! `/why` as a reply to an answer: what it was taken for, how surely, and what came next.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::intake::update::Incoming;
use super::outbox::Asked;
use super::resources::Resources;
use crate::memory::{Notebook, Notes};
use crate::responder::{Responder, Response};

/// How long an answer can be asked about.
const WHY_TTL: Duration = Duration::from_hours(1);

/// Why an answer was given.
#[derive(Clone, Serialize, Deserialize)]
struct Why {
    question: String,
    candidates: Vec<(String, f32)>,
}

/// Explains answers.
pub struct Whys {
    notes: Arc<Notebook>,
    responder: Arc<Responder>,
    /// By chat and message.
    latest: Notes<Why>,
}

impl Whys {
    /// Nothing was answered yet.
    pub fn new(of: &Resources) -> Self {
        let Resources { notes, responder, .. } = of.clone();
        Self { notes, responder, latest: Notes::new("why", 2_000, WHY_TTL) }
    }

    /// Remembers what led to the message `sent`.
    pub fn remember(&self, asked: &Asked, sent: i64, question: &str, response: &Response) {
        let candidates = response.ranking.candidates.iter().take(2);
        let candidates: Vec<_> = candidates.map(|near| (near.entry.to_string(), near.score)).collect();
        if candidates.is_empty() {
            return;
        }
        let of = format!("{}:{sent}", asked.target.chat);
        let why = Why { question: question.to_owned(), candidates };
        self.notes.jot(&self.latest, of, asked.asker, why, self.latest.end());
    }

    /// What `/why` is answered with, where it replies to an answer of the last hour.
    pub async fn explain(&self, message: &Incoming, asked: &Asked) -> Option<String> {
        let say = self.responder.wording();
        let why = match &message.reply_to {
            Some(meant) => {
                self.notes.recall(&self.latest, &format!("{}:{}", message.chat.id, meant.id)).await
            }
            None => None,
        };
        let Why { question, candidates } = why?;
        let view = self.responder.view(asked.group().as_ref()).await;
        let mut lines = Vec::new();
        for (rank, (id, score)) in candidates.iter().enumerate() {
            let Ok(id) = id.parse() else { continue };
            let name = view.entry(&id).map_or(id.as_str(), |entry| &entry.question);
            if rank > 0 {
                lines.push(say.why_next(name, percent(*score)));
                continue;
            }
            lines.push(say.why_entry(name, percent(*score)));
            // The guide's phrasings say nothing about an entry of the group's own.
            if view.is_in_guide(&id)
                && let Some(nearest) = view.explain(&question, None).phrasing
            {
                lines.push(say.why_phrasing(&nearest));
            }
        }
        Some(lines.join("\n"))
    }
}

/// A score as people read it.
pub fn percent(score: f32) -> u32 {
    (score * 100.0).round() as u32
}
