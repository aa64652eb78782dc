//! Unprompted answers: only where admins turned them on, only when sure, seldom, and not when a person was faster.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use moka::sync::Cache;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::sleep;

use super::answers::GroupAnswers;
use super::settings::{SURENESS, Set, Settings, UNPROMPTED, WAIT};
use crate::channel::telegram::answer::{Answers, Question};
use crate::channel::telegram::client::send::Target;
use crate::channel::telegram::identity::{now, scope};
use crate::channel::telegram::intake::inbox::{Delayed, Inbox};
use crate::channel::telegram::intake::update::{Event, Incoming, Update};
use crate::channel::telegram::outbox::Asked;
use crate::channel::telegram::resources::Resources;
use crate::message::{Content, Place};
use crate::reply::Outcome;
use crate::responder::Response;
use crate::store::MessageHash;

/// The score that "very sure" asks for, besides the measured threshold for groups: one wrong answer in thirty is too many.
const VERY_SURE: f32 = 0.97;

/// Bangladesh is six hours ahead of Greenwich, all the year.
const DHAKA: i64 = 6 * 3_600;

/// Above this number of delayed answers in this process, a question gets none.
const MAX_DELAYED: usize = 1_000;

/// How long after it was due a delayed answer is still sent, in seconds: as long as a question of a group is answered.
const MAX_LATE: i64 = 120;

/// How long it is remembered that a person replied to a message: longer than an answer is delayed.
const REPLIED_TTL: Duration = Duration::from_mins(15);

/// The hour of the day in Bangladesh.
fn hour(now: i64) -> i64 {
    (now + DHAKA).div_euclid(3_600).rem_euclid(24)
}

/// Answers questions that are not addressed to the bot.
pub struct Unprompted {
    settings: Arc<Settings>,
    inbox: Arc<Inbox>,
    answers: Arc<Answers>,
    group_answers: Arc<GroupAnswers>,
    /// Messages that somebody other than their author replied to, by chat and id, noted before the reply is handled: a
    /// webhook gets no reply before the question has been handled.
    replied: Cache<(i64, i64), ()>,
    places: Arc<Semaphore>,
}

impl Unprompted {
    /// Keeps delayed answers in `inbox`.
    pub fn new(
        of: &Resources,
        inbox: Arc<Inbox>,
        answers: Arc<Answers>,
        group_answers: Arc<GroupAnswers>,
    ) -> Self {
        Self {
            settings: Arc::clone(&of.settings),
            inbox,
            answers,
            group_answers,
            replied: Cache::builder().max_capacity(50_000).time_to_live(REPLIED_TTL).build(),
            places: Arc::new(Semaphore::new(MAX_DELAYED)),
        }
    }

    /// Notes a person's reply before it is queued: it may come right after the question.
    pub fn note_reply(&self, update: &Update) {
        if let Event::Message(message) = &update.event
            && let Some(question) = message.replies_to_another()
        {
            self.replied.insert((message.chat.id, question.id), ());
        }
    }

    fn is_replied(&self, chat: i64, message: i64) -> bool {
        self.replied.contains_key(&(chat, message))
    }

    /// A message that is not addressed to the bot.
    pub async fn consider(self: &Arc<Self>, message: &Incoming, text: &str, set: &Set) {
        let is_person = message.sender_chat.is_none();
        // A reply to a person is meant for that person.
        if !set.is_on(&UNPROMPTED)
            || !is_person
            || message.reply_to.as_ref().is_some_and(|to| !message.is_topic_root(to))
        {
            return;
        }
        if set.is_quiet(hour(now())) || self.is_replied(message.chat.id, message.id) {
            return;
        }
        let asked = Asked { place: Place::Overheard, ..Asked::in_group(message, message.id) };
        let response = self.answers.ask(&asked, Content::Text(text.to_owned())).await;
        if !matches!(response.reply.outcome, Outcome::Answer(_)) {
            return;
        }
        if set.value(&SURENESS) == "very" && response.ranking.score() < VERY_SURE {
            return;
        }
        let minutes = set.number(&WAIT);
        if minutes == 0 {
            return self.answer(&asked, message.id, text, &response).await;
        }
        let Some(place) = self.place() else { return };
        let answer = Delayed {
            due: now() + minutes * 60,
            chat: message.chat.id,
            topic: asked.target.topic,
            question: message.id,
            asker: asked.asker,
            text: text.to_owned(),
        };
        let name = self.inbox.answer_name(answer.chat, answer.question);
        match self.inbox.keep_answer(&name, &answer).await {
            // A redelivery: the answer waits already.
            Some(false) => {}
            // Without the store it waits all the same, and is lost with the process.
            kept => self.delay(place, name, answer, Some(response), kept.is_some()),
        }
    }

    fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).try_acquire_owned().ok()
    }

    /// Waits with an answer that was taken over from another process.
    pub fn take_over(self: &Arc<Self>, name: MessageHash, answer: Delayed) {
        // Where too many wait, a later takeover finds it again.
        if let Some(place) = self.place() {
            self.delay(place, name, answer, None, true);
        }
    }

    fn delay(
        self: &Arc<Self>,
        place: OwnedSemaphorePermit,
        name: MessageHash,
        answer: Delayed,
        response: Option<Response>,
        is_kept: bool,
    ) {
        if !self.inbox.wait_with(&name) {
            return;
        }
        let own = Arc::clone(self);
        tokio::spawn(async move {
            let _permit = place;
            let left = answer.due.saturating_sub(now());
            sleep(Duration::from_secs(u64::try_from(left).unwrap_or(0))).await;
            let due = AssertUnwindSafe(own.is_due(&name, &answer, response, is_kept)).catch_unwind();
            if due.await.is_err() {
                // The panic's message may contain a person's text. The same answer would panic again.
                tracing::error!("an unprompted answer panicked");
                own.inbox.answer_done(name.clone()).await;
            }
            own.inbox.waited_with(&name);
        });
    }

    async fn is_due(&self, name: &MessageHash, answer: &Delayed, response: Option<Response>, is_kept: bool) {
        let target = Target { chat: answer.chat, topic: answer.topic, reply_to: Some(answer.question) };
        let asked = Asked { target, asker: answer.asker, place: Place::Overheard };
        if now() - answer.due <= MAX_LATE && !self.is_replied(answer.chat, answer.question) {
            if is_kept && !self.inbox.begin_answer(name).await {
                return;
            }
            let response = match response {
                Some(response) => response,
                None => self.answers.ask(&asked, Content::Text(answer.text.clone())).await,
            };
            if matches!(response.reply.outcome, Outcome::Answer(_)) {
                self.answer(&asked, answer.question, &answer.text, &response).await;
            }
        }
        if is_kept {
            self.inbox.answer_done(name.clone()).await;
        }
    }

    /// A person's reply to a question withdraws the delayed answer, whichever process keeps it.
    pub async fn withdraw(&self, message: &Incoming) {
        let Some(question) = message.replies_to_another() else { return };
        let set = self.settings.of(&scope(message.chat.id));
        if set.is_on(&UNPROMPTED) && set.number(&WAIT) > 0 && !message.is_topic_root(question) {
            self.inbox.withdraw_answer(&self.inbox.answer_name(message.chat.id, question.id)).await;
        }
    }

    /// Sends an unprompted answer, within the settings and the cooldowns.
    async fn answer(&self, asked: &Asked, message: i64, text: &str, response: &Response) {
        // As they are now: much may have changed while the answer was delayed.
        let set = self.settings.of(&scope(asked.target.chat));
        if !set.is_on(&UNPROMPTED) || set.is_quiet(hour(now())) || !set.speaks_in(asked.target.topic) {
            return;
        }
        if let Some(cooldowns) = self.group_answers.start_cooldowns(asked, &response.reply, &set).await {
            let question = Question { message, text, read: text };
            self.group_answers.answer(asked, question, response, &cooldowns).await;
        }
    }
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
