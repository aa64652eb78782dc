//! "Answered above": a question that was answered in the group a moment ago is answered with a link to that answer.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use teloxide::types::InlineKeyboardButton;
use url::Url;

use super::settings::Settings;
use crate::channel::telegram::answer::Sent;
use crate::channel::telegram::identity::{now, scope};
use crate::channel::telegram::outbox::{Asked, Outbox};
use crate::channel::telegram::resources::Resources;
use crate::id::EntryId;
use crate::memory::{Notebook, Notes};
use crate::reply::Outcome;

/// The longest cooldown of an entry.
const ANSWER_TTL: Duration = Duration::from_hours(24);

/// Links to earlier answers.
pub struct Repeated {
    settings: Arc<Settings>,
    outbox: Arc<Outbox>,
    notes: Arc<Notebook>,
    /// The last answer of an entry in a group.
    answers: Notes<Earlier>,
}

/// An earlier answer.
#[derive(Clone, Serialize, Deserialize)]
struct Earlier {
    /// 0 where that message shows something else by now.
    message: i64,
    /// The end of its entry's cooldown, in Unix seconds.
    until: i64,
}

impl Repeated {
    /// Nothing was answered yet.
    pub fn new(of: &Resources, outbox: Arc<Outbox>) -> Self {
        let Resources { notes, settings, .. } = of.clone();
        Self { settings, outbox, notes, answers: Notes::new("above", 20_000, ANSWER_TTL) }
    }

    /// Links to the entry's last answer; false where none is known.
    pub async fn link(&self, asked: &Asked, entry: &EntryId) -> bool {
        let say = self.outbox.wording();
        let earlier = self.notes.recall(&self.answers, &name(asked, entry.as_str())).await;
        let Some(earlier) = earlier.filter(|earlier| earlier.message > 0 && earlier.until > now()) else {
            return false;
        };
        let mut rows = Vec::new();
        // Telegram: only messages of supergroups, whose ids begin with -100, have links.
        if let Some(short) = asked.target.chat.to_string().strip_prefix("-100")
            && let Ok(link) = Url::parse(&format!("https://t.me/c/{short}/{}", earlier.message))
        {
            rows.push(vec![InlineKeyboardButton::url(say.show_above(), link)]);
        }
        self.outbox.say_with(asked, say.answered_above(), rows, Vec::new()).await;
        true
    }

    /// Remembers the message `sent` for the cooldown of its entries.
    pub fn remember(&self, asked: &Asked, outcome: &Outcome, sent: i64) {
        let cooldown = self.settings.of(&scope(asked.target.chat)).entry_cooldown();
        if let Outcome::Answer(entries) = outcome
            && cooldown > 0
        {
            for entry in entries {
                self.set(asked, entry.as_str(), Earlier { message: sent, until: now() + cooldown });
            }
        }
    }

    /// Forgets an answer that was edited into another one.
    pub async fn forget(&self, asked: &Asked, before: &Sent) {
        for entry in &before.entries {
            let earlier = self.notes.recall(&self.answers, &name(asked, entry)).await;
            if let Some(earlier) = earlier.filter(|earlier| earlier.message == before.message) {
                self.set(asked, entry, Earlier { message: 0, ..earlier });
            }
        }
    }

    fn set(&self, asked: &Asked, entry: &str, earlier: Earlier) {
        let until = earlier.until;
        self.notes.jot(&self.answers, name(asked, entry), asked.asker, earlier, until);
    }
}

fn name(asked: &Asked, entry: &str) -> String {
    format!("{}:{entry}", asked.target.chat)
}
