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
use super::client::whisper::Receiver;
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
    /// Whether only the asker is to see what is said, where Telegram allows that.
    pub is_for_asker: bool,
    /// The ephemeral message that is answered: what is said to it is for the asker, too.
    pub ephemeral: Option<i64>,
}

/// What stands for the id of a message that only the asker sees: it can be neither edited, linked nor deleted like others.
pub const EPHEMERAL: i64 = 0;

impl Asked {
    /// By a person in a private chat.
    pub fn in_private(chat: i64, person: i64) -> Self {
        let target = Target::private(chat);
        Self { target, asker: person, place: Place::Private, is_for_asker: false, ephemeral: None }
    }

    /// By `message` in a group; the answer replies to the message `question` in its topic, or to none where that is 0.
    pub fn in_group(message: &Incoming, question: i64) -> Self {
        let asker = match (message.sender_chat, message.from) {
            (None, Some(from)) => from.id,
            _ => 0,
        };
        let reply_to = (question > 0).then_some(question);
        let target = Target { chat: message.chat.id, topic: message.topic(), reply_to };
        let ephemeral = message.ephemeral;
        Self { target, asker, place: Place::Addressed, is_for_asker: false, ephemeral }
    }

    /// The same; only the asker is to see what is said.
    pub fn for_asker(self) -> Self {
        Self { is_for_asker: true, ..self }
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
        if self.is_whispered(asked, text, &rows).await {
            return Some(EPHEMERAL);
        }
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
        // Only texts are shown to one member; an answer with a picture is for all.
        if pictures.is_empty() && self.is_whispered(asked, text, &rows).await {
            return vec![EPHEMERAL];
        }
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

    /// Whether a text is for the asker only, and was sent so.
    async fn is_whispered(&self, asked: &Asked, text: &str, rows: &keyboard::Rows) -> bool {
        (asked.is_for_asker || asked.ephemeral.is_some())
            && self.whisper(asked, None, text, rows.clone()).await
    }

    /// Sends a text that only the asker sees, as the answer to a press: its id, and whether the text takes the place of the
    /// message that was pressed. False where Telegram refuses: then it has to be said to all.
    pub async fn whisper(
        &self,
        asked: &Asked,
        press: Option<(&str, bool)>,
        text: &str,
        rows: keyboard::Rows,
    ) -> bool {
        let chat = asked.target.chat;
        // The name of a group or a channel is no member who could see it.
        if asked.place == Place::Private || asked.asker == 0 {
            return false;
        }
        let is_answer = press.is_some() || asked.ephemeral.is_some();
        if !is_answer && !self.membership.may_whisper(chat) {
            return false;
        }
        let mut to = Receiver {
            person: asked.asker,
            said: asked.ephemeral,
            press: press.map(|(id, _)| id),
            replaces: press.is_some_and(|(_, replaces)| replaces),
        };
        for (number, piece) in pieces(asked, text, rows).iter().enumerate() {
            if let Err(unsent) = self.sender.whisper(piece, &to).await {
                let Unsent::Failed(failure) = unsent else { return false };
                tracing::debug!("an ephemeral message was refused: {failure}");
                if !is_answer {
                    self.membership.whisper_refused(chat, &failure);
                }
                // Said to all, the rest would come without its beginning.
                return number > 0;
            }
            to.replaces = false;
        }
        true
    }

    /// Deletes one of the bot's messages that only the asker sees.
    pub async fn delete_whisper(&self, asked: &Asked, message: i64) {
        if let Err(failure) = self.sender.delete_whisper(asked.target.chat, asked.asker, message).await {
            tracing::info!("an ephemeral message was not deleted: {failure}");
        }
    }

    /// Sends one line without buttons.
    pub async fn say_line(&self, asked: &Asked, line: &str) {
        self.say(asked, line, Vec::new()).await;
    }

    /// Replaces the text of one of the bot's messages, or sends a new message where that one is gone.
    pub async fn change(&self, asked: &Asked, message: i64, text: &str, rows: keyboard::Rows) -> Option<i64> {
        if message == EPHEMERAL {
            return self.say(asked, text, rows).await;
        }
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
