//! Sends answers, part by part, and again where nothing was sent; never where it may have been.

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::answer::{Kept, Part};
use super::failure::Failure;
use super::gate::{Gate, Shut};
use super::graph::Graph;
use super::lanes::Job;
use super::quick::Outgoing;
use super::wire::OWN;
use crate::channel::ledger::Ledger;
use crate::channel::seal::Seal;
use crate::store::Step;
use crate::telemetry::Metrics;

/// Waits after a connection that did not come about.
const CONNECT_AGAIN: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];

/// Waits after a failure that passes.
const AGAIN: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(2)];

/// How many times one message may meet a closed gate.
const CLOSED: usize = 8;

/// How often a missing permission is told.
const TOLD: Duration = Duration::from_mins(10);

/// What became of something that was to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It was sent.
    Yes,
    /// It was not, or nobody knows; it is over.
    No,
    /// It was not: the store or the token is to be waited for.
    Later,
}

/// What a request is for: what is pending in the store, and until when it is worth it.
#[derive(Clone, Copy, Debug)]
pub struct For<'a> {
    /// What is pending, where this is its answer.
    pub job: Option<&'a Job>,
    /// After that it is too late.
    pub deadline: Instant,
}

/// What became of one part.
enum Posted {
    Sent,
    /// Nobody knows.
    Doubtful,
    /// Surely not, and it never will.
    No,
    /// Surely not, but it may later.
    Later,
}

/// Sends for one Page.
pub struct Sender {
    graph: Arc<Graph>,
    page: String,
    gate: Gate,
    ledger: Arc<Ledger>,
    seal: Arc<Seal>,
    metrics: Metrics,
    told: Cache<&'static str, ()>,
}

impl Sender {
    /// Sends for `page`.
    pub fn new(
        graph: Arc<Graph>,
        page: &str,
        ledger: Arc<Ledger>,
        seal: Arc<Seal>,
        metrics: Metrics,
    ) -> Self {
        let told = Cache::builder().max_capacity(100).time_to_live(TOLD).build();
        Self { graph, page: page.to_owned(), gate: Gate::default(), ledger, seal, metrics, told }
    }

    /// What all sends go through.
    pub fn gate(&self) -> &Gate {
        &self.gate
    }

    /// Sends `all` to `person`, one after the other.
    pub async fn send(&self, purpose: For<'_>, person: &str, all: &[Outgoing]) -> Sent {
        let part = |outgoing: &Outgoing| Part {
            path: self.messages(),
            body: json!({
                "recipient": { "id": person },
                "messaging_type": "RESPONSE",
                "message": outgoing.message,
            }),
            plain: Some(outgoing.plain.clone()),
            announces: false,
        };
        let answer: Vec<Part> = all.iter().map(part).collect();
        self.parts(purpose, &answer).await
    }

    /// Sends the one private reply that a comment may have, and after it what stands below the comment for all to see.
    pub async fn reply_to_comment(
        &self,
        purpose: For<'_>,
        comment: &str,
        outgoing: &Outgoing,
        public: Option<(&str, &str)>,
    ) -> Sent {
        let mut answer = vec![Part {
            path: self.messages(),
            body: json!({ "recipient": { "comment_id": comment }, "message": outgoing.message }),
            plain: Some(outgoing.plain.clone()),
            announces: false,
        }];
        answer.extend(public.map(|(above, line)| Part {
            path: format!("{above}/comments"),
            body: json!({ "message": line }),
            plain: None,
            announces: true,
        }));
        self.parts(purpose, &answer).await
    }

    /// Goes on with the answer of `job`, which was begun. The part whose outcome nobody knows does not go out again.
    pub async fn go_on(&self, purpose: For<'_>, job: &Job) -> Sent {
        self.parts(purpose, &job.answer).await
    }

    /// Shows that the message was seen and that somebody writes. Where this fails nobody misses it.
    pub async fn show_typing(&self, person: &str) {
        if self.gate.is_closed() {
            return;
        }
        for action in ["mark_seen", "typing_on"] {
            let body = json!({ "recipient": { "id": person }, "sender_action": action });
            if let Err(failure) = self.graph.post(&self.messages(), &body).await {
                self.gate.failed(&failure);
                return;
            }
        }
    }

    fn messages(&self) -> String {
        format!("{}/messages", self.page)
    }

    async fn parts(&self, purpose: For<'_>, answer: &[Part]) -> Sent {
        let begun = purpose.job.filter(|job| !job.answer.is_empty());
        let first = begun.map_or(0, |job| job.over.saturating_add(u32::from(job.is_doubtful)));
        let mut last_was_sent = begun.is_none_or(|job| !job.is_doubtful);
        for (number, part) in (0..).zip(answer).skip(usize::try_from(first).unwrap_or(usize::MAX)) {
            if part.announces && !last_was_sent {
                continue;
            }
            let is_last = number as usize + 1 == answer.len();
            // What is more than one part is kept before the first goes out.
            let to_keep = if number == first && begun.is_none() && !is_last { answer } else { &[] };
            let place = Place { number, is_last, to_keep };
            match self.part(purpose, part, place).await {
                Posted::Sent => last_was_sent = true,
                Posted::Doubtful => last_was_sent = false,
                Posted::No => return Sent::No,
                Posted::Later => return Sent::Later,
            }
        }
        Sent::Yes
    }

    async fn part(&self, purpose: For<'_>, part: &Part, place: Place<'_>) -> Posted {
        let mut posted = self.post(purpose, place, &part.path, &part.body).await;
        if let (Err(Some(Failure::Bad(why))), Some(plain)) = (&posted, &part.plain) {
            tracing::error!("Messenger refuses a message, its plain text is tried: {why}");
            let mut body = part.body.clone();
            body["message"] = json!({ "text": plain, "metadata": OWN });
            posted = self.post(purpose, place, &part.path, &body).await;
        }
        match posted {
            Ok(()) => Posted::Sent,
            Err(Some(Failure::Unknown(_))) => Posted::Doubtful,
            Err(Some(failure)) if !is_for_later(&failure) => Posted::No,
            Err(_) => Posted::Later,
        }
    }

    /// Posts with the waits that may help. `Err(None)`: nothing was tried, it can wait.
    async fn post(
        &self,
        purpose: For<'_>,
        place: Place<'_>,
        path: &str,
        body: &Value,
    ) -> Result<(), Option<Failure>> {
        let (mut connecting, mut passing) = (CONNECT_AGAIN.iter(), AGAIN.iter());
        let mut closed = 0;
        loop {
            match self.gate.pass(purpose.deadline).await {
                Ok(()) => {}
                Err(Shut::TooLate) => {
                    self.metrics.messenger_send("stale");
                    return Err(Some(Failure::Refused("its turn did not come in time".to_owned())));
                }
                Err(Shut::Dead) => return Err(None),
            }
            // From here on a crash leaves it in doubt, and what is in doubt is not sent again.
            if let Some(job) = purpose.job
                && !self.note_progress(job, place.number, true, place.to_keep).await
            {
                return Err(None);
            }
            let result = self.graph.post(path, body).await;
            self.note(&result);
            let Err(failure) = result else {
                self.gate.sent();
                if let Some(job) = purpose.job
                    && !place.is_last
                {
                    // Where this is not written the next part follows all the same.
                    self.note_progress(job, place.number + 1, false, &[]).await;
                }
                return Ok(());
            };
            let wait = match &failure {
                Failure::NotSent => connecting.next(),
                Failure::Passing(_) => passing.next(),
                Failure::Rate(_) | Failure::Restricted if closed < CLOSED => {
                    closed += 1;
                    Some(&Duration::ZERO)
                }
                _ => None,
            };
            if let Some(job) = purpose.job
                && (wait.is_some() || is_for_later(&failure))
            {
                // Where this is not written it stays in doubt: then it is rather lost than sent twice.
                self.note_progress(job, place.number, false, &[]).await;
            }
            match wait {
                Some(wait) if Instant::now() + *wait < purpose.deadline => sleep(*wait).await,
                _ => return Err(Some(failure)),
            }
        }
    }

    /// Notes how far the answer to `job` has come; says whether that was written, and the job is still this process's.
    async fn note_progress(&self, job: &Job, over: u32, is_sending: bool, to_keep: &[Part]) -> bool {
        let mut body = None;
        if !to_keep.is_empty() {
            body = Kept { event: job.event.clone(), answer: to_keep.to_vec() }.close(&self.seal);
            if body.is_none() {
                return false;
            }
        }
        let step = Step::Progress { message: job.message.clone(), over, is_sending, body };
        self.ledger.carry_out(vec![step]).await.is_some_and(|changed| changed == [true])
    }

    /// Counts what became of a request, and says what somebody can do something about.
    fn note(&self, result: &Result<Value, Failure>) {
        let Err(failure) = result else { return self.metrics.messenger_send("sent") };
        self.metrics.messenger_send(failure.name());
        self.gate.failed(failure);
        match failure {
            Failure::Window | Failure::Unreachable(_) => tracing::debug!("a message was not sent: {failure}"),
            Failure::Permission(_) if !self.told.contains_key("permission") => {
                self.told.insert("permission", ());
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
struct Place<'a> {
    number: u32,
    is_last: bool,
    /// What is put into the store before it goes out.
    to_keep: &'a [Part],
}

/// Nothing went out, and once somebody has mended something it can.
fn is_for_later(failure: &Failure) -> bool {
    use Failure::{Blocked, NotSent, Secret, Token, Version};
    matches!(failure, NotSent | Token(_) | Secret | Blocked | Version)
}
