//! Unasked answers: only where admins turned them on, only when sure, seldom, and not when a person was faster.

use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::sleep;

use super::answer::Asked;
use super::settings::{self, BUTTONS, SURENESS, Set, UNASKED, WAIT};
use super::update::Incoming;
use super::{Bot, group, now};
use crate::message::{Content, Place};
use crate::reply::Outcome;
use crate::responder::Response;

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
    pub(super) async fn on_overheard(&self, message: &Incoming, text: &str, set: &Set) {
        let is_person = message.sender_chat.is_none();
        // What replies to a person is said to that person.
        if !is_person || message.reply_to.as_ref().is_some_and(|to| !is_topic_root(message, to)) {
            return;
        }
        if !is_wanted(set, group::topic(message)) || self.is_replied(message.chat.id, message.id) {
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
        let said = text.to_owned();
        let question = message.id;
        if minutes == 0 {
            return self.unasked(&asked, question, &said, &response).await;
        }
        // Nobody is promised an unasked answer, so that one may be lost with the process.
        let Some(bot) = self.later.bot.get().and_then(Weak::upgrade) else { return };
        let Ok(place) = Arc::clone(&self.later.places).try_acquire_owned() else { return };
        tokio::spawn(async move {
            let _place = place;
            sleep(Duration::from_secs(u64::try_from(minutes * 60).unwrap_or(0))).await;
            if !bot.is_replied(asked.target.chat, question) {
                bot.unasked(&asked, question, &said, &response).await;
            }
        });
    }

    /// Sends an unasked answer, unless it would be one too many.
    async fn unasked(&self, asked: &Asked, question: i64, text: &str, response: &Response) {
        let reply = &response.reply;
        let chat = asked.target.chat;
        // As they are now: much may have changed while it waited.
        let set = self.settings.of(&settings::scope(chat));
        if !is_wanted(&set, asked.target.topic) {
            return;
        }
        let Ok(turns) = self.takes_turns(asked, reply, &set).await else { return };
        let Ok(answer) = self.reply(asked, reply, set.is_on(&BUTTONS)).await else {
            return self.gives_back(turns).await;
        };
        self.whys.remember(chat, answer, text, response);
        self.after_answer(asked, question, text, &reply.outcome, answer).await;
    }
}

/// Whether unasked answers are wanted in this topic now.
fn is_wanted(set: &Set, topic: Option<i64>) -> bool {
    set.is_on(&UNASKED) && set.speaks_in(topic) && !set.is_quiet(hour(now()))
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
