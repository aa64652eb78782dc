//! People take a conversation over, and give it back: while they have it the bot is silent there, and nowhere else.

use std::time::Duration;

use super::CHANNEL;
use super::bot::{BOT, Bot, PERSON};
use super::lanes::Ending;
use super::quick::Choice;
use super::send::{For, Sent};
use super::wire::{Event, What};
use crate::memory::Moment;
use crate::reply::wording;
use crate::store::within;

/// The longest that an answer waits for the store to say whether the conversation is paused.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long the bot is silent after somebody has asked for a person, where a person's word alone does not silence it.
const CALLED: Duration = Duration::from_hours(12);

impl Bot {
    /// Whether the bot is silent towards `person`; none where the store does not say.
    pub(super) async fn is_paused(&self, person: &str) -> Option<bool> {
        let store = self.store.clone();
        let conversation = store.secret().conversation(CHANNEL, person);
        let look = async move { store.is_paused(&conversation, Moment::now().unix).await };
        within(PATIENCE, look).await?.ok()
    }

    /// Whether somebody who talks to a person calls the bot, or calls a person once more.
    pub(super) fn ends_pause(what: &What) -> bool {
        matches!(what, What::Press { payload: Some(payload), .. } if payload == BOT || payload == PERSON)
    }

    /// Somebody of the Page has written to this person: the bot is silent there for a while.
    pub(super) async fn taken(&self, event: &Event) -> Ending {
        let since = event.at.map_or(Moment::now().unix, |at| at / 1_000).min(Moment::now().unix);
        if self.pause(&event.person, since, self.handover).await {
            self.metrics.messenger_event("taken");
            Ending::Done
        } else {
            Ending::Kept
        }
    }

    /// The conversation is the bot's again.
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

    /// Somebody asks for a person: from now on the bot is silent.
    pub(super) async fn call_person(&self, purpose: For<'_>, person: &str) -> Sent {
        let time = if self.handover.is_zero() { CALLED } else { self.handover };
        if !self.pause(person, Moment::now().unix, time).await {
            return self.say(purpose, person, wording::NOT_NOW, &[]).await;
        }
        self.metrics.messenger_event("person_called");
        self.say(purpose, person, wording::PERSON_IS_CALLED, &[Choice::new(wording::BOT_AGAIN, BOT)]).await
    }

    /// Somebody asks for the bot again.
    pub(super) async fn come_back(&self, purpose: For<'_>, person: &str) -> Sent {
        let conversation = self.store.secret().conversation(CHANNEL, person);
        if self.store.resume(&conversation).await.is_err() {
            return self.say(purpose, person, wording::NOT_NOW, &[]).await;
        }
        self.say(purpose, person, wording::BOT_IS_BACK, &[]).await
    }
}
