//! Unasked answers: only where admins turned them on, only when sure, seldom, and not when a person was faster.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

use futures_util::FutureExt as _;
use serde::{Deserialize, Serialize};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::sleep;

use super::settings::{self, BUTTONS, HOURLY, PERSON, SURENESS, Set, UNASKED, WAIT};
use crate::channel::telegram::answer::Asked;
use crate::channel::telegram::client::send::Target;
use crate::channel::telegram::group;
use crate::channel::telegram::intake::update::Incoming;
use crate::channel::telegram::{Bot, CHANNEL, now};
use crate::message::{Content, Place};
use crate::reply::{Outcome, Reply};
use crate::responder::Response;
use crate::store::{Cooldown, MessageHash, Step, Turn};

/// What "very sure" asks of an answer, besides the measured threshold for groups: a wrong one in thirty is too many.
const VERY_SURE: f32 = 0.97;

/// Bangladesh is six hours ahead of Greenwich, all the year.
const DHAKA: i64 = 6 * 3_600;

/// The hour of the day in Bangladesh.
pub fn hour(now: i64) -> i64 {
    (now + DHAKA).div_euclid(3_600).rem_euclid(24)
}

/// So many answers wait at once for a person to be faster; there is none for the question after that.
const WAITING: usize = 1_000;

/// How long after it was due an answer still comes, in seconds: as long as a question of a group is answered.
const LATE: i64 = 120;

/// An answer that waits for a person to be faster.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Unasked {
    /// When it is due, in Unix seconds.
    pub due: i64,
    chat: i64,
    topic: Option<i64>,
    question: i64,
    asker: i64,
    text: String,
}

impl Unasked {
    fn asked(&self) -> Asked {
        let target = Target { chat: self.chat, topic: self.topic, reply_to: Some(self.question) };
        Asked { target, asker: self.asker, place: Place::Overheard }
    }
}

/// Lets a waiting answer reach the bot that may be gone by then.
pub struct Later {
    bot: OnceLock<Weak<Bot>>,
    places: Arc<Semaphore>,
}

impl Default for Later {
    fn default() -> Self {
        Self { bot: OnceLock::new(), places: Arc::new(Semaphore::new(WAITING)) }
    }
}

impl Later {
    /// Waiting answers come from this bot.
    pub fn belongs_to(&self, bot: &Arc<Bot>) {
        let _set_once = self.bot.set(Arc::downgrade(bot));
    }
}

impl Bot {
    pub async fn on_overheard(&self, message: &Incoming, text: &str, set: &Set) {
        let is_person = message.sender_chat.is_none();
        // What replies to a person is said to that person.
        if !set.is_on(&UNASKED)
            || !is_person
            || message.reply_to.as_ref().is_some_and(|to| !is_topic_root(message, to))
        {
            return;
        }
        if set.is_quiet(hour(now())) || self.is_replied(message.chat.id, message.id) {
            return;
        }
        let asked = Asked { place: Place::Overheard, ..group::asked(message, message.id) };
        let response = self.ask(&asked, Content::Text(text.to_owned())).await;
        if !matches!(response.reply.outcome, Outcome::Answer(_)) {
            return;
        }
        if set.value(&SURENESS) == "very" && response.ranking.score() < VERY_SURE {
            return;
        }
        let minutes = set.number(&WAIT);
        if minutes == 0 {
            return self.unasked(&asked, message.id, text, &response).await;
        }
        let Some(bot) = self.later.bot.get().and_then(Weak::upgrade) else { return };
        let Some(place) = bot.place() else { return };
        let answer = Unasked {
            due: now() + minutes * 60,
            chat: message.chat.id,
            topic: asked.target.topic,
            question: message.id,
            asker: asked.asker,
            text: text.to_owned(),
        };
        let name = self.name_of_answer(answer.chat, answer.question);
        match self.inbox.keep_answer(&name, &answer).await {
            // The question came before, and its answer waits.
            Some(false) => {}
            // Without the store it waits all the same, and is lost with the process.
            kept => bot.wait(place, name, answer, Some(response), kept.is_some()),
        }
    }

    fn name_of_answer(&self, chat: i64, question: i64) -> MessageHash {
        let channel = format!("{CHANNEL}:{}:unasked", self.me.id);
        self.store.secret().message(&channel, &format!("{chat}:{question}"))
    }

    fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.later.places).try_acquire_owned().ok()
    }

    /// Waits with an answer that another process has kept.
    pub fn wait_on(self: &Arc<Self>, name: MessageHash, answer: Unasked) {
        // Where too many wait it is taken up again.
        if let Some(place) = self.place() {
            self.wait(place, name, answer, None, true);
        }
    }

    fn wait(
        self: &Arc<Self>,
        place: OwnedSemaphorePermit,
        name: MessageHash,
        answer: Unasked,
        response: Option<Response>,
        is_kept: bool,
    ) {
        if !self.inbox.waits(&name) {
            return;
        }
        let bot = Arc::clone(self);
        tokio::spawn(async move {
            let _place = place;
            let left = answer.due.saturating_sub(now());
            sleep(Duration::from_secs(u64::try_from(left).unwrap_or(0))).await;
            let due = AssertUnwindSafe(bot.is_due(&name, &answer, response, is_kept)).catch_unwind();
            if due.await.is_err() {
                // What the panic said may hold a person's text. The same answer would panic again.
                tracing::error!("an unasked answer failed by a mistake in the program");
                let _written = bot.inbox.step(Step::Done(name.clone())).await;
            }
            bot.inbox.waits_no_more(&name);
        });
    }

    async fn is_due(&self, name: &MessageHash, answer: &Unasked, response: Option<Response>, is_kept: bool) {
        let asked = answer.asked();
        if now() - answer.due <= LATE && !self.is_replied(answer.chat, answer.question) {
            // Not ours any more: a person's reply was seen by another process.
            if is_kept && self.inbox.step(Step::Sending(name.clone())).await != Some(true) {
                return;
            }
            let response = match response {
                Some(response) => response,
                None => self.ask(&asked, Content::Text(answer.text.clone())).await,
            };
            if matches!(response.reply.outcome, Outcome::Answer(_)) {
                self.unasked(&asked, answer.question, &answer.text, &response).await;
            }
        }
        if is_kept {
            let _written = self.inbox.step(Step::Done(name.clone())).await;
        }
    }

    /// A person who replies to a question is faster than the answer that waits, whichever process keeps it.
    pub async fn withdraw_answer(&self, message: &Incoming) {
        let Some(question) = group::answered_by_another(message) else { return };
        let set = self.settings.of(&settings::scope(message.chat.id));
        if set.is_on(&UNASKED) && set.number(&WAIT) > 0 && !is_topic_root(message, question) {
            // Where it fails the process that keeps it may know by itself.
            let _tried = self.store.withdraw(&self.name_of_answer(message.chat.id, question.id)).await;
        }
    }

    /// Sends an unasked answer, unless it would be one too many.
    async fn unasked(&self, asked: &Asked, question: i64, text: &str, response: &Response) {
        let reply = &response.reply;
        let chat = asked.target.chat;
        // As they are now: much may have changed while it waited.
        let set = self.settings.of(&settings::scope(chat));
        if !set.is_on(&UNASKED) || set.is_quiet(hour(now())) || !set.speaks_in(asked.target.topic) {
            return;
        }
        let Some(turns) = self.take_turns(asked, reply, &set).await else { return };
        let answer = self.reply(asked, reply, set.is_on(&BUTTONS)).await;
        self.keep_if_said(&turns, answer).await;
        self.after_answer(asked, (question, text), text, response, answer).await;
    }

    /// Takes the entry's, the person's and the group's turn. Without the store nobody is answered unasked.
    async fn take_turns(&self, asked: &Asked, reply: &Reply, set: &Set) -> Option<Vec<Turn>> {
        let group = settings::group(asked.target.chat);
        let person = self.store.secret().person(CHANNEL, &asked.asker.to_string());
        let slots = u8::try_from(set.number(&HOURLY)).unwrap_or(1);
        let mut cooldowns = vec![(Cooldown::Person { group: &group, person: &person }, set.number(&PERSON))];
        if let Outcome::Answer(entries) = &reply.outcome {
            cooldowns.extend(
                entries.iter().map(|entry| {
                    (Cooldown::Entry { group: &group, entry }, group::minutes_of_rest(set) * 60)
                }),
            );
        }
        cooldowns.push((Cooldown::Group { group: &group, slots }, 3_600));
        let mut turns = Vec::new();
        for (cooldown, seconds) in cooldowns.into_iter().filter(|(_, seconds)| *seconds > 0) {
            let Ok(Some(turn)) = self.store.try_take(&cooldown, seconds, now()).await else {
                self.keep_if_said(&turns, None).await;
                return None;
            };
            turns.push(turn);
        }
        Some(turns)
    }
}

/// Every message of a topic replies to the message that opened it, unless it replies to another.
fn is_topic_root(message: &Incoming, to: &Incoming) -> bool {
    message.is_topic_message && message.thread == Some(to.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hour_is_dhakas() {
        assert_eq!(hour(0), 6);
        assert_eq!(hour(18 * 3_600), 0);
        assert_eq!(hour(17 * 3_600 + 3_599), 23);
    }
}
