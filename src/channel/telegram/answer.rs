//! From a message to the bot's answer: asks the responder, sends the reply, and remembers for edits what was sent.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use teloxide::types::InlineKeyboardButton;
use url::Url;

use super::group::settings::{BUTTONS, CONTACT, Settings, UNANSWERED};
use super::identity::{CHANNEL, scope};
use super::keyboard::{self, Rows};
use super::origin::Origins;
use super::outbox::{Asked, Outbox};
use super::resources::Resources;
use super::why::Whys;
use crate::channel;
use crate::memory::{Notebook, Notes};
use crate::message::{Content, ConversationId, Message, PersonId, Place};
use crate::reply::{Outcome, Reply, wording};
use crate::responder::{Responder, Response};
use crate::store::Scope;
use crate::telemetry::Metrics;

/// How long after a question its edit still changes the answer; Telegram reports edits for other reasons too.
const EDITABLE_TTL: Duration = Duration::from_mins(1);

/// A question.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// The message it stands in.
    pub message: i64,
    /// All of that message's text.
    pub text: &'a str,
    /// What of it was read as the question.
    pub read: &'a str,
}

/// An answer that was sent.
#[derive(Clone, Serialize, Deserialize)]
pub struct Sent {
    /// The last of its messages.
    pub message: i64,
    /// The entries that it shows.
    pub entries: Vec<String>,
    /// Of the question's text.
    digest: u64,
}

/// Answers messages.
pub struct Answers {
    outbox: Arc<Outbox>,
    whys: Arc<Whys>,
    origins: Arc<Origins>,
    settings: Arc<Settings>,
    responder: Arc<Responder>,
    metrics: Metrics,
    notes: Arc<Notebook>,
    /// By chat and question, for as long as an edit of the question changes the answer.
    sent: Notes<Sent>,
    is_linkless: bool,
}

/// The same in every process and version.
fn digest(text: &str) -> u64 {
    Sha256::digest(text).iter().take(8).fold(0, |digest, byte| digest << 8 | u64::from(*byte))
}

impl Answers {
    /// Says its answers through `outbox`, and tells `whys` about them.
    pub fn new(of: &Resources, outbox: Arc<Outbox>, whys: Arc<Whys>, origins: Arc<Origins>) -> Self {
        let Resources { is_linkless, metrics, notes, responder, settings, .. } = of.clone();
        Self {
            outbox,
            whys,
            origins,
            settings,
            responder,
            metrics,
            notes,
            sent: Notes::new("answered", 20_000, EDITABLE_TTL),
            is_linkless,
        }
    }

    /// The answer to the message `question`, unless that still has this text.
    pub async fn outdated(&self, chat: i64, question: i64, text: &str) -> Option<Sent> {
        let sent = self.notes.recall(&self.sent, &format!("{chat}:{question}")).await?;
        (sent.digest != digest(text)).then_some(sent)
    }

    /// Remembers that the message `sent` answers `question`.
    pub fn remember(&self, asked: &Asked, question: Question<'_>, response: &Response, sent: i64) {
        let of = format!("{}:{}", asked.target.chat, question.message);
        let entries = match &response.reply.outcome {
            Outcome::Answer(entries) => entries.iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        };
        let answer = Sent { message: sent, entries, digest: digest(question.text) };
        self.notes.jot(&self.sent, of, asked.asker, answer, self.sent.end());
        self.whys.remember(asked, sent, question.read, response);
        self.origins.keep(asked.target.chat, sent, asked.asker, question.read);
    }

    /// The responder's reply. Nothing else in the channel calls the responder.
    pub async fn ask(&self, asked: &Asked, content: Content) -> Response {
        let chat = asked.target.chat;
        let is_group = asked.place != Place::Private;
        let set = is_group.then(|| self.settings.of(&scope(chat)));
        let message = Message {
            conversation: ConversationId::new(CHANNEL, &format!("{chat}:{}", asked.asker)),
            person: PersonId::new(CHANNEL, &asked.asker.to_string()),
            group: asked.group(),
            place: asked.place,
            may_be_kept: set.as_ref().is_none_or(|set| set.is_on(&UNANSWERED)),
            hidden: set.map(|set| set.hidden()).unwrap_or_default(),
            content,
        };
        channel::respond(&self.responder, &self.metrics, &message).await
    }

    /// Sends a reply; the id of its last message.
    pub async fn reply(&self, asked: &Asked, reply: &Reply) -> Option<i64> {
        let mut rows = self.rows(asked, reply);
        if asked.place == Place::Private && matches!(reply.outcome, Outcome::Fallback(_)) {
            rows.extend(self.contact_row());
        }
        self.outbox.say(asked, &keyboard::above(reply, !self.is_linkless), rows).await
    }

    /// Puts a reply in the place of one of the bot's messages.
    pub async fn change(&self, asked: &Asked, message: i64, reply: &Reply) -> Option<i64> {
        let text = keyboard::above(reply, !self.is_linkless);
        self.outbox.change(asked, message, &text, self.rows(asked, reply)).await
    }

    fn rows(&self, asked: &Asked, reply: &Reply) -> Rows {
        let rows = keyboard::below(reply, asked.asker, !self.is_linkless);
        let has_buttons = || self.settings.of(&scope(asked.target.chat)).is_on(&BUTTONS);
        match (asked.place, &reply.outcome) {
            (Place::Private, _) => rows,
            (_, Outcome::Fallback(_)) => keyboard::in_two_rows(rows),
            (_, Outcome::Answer(_)) if !has_buttons() => Rows::new(),
            _ => rows,
        }
    }

    /// The button that leads to a person, where an operator has named one.
    pub fn contact_row(&self) -> Option<Vec<InlineKeyboardButton>> {
        let set = self.settings.of(&Scope::Base);
        let link = Url::parse(&format!("https://t.me/{}", set.get(CONTACT)?)).ok()?;
        Some(vec![InlineKeyboardButton::url(wording::TALK_TO_A_PERSON, link)])
    }
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
