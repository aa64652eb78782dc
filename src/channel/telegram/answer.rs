//! From a message to the bot's answer: asks the responder, sends the reply, and remembers for edits what was sent.

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use teloxide::types::InlineKeyboardButton;
use url::Url;

use super::client::send::Target;
use super::group::settings::{BUTTONS, CONTACT, OWN_FIRST, Settings, UNANSWERED};
use super::identity::{CHANNEL, now, scope};
use super::keyboard::{self, Rows};
use super::origin::Origins;
use super::outbox::{Asked, Outbox};
use super::resources::Resources;
use super::why::Whys;
use crate::channel;
use crate::memory::{Notebook, Notes};
use crate::message::{Content, ConversationId, Message, PersonId, Place};
use crate::reply::{Outcome, Reply};
use crate::responder::{Responder, Response};
use crate::store::Scope;
use crate::telemetry::Metrics;

/// How long after a question its edit still changes the answer; Telegram reports edits for other reasons too.
const EDITABLE_TTL: Duration = Duration::from_mins(1);

/// The operators are told once in this time that the same person wants one.
const NOTICE_TTL: Duration = Duration::from_hours(1);

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
    operators: Vec<u64>,
    handoff_text: bool,
    /// The conversations of which the operators were told lately.
    told: Cache<(i64, i64), ()>,
}

/// The same in every process and version.
fn digest(text: &str) -> u64 {
    Sha256::digest(text).iter().take(8).fold(0, |digest, byte| digest << 8 | u64::from(*byte))
}

impl Answers {
    /// Says its answers through `outbox`, and tells `whys` about them.
    pub fn new(of: &Resources, outbox: Arc<Outbox>, whys: Arc<Whys>, origins: Arc<Origins>) -> Self {
        let Resources { is_linkless, metrics, notes, responder, settings, operators, handoff_text, .. } =
            of.clone();
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
            operators,
            handoff_text,
            told: Cache::builder().max_capacity(10_000).time_to_live(NOTICE_TTL).build(),
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
            guide_first: set.as_ref().is_some_and(|set| !set.is_on(&OWN_FIRST)),
            hidden: set.map(|set| set.hidden()).unwrap_or_default(),
            content,
        };
        let response = channel::respond(&self.responder, &self.metrics, &message).await;
        if response.reply.outcome == Outcome::Handoff {
            self.tell_of_wish(asked, &message.content).await;
        }
        response
    }

    async fn tell_of_wish(&self, asked: &Asked, content: &Content) {
        let say = self.responder.wording();
        let of = (asked.target.chat, asked.asker);
        if self.operators.is_empty() || !self.told.entry(of).or_insert(()).is_fresh() {
            return;
        }
        let text = match content {
            Content::Text(text) if self.handoff_text => Some(text.as_str()),
            _ => None,
        };
        let notice = say.wanted("Telegram", now(), self.responder.minutes_east(), text);
        let link = match (asked.place, asked.target.reply_to) {
            (Place::Private, _) => Some(format!("tg://user?id={}", asked.asker)),
            // Telegram writes a supergroup's id with -100 before it.
            (_, Some(message)) => {
                let chat = asked.target.chat.to_string();
                chat.strip_prefix("-100").map(|chat| format!("https://t.me/c/{chat}/{message}"))
            }
            _ => None,
        };
        let link = link.and_then(|link| Url::parse(&link).ok());
        if !self.tell_operators(&notice, link).await {
            tracing::warn!(
                "somebody wants a person, and no operator could be told; each has to start the bot once"
            );
            self.told.invalidate(&of);
        }
    }

    /// Sends `notice` to each operator, with a button that opens `link`; whether any got it.
    pub async fn tell_operators(&self, notice: &str, link: Option<Url>) -> bool {
        let say = self.responder.wording();
        let mut is_told = false;
        for operator in self.operators.iter().filter_map(|operator| i64::try_from(*operator).ok()) {
            let to = Asked::in_private(operator, operator);
            let button = link.clone().map(|link| InlineKeyboardButton::url(say.open_chat(), link));
            let mut sent = None;
            if let Some(button) = button {
                sent = self.outbox.say(&to, notice, vec![vec![button]]).await;
            }
            if sent.is_none() {
                // Telegram refuses a button to somebody who forbids links to their profile.
                sent = self.outbox.say(&to, notice, Vec::new()).await;
            }
            is_told |= sent.is_some();
        }
        is_told
    }

    /// Sends a reply; the id of its last message.
    pub async fn reply(&self, asked: &Asked, reply: &Reply) -> Option<i64> {
        self.send(asked, reply).await.last().copied()
    }

    /// Sends a reply with the pictures of its answers; the ids of its messages.
    pub async fn send(&self, asked: &Asked, reply: &Reply) -> Vec<i64> {
        if reply.outcome == Outcome::Handoff
            && let Some(row) = self.contact_row()
        {
            // The operators' own contact goes before the configured one.
            let view = self.responder.view(None).await;
            let text = view.handoff().map_or(reply.text.as_str(), |handoff| handoff.reply.as_str());
            return self.outbox.say_with(asked, text, vec![row], Vec::new()).await;
        }
        let mut rows = self.rows(asked, reply);
        if asked.place == Place::Private && matches!(reply.outcome, Outcome::Fallback(_)) {
            rows.extend(self.contact_row());
        }
        let pictures = self.pictures(asked, reply).await;
        self.outbox.say_with(asked, &keyboard::above(reply, !self.is_linkless), rows, pictures).await
    }

    /// The pictures of the answers that are shown whole.
    async fn pictures(&self, asked: &Asked, reply: &Reply) -> Vec<String> {
        let answered = reply.outcome.answered();
        if answered.is_empty() {
            return Vec::new();
        }
        let view = self.responder.view(asked.group().as_ref()).await;
        let shown = answered.iter().filter_map(|id| view.entry(id));
        let whole = shown.filter(|entry| reply.text.contains(entry.answer.trim()));
        whole.filter_map(|entry| entry.picture.clone()).collect()
    }

    /// Puts a reply in the place of one of the bot's messages.
    pub async fn change(&self, asked: &Asked, message: i64, reply: &Reply) -> Option<i64> {
        if !self.pictures(asked, reply).await.is_empty() {
            // A text cannot become a picture. What it replied to may be gone, and it must not reply to itself.
            self.outbox.delete(asked.target.chat, message).await;
            let target =
                Target { reply_to: asked.target.reply_to.filter(|to| *to != message), ..asked.target };
            return self.reply(&Asked { target, ..*asked }, reply).await;
        }
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
        let say = self.responder.wording();
        let set = self.settings.of(&Scope::Base);
        let link = Url::parse(&format!("https://t.me/{}", set.get(CONTACT)?)).ok()?;
        Some(vec![InlineKeyboardButton::url(say.talk_to_a_person(), link)])
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
