//! Drafts: shown to the owner of a connected account, sent in the owner's name once the owner wants that.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::button::SecretaryButton;
use super::connections::Connections;
use super::{MAX_AGE, SECRETARY};
use crate::channel::telegram::client::api::Api;
use crate::channel::telegram::client::error::Failure;
use crate::channel::telegram::client::send::Sender;
use crate::channel::telegram::identity::now;
use crate::channel::telegram::intake::inbox::Inbox;
use crate::channel::telegram::keyboard::{Act, button};
use crate::channel::telegram::outbox::{Asked, Outbox};
use crate::channel::telegram::resources::Resources;
use crate::memory::{Notebook, Notes};
use crate::reply::render::{Limit, telegram_html};
use crate::responder::Responder;
use crate::telemetry::Metrics;
use crate::wording::Wording;

/// How long a draft can be sent: Telegram lets no bot write in a chat later than that.
const DRAFT_TTL: Duration = Duration::from_hours(24);

/// How long the owner's next text is taken for the draft to be changed.
const EDIT_TTL: Duration = Duration::from_hours(1);

/// How long an answer in the owner's name may wait for the rate limit.
const DEADLINE: Duration = Duration::from_mins(2);

/// An answer to a question that a connected account got.
#[derive(Clone, Serialize, Deserialize)]
pub struct Draft {
    /// The account's connection.
    pub connection: String,
    /// Whose account it is.
    pub owner: i64,
    /// The owner's chat with the bot.
    pub owner_chat: i64,
    /// The chat with the question.
    pub chat: i64,
    /// Names the question: its connection, chat and message.
    pub of: String,
    /// When it was asked, in Unix seconds.
    pub asked_at: i64,
    /// What the one who asked is called.
    pub name: String,
    /// The question.
    pub question: String,
    /// The answer with its link, in the mini-markup.
    pub answer: String,
}

/// What is sent in the owner's name.
pub enum Text {
    /// As the bot drafted it, in the mini-markup.
    Drafted(String),
    /// As the owner typed it.
    Typed(String),
}

impl Text {
    fn shown(&self) -> &str {
        let (Self::Drafted(text) | Self::Typed(text)) = self;
        text
    }
}

/// What is said to a press below a draft, or to a text in its place, that sends nothing for certain.
#[derive(Clone, Copy, Debug)]
pub enum Notice {
    /// It was sent, discarded or dropped before.
    Gone,
    /// The question is more than 24 hours old.
    TooOld,
    /// Telegram refused it.
    Refused,
    /// Nobody knows whether it was sent.
    Unknown,
}

impl Notice {
    /// As its owner reads it.
    pub fn text(self, say: &Wording) -> &str {
        match self {
            Self::Gone => say.draft_gone(),
            Self::TooOld => say.draft_too_old(),
            Self::Refused => say.draft_refused(),
            Self::Unknown => say.draft_unknown(),
        }
    }
}

/// Where the draft of a question stands.
#[derive(Clone, Serialize, Deserialize)]
struct Shown {
    token: u64,
    message: i64,
}

/// A draft that its owner wants to change.
#[derive(Clone, Serialize, Deserialize)]
struct Edited {
    token: u64,
    /// The message that shows it.
    message: i64,
}

/// Keeps drafts until they are sent or discarded.
pub struct Drafts {
    api: Arc<Api>,
    sender: Arc<Sender>,
    metrics: Metrics,
    inbox: Arc<Inbox>,
    outbox: Arc<Outbox>,
    notes: Arc<Notebook>,
    responder: Arc<Responder>,
    /// By token.
    kept: Notes<Draft>,
    /// By question.
    shown: Notes<Shown>,
    /// By owner; none once it is sent or cancelled.
    edited: Notes<Option<Edited>>,
    next: AtomicU64,
}

impl Drafts {
    /// None yet.
    pub fn new(of: &Resources, inbox: Arc<Inbox>, outbox: Arc<Outbox>) -> Self {
        let Resources { api, sender, metrics, notes, responder, .. } = of.clone();
        Self {
            api,
            sender,
            metrics,
            inbox,
            outbox,
            notes,
            responder,
            kept: Notes::new("draft", 10_000, DRAFT_TTL).lasting(),
            shown: Notes::new("drafted", 10_000, DRAFT_TTL).lasting(),
            edited: Notes::new("draft-edit", 10_000, EDIT_TTL).lasting(),
            // Not from 0: a button of another process must not mean something else.
            next: AtomicU64::new(RandomState::new().hash_one(0) & 0xFFFF_FFFF_FFFF),
        }
    }

    /// Shows a draft to its owner: in place of `message`, or as a new message.
    pub async fn offer(&self, draft: Draft, message: Option<i64>) {
        let token = self.next.fetch_add(1, Ordering::Relaxed);
        let (owner, of) = (draft.owner, draft.of.clone());
        let asked = Asked::in_private(draft.owner_chat, owner);
        let say = self.responder.wording();
        let name = if draft.name.is_empty() { say.draft_of_somebody() } else { &draft.name };
        let text = say.draft(name, &draft.question, &draft.answer);
        let key = |label: &str, act| button(label, owner, Act::Secretary(act));
        let rows = vec![
            vec![
                key(say.send_draft(), SecretaryButton::Send(token)),
                key(say.edit_draft(), SecretaryButton::Edit(token)),
            ],
            vec![key(say.discard_draft(), SecretaryButton::Discard(token))],
        ];
        self.notes.remember(&self.kept, format!("{token:x}"), owner, draft).await;
        let sent = match message {
            Some(message) => self.outbox.change(&asked, message, &text, rows).await,
            None => self.outbox.say(&asked, &text, rows).await,
        };
        if let Some(message) = sent {
            self.notes.remember(&self.shown, of, owner, Shown { token, message }).await;
            self.metrics.telegram_send("draft");
        }
    }

    /// Takes back the draft to the question `of` whose text changed into `text`, or is gone; whether there was one.
    pub async fn withdraw(&self, of: &str, text: Option<&str>) -> bool {
        let Some(Shown { token, message }) = self.notes.recall(&self.shown, of).await else { return false };
        let Some(draft) = self.find(token).await else { return false };
        if text == Some(draft.question.as_str()) || !self.is_last(token).await {
            return false;
        }
        let asked = Asked::in_private(draft.owner_chat, draft.owner);
        self.outbox.change(&asked, message, self.responder.wording().question_changed(), Vec::new()).await;
        true
    }

    async fn find(&self, token: u64) -> Option<Draft> {
        self.notes.recall(&self.kept, &format!("{token:x}")).await
    }

    /// Whether the draft is still open; it is not any more.
    async fn is_last(&self, token: u64) -> bool {
        self.inbox.is_first(&format!("draft:{token:x}")).await
    }

    /// A button below a draft was pressed by `person`; what is said to that.
    pub async fn on_press(
        &self,
        person: i64,
        message: i64,
        button: SecretaryButton,
        connections: &Connections,
    ) -> Option<Notice> {
        let (SecretaryButton::Send(token) | SecretaryButton::Edit(token) | SecretaryButton::Discard(token)) =
            button
        else {
            return None;
        };
        let Some(draft) = self.find(token).await.filter(|draft| draft.owner == person) else {
            return Some(Notice::Gone);
        };
        let asked = Asked::in_private(draft.owner_chat, person);
        match button {
            SecretaryButton::Edit(_) => {
                let edited = Some(Edited { token, message });
                self.notes.remember(&self.edited, person.to_string(), person, edited).await;
                self.outbox.say_line(&asked, self.responder.wording().edit_how()).await;
                None
            }
            SecretaryButton::Discard(_) => {
                if !self.is_last(token).await {
                    return Some(Notice::Gone);
                }
                self.outbox.change(&asked, message, self.responder.wording().discarded(), Vec::new()).await;
                None
            }
            _ => {
                let text = Text::Drafted(draft.answer.clone());
                self.conclude(draft, (token, message), &text, connections).await
            }
        }
    }

    /// Sends `text` in place of the draft, and says below it what came of that; a notice where nothing was sent.
    async fn conclude(
        &self,
        draft: Draft,
        (token, message): (u64, i64),
        text: &Text,
        connections: &Connections,
    ) -> Option<Notice> {
        if now().saturating_sub(draft.asked_at) > MAX_AGE {
            return Some(Notice::TooOld);
        }
        let connection = connections.find(&draft.connection).await;
        if connection.is_none_or(|connection| !connection.is_enabled || !connection.may_reply) {
            return Some(Notice::Refused);
        }
        if !self.is_last(token).await {
            return Some(Notice::Gone);
        }
        let (asked, say) = (Asked::in_private(draft.owner_chat, draft.owner), self.responder.wording());
        match self.send(&draft, text).await {
            Ok(()) => {
                self.outbox.change(&asked, message, &say.draft_sent(text.shown()), Vec::new()).await;
                None
            }
            Err(failure) if failure.is_refusal() => {
                // The buttons of this draft are used up.
                self.offer(draft, Some(message)).await;
                Some(Notice::Refused)
            }
            Err(_) => {
                self.outbox.change(&asked, message, say.draft_unknown(), Vec::new()).await;
                Some(Notice::Unknown)
            }
        }
    }

    /// Sends `text` in the owner's name.
    ///
    /// # Errors
    /// Telegram refused, or nobody knows whether it was sent. Counted and logged.
    pub async fn send(&self, draft: &Draft, text: &Text) -> Result<(), Failure> {
        let sent = self.try_send(draft, text).await;
        if let Err(failure) = &sent {
            tracing::info!("an answer in the name of an account's owner was not sent: {failure}");
        }
        self.metrics.telegram_send(sent.as_ref().map_or_else(Failure::name, |()| SECRETARY));
        sent
    }

    async fn try_send(&self, draft: &Draft, text: &Text) -> Result<(), Failure> {
        let deadline = Instant::now() + DEADLINE;
        let pieces = match text {
            Text::Drafted(text) => telegram_html(text, Limit::TELEGRAM),
            Text::Typed(text) => vec![text.clone()],
        };
        for piece in pieces {
            let mut message = json!({
                "business_connection_id": draft.connection,
                "chat_id": draft.chat,
                "text": piece,
                "link_preview_options": { "is_disabled": true },
            });
            if let Text::Drafted(_) = text {
                message["parse_mode"] = json!("HTML");
            }
            loop {
                let late = |_| Failure::Refused("the rate limit left no room".to_owned());
                self.sender.rate_limit().acquire(draft.chat, deadline).await.map_err(late)?;
                match self.api.call_named::<Value>("SendMessage", &message).await {
                    Err(Failure::Flood(time)) => self.sender.rate_limit().pause(draft.chat, time),
                    Ok(_) | Err(Failure::Unreadable) => break,
                    Err(failure) => return Err(failure),
                }
            }
        }
        Ok(())
    }

    /// Sends a text in place of the draft that its owner wants to change; whether there is such a draft.
    pub async fn go_on(&self, asked: &Asked, text: Option<&str>, connections: &Connections) -> bool {
        let Some(Edited { token, message }) = self.edited_by(asked.asker).await else { return false };
        let Some(draft) = self.find(token).await else { return false };
        let say = self.responder.wording();
        let Some(text) = text else {
            self.outbox.say_line(asked, say.edit_text_only()).await;
            return true;
        };
        self.notes.remember(&self.edited, asked.asker.to_string(), asked.asker, None).await;
        let text = Text::Typed(text.to_owned());
        let notice = self.conclude(draft, (token, message), &text, connections).await;
        self.outbox.say_line(asked, notice.map_or(say.edit_sent(), |notice| notice.text(&say))).await;
        true
    }

    async fn edited_by(&self, owner: i64) -> Option<Edited> {
        self.notes.recall(&self.edited, &owner.to_string()).await?
    }

    /// The owner does not want to change a draft after all; whether there was one.
    pub async fn cancel(&self, asked: &Asked) -> bool {
        if self.edited_by(asked.asker).await.is_none() {
            return false;
        }
        self.notes.remember(&self.edited, asked.asker.to_string(), asked.asker, None).await;
        self.outbox.say_line(asked, self.responder.wording().edit_cancelled()).await;
        true
    }
}
