//! Sends answers part by part. A request that surely failed is retried; one of unknown outcome is not.

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::time::{Instant, sleep};

use super::answer::{Kept, Part};
use super::circuit_breaker::{CircuitBreaker, Rejected};
use super::failure::Failure;
use super::graph::Graph;
use super::lanes::Job;
use super::quick::Outgoing;
use super::surface::{Surface, bare};
use crate::channel::pending::Pending;
use crate::memory::{Cipher, Moment};
use crate::store::{Cooldown, Step, Store, within};
use crate::telemetry::Metrics;

/// Delays before a retry when the connection could not be made.
const CONNECT_RETRY_DELAYS: [Duration; 3] =
    [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];

/// Delays before a retry after a passing failure.
const RETRY_DELAYS: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(2)];

/// How many times the circuit breaker may open under one request.
const MAX_BREAKER_OPENINGS: usize = 8;

/// At most once in this time a missing permission is logged.
const LOG_INTERVAL: Duration = Duration::from_mins(10);

/// How long an echo of the bot's own words may take, in seconds.
const ECHO_TTL: i64 = 24 * 60 * 60;

/// How long an answer waits for the store to note its echo.
const ECHO_TIMEOUT: Duration = Duration::from_secs(2);

/// By what the echo of `text` is recognised on Instagram, whose echoes name no app.
pub fn echo(text: &str) -> String {
    format!("echo:{}", hex::encode(Sha256::digest(text.trim())))
}

/// What became of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It was sent.
    Yes,
    /// It was not sent, or the outcome is unknown; it is not tried again.
    No,
    /// It was not sent, and is tried again later: the store, the network or the token has to recover.
    Later,
}

/// What a request is for, and its deadline.
#[derive(Clone, Copy, Debug)]
pub struct For<'a> {
    /// The pending event that this answers; none for a notice.
    pub job: Option<&'a Job>,
    /// After that nothing is sent any more.
    pub deadline: Instant,
}

/// What became of one part.
enum Posted {
    Sent,
    /// The outcome is unknown.
    Doubtful,
    /// Not sent, and a retry does not help.
    No,
    /// Not sent; a retry may help later.
    Later,
}

/// Sends for one Page.
pub struct Sender {
    graph: Arc<Graph>,
    page: String,
    breaker: CircuitBreaker,
    pending: Arc<Pending>,
    store: Store,
    cipher: Arc<Cipher>,
    metrics: Metrics,
    /// Which failures were logged lately.
    logged: Cache<&'static str, ()>,
}

impl Sender {
    /// Sends for `page`.
    pub fn new(
        graph: Arc<Graph>,
        page: &str,
        pending: Arc<Pending>,
        store: Store,
        cipher: Arc<Cipher>,
        metrics: Metrics,
    ) -> Self {
        let logged = Cache::builder().max_capacity(100).time_to_live(LOG_INTERVAL).build();
        Self {
            graph,
            page: page.to_owned(),
            breaker: CircuitBreaker::default(),
            pending,
            store,
            cipher,
            metrics,
            logged,
        }
    }

    /// The circuit breaker that every request goes through.
    pub fn breaker(&self) -> &CircuitBreaker {
        &self.breaker
    }

    /// Sends `all` to `person`, one after the other.
    pub async fn send(&self, purpose: For<'_>, person: &str, all: &[Outgoing]) -> Sent {
        let part = |outgoing: &Outgoing| Part {
            path: self.messages(),
            body: json!({
                "recipient": { "id": bare(person) },
                "messaging_type": "RESPONSE",
                "message": outgoing.message,
            }),
            plain: Some(outgoing.plain.clone()),
            announces: false,
        };
        let answer: Vec<Part> = all.iter().map(part).collect();
        self.parts(purpose, person, &answer).await
    }

    /// Sends the one private reply that a comment may have, and after it the public line below the comment.
    pub async fn reply_to_comment(
        &self,
        purpose: For<'_>,
        comment: &str,
        person: &str,
        outgoing: &Outgoing,
        public: Option<(&str, &str)>,
    ) -> Sent {
        let mut answer = vec![Part {
            path: self.messages(),
            body: json!({ "recipient": { "comment_id": comment }, "message": outgoing.message }),
            plain: Some(outgoing.plain.clone()),
            announces: false,
        }];
        answer.extend(public.map(|(parent, line)| Part {
            path: format!("{parent}/{}", Surface::of(person).below_comment()),
            body: json!({ "message": line }),
            plain: None,
            announces: true,
        }));
        self.parts(purpose, person, &answer).await
    }

    /// Sends the parts of `job`'s answer that are left. A part of unknown outcome is not sent again.
    pub async fn resume(&self, purpose: For<'_>, job: &Job) -> Sent {
        self.parts(purpose, &job.event.person, &job.answer).await
    }

    /// Marks the message as seen and shows that an answer is being written. A failure changes nothing about the answer.
    pub async fn show_typing(&self, person: &str) {
        if self.breaker.is_open() {
            return;
        }
        for action in ["mark_seen", "typing_on"] {
            let body = json!({ "recipient": { "id": bare(person) }, "sender_action": action });
            if let Err(failure) = self.graph.post(&self.messages(), &body).await {
                self.breaker.failed(&failure);
                return;
            }
        }
    }

    /// `fields` of the conversation with `person`; null where there is none.
    ///
    /// # Errors
    /// The platform refuses to show it, or did not answer.
    pub async fn conversation(&self, person: &str, fields: &str) -> Result<Value, Failure> {
        let path = format!("{}/conversations", self.page);
        let platform = Surface::of(person).platform();
        let query = [("platform", platform), ("user_id", bare(person)), ("fields", fields)];
        let found = self.graph.get(&path, &query).await?;
        Ok(found["data"][0].clone())
    }

    fn messages(&self) -> String {
        format!("{}/messages", self.page)
    }

    async fn parts(&self, purpose: For<'_>, person: &str, answer: &[Part]) -> Sent {
        let resumed = purpose.job.filter(|job| !job.answer.is_empty());
        let first = resumed.map_or(0, |job| job.over.saturating_add(u32::from(job.is_doubtful)));
        let mut last_was_sent = resumed.is_none_or(|job| !job.is_doubtful);
        for (number, part) in (0..).zip(answer).skip(usize::try_from(first).unwrap_or(usize::MAX)) {
            if part.announces && !last_was_sent {
                continue;
            }
            let is_last = number as usize + 1 == answer.len();
            // An answer is stored before its first part goes out, so that after a crash it is known what was sent.
            let to_store = if number == first && resumed.is_none() { answer } else { &[] };
            let position = Position { number, is_last, to_store };
            if Surface::of(person) == Surface::Instagram {
                self.expect_echo(person, part).await;
            }
            match self.part(purpose, part, position).await {
                Posted::Sent => last_was_sent = true,
                Posted::Doubtful => last_was_sent = false,
                Posted::No => return Sent::No,
                Posted::Later => return Sent::Later,
            }
        }
        Sent::Yes
    }

    /// Notes that the echo of `part` is the bot's own.
    async fn expect_echo(&self, person: &str, part: &Part) {
        let texts = [part.body["message"]["text"].as_str(), part.plain.as_deref()];
        for text in texts.into_iter().flatten() {
            let (store, what) = (self.store.clone(), echo(text));
            let person = store.secret().person(Surface::of(person).channel(), bare(person));
            let now = Moment::now().unix;
            let take = async move {
                store.try_take(&Cooldown::Once { what: &what, person: &person }, ECHO_TTL, now).await
            };
            if within(ECHO_TIMEOUT, take).await.and_then(Result::ok).is_none() {
                tracing::warn!("Instagram: the echo of an answer may be taken for a person's word");
            }
        }
    }

    async fn part(&self, purpose: For<'_>, part: &Part, position: Position<'_>) -> Posted {
        let mut posted = self.post(purpose, position, &part.path, &part.body).await;
        if let (Err(Some(Failure::Bad(why))), Some(plain)) = (&posted, &part.plain) {
            tracing::error!("Messenger refuses a message, trying its plain text: {why}");
            let mut body = part.body.clone();
            let metadata = body["message"]["metadata"].take();
            body["message"] = json!({ "text": plain });
            if !metadata.is_null() {
                body["message"]["metadata"] = metadata;
            }
            posted = self.post(purpose, position, &part.path, &body).await;
        }
        match posted {
            Ok(()) => Posted::Sent,
            Err(Some(Failure::Unknown(_))) => Posted::Doubtful,
            Err(Some(failure)) if !is_for_later(&failure) => Posted::No,
            Err(_) => Posted::Later,
        }
    }

    /// Posts, with retries. `Err(None)`: nothing was tried, and it can wait.
    async fn post(
        &self,
        purpose: For<'_>,
        position: Position<'_>,
        path: &str,
        body: &Value,
    ) -> Result<(), Option<Failure>> {
        let (mut connecting, mut passing) = (CONNECT_RETRY_DELAYS.iter(), RETRY_DELAYS.iter());
        let mut openings = 0;
        loop {
            match self.breaker.acquire(purpose.deadline).await {
                Ok(()) => {}
                Err(Rejected::PastDeadline) => {
                    self.metrics.messenger_send("stale");
                    return Err(Some(Failure::Refused("its deadline passed".to_owned())));
                }
                Err(Rejected::Fault) => return Err(None),
            }
            // From here on a crash leaves the outcome unknown, and the part is not sent again.
            if let Some(job) = purpose.job
                && !self.store_progress(job, position.number, true, position.to_store).await
            {
                return Err(None);
            }
            let result = self.graph.post(path, body).await;
            self.record(&result);
            let Err(failure) = result else {
                self.breaker.succeeded();
                if let Some(job) = purpose.job
                    && !position.is_last
                {
                    // A failed write, which the store logs, does not hold up the next part.
                    self.store_progress(job, position.number + 1, false, &[]).await;
                }
                return Ok(());
            };
            let wait = match &failure {
                Failure::NotSent => connecting.next(),
                Failure::Passing(_) => passing.next(),
                Failure::Rate(_) | Failure::Restricted if openings < MAX_BREAKER_OPENINGS => {
                    openings += 1;
                    Some(&Duration::ZERO)
                }
                _ => None,
            };
            if let Some(job) = purpose.job
                && (wait.is_some() || is_for_later(&failure))
            {
                // After a failed write, which the store logs, the part counts as possibly sent: lost rather than doubled.
                self.store_progress(job, position.number, false, &[]).await;
            }
            match wait {
                Some(wait) if Instant::now() + *wait < purpose.deadline => sleep(*wait).await,
                _ => return Err(Some(failure)),
            }
        }
    }

    /// Stores how far the answer to `job` has come; returns whether that was written and this process still holds the job.
    async fn store_progress(&self, job: &Job, over: u32, is_sending: bool, to_store: &[Part]) -> bool {
        let mut body = None;
        if !to_store.is_empty() {
            body = Kept { event: job.event.clone(), answer: to_store.to_vec() }.close(&self.cipher);
            if body.is_none() {
                return false;
            }
        }
        let step = Step::Progress { message: job.message.clone(), over, is_sending, body };
        self.pending.carry_out(vec![step]).await.is_some_and(|changed| changed == [true])
    }

    /// Counts the result of a request, tells the circuit breaker of a failure, and logs what an operator can act on.
    fn record(&self, result: &Result<Value, Failure>) {
        let Err(failure) = result else { return self.metrics.messenger_send("sent") };
        self.metrics.messenger_send(failure.name());
        self.breaker.failed(failure);
        match failure {
            Failure::Window | Failure::Unreachable(_) => tracing::debug!("a message was not sent: {failure}"),
            Failure::Permission(_) if !self.logged.contains_key("permission") => {
                self.logged.insert("permission", ());
                tracing::error!("Messenger: a message was not sent: {failure}");
            }
            Failure::Permission(_)
            | Failure::Token(_)
            | Failure::Secret
            | Failure::Blocked
            | Failure::Version
            | Failure::Rate(_)
            | Failure::Restricted => {}
            _ => tracing::warn!("Messenger: a message was not sent: {failure}"),
        }
    }
}

/// Which part of an answer it is.
#[derive(Clone, Copy)]
struct Position<'a> {
    number: u32,
    is_last: bool,
    /// The whole answer, where it is stored before this part goes out.
    to_store: &'a [Part],
}

/// Nothing was sent, and it can be once the network is back or an operator has acted.
fn is_for_later(failure: &Failure) -> bool {
    use Failure::{Blocked, NotSent, Secret, Token, Version};
    matches!(failure, NotSent | Token(_) | Secret | Blocked | Version)
}
