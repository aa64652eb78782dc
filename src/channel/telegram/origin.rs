//! Which question a message answers. Telegram shows a reply without what that one replied to, so it is remembered for an
//! hour, encrypted: of people's replies that the bot heard, and of its own answers.

use std::sync::Arc;
use std::time::Duration;

use super::intake::update::Incoming;
use super::resources::Resources;
use crate::memory::{Notebook, Notes};
use crate::text::normalize::question;

/// How long it is remembered.
const ORIGIN_TTL: Duration = Duration::from_hours(1);

/// The questions that messages answer.
pub struct Origins {
    notes: Arc<Notebook>,
    /// By chat and message.
    kept: Notes<String>,
}

impl Origins {
    /// None is known yet.
    pub fn new(of: &Resources) -> Self {
        Self { notes: Arc::clone(&of.notes), kept: Notes::new("origin", 2_000, ORIGIN_TTL).lasting() }
    }

    /// The message `answer`, which `person` has to do with, answers the question `text`.
    pub fn keep(&self, chat: i64, answer: i64, person: i64, text: &str) {
        let text = question(text).trim().to_owned();
        self.notes.jot(&self.kept, format!("{chat}:{answer}"), person, text, self.kept.end());
    }

    /// A message of a group came: where it replies to another person's, it may be an answer to it.
    pub fn heard(&self, message: &Incoming) {
        let Some(asked) = message.replies_to_another().filter(|asked| !message.is_topic_root(asked)) else {
            return;
        };
        let is_person = asked.from.is_none_or(|from| !from.is_bot);
        if let (Some(text), Some(_), true) = (&asked.text, &message.text, is_person) {
            let person = asked.from.map_or(0, |from| from.id);
            self.keep(message.chat.id, message.id, person, text);
        }
    }

    /// The question that the message `answer` answers, as far as the bot knows.
    pub async fn of(&self, chat: i64, answer: i64) -> Option<String> {
        self.notes.recall(&self.kept, &format!("{chat}:{answer}")).await
    }
}
