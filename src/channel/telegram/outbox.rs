//! What the bot says in a chat: messages in one or more pieces, edits of them, and notices to presses.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use teloxide::payloads::{AnswerCallbackQuery, AnswerCallbackQuerySetters as _};
use teloxide::types::CallbackQueryId;
use tokio::time::Instant;

use super::client::api::Api;
use super::client::error::Failure;
use super::client::send::{Outgoing, Sender, Target, Unsent};
use super::group::membership::Membership;
use super::group::settings::{Settings, TIDYING};
use super::identity::{CHANNEL, group, now, scope};
use super::intake::update::Incoming;
use super::keyboard;
use super::resources::Resources;
use crate::message::{GroupId, Place};
use crate::reply::render::{Limit, plain_pieces, telegram_html};
use crate::responder::Responder;
use crate::store::{Deletion, Store};
use crate::wording::Wording;

/// How long a message may wait for the rate limit; in a group nobody remembers the question after two minutes.
const PRIVATE_DEADLINE: Duration = Duration::from_mins(5);
const GROUP_DEADLINE: Duration = Duration::from_mins(2);

/// Who asked where.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// Where the answer goes.
    pub target: Target,
    /// Who asked; 0 for the name of a group or a channel, which stands for nobody in particular.
    pub asker: i64,
    /// How sure an answer must be.
    pub place: Place,
}

impl Asked {
    /// By a person in a private chat.
    pub fn in_private(chat: i64, person: i64) -> Self {
        Self { target: Target::private(chat), asker: person, place: Place::Private }
    }

    /// By `message` in a group; the answer replies to the message `question` in its topic, or to none where that is 0.
    pub fn in_group(message: &Incoming, question: i64) -> Self {
        let asker = match (message.sender_chat, message.from) {
            (None, Some(from)) => from.id,
            _ => 0,
        };
        let reply_to = (question > 0).then_some(question);
        let target = Target { chat: message.chat.id, topic: message.topic(), reply_to };
        Self { target, asker, place: Place::Addressed }
    }

    /// The group where it was asked.
    pub fn group(&self) -> Option<GroupId> {
        (self.place != Place::Private).then(|| group(self.target.chat))
    }

    fn deadline(&self) -> Instant {
        let time = if self.place == Place::Private { PRIVATE_DEADLINE } else { GROUP_DEADLINE };
        Instant::now() + time
    }
}

/// Says what the bot says.
pub struct Outbox {
    api: Arc<Api>,
    sender: Arc<Sender>,
    membership: Arc<Membership>,
    settings: Arc<Settings>,
    store: Store,
    responder: Arc<Responder>,
}

impl Outbox {
    /// Tells `membership` when a group refuses a message.
    pub fn new(of: &Resources, membership: Arc<Membership>) -> Self {
        let Resources { api, sender, responder, settings, store, .. } = of.clone();
        Self { api, sender, membership, settings, store, responder }
    }

    /// The bot's own sentences, as the current content has them.
    pub fn wording(&self) -> Arc<Wording> {
        self.responder.wording()
    }

    /// Sends a text in the mini-markup that is no answer; the id of its last message, which bears the buttons. A group may
    /// want it removed after a while.
    pub async fn say(&self, asked: &Asked, text: &str, rows: keyboard::Rows) -> Option<i64> {
        self.passing(asked, pieces(asked, text, rows)).await
    }

    /// Sends what stays only as long as the group wants such messages to stay.
    async fn passing(&self, asked: &Asked, pieces: Vec<Outgoing>) -> Option<i64> {
        let sent = self.send(asked, pieces).await;
        if asked.place != Place::Private {
            for message in &sent {
                self.tidy_up(asked.target.chat, *message).await;
            }
        }
        sent.last().copied()
    }

    /// Has a message of a group removed after a while, where the group wants that: a command, or what was said to it.
    pub async fn tidy_up(&self, chat: i64, message: i64) {
        let minutes = self.settings.of(&scope(chat)).number(&TIDYING);
        if minutes == 0 {
            return;
        }
        let (chat, message) = (chat.to_string(), message.to_string());
        let deletion = Deletion { channel: CHANNEL.to_owned(), chat, message };
        if let Err(error) = self.store.schedule(&deletion, now() + minutes * 60).await {
            tracing::warn!("a command or a menu will not be removed: {error}");
        }
    }

    /// Sends an answer, which stays, with pictures by their files' ids: one with a text that fits is above it in one
    /// message, else they come before. The ids of all messages, the last of which bears the buttons.
    pub async fn say_with(
        &self,
        asked: &Asked,
        text: &str,
        rows: keyboard::Rows,
        pictures: Vec<String>,
    ) -> Vec<i64> {
        let mut pieces = pieces(asked, text, rows);
        match (pictures.as_slice(), pieces.as_mut_slice()) {
            ([picture], [only]) if Limit::TELEGRAM_CAPTION.fits(&only.plain) => {
                only.picture = Some(picture.clone());
            }
            _ => {
                let (to, deadline) = (asked.target, asked.deadline());
                let alone = |picture| Outgoing {
                    to,
                    html: String::new(),
                    plain: String::new(),
                    picture: Some(picture),
                    is_prompt: false,
                    buttons: None,
                    deadline,
                };
                pieces.splice(0..0, pictures.into_iter().map(alone));
            }
        }
        self.send(asked, pieces).await
    }

    /// Asks whoever wrote the message that this replies to for a reply; the id of the last message.
    pub async fn prompt(&self, asked: &Asked, text: &str) -> Option<i64> {
        let mut pieces = pieces(asked, text, Vec::new());
        // Without a message to reply to, the reply field would open for everybody.
        if let Some(last) = pieces.last_mut() {
            last.is_prompt = asked.target.reply_to.is_some();
        }
        self.passing(asked, pieces).await
    }

    async fn send(&self, asked: &Asked, pieces: Vec<Outgoing>) -> Vec<i64> {
        let mut target = asked.target;
        let mut sent = Vec::new();
        for piece in pieces {
            let piece = Outgoing { to: target, ..piece };
            match self.sender.send(&piece).await {
                Ok(id) => sent.extend(id),
                // A picture by itself: the answer is the text.
                Err(Unsent::Failed(failure)) if piece.html.is_empty() && !failure.is_out() => continue,
                Err(Unsent::Failed(failure)) if asked.place != Place::Private => {
                    self.membership.refused(target.chat, &failure).await;
                    return Vec::new();
                }
                Err(_) => return Vec::new(),
            }
            // Only the first piece replies to the question.
            target.reply_to = None;
        }
        sent
    }

    /// Sends one line without buttons.
    pub async fn say_line(&self, asked: &Asked, line: &str) {
        self.say(asked, line, Vec::new()).await;
    }

    /// Replaces the text of one of the bot's messages, or sends a new message where that one is gone.
    pub async fn change(&self, asked: &Asked, message: i64, text: &str, rows: keyboard::Rows) -> Option<i64> {
        let pieces = pieces(asked, text, rows.clone());
        let [only] = pieces.as_slice() else { return self.say(asked, text, rows).await };
        match self.sender.edit(message, only).await {
            Ok(()) => Some(message),
            // The outcome is unknown: a new message might say it twice.
            Err(Unsent::Stale | Unsent::Failed(Failure::Network(_) | Failure::Server(_))) => None,
            Err(Unsent::Failed(failure)) => {
                tracing::info!("a message was not edited, a new one is sent: {failure}");
                // It stands there with its old text, such as one with a picture, which cannot become a text.
                if failure != Failure::MessageGone {
                    self.delete(asked.target.chat, message).await;
                }
                self.say(asked, text, rows).await
            }
        }
    }

    /// Deletes one of the bot's messages.
    pub async fn delete(&self, chat: i64, message: i64) {
        if let Err(failure) = self.sender.delete(chat, message).await {
            tracing::info!("a message was not deleted: {failure}");
        }
    }

    /// Answers a press, with or without a notice. One that is too old cannot be answered any more.
    pub async fn notice(&self, press: &str, text: Option<&str>) {
        let mut payload = AnswerCallbackQuery::new(CallbackQueryId(press.to_owned()));
        if let Some(text) = text {
            payload = payload.text(text);
        }
        if let Err(failure) = self.api.call::<_, Value>(&payload).await {
            tracing::debug!("a press was not answered: {failure}");
        }
    }
}

/// The messages of a text; the last one bears the buttons.
fn pieces(asked: &Asked, text: &str, rows: keyboard::Rows) -> Vec<Outgoing> {
    let (to, deadline) = (asked.target, asked.deadline());
    let html = telegram_html(text, Limit::TELEGRAM);
    let plain = plain_pieces(text, Limit::TELEGRAM);
    let last = html.len().saturating_sub(1);
    let mut markup = keyboard::markup(rows);
    html.into_iter()
        .zip(plain)
        .enumerate()
        .map(|(number, (html, plain))| {
            let buttons = if number == last { markup.take() } else { None };
            Outgoing { to, html, plain, picture: None, is_prompt: false, buttons, deadline }
        })
        .collect()
}
