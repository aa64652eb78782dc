//! Sends, edits and deletes messages within the rate limit, with retries where a retry can help.

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use serde::Deserialize;
use serde_json::Value;
use teloxide::payloads::{
    DeleteMessage, EditMessageText, EditMessageTextSetters as _, SendMessage, SendMessageSetters as _,
};
use teloxide::types::{
    ChatId, ForceReply, InlineKeyboardMarkup, LinkPreviewOptions, MessageId, ParseMode, ReplyParameters,
    ThreadId,
};
use tokio::sync::{Mutex, mpsc};
use tokio::time::{Instant, sleep};

use super::api::Api;
use super::error::Failure;
use super::rate_limit::RateLimit;
use crate::telemetry::Metrics;

/// Delays before the retries of a request that the server or the network failed.
const RETRY_DELAYS: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(2)];

/// How long nothing is sent to a chat that refused the bot.
const CLOSED_TTL: Duration = Duration::from_mins(10);

/// Flood waits that one message may meet.
const MAX_FLOOD_WAITS: usize = 5;

/// Sends for one bot.
pub struct Sender {
    api: Arc<Api>,
    rate_limit: RateLimit,
    metrics: Metrics,
    /// Chats that refused the bot.
    closed: Cache<i64, ()>,
    /// Groups that became supergroups.
    moved: Cache<i64, i64>,
    /// Migrations that a response reported; the data of these groups has to be moved.
    reported: mpsc::UnboundedSender<(i64, i64)>,
    migrations: Mutex<mpsc::UnboundedReceiver<(i64, i64)>>,
}

/// A message to be sent.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// Where to.
    pub to: Target,
    /// Telegram's HTML, at most 4,096 units of visible text.
    pub html: String,
    /// The same without markup, in case Telegram refuses the HTML.
    pub plain: String,
    /// Whether the reply field opens for whoever wrote the message that it replies to; then there are no buttons.
    pub is_prompt: bool,
    /// A picture above, as a file's id: the text is its caption, of at most 1,024 units.
    pub picture: Option<String>,
    /// The buttons below.
    pub buttons: Option<InlineKeyboardMarkup>,
    /// It is not sent after that.
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

impl Target {
    /// A private chat, which has no topics, and where nothing needs to be quoted.
    pub fn private(chat: i64) -> Self {
        Self { chat, topic: None, reply_to: None }
    }
}

/// Why a message was not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsent {
    /// The rate limit left no room before its deadline.
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
    pub fn new(api: Arc<Api>, rate_limit: RateLimit, metrics: Metrics) -> Self {
        let closed = Cache::builder().max_capacity(10_000).time_to_live(CLOSED_TTL).build();
        let moved = Cache::builder().max_capacity(10_000).build();
        let (reported, migrations) = mpsc::unbounded_channel();
        Self { api, rate_limit, metrics, closed, moved, reported, migrations: Mutex::new(migrations) }
    }

    /// The rate limit of what is sent.
    pub fn rate_limit(&self) -> &RateLimit {
        &self.rate_limit
    }

    /// Messages may be sent to the chat again.
    pub fn open(&self, chat: i64) {
        self.closed.invalidate(&chat);
    }

    /// Nothing is sent to the chat for ten minutes.
    pub fn close(&self, chat: i64) {
        self.closed.insert(chat, ());
    }

    /// The group became a supergroup.
    pub fn moved(&self, old: i64, new: i64) {
        self.moved.insert(old, new);
    }

    /// The next group that a response reported as migrated: its old and its new id.
    pub async fn next_migration(&self) -> Option<(i64, i64)> {
        self.migrations.lock().await.recv().await
    }

    /// The present id of `chat`.
    fn current(&self, chat: i64) -> i64 {
        self.moved.get(&chat).unwrap_or(chat)
    }

    /// Sends a message and returns its id, or none where the response could not be parsed.
    ///
    /// # Errors
    /// The deadline passed, or Telegram refused or failed. Counted and logged.
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
        let mut attempts = Attempts::default();
        loop {
            if self.closed.contains_key(&target.chat) {
                return Err(Unsent::Failed(Failure::Closed("it refused the bot a while ago".to_owned())));
            }
            self.rate_limit.acquire(target.chat, outgoing.deadline).await.map_err(|_| Unsent::Stale)?;
            let failure = match self.request(outgoing, target, &attempts).await {
                Ok(Sent { message_id }) => return Ok(Some(message_id)),
                Err(Failure::Unreadable) => return Ok(None),
                Err(failure) => failure,
            };
            match &failure {
                // The file is gone, or pictures may not be sent there: its text is the answer all the same.
                Failure::Refused(_) | Failure::Forbidden(_)
                    if outgoing.picture.is_some()
                        && !attempts.has_no_picture
                        && !outgoing.html.is_empty() =>
                {
                    tracing::info!("a picture was not sent: {failure}");
                    attempts.has_no_picture = true;
                }
                Failure::QuestionGone if target.reply_to.is_some() => target.reply_to = None,
                Failure::Closed(_) | Failure::Forbidden(_) => {
                    self.close(target.chat);
                    return Err(Unsent::Failed(failure));
                }
                _ if self.recover(&failure, &mut attempts, &mut target.chat, outgoing.deadline).await => {}
                _ => return Err(Unsent::Failed(failure)),
            }
        }
    }

    async fn request(
        &self,
        outgoing: &Outgoing,
        target: Target,
        attempts: &Attempts,
    ) -> Result<Sent, Failure> {
        let message = payload(outgoing, target, attempts.is_plain);
        match outgoing.picture.as_ref().filter(|_| !attempts.has_no_picture) {
            Some(picture) => self.api.call_named("SendPhoto", &photo(picture, &message)?).await,
            None => self.api.call(&message).await,
        }
    }

    /// Does what can be done about `failure`; whether to try again then.
    async fn recover(
        &self,
        failure: &Failure,
        attempts: &mut Attempts,
        chat: &mut i64,
        deadline: Instant,
    ) -> bool {
        match failure {
            Failure::Flood(time) if attempts.flood_waits < MAX_FLOOD_WAITS => {
                attempts.flood_waits += 1;
                self.rate_limit.pause(*chat, *time);
            }
            Failure::Migrated(new) if new != chat => {
                if self.moved.get(chat) != Some(*new) {
                    self.moved(*chat, *new);
                    // It cannot fail: `self` holds the receiver too.
                    self.reported.send((*chat, *new)).ok();
                }
                *chat = *new;
            }
            Failure::Text(_) if !attempts.is_plain => attempts.is_plain = true,
            Failure::Network(_) | Failure::Server(_) => match RETRY_DELAYS.get(attempts.retries) {
                Some(wait) if Instant::now() + *wait < deadline => {
                    attempts.retries += 1;
                    sleep(*wait).await;
                }
                _ => return false,
            },
            _ => return false,
        }
        true
    }

    /// Edits one of the bot's messages. One that already has this text counts as edited.
    ///
    /// # Errors
    /// The deadline passed, or Telegram refused or failed.
    pub async fn edit(&self, message: i64, outgoing: &Outgoing) -> Result<(), Unsent> {
        let mut chat = self.current(outgoing.to.chat);
        let mut attempts = Attempts::default();
        loop {
            self.rate_limit.acquire_edit(chat, outgoing.deadline).await.map_err(|_| Unsent::Stale)?;
            let failure =
                match self.api.call::<_, Value>(&edit(outgoing, chat, message, attempts.is_plain)).await {
                    Ok(_) | Err(Failure::NotModified | Failure::Unreadable) => return Ok(()),
                    Err(failure) => failure,
                };
            if !self.recover(&failure, &mut attempts, &mut chat, outgoing.deadline).await {
                return Err(Unsent::Failed(failure));
            }
        }
    }

    /// Deletes a message.
    ///
    /// # Errors
    /// Telegram refused or failed.
    pub async fn delete(&self, chat: i64, message: i64) -> Result<(), Failure> {
        let payload = DeleteMessage::new(ChatId(self.current(chat)), number(message));
        self.api.call::<_, Value>(&payload).await.map(|_| ())
    }
}

/// What was tried for one message.
#[derive(Default)]
struct Attempts {
    flood_waits: usize,
    retries: usize,
    is_plain: bool,
    has_no_picture: bool,
}

fn edit(outgoing: &Outgoing, chat: i64, message: i64, is_plain: bool) -> EditMessageText {
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
    if outgoing.is_prompt {
        payload = payload.reply_markup(ForceReply::new().selective());
    } else if let Some(buttons) = &outgoing.buttons {
        payload = payload.reply_markup(buttons.clone());
    }
    payload
}

/// A message as the caption of a picture. Telegram takes a file id as it is; teloxide's type would upload a file.
fn photo(picture: &str, message: &SendMessage) -> Result<Value, Failure> {
    let mut photo = serde_json::to_value(message).map_err(|error| Failure::Refused(error.to_string()))?;
    if let Some(fields) = photo.as_object_mut() {
        fields.remove("link_preview_options");
        let caption = fields.remove("text").filter(|text| *text != "");
        fields.extend(caption.map(|caption| ("caption".to_owned(), caption)));
        fields.insert("photo".to_owned(), Value::from(picture));
    }
    Ok(photo)
}

/// A message's id in teloxide's type, which Telegram's ids fit.
fn number(message: i64) -> MessageId {
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
