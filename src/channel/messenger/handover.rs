//! Handover: while a person of the Page has a conversation, the bot is silent in it, and in no other.

use std::time::Duration;

use tokio::time::timeout;
use url::Url;

use super::CHANNEL;
use super::bot::{BOT, Bot, PERSON};
use super::lanes::Ending;
use super::quick::Choice;
use super::send::{For, Sent};
use super::wire::{Event, What};
use crate::channel::staff::Wanted;
use crate::memory::Moment;
use crate::store::within;

/// How long an answer waits for the store's reply whether the conversation is paused.
const PAUSE_TIMEOUT: Duration = Duration::from_secs(5);

/// How long the bot is silent after somebody has asked for a person, where `HANDOVER_HOURS` is 0.
const DEFAULT_PAUSE: Duration = Duration::from_hours(12);

/// How long the reply waits for the staff to be told.
const TELL_TIMEOUT: Duration = Duration::from_secs(5);

impl Bot {
    /// Whether the conversation with `person` is paused; none when the store does not reply.
    pub(super) async fn is_paused(&self, person: &str) -> Option<bool> {
        let store = self.store.clone();
        let conversation = store.secret().conversation(CHANNEL, person);
        let look = async move { store.is_paused(&conversation, Moment::now().unix).await };
        within(PAUSE_TIMEOUT, look).await?.ok()
    }

    /// Whether the event is answered although the conversation is paused: the buttons that call the bot or a person.
    pub(super) fn ends_pause(what: &What) -> bool {
        matches!(what, What::Press { payload: Some(payload), .. } if payload == BOT || payload == PERSON)
    }

    /// A person of the Page has written to this person: pauses the conversation.
    pub(super) async fn taken(&self, event: &Event) -> Ending {
        let since = event.at.map_or(Moment::now().unix, |at| at / 1_000).min(Moment::now().unix);
        if self.pause(&event.person, since, self.handover).await {
            self.metrics.messenger_event("taken");
            Ending::Done
        } else {
            Ending::Kept
        }
    }

    /// The conversation was given back to the bot: ends the pause.
    pub(super) async fn given_back(&self, event: &Event) -> Ending {
        let conversation = self.store.secret().conversation(CHANNEL, &event.person);
        if self.store.resume(&conversation).await.is_err() {
            return Ending::Kept;
        }
        self.metrics.messenger_event("given_back");
        Ending::Done
    }

    async fn pause(&self, person: &str, since: i64, time: Duration) -> bool {
        let time = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
        let secret = self.store.secret();
        let (conversation, hash) = (secret.conversation(CHANNEL, person), secret.person(CHANNEL, person));
        self.store.pause(&conversation, &hash, since.saturating_add(time)).await.is_ok()
    }

    /// Somebody asks for a person: pauses the conversation.
    pub(super) async fn call_person(&self, purpose: For<'_>, event: &Event) -> Sent {
        let say = self.responder.wording();
        let person = event.person.as_str();
        let time = if self.handover.is_zero() { DEFAULT_PAUSE } else { self.handover };
        if !self.pause(person, Moment::now().unix, time).await {
            return self.say(purpose, person, say.not_now(), &[]).await;
        }
        self.metrics.messenger_event("person_called");
        let text = match &event.what {
            What::Text(text) => Some(text.as_str()),
            _ => None,
        };
        // Which conversation of the inbox it is, its address does not say for certain.
        let inbox = format!("https://business.facebook.com/latest/inbox/all?asset_id={}", self.page);
        let (at, inbox) = (Moment::now().unix, Url::parse(&inbox).ok());
        let telling = self.staff.tell(Wanted { channel: "Messenger", at, inbox, text });
        let is_told = timeout(TELL_TIMEOUT, telling).await.unwrap_or(false);
        let line = if is_told { say.person_is_called() } else { say.person_may_come() };
        self.say(purpose, person, line, &[Choice::new(say.bot_again(), BOT)]).await
    }

    /// Somebody asks for the bot again: ends the pause.
    pub(super) async fn come_back(&self, purpose: For<'_>, person: &str) -> Sent {
        let say = self.responder.wording();
        let conversation = self.store.secret().conversation(CHANNEL, person);
        if self.store.resume(&conversation).await.is_err() {
            return self.say(purpose, person, say.not_now(), &[]).await;
        }
        self.say(purpose, person, say.bot_is_back(), &[]).await
    }
}
