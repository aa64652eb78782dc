//! `/why` as a reply to an answer: what it was taken for, how surely, and what came next.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::identity::group;
use super::intake::update::Incoming;
use super::outbox::Asked;
use super::recent::{Notes, Recent};
use super::resources::Resources;
use crate::library::Library;
use crate::message::Place;
use crate::reply::wording;
use crate::responder::{Responder, Response};

/// How long an answer can be asked about.
const WHY_TTL: Duration = Duration::from_hours(1);

/// Why an answer was given.
#[derive(Clone, Serialize, Deserialize)]
struct Why {
    /// Never written into the store …
    #[serde(skip)]
    question: Option<String>,
    /// … which has what it was nearest to.
    phrasing: Option<String>,
    candidates: Vec<(String, f32)>,
}

/// Explains answers.
pub struct Whys {
    notes: Arc<Notes>,
    responder: Arc<Responder>,
    library: Arc<Library>,
    /// By chat and message.
    latest: Recent<Why>,
}

impl Whys {
    /// Nothing was answered yet.
    pub fn new(of: &Resources) -> Self {
        Self {
            notes: Arc::clone(&of.notes),
            responder: Arc::clone(&of.responder),
            library: Arc::clone(&of.library),
            latest: Recent::new("why", 2_000, WHY_TTL),
        }
    }

    /// Remembers what led to the message `sent`.
    pub fn remember(&self, asked: &Asked, sent: i64, question: &str, response: &Response) {
        let candidates = response.ranking.candidates.iter().take(2);
        let candidates: Vec<_> = candidates.map(|near| (near.entry.to_string(), near.score)).collect();
        if candidates.is_empty() {
            return;
        }
        let (question, phrasing) = if self.notes.is_shared {
            (None, self.responder.nearest_phrasing(question))
        } else {
            // Finding the phrasing takes longer than the answer did, and few people ask.
            (Some(question.to_owned()), None)
        };
        let of = format!("{}:{sent}", asked.target.chat);
        let why = Why { question, phrasing, candidates };
        self.notes.jot(&self.latest, of, asked.asker, why, self.latest.end());
    }

    /// What `/why` is answered with.
    pub async fn explain(&self, message: &Incoming, asked: &Asked) -> String {
        let why = match &message.reply_to {
            Some(meant) => {
                self.notes.recall(&self.latest, &format!("{}:{}", message.chat.id, meant.id)).await
            }
            None => None,
        };
        let Some(Why { question, phrasing, candidates }) = why else {
            return wording::WHY_HOW.to_owned();
        };
        let group = (asked.place != Place::Private).then(|| group(message.chat.id));
        let mut lines = Vec::new();
        for (rank, (id, score)) in candidates.iter().enumerate() {
            let Ok(id) = id.parse() else { continue };
            let entry = self.responder.entry(group.as_ref(), &id).await;
            let name = entry.map_or_else(|| id.to_string(), |entry| entry.question);
            if rank > 0 {
                lines.push(wording::why_next(&name, percent(*score)));
                continue;
            }
            lines.push(wording::why_entry(&name, percent(*score)));
            // The content's phrasings say nothing about an entry of the group's own.
            let is_of_content = self.library.current().faq.entry(&id).is_some();
            let nearest = phrasing.clone().or_else(|| self.responder.nearest_phrasing(question.as_deref()?));
            if let Some(nearest) = nearest.filter(|_| is_of_content) {
                lines.push(wording::why_phrasing(&nearest));
            }
        }
        lines.join("\n")
    }
}

fn percent(score: f32) -> u32 {
    (score * 100.0).round() as u32
}
