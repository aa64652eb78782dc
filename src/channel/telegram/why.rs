//! `/why` as a reply to an answer: what it was taken for, how surely, and what came next.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::answer::Asked;
use super::recent::Recent;
use super::update::Incoming;
use super::{Bot, settings};
use crate::message::Place;
use crate::reply::wording;
use crate::responder::Response;
use crate::text::normalize;

/// How long an answer can be asked about.
const KEPT: Duration = Duration::from_hours(1);

/// Why an answer was given.
#[derive(Clone, Serialize, Deserialize)]
struct Why {
    question: String,
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
    pub(super) async fn remember_why(&self, asked: &Asked, sent: i64, question: &str, response: &Response) {
        let candidates = response.ranking.candidates.iter().take(2);
        let candidates: Vec<_> = candidates.map(|near| (near.entry.to_string(), near.score)).collect();
        if candidates.is_empty() {
            return;
        }
        // As much of it as was read.
        let question = normalize::question(question).to_owned();
        let of = format!("{}:{sent}", asked.target.chat);
        self.remember(&self.whys.0, of, asked.asker, Why { question, candidates }).await;
    }

    pub(super) async fn explain(&self, message: &Incoming, asked: &Asked) {
        let why = match &message.reply_to {
            Some(meant) => self.recall(&self.whys.0, &format!("{}:{}", message.chat.id, meant.id)).await,
            None => None,
        };
        let Some(Why { question, candidates }) = why else {
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
            if let Some(phrasing) = self.responder.nearest_phrasing(&question).filter(|_| is_of_content) {
                lines.push(wording::why_phrasing(&phrasing));
            }
        }
        self.say(asked, &lines.join("\n"), Vec::new()).await;
    }
}

fn percent(score: f32) -> u32 {
    (score * 100.0).round() as u32
}
