//! Handles one event: turns it into a message, and has the reply sent.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use governor::clock::Clock as _;
use tokio::time::{Instant, timeout};

use super::answer::Recovered;
use super::caps::{Caps, Notice};
use super::lanes::{Ending, Handle, Job};
use super::quick::{self, Choice, Outgoing};
use super::send::{self, For, Sender, Sent};
use super::surface::{Surface, bare};
use super::wire::{Event, What};
use crate::channel;
use crate::channel::pending::Pending;
use crate::channel::staff::Staff;
use crate::config::Comments;
use crate::memory::Moment;
use crate::message::{Content, ConversationId, Message, PersonId, Place};
use crate::reply::{Outcome, Reply};
use crate::responder::{Responder, Response};
use crate::store::{Cooldown, MessageHash, Step, Store, Turn, within};
use crate::telemetry::Metrics;

/// The platform refuses answers later than that after a person's message.
const ANSWER_WINDOW: Duration = Duration::from_hours(24);

/// The delay before an event is tried again while another process handles an earlier one of the same person.
const ORDER_RETRY_DELAY: Duration = Duration::from_millis(200);

/// The delay before an event is tried again while the circuit breaker is open; a person may have answered meanwhile.
const BREAKER_RETRY_DELAY: Duration = Duration::from_secs(5);

/// How long an answer waits for the store's reply whether it is this process's turn.
const ORDER_TIMEOUT: Duration = Duration::from_secs(2);

/// A Like is thanked for once in this time.
const THANKS_TTL: Duration = Duration::from_hours(24);

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
    /// How many lines below comments were taken.
    pub(super) turns: AtomicUsize,
}

impl Handle for Bot {
    async fn handle(&self, job: &Job) -> Ending {
        let event = &job.event;
        if self.is_behind(job).await {
            return Ending::NotBefore(ORDER_RETRY_DELAY);
        }
        match &event.what {
            What::Said(text) if self.is_own(&event.person, text).await => return Ending::Done,
            What::Taken | What::Said(_) => return self.taken(event).await,
            What::GivenBack => return self.given_back(event).await,
            What::Unsent(mid) => {
                self.caps.unsent.insert(unsent(event, mid), ());
                return Ending::Done;
            }
            _ if self.caps.unsent.contains_key(&unsent(event, &event.id)) => {
                self.metrics.messenger_event("unsent");
                return Ending::Done;
            }
            _ if self.is_old(event) => {
                self.metrics.messenger_event("stale");
                return Ending::Done;
            }
            _ => {}
        }
        if let Some(wait) = self.comment_delay(event).await {
            return Ending::NotBefore(wait);
        }
        let mut job = job.clone();
        let mut recovered = Recovered::Sent;
        if job.is_doubtful {
            recovered = self.recover(&job).await;
            self.metrics.messenger_event("doubtful");
            match recovered {
                Recovered::Later => return Ending::Kept,
                Recovered::NotSent => job.is_doubtful = false,
                Recovered::Sent | Recovered::Unknown => {
                    tracing::warn!("an answer may have been sent before a crash; it is not sent again");
                }
            }
        }
        let ending = self.answer(&job).await;
        let is_message = !matches!(job.event.what, What::Comment { .. });
        if recovered == Recovered::Unknown
            && ending == Ending::Done
            && is_message
            && self.is_paused(&job.event.person).await == Some(false)
            && self.ask_again(self.purpose(&job), &job).await == Sent::Later
        {
            tracing::warn!("a person could not be asked to repeat a question whose answer may be lost");
        }
        ending
    }

    async fn done(&self, message: MessageHash) {
        // The store logs its failures. An event that stays there is dropped later: its answer may have gone out.
        self.pending.carry_out(vec![Step::Done(message)]).await;
    }

    fn may_be_shed(job: &Job) -> bool {
        let what = &job.event.what;
        let is_word = !matches!(what, What::Taken | What::Said(_) | What::GivenBack | What::Unsent(_))
            && !Self::ends_pause(what);
        is_word && job.answer.is_empty()
    }

    fn passes(job: &Job, other: &Job) -> bool {
        // A person's answer takes effect before the bot answers what waits.
        let goes_first = matches!(job.event.what, What::Taken | What::Said(_) | What::Unsent(_));
        goes_first && Self::may_be_shed(other)
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

/// Names a message that its author may take back.
fn unsent(event: &Event, mid: &str) -> (String, String) {
    (event.person.clone(), mid.trim_start_matches("instagram:").to_owned())
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

impl Bot {
    /// Answers what somebody said, pressed or commented.
    async fn answer(&self, job: &Job) -> Ending {
        let event = &job.event;
        let sent = match &event.what {
            // It went out, or nobody can say.
            _ if job.is_doubtful && job.answer.is_empty() => return Ending::Done,
            What::Comment { .. } if !job.answer.is_empty() => {
                self.resume_comment(self.purpose(job), job).await
            }
            What::Comment { .. } => self.on_comment(self.purpose(job), event).await,
            What::Text(_) | What::Press { .. } | What::Unreadable | What::Like | What::Referral(_) => {
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
            What::Taken | What::Said(_) | What::GivenBack | What::Unsent(_) => return Ending::Done,
        };
        if sent == Sent::Later {
            return Ending::Kept;
        }
        self.metrics.messenger_event("handled");
        Ending::Done
    }

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
            What::Like if self.take_once("thanks", person, THANKS_TTL).await.is_none() => return Sent::No,
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
            What::Like => self.say(purpose, person, self.responder.wording().thanks_helpful(), &[]).await,
            _ => self.ask(purpose, person, Content::Unreadable).await,
        }
    }

    /// Takes `what` for a person, who gets it once in `ttl`; none when they had it, or the store does not reply.
    pub(super) async fn take_once(&self, what: &str, person: &str, ttl: Duration) -> Option<Turn> {
        let (store, what) = (self.store.clone(), what.to_owned());
        let person = store.secret().person(Surface::of(person).channel(), bare(person));
        let (seconds, now) = (i64::try_from(ttl.as_secs()).unwrap_or(i64::MAX), Moment::now().unix);
        let take = async move {
            store.try_take(&Cooldown::Once { what: &what, person: &person }, seconds, now).await
        };
        within(ORDER_TIMEOUT, take).await.and_then(Result::ok).flatten()
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

    /// Answers a message.
    pub(super) async fn ask(&self, purpose: For<'_>, person: &str, content: Content) -> Sent {
        let response = self.respond(person, Place::Private, content).await;
        self.reply(purpose, person, &response.reply).await
    }

    /// Whether the bot itself wrote this to `person` lately.
    async fn is_own(&self, person: &str, text: &str) -> bool {
        let (store, what) = (self.store.clone(), send::echo(text));
        let person = store.secret().person(Surface::of(person).channel(), bare(person));
        let look = async move {
            store.taken(&Cooldown::Once { what: &what, person: &person }, Moment::now().unix).await
        };
        within(ORDER_TIMEOUT, look).await.and_then(Result::ok).is_some_and(|taken| taken > 0)
    }

    async fn reply(&self, purpose: For<'_>, person: &str, reply: &Reply) -> Sent {
        let view = self.responder.view(None).await;
        let all = quick::of_reply(Surface::of(person), reply, &view, !self.is_linkless);
        self.sender.send(purpose, person, &all).await
    }

    /// The reply to a message.
    pub(super) async fn respond(&self, person: &str, place: Place, content: Content) -> Response {
        // Comments and inbox of the same person are different conversations.
        let of = if place == Place::Overheard { "comments:" } else { "" };
        let (channel, person) = (Surface::of(person).channel(), bare(person));
        let message = Message {
            conversation: ConversationId::new(channel, &format!("{of}{person}")),
            person: PersonId::new(channel, person),
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
        let all: Vec<Outgoing> =
            quick::messages(Surface::of(person), &self.responder.wording(), text, choices, &[]);
        self.sender.send(purpose, person, &all).await
    }
}
