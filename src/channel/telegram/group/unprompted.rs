//! Unprompted answers: only where admins turned them on, only when sure, seldom, and not when a person was faster.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use moka::sync::Cache;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::sleep;

use super::answers::{GroupAnswers, Held};
use super::settings::{HOURLY, OWN_FIRST, QUIET, SURENESS, Set, Settings, UNPROMPTED, WAIT};
use crate::channel::telegram::answer::{Answers, Question};
use crate::channel::telegram::client::send::Target;
use crate::channel::telegram::command::command;
use crate::channel::telegram::identity::{group, now, scope};
use crate::channel::telegram::intake::inbox::{Delayed, Inbox};
use crate::channel::telegram::intake::update::{Event, Incoming, Update};
use crate::channel::telegram::outbox::Asked;
use crate::channel::telegram::resources::Resources;
use crate::channel::telegram::why::percent;
use crate::memory::{Notebook, Notes};
use crate::message::{Content, Place};
use crate::reply::Outcome;
use crate::responder::{Responder, Response};
use crate::store::{Day, MessageHash};
use crate::wording::group::Limits;

/// The score that "very sure" asks for, besides the measured threshold for groups: one wrong answer in thirty is too many.
const VERY_SURE: f32 = 0.97;

/// Above this number of delayed answers in this process, a question gets none.
const MAX_DELAYED: usize = 1_000;

/// How long after it was due a delayed answer is still sent, in seconds: as long as a question of a group is answered.
const MAX_LATE: i64 = 120;

/// How long it is remembered that a person replied to a message: longer than an answer is delayed.
const REPLIED_TTL: Duration = Duration::from_mins(15);

/// How long `/why` knows what held an answer back.
const HELD_TTL: Duration = Duration::from_hours(1);

/// How long today's count is kept.
const COUNT_TTL: Duration = Duration::from_hours(24);

/// What Telegram calls the topic that has no number.
const GENERAL: &str = "General";

/// The score that the group asks for besides the measured threshold.
fn least(set: &Set) -> f32 {
    if set.value(&SURENESS) == "very" { VERY_SURE } else { 0.0 }
}

/// The hour of the day, `offset` minutes east of Greenwich.
fn hour(now: i64, offset: i32) -> i64 {
    (now + i64::from(offset) * 60).div_euclid(3_600).rem_euclid(24)
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
    responder: Arc<Responder>,
    notes: Arc<Notebook>,
    /// What held an answer back, by chat and question.
    held: Notes<Held>,
    /// A day and how many unprompted answers there were in it, by chat.
    counts: Notes<(i64, u32)>,
    /// The names of topics, by chat and topic.
    topics: Cache<(i64, i64), String>,
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
            responder: Arc::clone(&of.responder),
            notes: Arc::clone(&of.notes),
            held: Notes::new("held", 10_000, HELD_TTL),
            counts: Notes::new("unprompted", 10_000, COUNT_TTL).lasting(),
            topics: Cache::builder().max_capacity(10_000).build(),
        }
    }

    /// Notes a person's reply before it is queued: it may come right after the question.
    pub fn note_reply(&self, update: &Update) {
        if let Event::Message(message) = &update.event
            && let Some(question) = message.replies_to_another()
            // An admin who asks why nothing was said has not answered.
            && message.text.as_deref().and_then(command).is_none_or(|command| command.name != "why")
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
        if self.is_replied(message.chat.id, message.id) {
            return self.hold(message.chat.id, message.id, Asked::in_group(message, 0).asker, Held::Replied);
        }
        if set.is_quiet(hour(now(), self.minutes_east())) {
            return;
        }
        let asked = Asked { place: Place::Overheard, ..Asked::in_group(message, message.id) };
        let response = self.answers.ask(&asked, Content::Text(text.to_owned())).await;
        if !matches!(response.reply.outcome, Outcome::Answer(_)) {
            return;
        }
        if response.ranking.score() < least(set) {
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
        if !set.is_on(&UNPROMPTED)
            || set.is_quiet(hour(now(), self.minutes_east()))
            || !set.speaks_in(asked.target.topic)
        {
            return;
        }
        match self.group_answers.start_cooldowns(asked, &response.reply, &set).await {
            Ok(cooldowns) => {
                let question = Question { message, text, read: text };
                if self.group_answers.answer(asked, question, response, &cooldowns).await.is_some() {
                    let chat = asked.target.chat;
                    let (day, count) = (self.today(), self.of_today(chat).await + 1);
                    self.notes.jot(&self.counts, chat.to_string(), 0, (day, count), self.counts.end());
                }
            }
            Err(held) => self.hold(asked.target.chat, message, asked.asker, held),
        }
    }

    /// How many unprompted answers a group got today.
    async fn of_today(&self, chat: i64) -> u32 {
        let count = self.notes.recall(&self.counts, &chat.to_string()).await;
        count.filter(|(of, _)| *of == self.today()).map_or(0, |(_, count)| count)
    }

    fn minutes_east(&self) -> i32 {
        self.responder.minutes_east()
    }

    fn today(&self) -> i64 {
        Day::of(now(), self.minutes_east()).0
    }

    /// Remembers for `/why` what held an answer back.
    fn hold(&self, chat: i64, message: i64, asker: i64, held: Held) {
        self.notes.jot(&self.held, format!("{chat}:{message}"), asker, held, self.held.end());
    }

    /// What `/status` says of the limits of unprompted answers.
    pub async fn limits(&self, chat: i64, set: &Set) -> String {
        let say = self.responder.wording();
        let view = self.responder.view(Some(&group(chat))).await;
        let quiet = say.setting_value(QUIET.name, set.value(&QUIET));
        say.limits(&Limits {
            today: self.of_today(chat).await,
            hour: self.group_answers.of_last_hour(chat).await.unwrap_or(0),
            hourly: set.number(&HOURLY),
            quiet: (set.value(&QUIET) != QUIET.default).then_some(quiet.as_str()),
            is_quiet: set.is_quiet(hour(now(), self.minutes_east())),
            needed: percent(view.needed(Place::Overheard).max(least(set))),
        })
    }

    /// What `/why` says of the question `meant`, which was not answered.
    pub async fn why_silent(&self, asked: &Asked, meant: &Incoming, set: &Set) -> String {
        let say = self.responder.wording();
        let (chat, topic) = (asked.target.chat, asked.target.topic);
        let text = meant.text.as_deref().unwrap_or_default();
        let view = self.responder.view(asked.group().as_ref()).await;
        let view = view.guide_first(!set.is_on(&OWN_FIRST));
        let ranking = view.find(text, None);
        let sure = view.sureness(&ranking, Place::Overheard);
        let is_answer = matches!(view.decide(&ranking, Place::Overheard), Outcome::Answer(_));
        let needed = view.needed(Place::Overheard).max(least(set));
        let held = self.notes.recall(&self.held, &format!("{chat}:{}", meant.id)).await;
        let best = ranking.candidates.first().and_then(|best| Some((view.entry(&best.entry)?, best.score)));
        let reason = match held {
            _ if !set.is_on(&UNPROMPTED) => say.unasked_off().to_owned(),
            _ if !set.speaks_in(topic) => say.silent_in(self.topic_name(chat, topic).as_deref()),
            _ if best.is_some_and(|(entry, _)| set.hidden().contains(&entry.id)) => {
                say.why_hidden().to_owned()
            }
            _ if !is_answer || ranking.score() < least(set) => {
                say.why_unsure(percent(sure.min(ranking.score())), percent(needed))
            }
            Some(Held::Replied) => say.why_replied().to_owned(),
            _ if set.is_quiet(hour(meant.date, view.guide().utc_offset)) => say.why_quiet().to_owned(),
            Some(Held::Person) => say.why_person().to_owned(),
            Some(Held::Entry) => say.why_entry_again().to_owned(),
            Some(Held::Hourly) => say.why_hourly(set.number(&HOURLY)),
            None => say.why_unknown().to_owned(),
        };
        match best {
            Some((entry, score)) => {
                format!("{reason}\n{}", say.why_nearest(&entry.question, percent(score)))
            }
            None => reason,
        }
    }

    /// Notes the name of a topic: Telegram tells it with the topic's messages that reply to none.
    pub fn note_topic(&self, message: &Incoming) {
        let root = message.reply_to.as_deref().filter(|to| message.is_topic_root(to));
        let name = message.topic_name.as_ref().or(root.and_then(|root| root.topic_name.as_ref()));
        if let (Some(topic), Some(name)) = (message.topic(), name) {
            self.topics.insert((message.chat.id, topic), name.clone());
        }
    }

    /// The name of a topic, where it is known.
    pub fn topic_name(&self, chat: i64, topic: Option<i64>) -> Option<String> {
        match topic {
            Some(topic) => self.topics.get(&(chat, topic)),
            None => Some(GENERAL.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hour_is_the_guides() {
        assert_eq!(hour(0, 360), 6);
        assert_eq!(hour(18 * 3_600, 360), 0);
        assert_eq!(hour(17 * 3_600 + 3_599, 360), 23);
        assert_eq!(hour(0, -210), 20);
    }
}
