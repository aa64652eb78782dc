//! Handles one event: turns it into a message, and has the reply sent.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use moka::sync::Cache;
use tokio::time::{Instant, timeout};

use super::CHANNEL;
use super::lanes::{Ending, Handle, Job};
use super::quick::{self, Choice, Outgoing};
use super::send::{For, Sender, Sent};
use super::wire::{Event, What};
use crate::channel;
use crate::channel::pending::Pending;
use crate::channel::staff::Staff;
use crate::config::Comments;
use crate::memory::Moment;
use crate::message::{Content, ConversationId, Message, Payload, PersonId, Place};
use crate::reply::{Outcome, Reply};
use crate::responder::{Responder, Response};
use crate::store::{MessageHash, Step, Store, within};
use crate::telemetry::Metrics;

/// The platform refuses answers later than that after a person's message.
const ANSWER_WINDOW: Duration = Duration::from_hours(24);

/// The rate limit of one person: so many answers at once, then one in each period, which is twenty a minute.
const BURST: u32 = 10;
const PERIOD: Duration = Duration::from_secs(3);

/// The same notice goes to a person at most once in this time.
const NOTICE_TTL: Duration = Duration::from_mins(10);

/// The delay before an event is tried again while another process handles an earlier one of the same person.
const ORDER_RETRY_DELAY: Duration = Duration::from_millis(200);

/// The delay before an event is tried again while the circuit breaker is open; a person may have answered meanwhile.
const BREAKER_RETRY_DELAY: Duration = Duration::from_secs(5);

/// How long an answer waits for the store's reply whether it is this process's turn.
const ORDER_TIMEOUT: Duration = Duration::from_secs(2);

/// How long an answer waits for the "seen" and "typing" marks.
const TYPING_TIMEOUT: Duration = Duration::from_secs(2);

/// Payloads of the menu and of this channel's quick replies, beside those of every channel. This one greets.
pub const START: &str = "start";
/// Calls a person.
pub const PERSON: &str = "person";
/// Ends the pause.
pub const BOT: &str = "bot";
/// Says what is stored.
pub const PRIVACY: &str = "privacy";
/// Deletes what is stored.
pub const FORGET: &str = "forget";

type People = RateLimiter<String, DefaultKeyedStateStore<String>, DefaultClock>;

/// What somebody who sends too much is told.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Notice {
    /// Some of it was not answered.
    TooMany,
    /// It is answered later.
    SlowDown,
}

/// How much one person may ask.
pub struct Caps {
    people: Option<People>,
    /// Which notices a person got lately.
    notices: Cache<(String, Notice), ()>,
}

impl Default for Caps {
    fn default() -> Self {
        let quota = Quota::with_period(PERIOD)
            .map(|quota| quota.allow_burst(NonZeroU32::new(BURST).unwrap_or(NonZeroU32::MIN)));
        Self {
            people: quota.map(RateLimiter::keyed),
            notices: Cache::builder().max_capacity(10_000).time_to_live(NOTICE_TTL).build(),
        }
    }
}

impl Caps {
    /// Drops the state of people who have not asked for a while.
    pub fn tidy(&self) {
        if let Some(people) = &self.people {
            people.retain_recent();
        }
    }
}

/// Handles events.
pub struct Bot {
    pub(super) sender: Sender,
    pub(super) pending: Arc<Pending>,
    pub(super) metrics: Metrics,
    pub(super) responder: Arc<Responder>,
    /// Who is told that a person is wanted.
    pub(super) staff: Staff,
    /// The Page's id.
    pub(super) page: String,
    pub(super) store: Store,
    pub(super) comments: Comments,
    pub(super) handover: Duration,
    pub(super) max_age: Option<Duration>,
    /// Whether links would lead to this machine only, and are left out.
    pub(super) is_linkless: bool,
    /// After how many days what is kept is deleted.
    pub(super) retention_days: u64,
    pub(super) caps: Caps,
}

impl Handle for Bot {
    async fn handle(&self, job: &Job) -> Ending {
        let event = &job.event;
        if self.is_behind(job).await {
            return Ending::NotBefore(ORDER_RETRY_DELAY);
        }
        if job.is_doubtful {
            tracing::warn!("an answer may have been sent before a crash; it is not sent again");
            self.metrics.messenger_event("doubtful");
        }
        let sent = match &event.what {
            What::Taken => return self.taken(event).await,
            What::GivenBack => return self.given_back(event).await,
            _ if job.is_doubtful && job.answer.is_empty() => return Ending::Done,
            _ if self.is_old(event) => {
                self.metrics.messenger_event("stale");
                return Ending::Done;
            }
            What::Comment { .. } if !job.answer.is_empty() => {
                self.resume_comment(self.purpose(job), job).await
            }
            What::Comment { comment, parent, text } => {
                let purpose = self.purpose(job);
                self.on_comment(purpose, &event.person, comment, parent.as_deref(), text).await
            }
            What::Text(_) | What::Press { .. } | What::Unreadable | What::Referral(_) => {
                match self.is_paused(&event.person).await {
                    Some(true) if !Self::ends_pause(&event.what) => {
                        self.metrics.messenger_event("paused");
                        return Ending::Done;
                    }
                    Some(_) if !job.answer.is_empty() => self.sender.resume(self.purpose(job), job).await,
                    Some(_) if self.sender.breaker().fault().is_some() => Sent::Later,
                    Some(_) if self.sender.breaker().is_open() => {
                        return Ending::NotBefore(BREAKER_RETRY_DELAY);
                    }
                    Some(_) => match self.rate_limit(self.purpose(job), &event.person).await {
                        Some(wait) => return Ending::NotBefore(wait),
                        None => self.on_message(self.purpose(job), event).await,
                    },
                    None => return Ending::Kept,
                }
            }
        };
        if sent == Sent::Later {
            return Ending::Kept;
        }
        self.metrics.messenger_event("handled");
        Ending::Done
    }

    async fn done(&self, message: MessageHash) {
        // The store logs its failures. An event that stays there is dropped later: its answer may have gone out.
        self.pending.carry_out(vec![Step::Done(message)]).await;
    }

    fn may_be_shed(job: &Job) -> bool {
        let what = &job.event.what;
        let is_word = !matches!(what, What::Taken | What::GivenBack) && !Self::ends_pause(what);
        is_word && job.answer.is_empty()
    }

    fn passes(job: &Job, other: &Job) -> bool {
        // A person's answer takes effect before the bot answers what waits.
        job.event.what == What::Taken && Self::may_be_shed(other)
    }

    async fn shed(&self, job: &Job) {
        let event = &job.event;
        let is_comment = matches!(event.what, What::Comment { .. });
        let was_notified = self.caps.notices.contains_key(&(event.person.clone(), Notice::TooMany));
        if is_comment
            || was_notified
            || self.is_old(event)
            || self.is_paused(&event.person).await != Some(false)
        {
            return;
        }
        self.notify_once(self.purpose(job), &event.person, Notice::TooMany).await;
    }
}

/// Now, in Unix milliseconds.
pub fn now() -> i64 {
    Moment::now().unix.saturating_mul(1_000)
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

impl Bot {
    /// How old a message may be to be answered.
    fn age_limit(&self) -> Duration {
        self.max_age.map_or(ANSWER_WINDOW, |age| age.min(ANSWER_WINDOW))
    }

    fn is_old(&self, event: &Event) -> bool {
        event.at.is_some_and(|at| now().saturating_sub(at) > millis(self.age_limit()))
    }

    /// Whether another process has an earlier event of the same person.
    async fn is_behind(&self, job: &Job) -> bool {
        let (store, message) = (self.store.clone(), job.message.clone());
        let since = Pending::lost_before();
        let look = async move { store.is_behind(&message, since).await };
        // When the store does not reply, an answer out of order is better than none.
        within(ORDER_TIMEOUT, look).await.and_then(Result::ok).unwrap_or(false)
    }

    fn purpose<'a>(&self, job: &'a Job) -> For<'a> {
        let age = job.event.at.map_or(0, |at| now().saturating_sub(at).max(0));
        let age = Duration::from_millis(age.unsigned_abs());
        let left = self.age_limit().saturating_sub(age);
        For { job: Some(job), deadline: Instant::now() + left }
    }

    async fn on_message(&self, purpose: For<'_>, event: &Event) -> Sent {
        let person = event.person.as_str();
        let mut answered = None;
        match &event.what {
            What::Text(text) => {
                let response = self.respond(person, Place::Private, Content::Text(text.clone())).await;
                match response.reply.outcome {
                    // The message stays unseen, so that a person finds it in the inbox.
                    Outcome::Handoff => return self.call_person(purpose, event).await,
                    Outcome::Distress => return self.reply(purpose, person, &response.reply).await,
                    _ => answered = Some(response.reply),
                }
            }
            What::Press { payload: Some(payload), .. } if payload == PERSON => {
                return self.call_person(purpose, event).await;
            }
            _ => {}
        }
        if timeout(TYPING_TIMEOUT, self.sender.show_typing(person)).await.is_err() {
            tracing::debug!("the typing mark took too long; answering without it");
        }
        if let Some(reply) = answered {
            return self.reply(purpose, person, &reply).await;
        }
        match &event.what {
            What::Press { payload, title, referral } => {
                self.press(
                    purpose,
                    person,
                    payload.as_deref().unwrap_or_default(),
                    title,
                    referral.as_deref(),
                )
                .await
            }
            What::Referral(referral) => self.welcome(purpose, person, Some(referral)).await,
            _ => self.ask(purpose, person, Content::Unreadable).await,
        }
    }

    /// How long a person over the rate limit has to wait; tells them once.
    async fn rate_limit(&self, purpose: For<'_>, person: &str) -> Option<Duration> {
        let people = self.caps.people.as_ref()?;
        let early = people.check_key(&person.to_owned()).err()?;
        self.notify_once(purpose, person, Notice::SlowDown).await;
        Some(early.wait_time_from(people.clock().now()))
    }

    /// Sends the notice, unless the person got it lately.
    async fn notify_once(&self, purpose: For<'_>, person: &str, notice: Notice) {
        if self.caps.notices.entry((person.to_owned(), notice)).or_insert(()).is_fresh() {
            let say = self.responder.wording();
            let line = match notice {
                Notice::TooMany => say.too_many(),
                Notice::SlowDown => say.slow_down(),
            };
            // Not the event's answer: the event stays pending.
            let purpose = For { job: None, ..purpose };
            self.say(purpose, person, line, &[]).await;
        }
    }

    async fn press(
        &self,
        purpose: For<'_>,
        person: &str,
        payload: &str,
        title: &str,
        referral: Option<&str>,
    ) -> Sent {
        match payload {
            START => return self.welcome(purpose, person, referral).await,
            BOT => return self.come_back(purpose, person).await,
            PRIVACY => {
                let say = self.responder.wording();
                let (text, forget) = (say.messenger_privacy(self.retention_days), say.forget_me());
                return self.say(purpose, person, &text, &[Choice::new(forget, FORGET)]).await;
            }
            FORGET => return self.forget(purpose, person).await,
            _ => {}
        }
        let page = payload.strip_prefix(quick::TOPICS).and_then(|page| page.parse::<usize>().ok());
        let view = self.responder.view(None).await;
        match (page, payload.parse::<Payload>()) {
            (Some(page), _) => self.topics(purpose, person, page).await,
            (None, Ok(Payload::Topics)) => self.topics(purpose, person, 0).await,
            (None, Ok(Payload::Entry(id))) if !title.is_empty() && view.entry(&id).is_none() => {
                self.ask(purpose, person, Content::Text(title.to_owned())).await
            }
            (None, Ok(payload)) => self.ask(purpose, person, Content::Press(payload)).await,
            // A payload of an older version, or made by hand: the button's title says what is meant.
            (None, Err(_)) if !title.is_empty() => {
                self.ask(purpose, person, Content::Text(title.to_owned())).await
            }
            (None, Err(_)) => self.welcome(purpose, person, referral).await,
        }
    }

    /// Greets a newcomer, or opens the entry that the link names.
    async fn welcome(&self, purpose: For<'_>, person: &str, referral: Option<&str>) -> Sent {
        let view = self.responder.view(None).await;
        if let Some(id) = referral.and_then(|referral| referral.parse().ok())
            && view.entry(&id).is_some()
        {
            return self.ask(purpose, person, Content::Press(Payload::Entry(id))).await;
        }
        let mut choices: Vec<Choice> = (view.popular())
            .map(|entry| Choice::new(&entry.label, &Payload::Entry(entry.id.clone())))
            .collect();
        choices.push(Choice::new(view.wording().all_topics(), &Payload::Topics));
        self.say(purpose, person, &view.wording().messenger_welcome(&view.guide().title), &choices).await
    }

    async fn topics(&self, purpose: For<'_>, person: &str, page: usize) -> Sent {
        let (text, choices) = quick::topics(&self.responder.view(None).await, page);
        self.say(purpose, person, &text, &choices).await
    }

    async fn forget(&self, purpose: For<'_>, person: &str) -> Sent {
        let say = self.responder.wording();
        let line = match self.responder.memory().forget(&PersonId::new(CHANNEL, person)).await {
            Ok(_) => say.forgotten(),
            Err(_) => say.not_now(),
        };
        self.say(purpose, person, line, &[]).await
    }

    /// Answers a message.
    async fn ask(&self, purpose: For<'_>, person: &str, content: Content) -> Sent {
        let response = self.respond(person, Place::Private, content).await;
        self.reply(purpose, person, &response.reply).await
    }

    async fn reply(&self, purpose: For<'_>, person: &str, reply: &Reply) -> Sent {
        let view = self.responder.view(None).await;
        let all = quick::of_reply(reply, &view, !self.is_linkless);
        self.sender.send(purpose, person, &all).await
    }

    /// The reply to a message.
    pub(super) async fn respond(&self, person: &str, place: Place, content: Content) -> Response {
        // Comments and inbox of the same person are different conversations.
        let of = if place == Place::Overheard { "comments:" } else { "" };
        let message = Message {
            conversation: ConversationId::new(CHANNEL, &format!("{of}{person}")),
            person: PersonId::new(CHANNEL, person),
            group: None,
            place,
            may_be_kept: place == Place::Private,
            hidden: Vec::new(),
            guide_first: false,
            content,
        };
        channel::respond(&self.responder, &self.metrics, &message).await
    }

    pub(super) async fn say(&self, purpose: For<'_>, person: &str, text: &str, choices: &[Choice]) -> Sent {
        let all: Vec<Outgoing> = quick::messages(&self.responder.wording(), text, choices, &[]);
        self.sender.send(purpose, person, &all).await
    }
}
