//! Secretary mode: somebody connects an account with the bot. Very clear questions that the account gets are drafted to
//! its owner, or answered in the owner's name where the owner chose so.
//!
//! ```text
//! business_connection   -> what the bot does, to the owner        (connections)
//! business_message      by the owner: the bot is silent in that chat for `HANDOVER_HOURS`
//!                       by somebody else, a very clear question   -> a draft to the owner, or the answer
//! a press of ✓, ✎, ✘    -> the answer in the owner's name, or none (drafts)
//! ```

pub mod button;
mod connections;
mod drafts;

use std::sync::Arc;
use std::time::Duration;

use self::button::SecretaryButton;
use self::connections::Connections;
use self::drafts::{Draft, Drafts, Text};
use super::answer::Answers;
use super::group::flood::MemberLimit;
use super::group::settings::Settings;
use super::identity::{SECRETARY, author, now, person};
use super::intake::business::{Business, Connection, Deleted};
use super::intake::inbox::Inbox;
use super::intake::update::{ChatKind, Incoming, Press};
use super::keyboard::{Act, Rows, button};
use super::outbox::{Asked, Outbox};
use super::resources::Resources;
use crate::message::Place;
use crate::reply::Outcome;
use crate::reply::links::Links;
use crate::responder::{Responder, Response};
use crate::store::{ConversationHash, Scope, Store};
use crate::telemetry::Metrics;

/// Telegram lets a bot write only in chats of the last 24 hours.
const MAX_AGE: i64 = 24 * 3_600;

/// A question that is older gets no answer at once, since the owner may have seen it.
const MAX_AGE_AT_ONCE: i64 = 120;

/// Does what the owners of connected accounts want done.
pub struct Secretary {
    store: Store,
    settings: Arc<Settings>,
    metrics: Metrics,
    responder: Arc<Responder>,
    links: Links,
    is_linkless: bool,
    max_age: i64,
    handover: Duration,
    inbox: Arc<Inbox>,
    outbox: Arc<Outbox>,
    answers: Arc<Answers>,
    limit: MemberLimit,
    connections: Connections,
    drafts: Drafts,
}

impl Secretary {
    /// Answers by `answers`, and tells owners through `outbox`; `inbox` knows what happened before.
    pub fn new(of: &Resources, inbox: Arc<Inbox>, outbox: Arc<Outbox>, answers: Arc<Answers>) -> Self {
        let Resources { store, settings, metrics, responder, links, is_linkless, handover, .. } = of.clone();
        let max_age = of.max_age.and_then(|age| i64::try_from(age.as_secs()).ok());
        Self {
            store,
            settings,
            metrics,
            responder,
            links,
            is_linkless,
            max_age: max_age.map_or(MAX_AGE, |age| age.min(MAX_AGE)),
            handover,
            limit: MemberLimit::new(of.is_limited),
            connections: Connections::new(of),
            drafts: Drafts::new(of, Arc::clone(&inbox), Arc::clone(&outbox)),
            inbox,
            outbox,
            answers,
        }
    }

    /// Drops the state of idle people.
    pub fn prune(&self) {
        self.limit.prune();
    }

    /// An account was connected, its rights were changed, or it is connected no more: its owner is told.
    pub async fn on_connection(&self, connection: Connection) {
        let asked = Asked::in_private(connection.chat, connection.owner);
        let say = self.responder.wording();
        let (is_enabled, may_reply) = (connection.is_enabled, connection.may_reply);
        self.connections.keep(connection);
        if !is_enabled {
            self.outbox.say_line(&asked, say.disconnected()).await;
        } else if may_reply {
            let (text, rows) = self.choice(asked.asker);
            self.outbox.say(&asked, &format!("{}\n\n{text}", say.connected()), rows).await;
        } else {
            self.outbox.say_line(&asked, say.connected_mute()).await;
        }
    }

    /// `/secretary`: what is done with clear questions, with the buttons that change it.
    pub async fn show(&self, asked: &Asked) {
        let (text, rows) = self.choice(asked.asker);
        self.outbox.say(asked, &text, rows).await;
    }

    /// The base's setting of whether this owner's questions are answered at once.
    fn setting(&self, owner: i64) -> String {
        format!("{SECRETARY}:{}", person(&self.store, owner).as_str())
    }

    fn is_at_once(&self, owner: i64) -> bool {
        self.settings.of(&Scope::Base).get(&self.setting(owner)).is_some()
    }

    fn choice(&self, owner: i64) -> (String, Rows) {
        let (say, chosen) = (self.responder.wording(), self.is_at_once(owner));
        let row = |label: &str, at_once: bool| {
            let mark = if at_once == chosen { "✓ " } else { "" };
            vec![button(&format!("{mark}{label}"), owner, Act::Secretary(SecretaryButton::AtOnce(at_once)))]
        };
        let now = if chosen { say.secretary_at_once() } else { say.secretary_drafts() };
        (say.secretary(now), vec![row(say.as_draft(), false), row(say.at_once(), true)])
    }

    /// A message in a chat of a connected account was sent, or changed.
    pub async fn on_message(&self, business: &Business) {
        let message = &business.message;
        // What a bot sent in the owner's name is its echo, and no sign that the owner is there.
        let from = message.from.filter(|from| !from.is_bot && !business.is_by_bot && !message.via_bot);
        let (Some(from), ChatKind::Private) = (from, message.chat.kind) else { return };
        let Some(connection) = self.connections.find(&business.connection).await else { return };
        if from.id == connection.owner {
            if !business.is_edit {
                self.pause(&connection, message).await;
            }
            return;
        }
        let Some(text) = message.text.as_deref().filter(|_| !message.is_media && !message.is_forward) else {
            return;
        };
        if from.id != message.chat.id || !connection.is_enabled || !connection.may_reply {
            return;
        }
        let of = format!("{}:{}:{}", connection.id, message.chat.id, message.id);
        if business.is_edit {
            // A question that got no draft was not clear, or has its answer.
            if !self.drafts.withdraw(&of, Some(text)).await {
                return;
            }
        } else if !self.inbox.is_first(&format!("business:{of}")).await {
            return self.metrics.telegram_update("again");
        }
        let age = now().saturating_sub(message.date);
        if age > self.max_age {
            return self.metrics.telegram_update("stale");
        }
        if self.is_paused(&connection, message.chat.id).await {
            return;
        }
        let Some(answer) = self.answer(&connection, message, text).await else { return };
        let draft = Draft {
            connection: connection.id.clone(),
            owner: connection.owner,
            owner_chat: connection.chat,
            chat: message.chat.id,
            of,
            asked_at: message.date,
            name: business.name.clone(),
            question: text.to_owned(),
            answer,
        };
        if self.is_at_once(connection.owner) && age <= MAX_AGE_AT_ONCE && !business.is_edit {
            match self.drafts.send(&draft, &Text::Drafted(draft.answer.clone())).await {
                Ok(()) => return,
                // It may have been sent.
                Err(failure) if !failure.is_refusal() => return,
                Err(_) => {}
            }
        }
        self.drafts.offer(draft, None).await;
    }

    /// The answer to a very clear question, with its link; none to anything else.
    async fn answer(&self, connection: &Connection, message: &Incoming, text: &str) -> Option<String> {
        let customer = message.chat.id;
        let chat = (connection.owner, customer);
        let response = self.answers.ask_outside(SECRETARY, chat, Place::Overheard, text, false).await;
        let Response { reply, .. } = response;
        let Outcome::Answer(entries) = &reply.outcome else { return None };
        if !self.limit.check(connection.owner, customer, true) {
            self.metrics.telegram_update("capped");
            return None;
        }
        let view = self.responder.view(None).await;
        let mut answer = reply.text.clone();
        for entry in entries.iter().filter_map(|id| view.entry(id)).filter(|_| !self.is_linkless) {
            answer.push_str("\n\n");
            answer.push_str(&self.links.section(entry));
        }
        Some(answer)
    }

    /// Messages in a chat of a connected account were deleted: their drafts are of no use.
    pub async fn on_deleted(&self, deleted: &Deleted) {
        for message in &deleted.messages {
            self.drafts.withdraw(&format!("{}:{}:{message}", deleted.connection, deleted.chat), None).await;
        }
    }

    fn conversation(&self, connection: &Connection, chat: i64) -> ConversationHash {
        self.store.secret().conversation(SECRETARY, &format!("{}:{chat}", connection.owner))
    }

    /// The owner wrote in a chat: the bot is silent there for a while.
    async fn pause(&self, connection: &Connection, message: &Incoming) {
        let chat = message.chat.id;
        let time = i64::try_from(self.handover.as_secs()).unwrap_or(i64::MAX);
        let until = message.date.min(now()).saturating_add(time);
        let conversation = self.conversation(connection, chat);
        if let Err(error) = self.store.pause(&conversation, &person(&self.store, chat), until).await {
            tracing::warn!("that an account's owner is there could not be stored: {error}");
        }
    }

    /// Whether the owner was there a while ago; also where the store does not say it.
    async fn is_paused(&self, connection: &Connection, chat: i64) -> bool {
        !matches!(self.store.is_paused(&self.conversation(connection, chat), now()).await, Ok(false))
    }

    /// A button of the bot's was pressed in the owner's chat with it.
    pub async fn on_press(&self, press: &Press, message: &Incoming, button: SecretaryButton) {
        let say = self.responder.wording();
        let SecretaryButton::AtOnce(at_once) = button else {
            let notice = self.drafts.on_press(press.from.id, message.id, button, &self.connections).await;
            return self.outbox.notice(&press.id, notice.map(|notice| notice.text(&say))).await;
        };
        let (owner, value) = (press.from.id, at_once.then_some("on"));
        let author = author(&self.store, owner);
        let set = self.settings.set(&Scope::Base, &self.setting(owner), value, &author, now()).await;
        self.outbox.notice(&press.id, Some(set.map_or(say.not_now(), |_| say.saved()))).await;
        let (text, rows) = self.choice(owner);
        self.outbox.change(&Asked::in_private(message.chat.id, owner), message.id, &text, rows).await;
    }

    /// Sends a text in place of the draft that its owner wants to change; whether there is such a draft.
    pub async fn go_on(&self, asked: &Asked, text: Option<&str>) -> bool {
        self.drafts.go_on(asked, text, &self.connections).await
    }

    /// The owner does not want to change a draft after all; whether there was one.
    pub async fn cancel(&self, asked: &Asked) -> bool {
        self.drafts.cancel(asked).await
    }
}
