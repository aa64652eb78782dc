//! Sends messages, and again where nothing was sent; never where it may have been.

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::failure::Failure;
use super::gate::{Gate, Shut};
use super::graph::Graph;
use super::quick::Outgoing;
use super::wire::OWN;
use crate::channel::ledger::Ledger;
use crate::store::{MessageHash, Step};
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
    pub message: Option<&'a MessageHash>,
    /// After that it is too late.
    pub deadline: Instant,
}

/// Sends for one Page.
pub struct Sender {
    graph: Arc<Graph>,
    page: String,
    gate: Gate,
    ledger: Arc<Ledger>,
    metrics: Metrics,
    told: Cache<&'static str, ()>,
}

impl Sender {
    /// Sends for `page`.
    pub fn new(graph: Arc<Graph>, page: &str, ledger: Arc<Ledger>, metrics: Metrics) -> Self {
        let told = Cache::builder().max_capacity(100).time_to_live(TOLD).build();
        Self { graph, page: page.to_owned(), gate: Gate::default(), ledger, metrics, told }
    }

    /// What all sends go through.
    pub fn gate(&self) -> &Gate {
        &self.gate
    }

    /// Sends `all` to `person`, one after the other.
    pub async fn send(&self, purpose: For<'_>, person: &str, all: &[Outgoing]) -> Sent {
        let mut is_first = true;
        for outgoing in all {
            let body = json!({
                "recipient": { "id": person },
                "messaging_type": "RESPONSE",
                "message": outgoing.message,
            });
            match self.message(purpose, body, &outgoing.plain, is_first).await {
                Sent::Yes => is_first = false,
                // What was begun is not begun again.
                _ if !is_first => return Sent::No,
                other => return other,
            }
        }
        Sent::Yes
    }

    /// Sends the one private reply that a comment may have.
    pub async fn reply_to_comment(&self, purpose: For<'_>, comment: &str, outgoing: &Outgoing) -> Sent {
        let body = json!({ "recipient": { "comment_id": comment }, "message": outgoing.message });
        self.message(purpose, body, &outgoing.plain, true).await
    }

    /// Writes below a comment, for all to see. Of less worth than what it announces: it is tried once.
    pub async fn comment(&self, above: &str, text: &str) {
        let result = self.graph.post(&format!("{above}/comments"), &json!({ "message": text })).await;
        self.note(&result);
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

    async fn message(&self, purpose: For<'_>, body: Value, plain: &str, is_first: bool) -> Sent {
        match self.post(purpose, &body, is_first).await {
            Err(Some(Failure::Bad(why))) => {
                tracing::error!("Messenger refuses a message, its plain text is tried: {why}");
                let mut body = body;
                body["message"] = json!({ "text": plain, "metadata": OWN });
                match self.post(purpose, &body, is_first).await {
                    Ok(()) => Sent::Yes,
                    Err(Some(_)) => Sent::No,
                    Err(None) => Sent::Later,
                }
            }
            Ok(()) => Sent::Yes,
            Err(Some(Failure::Token(_) | Failure::Secret | Failure::Blocked | Failure::Version) | None) => {
                Sent::Later
            }
            Err(Some(_)) => Sent::No,
        }
    }

    /// Posts to the Send API, with the waits that may help. `Err(None)`: nothing was tried, it can wait.
    async fn post(&self, purpose: For<'_>, body: &Value, is_first: bool) -> Result<(), Option<Failure>> {
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
            let pending = purpose.message.filter(|_| is_first);
            if let Some(message) = pending
                && !self.step(Step::Sending(message.clone())).await
            {
                return Err(None);
            }
            let result = self.graph.post(&self.messages(), body).await;
            self.note(&result);
            let Err(failure) = result else {
                self.gate.sent();
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
            let is_dead =
                matches!(failure, Failure::Token(_) | Failure::Secret | Failure::Blocked | Failure::Version);
            if let Some(message) = pending
                && (wait.is_some() || is_dead)
            {
                // Where this is not written it stays in doubt: then it is rather lost than sent twice.
                self.step(Step::Unsent(message.clone())).await;
            }
            match wait {
                Some(wait) if Instant::now() + *wait < purpose.deadline => sleep(*wait).await,
                _ => return Err(Some(failure)),
            }
        }
    }

    /// Whether it was written.
    async fn step(&self, step: Step) -> bool {
        self.ledger.carry_out(vec![step]).await.is_some()
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
