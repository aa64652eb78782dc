//! `/why` as a reply to an answer: what it was taken for, how surely, and what came next.

use std::time::Duration;

use moka::sync::Cache;

use super::answer::Asked;
use super::update::Incoming;
use super::{Bot, settings};
use crate::id::EntryId;
use crate::message::Place;
use crate::reply::wording;
use crate::responder::Response;

/// How long an answer can be asked about. Questions are held in memory only, and not for long.
const KEPT: Duration = Duration::from_hours(1);

/// Why an answer was given.
#[derive(Clone)]
struct Why {
    question: String,
    candidates: Vec<(EntryId, f32)>,
}

/// Why the latest answers were given, by chat and message.
pub struct Whys(Cache<(i64, i64), Why>);

impl Default for Whys {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(2_000).time_to_live(KEPT).build())
    }
}

impl Whys {
    /// Remembers what led to the message `sent`.
    pub fn remember(&self, chat: i64, sent: Option<i64>, question: &str, response: &Response) {
        let Some(sent) = sent else { return };
        let candidates = response.ranking.candidates.iter().take(2);
        let candidates: Vec<_> = candidates.map(|near| (near.entry.clone(), near.score)).collect();
        if !candidates.is_empty() {
            self.0.insert((chat, sent), Why { question: question.to_owned(), candidates });
        }
    }
}

impl Bot {
    pub(super) async fn explain(&self, message: &Incoming, asked: &Asked) {
        let meant = message.reply_to.as_ref().map(|meant| meant.id);
        let why = meant.and_then(|meant| self.whys.0.get(&(message.chat.id, meant)));
        let Some(Why { question, candidates }) = why else {
            self.say(asked, wording::WHY_HOW, Vec::new()).await;
            return;
        };
        let group = (asked.place != Place::Private).then(|| settings::group(message.chat.id));
        let mut lines = Vec::new();
        for (rank, (id, score)) in candidates.iter().enumerate() {
            let entry = self.responder.entry(group.as_ref(), id).await;
            let name = entry.map_or_else(|| id.to_string(), |entry| entry.question);
            if rank > 0 {
                lines.push(wording::why_next(&name, percent(*score)));
                continue;
            }
            lines.push(wording::why_entry(&name, percent(*score)));
            // The content's phrasings say nothing about an entry of the group's own.
            let is_of_content = self.library.current().faq.entry(id).is_some();
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
