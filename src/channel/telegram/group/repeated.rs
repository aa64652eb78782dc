//! "Answered above": who asks again what a group was told a moment ago is pointed to where that stands.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use teloxide::types::InlineKeyboardButton;
use url::Url;

use super::settings;
use crate::channel::telegram::answer::{Asked, Sent};
use crate::channel::telegram::group::minutes_of_rest;
use crate::channel::telegram::{Bot, now};
use crate::id::EntryId;
use crate::memory::Notes;
use crate::reply::{Outcome, wording};

/// The longest that an entry may rest.
const KEPT: Duration = Duration::from_hours(24);

/// The last answer of an entry in a group.
pub struct Answers(Notes<Above>);

/// An answer that others are pointed to.
#[derive(Clone, Serialize, Deserialize)]
struct Above {
    /// 0 where that one shows something else by now.
    message: i64,
    /// Until its entry has rested, in Unix seconds.
    until: i64,
}

impl Default for Answers {
    fn default() -> Self {
        Self(Notes::new("above", 20_000, KEPT))
    }
}

impl Bot {
    /// Points to the entry's last answer, where it is known.
    pub async fn point_above(&self, asked: &Asked, entry: &EntryId) -> bool {
        let above = self.notes.recall(&self.talk.answers.0, &name(asked, entry.as_str())).await;
        let Some(above) = above.filter(|above| above.message > 0 && above.until > now()) else {
            return false;
        };
        let mut rows = Vec::new();
        // Telegram: only messages of supergroups, whose ids begin with -100, have links.
        if let Some(short) = asked.target.chat.to_string().strip_prefix("-100")
            && let Ok(link) = Url::parse(&format!("https://t.me/c/{short}/{}", above.message))
        {
            rows.push(vec![InlineKeyboardButton::url(wording::SHOW_ABOVE, link)]);
        }
        self.say(asked, wording::ANSWERED_ABOVE, rows).await;
        true
    }

    /// Others are pointed to the message `sent` while its entries rest.
    pub fn stands_above(&self, asked: &Asked, outcome: &Outcome, sent: i64) {
        let rest = minutes_of_rest(&self.settings.of(&settings::scope(asked.target.chat))) * 60;
        if let Outcome::Answer(entries) = outcome
            && rest > 0
        {
            for entry in entries {
                self.points_to(asked, entry.as_str(), Above { message: sent, until: now() + rest });
            }
        }
    }

    /// What a message said before an edit is no longer to be found there.
    pub async fn shows_another(&self, asked: &Asked, before: &Sent) {
        for entry in &before.entries {
            let above = self.notes.recall(&self.talk.answers.0, &name(asked, entry)).await;
            if let Some(above) = above.filter(|above| above.message == before.message) {
                self.points_to(asked, entry, Above { message: 0, ..above });
            }
        }
    }

    fn points_to(&self, asked: &Asked, entry: &str, above: Above) {
        let until = above.until;
        self.notes.jot(&self.talk.answers.0, name(asked, entry), asked.asker, above, until);
    }
}

fn name(asked: &Asked, entry: &str) -> String {
    format!("{}:{entry}", asked.target.chat)
}
