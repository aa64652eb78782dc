//! `/why` as a reply to an answer: what it was taken for, how surely, and what came next.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Bot;
use super::answer::Asked;
use super::group::settings;
use super::intake::update::Incoming;
use super::recent::Recent;
use crate::message::Place;
use crate::reply::wording;
use crate::responder::Response;

/// How long an answer can be asked about.
const KEPT: Duration = Duration::from_hours(1);

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

/// Why the latest answers were given, by chat and message.
pub struct Whys(Recent<Why>);

impl Default for Whys {
    fn default() -> Self {
        Self(Recent::new("why", 2_000, KEPT))
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
        let (question, phrasing) = if self.is_shared {
            (None, self.responder.nearest_phrasing(question))
        } else {
            // Finding it takes longer than the answer did, and hardly anybody wants to know.
            (Some(question.to_owned()), None)
        };
        let of = format!("{}:{sent}", asked.target.chat);
        let why = Why { question, phrasing, candidates };
        self.notes.jot(&self.whys.0, of, asked.asker, why, self.whys.0.end());
    }

    pub(super) async fn explain(&self, message: &Incoming, asked: &Asked) {
        let why = match &message.reply_to {
            Some(meant) => {
                self.notes.recall(&self.whys.0, &format!("{}:{}", message.chat.id, meant.id)).await
            }
            None => None,
        };
        let Some(Why { question, phrasing, candidates }) = why else {
            self.say(asked, wording::WHY_HOW, Vec::new()).await;
            return;
        };
        let group = (asked.place != Place::Private).then(|| settings::group(message.chat.id));
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
        self.say(asked, &lines.join("\n"), Vec::new()).await;
    }
}

fn percent(score: f32) -> u32 {
    (score * 100.0).round() as u32
}
