//! From a message to the bot's messages: asks the responder, renders, sends, and remembers for edits what was sent.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use teloxide::types::InlineKeyboardButton;
use tokio::time::Instant;

use super::client::error::Failure;
use super::client::send::{Outgoing, Target, Unsent};
use super::group::settings;
use super::{Bot, CHANNEL, keyboard};
use crate::channel;
use crate::memory::Notes;
use crate::message::{Content, ConversationId, GroupId, Message, PersonId, Place};
use crate::reply::render::{Limit, plain_pieces, telegram_html};
use crate::reply::{Outcome, Reply};
use crate::responder::Response;

/// How long after a question its edit still changes the answer; Telegram shows edits for other reasons too.
const EDITABLE: Duration = Duration::from_mins(1);

/// How long an answer may wait for its turn; in a group nobody remembers the question after two minutes.
const PRIVATE_DEADLINE: Duration = Duration::from_mins(5);
const GROUP_DEADLINE: Duration = Duration::from_mins(2);

/// Who asked where.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// Where the answer goes.
    pub target: Target,
    /// Who asked; 0 where that is nobody in particular.
    pub asker: i64,
    /// How sure an answer must be.
    pub place: Place,
}

impl Asked {
    fn conversation(&self) -> ConversationId {
        ConversationId::new(CHANNEL, &format!("{}:{}", self.target.chat, self.asker))
    }

    /// The group where it was asked.
    pub fn group(&self) -> Option<GroupId> {
        (self.place != Place::Private).then(|| settings::group(self.target.chat))
    }

    /// After that an answer is stale.
    pub fn deadline(&self) -> Instant {
        let time = if self.place == Place::Private { PRIVATE_DEADLINE } else { GROUP_DEADLINE };
        Instant::now() + time
    }
}

/// What was sent for which question, as long as an edit of the question may change it.
pub struct Answered(Notes<Sent>);

/// An answer that stands in a chat.
#[derive(Clone, Serialize, Deserialize)]
pub struct Sent {
    /// The last of its messages.
    pub message: i64,
    /// The entries that it shows.
    pub entries: Vec<String>,
    /// Of the question.
    digest: u64,
}

impl Default for Answered {
    fn default() -> Self {
        Self(Notes::new("answered", 20_000, EDITABLE))
    }
}

/// The same in every process and version.
fn digest(text: &str) -> u64 {
    Sha256::digest(text).iter().take(8).fold(0, |digest, byte| digest << 8 | u64::from(*byte))
}

impl Bot {
    /// What was sent for the question, unless its text is still this one.
    pub async fn to_change(&self, chat: i64, question: i64, text: &str) -> Option<Sent> {
        let sent = self.notes.recall(&self.answered.0, &format!("{chat}:{question}")).await?;
        (sent.digest != digest(text)).then_some(sent)
    }

    /// Remembers what was sent for the message `question`: `text` is all of it, `read` what was taken for the question.
    pub fn remember_answer(
        &self,
        asked: &Asked,
        (question, text): (i64, &str),
        read: &str,
        response: &Response,
        message: i64,
    ) {
        let of = format!("{}:{question}", asked.target.chat);
        let entries = match &response.reply.outcome {
            Outcome::Answer(entries) => entries.iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        };
        let sent = Sent { message, entries, digest: digest(text) };
        self.notes.jot(&self.answered.0, of, asked.asker, sent, self.answered.0.end());
        self.remember_why(asked, message, read, response);
    }

    /// What a message gets. The one place that meets the responder.
    pub async fn ask(&self, asked: &Asked, content: Content) -> Response {
        let chat = asked.target.chat;
        let is_group = asked.place != Place::Private;
        let set = is_group.then(|| self.settings.of(&settings::scope(chat)));
        let message = Message {
            conversation: asked.conversation(),
            person: PersonId::new(CHANNEL, &asked.asker.to_string()),
            group: asked.group(),
            place: asked.place,
            may_be_kept: set.is_none_or(|set| set.is_on(&settings::UNANSWERED)),
            content,
        };
        channel::respond(&self.responder, &self.metrics, &message).await
    }

    /// Sends a reply; the id of the last message, which bears the buttons.
    pub async fn reply(&self, asked: &Asked, reply: &Reply, buttons: bool) -> Option<i64> {
        let mut rows = keyboard::below(reply, asked.asker, !self.is_linkless);
        if !buttons && matches!(reply.outcome, Outcome::Answer(_)) {
            rows.clear();
        }
        if asked.place == Place::Private {
            rows.extend(self.contact_row(&reply.outcome));
        }
        self.say(asked, &reply.text, rows).await
    }

    /// Sends a text in the mini-markup; the id of its last message.
    pub async fn say(&self, asked: &Asked, text: &str, rows: Vec<Vec<InlineKeyboardButton>>) -> Option<i64> {
        let deadline = asked.deadline();
        let mut target = asked.target;
        let mut sent = None;
        for outgoing in outgoing(target, text, rows, deadline) {
            let outgoing = Outgoing { to: target, ..outgoing };
            sent = match self.sender.send(&outgoing).await {
                Ok(sent) => sent,
                Err(Unsent::Failed(failure)) if asked.place != Place::Private => {
                    self.refused_by_group(target.chat, &failure).await;
                    return None;
                }
                Err(_) => return None,
            };
            // Only the first piece replies to the question.
            target.reply_to = None;
        }
        sent
    }

    /// Puts a text in the place of one of the bot's messages; sends it where that one is gone.
    pub async fn change(
        &self,
        asked: &Asked,
        message: i64,
        text: &str,
        rows: Vec<Vec<InlineKeyboardButton>>,
    ) -> Option<i64> {
        let pieces = outgoing(asked.target, text, rows.clone(), asked.deadline());
        let [only] = pieces.as_slice() else { return self.say(asked, text, rows).await };
        match self.sender.edit(message, only).await {
            Ok(()) => Some(message),
            // It may have been changed all the same; saying it again would say it twice.
            Err(Unsent::Stale | Unsent::Failed(Failure::Network(_) | Failure::Server(_))) => None,
            Err(Unsent::Failed(failure)) => {
                tracing::info!("a message was not changed, a new one is sent: {failure}");
                self.say(asked, text, rows).await
            }
        }
    }

    /// As [`Bot::reply`], in the place of one of the bot's messages.
    pub async fn change_to(&self, asked: &Asked, message: i64, reply: &Reply, buttons: bool) -> Option<i64> {
        let mut rows = keyboard::below(reply, asked.asker, !self.is_linkless);
        if !buttons && matches!(reply.outcome, Outcome::Answer(_)) {
            rows.clear();
        }
        self.change(asked, message, &reply.text, rows).await
    }
}

/// The messages of a text; the last one bears the buttons.
fn outgoing(
    to: Target,
    text: &str,
    rows: Vec<Vec<InlineKeyboardButton>>,
    deadline: Instant,
) -> Vec<Outgoing> {
    let html = telegram_html(text, Limit::TELEGRAM);
    let plain = plain_pieces(text, Limit::TELEGRAM);
    let last = html.len().saturating_sub(1);
    let mut markup = keyboard::markup(rows);
    html.into_iter()
        .zip(plain)
        .enumerate()
        .map(|(number, (html, plain))| {
            let buttons = if number == last { markup.take() } else { None };
            Outgoing { to, html, plain, buttons, deadline }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_the_same_digest_in_every_version() {
        // SHA-256 of "abc", as FIPS 180-4 has it.
        assert_eq!(digest("abc"), 0xba78_16bf_8f01_cfea);
    }
}
