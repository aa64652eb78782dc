//! Sends, changes and removes messages, at Telegram's pace, and again where that may help.

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use serde::Deserialize;
use serde_json::Value;
use teloxide::payloads::{
    DeleteMessage, EditMessageText, EditMessageTextSetters as _, SendMessage, SendMessageSetters as _,
};
use teloxide::types::{
    ChatId, InlineKeyboardMarkup, LinkPreviewOptions, MessageId, ParseMode, ReplyParameters, ThreadId,
};
use tokio::sync::{Mutex, mpsc};
use tokio::time::{Instant, sleep};

use super::api::Api;
use super::error::Failure;
use super::rate_limit::Pace;
use crate::telemetry::Metrics;

/// Waits before a request is made again that the server or the network failed.
const RETRIES: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(2)];

/// How long a chat that refused the bot is left alone.
const CLOSED: Duration = Duration::from_mins(10);

/// How many times one message may run into a flood wait.
const FLOODS: usize = 5;

/// Sends for one bot.
pub struct Sender {
    api: Arc<Api>,
    pace: Pace,
    metrics: Metrics,
    /// Chats that refused the bot lately.
    closed: Cache<i64, ()>,
    /// Groups that became supergroups.
    moved: Cache<i64, i64>,
    /// Those that a refusal told of, until somebody moves what belongs to them.
    told: mpsc::UnboundedSender<(i64, i64)>,
    migrations: Mutex<mpsc::UnboundedReceiver<(i64, i64)>>,
}

/// A message to be sent.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// Where to.
    pub to: Target,
    /// Telegram's HTML, at most 4,096 units of visible text.
    pub html: String,
    /// The same without marks, for when Telegram cannot read them.
    pub plain: String,
    /// The buttons below.
    pub buttons: Option<InlineKeyboardMarkup>,
    /// After that it is not worth sending any more.
    pub deadline: Instant,
}

/// Where a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// The chat.
    pub chat: i64,
    /// The forum's topic; none for General and elsewhere.
    pub topic: Option<i64>,
    /// The message to reply to.
    pub reply_to: Option<i64>,
}

/// Why a message was not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsent {
    /// Its turn did not come before its deadline.
    Stale,
    /// Telegram refused it.
    Failed(Failure),
}

#[derive(Deserialize)]
struct Sent {
    message_id: i64,
}

impl Sender {
    /// Sends through `api`.
    pub fn new(api: Arc<Api>, pace: Pace, metrics: Metrics) -> Self {
        let closed = Cache::builder().max_capacity(10_000).time_to_live(CLOSED).build();
        let moved = Cache::builder().max_capacity(10_000).build();
        let (told, migrations) = mpsc::unbounded_channel();
        Self { api, pace, metrics, closed, moved, told, migrations: Mutex::new(migrations) }
    }

    /// The sending budget.
    pub fn pace(&self) -> &Pace {
        &self.pace
    }

    /// The chat takes messages again, or may.
    pub fn opened(&self, chat: i64) {
        self.closed.invalidate(&chat);
    }

    /// The chat takes no messages.
    pub fn close(&self, chat: i64) {
        self.closed.insert(chat, ());
    }

    /// The group became a supergroup.
    pub fn moved(&self, old: i64, new: i64) {
        self.moved.insert(old, new);
    }

    /// The next group of which a refusal says that it is a supergroup now: what it was, and what it is.
    pub async fn migration(&self) -> Option<(i64, i64)> {
        self.migrations.lock().await.recv().await
    }

    /// Where `chat` is now.
    fn current(&self, chat: i64) -> i64 {
        self.moved.get(&chat).unwrap_or(chat)
    }

    /// Sends a message; its id, where Telegram's answer could be read.
    ///
    /// # Errors
    /// Why it was not sent; it was counted and, where somebody can do something about it, logged.
    pub async fn send(&self, outgoing: &Outgoing) -> Result<Option<i64>, Unsent> {
        let result = self.try_send(outgoing).await;
        self.metrics.telegram_send(match &result {
            Ok(_) => "sent",
            Err(Unsent::Stale) => "stale",
            Err(Unsent::Failed(failure)) => failure.name(),
        });
        if let Err(Unsent::Failed(failure)) = &result {
            match failure {
                Failure::Closed(_) | Failure::Forbidden(_) | Failure::TopicGone => {
                    tracing::info!("a message was not sent: {failure}");
                }
                _ => tracing::warn!("a message was not sent: {failure}"),
            }
        }
        result
    }

    async fn try_send(&self, outgoing: &Outgoing) -> Result<Option<i64>, Unsent> {
        let mut target = Target { chat: self.current(outgoing.to.chat), ..outgoing.to };
        let mut tries = Tries::default();
        loop {
            if self.closed.contains_key(&target.chat) {
                return Err(Unsent::Failed(Failure::Closed("it refused the bot a while ago".to_owned())));
            }
            self.pace.turn(target.chat, outgoing.deadline).await.map_err(|_| Unsent::Stale)?;
            let failure = match self.api.call(&payload(outgoing, target, tries.is_plain)).await {
                Ok(Sent { message_id }) => return Ok(Some(message_id)),
                Err(Failure::Unreadable) => return Ok(None),
                Err(failure) => failure,
            };
            match &failure {
                Failure::QuestionGone if target.reply_to.is_some() => target.reply_to = None,
                Failure::Closed(_) | Failure::Forbidden(_) => {
                    self.close(target.chat);
                    return Err(Unsent::Failed(failure));
                }
                _ if self.may_help(&failure, &mut tries, &mut target.chat, outgoing.deadline).await => {}
                _ => return Err(Unsent::Failed(failure)),
            }
        }
    }

    /// Does what helps against `failure`; says whether another attempt is worth it then.
    async fn may_help(
        &self,
        failure: &Failure,
        tries: &mut Tries,
        chat: &mut i64,
        deadline: Instant,
    ) -> bool {
        match failure {
            Failure::Flood(time) if tries.floods < FLOODS => {
                tries.floods += 1;
                self.pace.pause(*chat, *time);
            }
            Failure::Migrated(new) if new != chat => {
                if self.moved.get(chat) != Some(*new) {
                    self.moved(*chat, *new);
                    let _at_the_end_nobody_listens = self.told.send((*chat, *new));
                }
                *chat = *new;
            }
            Failure::Text(_) if !tries.is_plain => tries.is_plain = true,
            Failure::Network(_) | Failure::Server(_) => match RETRIES.get(tries.retries) {
                Some(wait) if Instant::now() + *wait < deadline => {
                    tries.retries += 1;
                    sleep(*wait).await;
                }
                _ => return false,
            },
            _ => return false,
        }
        true
    }

    /// Changes one of the bot's messages. One that is so already is as good as changed.
    ///
    /// # Errors
    /// As [`Sender::send`].
    pub async fn edit(&self, message: i64, outgoing: &Outgoing) -> Result<(), Unsent> {
        let mut chat = self.current(outgoing.to.chat);
        let mut tries = Tries::default();
        loop {
            self.pace.turn(chat, outgoing.deadline).await.map_err(|_| Unsent::Stale)?;
            let failure =
                match self.api.call::<_, Value>(&change(outgoing, chat, message, tries.is_plain)).await {
                    Ok(_) | Err(Failure::NotModified | Failure::Unreadable) => return Ok(()),
                    Err(failure) => failure,
                };
            if !self.may_help(&failure, &mut tries, &mut chat, outgoing.deadline).await {
                return Err(Unsent::Failed(failure));
            }
        }
    }

    /// Removes a message.
    ///
    /// # Errors
    /// Why it was not removed.
    pub async fn delete(&self, chat: i64, message: i64) -> Result<(), Failure> {
        let payload = DeleteMessage::new(ChatId(self.current(chat)), number(message));
        self.api.call::<_, Value>(&payload).await.map(|_| ())
    }
}

/// What has been tried for one message.
#[derive(Default)]
struct Tries {
    floods: usize,
    retries: usize,
    is_plain: bool,
}

fn change(outgoing: &Outgoing, chat: i64, message: i64, is_plain: bool) -> EditMessageText {
    let text = if is_plain { &outgoing.plain } else { &outgoing.html };
    let mut payload =
        EditMessageText::new(ChatId(chat), number(message), text.clone()).link_preview_options(no_preview());
    if !is_plain {
        payload = payload.parse_mode(ParseMode::Html);
    }
    if let Some(buttons) = &outgoing.buttons {
        payload = payload.reply_markup(buttons.clone());
    }
    payload
}

fn payload(outgoing: &Outgoing, target: Target, is_plain: bool) -> SendMessage {
    let text = if is_plain { &outgoing.plain } else { &outgoing.html };
    let mut payload = SendMessage::new(ChatId(target.chat), text).link_preview_options(no_preview());
    if !is_plain {
        payload = payload.parse_mode(ParseMode::Html);
    }
    if let Some(topic) = target.topic {
        payload = payload.message_thread_id(ThreadId(number(topic)));
    }
    if let Some(message) = target.reply_to {
        payload =
            payload.reply_parameters(ReplyParameters::new(number(message)).allow_sending_without_reply());
    }
    if let Some(buttons) = &outgoing.buttons {
        payload = payload.reply_markup(buttons.clone());
    }
    payload
}

/// A message's number as teloxide has it; Telegram's fit.
pub fn number(message: i64) -> MessageId {
    MessageId(i32::try_from(message).unwrap_or(0))
}

/// A preview of the article would be longer than the answer.
fn no_preview() -> LinkPreviewOptions {
    LinkPreviewOptions {
        is_disabled: true,
        url: None,
        prefer_small_media: false,
        prefer_large_media: false,
        show_above_text: false,
    }
}
