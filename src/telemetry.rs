//! Logs and metrics. Neither ever holds what people wrote or who they are.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};
use crate::faq::EntryId;
use crate::reply::Outcome;

/// Starts logging to standard error.
///
/// # Errors
/// `RUST_LOG` does not parse, or logging was started before.
pub fn start_logs(log: &Log) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&log.levels).context("RUST_LOG")?;
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match log.format {
        LogFormat::Text => {
            let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
            logs.with_target(false).with_ansi(colours).try_init()
        }
        LogFormat::Json => logs.json().flatten_event(true).try_init(),
    };
    started.map_err(anyhow::Error::from_boxed)
}

const MESSAGES: &str = "uttor_messages_total";
const ANSWERS: &str = "uttor_answers_total";
const OPEN_QUESTIONS: &str = "uttor_open_questions";
const STORE_UP: &str = "uttor_store_up";
const FEEDBACK: &str = "uttor_feedback_total";
const RESPONSE: &str = "uttor_response_seconds";
const HTTP_ERRORS: &str = "uttor_http_errors_total";
const RELOADS: &str = "uttor_faq_reloads_total";
const TELEGRAM_UPDATES: &str = "uttor_telegram_updates_total";
const TELEGRAM_SENDS: &str = "uttor_telegram_sends_total";
const TELEGRAM_POLL_FAILURES: &str = "uttor_telegram_poll_failures_total";
const TELEGRAM_PENDING: &str = "uttor_telegram_pending_updates";
const TELEGRAM_REACHABLE: &str = "uttor_telegram_reachable";
const MESSENGER_EVENTS: &str = "uttor_messenger_events_total";
const MESSENGER_SENDS: &str = "uttor_messenger_sends_total";
const MESSENGER_PENDING: &str = "uttor_messenger_pending_events";

/// Upper bounds of the response time's buckets, in seconds: an answer takes a millisecond or two.
const RESPONSE_BUCKETS: [f64; 10] = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5];

/// Counts what happens. A clone counts into the same place.
///
/// Each method takes only what has few values, so that no label can hold a text or a user's id.
#[derive(Clone)]
pub struct Metrics {
    recorder: Arc<PrometheusRecorder>,
    handle: PrometheusHandle,
}

impl Metrics {
    /// Starts at zero.
    ///
    /// # Errors
    /// The exporter refuses the buckets, which it does only when there are none.
    pub fn new() -> anyhow::Result<Self> {
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Full(RESPONSE.to_owned()), &RESPONSE_BUCKETS)?
            .build_recorder();
        let handle = recorder.handle();
        metrics::with_local_recorder(&recorder, || {
            metrics::describe_counter!(MESSAGES, "Messages by channel and outcome");
            metrics::describe_counter!(ANSWERS, "Answers by entry");
            metrics::describe_gauge!(OPEN_QUESTIONS, "Groups of open unanswered questions");
            metrics::describe_gauge!(STORE_UP, "1 while the store can be read and written");
            metrics::describe_counter!(FEEDBACK, "Presses of 👍 (helpful) and 👎 by entry");
            metrics::describe_histogram!(
                RESPONSE,
                metrics::Unit::Seconds,
                "From message to reply, by channel"
            );
            metrics::describe_counter!(
                HTTP_ERRORS,
                "HTTP answers with status 400 and up, by route and status"
            );
            metrics::describe_counter!(RELOADS, "Changes of the content, by result");
            metrics::describe_counter!(TELEGRAM_UPDATES, "Telegram updates, by what became of them");
            metrics::describe_counter!(TELEGRAM_SENDS, "Messages to Telegram, by what became of them");
            metrics::describe_counter!(TELEGRAM_POLL_FAILURES, "Failed requests for updates, by kind");
            metrics::describe_gauge!(TELEGRAM_PENDING, "Updates that wait at Telegram, in webhook mode");
            metrics::describe_gauge!(TELEGRAM_REACHABLE, "1 while Telegram hands out updates, else 0");
            metrics::describe_counter!(MESSENGER_EVENTS, "Messenger events, by what became of them");
            metrics::describe_counter!(MESSENGER_SENDS, "Requests to Messenger, by what became of them");
            metrics::describe_gauge!(MESSENGER_PENDING, "Messenger events that are not answered yet");
        });
        Ok(Self { recorder: Arc::new(recorder), handle })
    }

    /// A message got a reply. Its entries are the content's, so their number is bounded.
    pub fn message(&self, channel: &'static str, outcome: &Outcome, took: Duration) {
        self.record(|| {
            metrics::counter!(MESSAGES, "channel" => channel, "outcome" => outcome.name()).increment(1);
            metrics::histogram!(RESPONSE, "channel" => channel).record(took);
            for entry in outcome.answered() {
                metrics::counter!(ANSWERS, "entry" => entry.to_string()).increment(1);
            }
        });
    }

    /// How many groups of unanswered questions are open.
    pub fn open_questions(&self, groups: u64) {
        self.record(|| metrics::gauge!(OPEN_QUESTIONS).set(groups as f64));
    }

    /// Whether the store can be read and written.
    pub fn store(&self, is_up: bool) {
        self.record(|| metrics::gauge!(STORE_UP).set(f64::from(u8::from(is_up))));
    }

    /// An answer was judged. `entry` is one of the content's, so their number is bounded.
    pub fn feedback(&self, entry: &EntryId, helpful: bool) {
        let helpful = if helpful { "true" } else { "false" };
        self.record(|| {
            metrics::counter!(FEEDBACK, "entry" => entry.to_string(), "helpful" => helpful).increment(1);
        });
    }

    /// A request failed. `route` is the route's pattern, never the address that was asked for.
    pub fn http_error(&self, route: &str, status: u16) {
        self.record(|| {
            metrics::counter!(HTTP_ERRORS, "route" => route.to_owned(), "status" => status.to_string())
                .increment(1);
        });
    }

    /// The content was reloaded, or the new one was refused.
    pub fn reload(&self, taken: bool) {
        let result = if taken { "taken" } else { "refused" };
        self.record(|| metrics::counter!(RELOADS, "result" => result).increment(1));
    }

    /// Something became of a Telegram update.
    pub fn telegram_update(&self, what: &'static str) {
        self.record(|| metrics::counter!(TELEGRAM_UPDATES, "what" => what).increment(1));
    }

    /// Something became of a message to Telegram.
    pub fn telegram_send(&self, result: &'static str) {
        self.record(|| metrics::counter!(TELEGRAM_SENDS, "result" => result).increment(1));
    }

    /// Telegram handed out no updates.
    pub fn telegram_poll_failure(&self, kind: &'static str) {
        self.record(|| metrics::counter!(TELEGRAM_POLL_FAILURES, "kind" => kind).increment(1));
    }

    /// Whether Telegram answers.
    pub fn telegram_reachable(&self, reachable: bool) {
        self.record(|| metrics::gauge!(TELEGRAM_REACHABLE).set(f64::from(u8::from(reachable))));
    }

    /// How many updates wait at Telegram, in webhook mode.
    pub fn telegram_pending(&self, updates: u64) {
        self.record(|| metrics::gauge!(TELEGRAM_PENDING).set(updates as f64));
    }

    /// Something became of a Messenger event.
    pub fn messenger_event(&self, what: &'static str) {
        self.record(|| metrics::counter!(MESSENGER_EVENTS, "what" => what).increment(1));
    }

    /// Something became of a request to Messenger.
    pub fn messenger_send(&self, result: &'static str) {
        self.record(|| metrics::counter!(MESSENGER_SENDS, "result" => result).increment(1));
    }

    /// How many Messenger events wait or are being handled.
    pub fn messenger_pending(&self, events: usize) {
        self.record(|| metrics::gauge!(MESSENGER_PENDING).set(events as f64));
    }

    /// Everything counted, in Prometheus' text format.
    pub fn render(&self) -> String {
        self.handle.render()
    }

    /// Folds the response times seen so far into their buckets; without it and without calls of [`Metrics::render`] they
    /// accumulate.
    pub fn fold(&self) {
        self.handle.run_upkeep();
    }

    fn record(&self, record: impl FnOnce()) {
        metrics::with_local_recorder(&*self.recorder, record);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_is_rendered() -> anyhow::Result<()> {
        let metrics = Metrics::new()?;
        metrics.message("web", &Outcome::Fallback(None), Duration::from_millis(3));
        metrics.feedback(&"mobile".parse()?, false);
        metrics.http_error("/api/ask", 429);
        metrics.reload(true);
        metrics.fold();
        let text = metrics.render();
        for line in [
            "uttor_messages_total{channel=\"web\",outcome=\"fallback\"} 1",
            "uttor_response_seconds_bucket{channel=\"web\",le=\"0.005\"} 1",
            "uttor_feedback_total{entry=\"mobile\",helpful=\"false\"} 1",
            "uttor_http_errors_total{route=\"/api/ask\",status=\"429\"} 1",
            "uttor_faq_reloads_total{result=\"taken\"} 1",
        ] {
            assert!(text.contains(line), "{line} is missing in\n{text}");
        }
        Ok(())
    }
}
