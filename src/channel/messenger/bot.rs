//! The bot as it answers: an event comes in, its reply goes out.

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
use crate::channel::ledger::Ledger;
use crate::config::Comments;
use crate::memory::Moment;
use crate::message::{Content, ConversationId, Message, Payload, PersonId, Place};
use crate::reply::wording;
use crate::responder::{Responder, Response};
use crate::store::{MessageHash, Step, Store, within};
use crate::telemetry::Metrics;

/// Outside of that the platform takes no answer.
const WINDOW: Duration = Duration::from_hours(24);

/// One person gets so many answers at once, then one every so often: twenty a minute.
const BURST: u32 = 10;
const PERIOD: Duration = Duration::from_secs(3);

/// How often a person is told so.
const TOLD: Duration = Duration::from_mins(10);

/// How often it is looked whether another process has come to its end with what the same person sent before.
const ELSEWHERE: Duration = Duration::from_millis(200);

/// How often it is looked whether anything may be sent again, and whether a person has answered meanwhile.
const CLOSED: Duration = Duration::from_secs(5);

/// How long an answer waits for the marks that it was seen.
const SEEN: Duration = Duration::from_secs(2);

/// The presses of the menu and of the bot's own quick replies, beside those that every channel knows.
pub const START: &str = "start";
/// Calls a person.
pub const PERSON: &str = "person";
/// Brings the bot back.
pub const BOT: &str = "bot";
/// Says what is stored.
pub const PRIVACY: &str = "privacy";
/// Deletes what is stored.
pub const FORGET: &str = "forget";

type People = RateLimiter<String, DefaultKeyedStateStore<String>, DefaultClock>;

/// How much one person may ask.
pub struct Caps {
    people: Option<People>,
    /// Who was told what lately.
    told: Cache<(String, &'static str), ()>,
}

impl Default for Caps {
    fn default() -> Self {
        let quota = Quota::with_period(PERIOD)
            .map(|quota| quota.allow_burst(NonZeroU32::new(BURST).unwrap_or(NonZeroU32::MIN)));
        Self {
            people: quota.map(RateLimiter::keyed),
            told: Cache::builder().max_capacity(10_000).time_to_live(TOLD).build(),
        }
    }
}

impl Caps {
    /// Forgets those who have long been quiet.
    pub fn tidy(&self) {
        if let Some(people) = &self.people {
            people.retain_recent();
        }
    }
}

/// Handles events.
pub struct Bot {
    pub(super) sender: Sender,
    pub(super) ledger: Arc<Ledger>,
    pub(super) metrics: Metrics,
    pub(super) responder: Arc<Responder>,
    pub(super) store: Store,
    pub(super) comments: Comments,
    pub(super) handover: Duration,
    pub(super) max_age: Option<Duration>,
    /// Whether links would lead to this machine only.
    pub(super) is_linkless: bool,
    pub(super) caps: Caps,
}

impl Handle for Bot {
    async fn handle(&self, job: &Job) -> Ending {
        let event = &job.event;
        if self.is_behind(job).await {
            return Ending::NotBefore(ELSEWHERE);
        }
        if job.is_doubtful {
            tracing::warn!("an answer may have gone out before the program ended; it is not sent again");
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
                self.go_on_with_comment(self.purpose(job), job).await
            }
            What::Comment { comment, above, text } => {
                let purpose = self.purpose(job);
                self.on_comment(purpose, &event.person, comment, above.as_deref(), text).await
            }
            What::Text(_) | What::Press { .. } | What::Unreadable | What::Referral(_) => {
                match self.is_paused(&event.person).await {
                    Some(true) if !Self::ends_pause(&event.what) => {
                        self.metrics.messenger_event("paused");
                        return Ending::Done;
                    }
                    Some(_) if !job.answer.is_empty() => self.sender.go_on(self.purpose(job), job).await,
                    Some(_) if self.sender.gate().trouble().is_some() => Sent::Later,
                    Some(_) if self.sender.gate().is_closed() => return Ending::NotBefore(CLOSED),
                    Some(_) => match self.slow_down(self.purpose(job), &event.person).await {
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
        // Where this is not written it is in doubt after a restart, and not answered again.
        let _written = self.ledger.carry_out(vec![Step::Done(message)]).await;
    }

    fn may_be_shed(job: &Job) -> bool {
        let what = &job.event.what;
        let is_word = !matches!(what, What::Taken | What::GivenBack) && !Self::ends_pause(what);
        is_word && job.answer.is_empty()
    }

    fn passes(job: &Job, other: &Job) -> bool {
        // Whoever is answered by a person shall not be answered by the bot afterwards.
        job.event.what == What::Taken && Self::may_be_shed(other)
    }

    async fn shed(&self, job: &Job) {
        let event = &job.event;
        let is_comment = matches!(event.what, What::Comment { .. });
        let was_told = self.caps.told.contains_key(&(event.person.clone(), wording::TOO_MANY));
        if is_comment || was_told || self.is_old(event) || self.is_paused(&event.person).await != Some(false)
        {
            return;
        }
        self.tell_once(self.purpose(job), &event.person, wording::TOO_MANY).await;
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
    /// How long after it was said something may be answered.
    fn age_limit(&self) -> Duration {
        self.max_age.map_or(WINDOW, |most| most.min(WINDOW))
    }

    fn is_old(&self, event: &Event) -> bool {
        event.at.is_some_and(|at| now().saturating_sub(at) > millis(self.age_limit()))
    }

    /// Whether it is another process's turn, which has the earliest of what the same person sent.
    async fn is_behind(&self, job: &Job) -> bool {
        let (store, message) = (self.store.clone(), job.message.clone());
        let since = Ledger::patience();
        let look = async move { store.is_behind(&message, since).await };
        // Where the store does not say it is rather answered out of order than not at all.
        within(SEEN, look).await.and_then(Result::ok).unwrap_or(false)
    }

    fn purpose<'a>(&self, job: &'a Job) -> For<'a> {
        let age = job.event.at.map_or(0, |at| now().saturating_sub(at).max(0));
        let age = Duration::from_millis(age.unsigned_abs());
        let left = self.age_limit().saturating_sub(age);
        For { job: Some(job), deadline: Instant::now() + left }
    }

    async fn on_message(&self, purpose: For<'_>, event: &Event) -> Sent {
        let person = event.person.as_str();
        let _in_time = timeout(SEEN, self.sender.show_typing(person)).await;
        match &event.what {
            What::Text(text) => self.ask(purpose, person, Content::Text(text.clone())).await,
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

    /// How long those wait who ask more than can be read; says so once.
    async fn slow_down(&self, purpose: For<'_>, person: &str) -> Option<Duration> {
        let people = self.caps.people.as_ref()?;
        let early = people.check_key(&person.to_owned()).err()?;
        self.tell_once(purpose, person, wording::SLOW_DOWN).await;
        Some(early.wait_time_from(people.clock().now()))
    }

    /// Says `line`, unless it was said lately.
    async fn tell_once(&self, purpose: For<'_>, person: &str, line: &'static str) {
        if self.caps.told.entry((person.to_owned(), line)).or_insert(()).is_fresh() {
            // What is pending stays so: this is not its answer.
            let aside = For { job: None, ..purpose };
            self.say(aside, person, line, &[]).await;
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
            PERSON => return self.call_person(purpose, person).await,
            BOT => return self.come_back(purpose, person).await,
            PRIVACY => {
                let choices = [Choice::new(wording::FORGET_ME, FORGET)];
                return self.say(purpose, person, wording::MESSENGER_PRIVACY, &choices).await;
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
            // Of an older version, or made by hand: what it shows says what is meant.
            (None, Err(_)) if !title.is_empty() => {
                self.ask(purpose, person, Content::Text(title.to_owned())).await
            }
            (None, Err(_)) => self.welcome(purpose, person, referral).await,
        }
    }

    /// Welcomes a newcomer, or opens the entry of a link.
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
        choices.push(Choice::new(wording::ALL_TOPICS, &Payload::Topics));
        self.say(purpose, person, &wording::messenger_welcome(&view.guide().title), &choices).await
    }

    async fn topics(&self, purpose: For<'_>, person: &str, page: usize) -> Sent {
        let (text, choices) = quick::topics(&self.responder.view(None).await, page);
        self.say(purpose, person, &text, &choices).await
    }

    async fn forget(&self, purpose: For<'_>, person: &str) -> Sent {
        let line = match self.responder.memory().forget(&PersonId::new(CHANNEL, person)).await {
            Ok(_) => wording::FORGOTTEN,
            Err(_) => wording::NOT_NOW,
        };
        self.say(purpose, person, line, &[]).await
    }

    /// What a message gets.
    async fn ask(&self, purpose: For<'_>, person: &str, content: Content) -> Sent {
        let response = self.respond(person, Place::Private, content).await;
        let view = self.responder.view(None).await;
        let all = quick::of_reply(&response.reply, &view, !self.is_linkless);
        self.sender.send(purpose, person, &all).await
    }

    /// The one place that meets the responder.
    pub(super) async fn respond(&self, person: &str, place: Place, content: Content) -> Response {
        // A comment is said elsewhere than what the same person writes to the inbox.
        let conversation = match place {
            Place::Overheard => format!("comments:{person}"),
            _ => person.to_owned(),
        };
        let message = Message {
            conversation: ConversationId::new(CHANNEL, &conversation),
            person: PersonId::new(CHANNEL, person),
            group: None,
            place,
            may_be_kept: place == Place::Private,
            content,
        };
        channel::respond(&self.responder, &self.metrics, &message).await
    }

    pub(super) async fn say(&self, purpose: For<'_>, person: &str, text: &str, choices: &[Choice]) -> Sent {
        let all: Vec<Outgoing> = quick::messages(text, choices, &[]);
        self.sender.send(purpose, person, &all).await
    }
}
