//! `/messenger/webhook`: verification, and deliveries. docs/delivery.md says when one is acknowledged.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use moka::sync::Cache;
use serde::Deserialize;
use tokio::time::timeout;

use super::answer::Kept;
use super::lanes::Job;
use super::signature::{self, is_signed, is_token};
use super::wire::{self, Event, Own};
use super::{CHANNEL, Shared};
use crate::config::Comments;
use crate::store::Step;

/// The route below `PUBLIC_URL`.
pub const ROUTE: &str = "/messenger/webhook";

/// Where the platform delivers to, below `PUBLIC_URL`.
pub fn callback(public: &str) -> String {
    format!("{public}{ROUTE}")
}

/// In bytes. A full batch of a thousand long, escaped texts is larger than a mebibyte.
const MAX_BODY: usize = 4 << 20;

/// How long an acknowledgement waits for the store. Events that the store accepts later are answered all the same.
const ACKNOWLEDGE_TIMEOUT: Duration = Duration::from_millis(800);

/// At most once in this time a wrong signature is logged: with a wrong app secret every delivery has one.
const LOG_INTERVAL: Duration = Duration::from_mins(1);

/// The route.
pub(super) fn routes(shared: Arc<Shared>) -> Router {
    let logged = Cache::builder().max_capacity(1).time_to_live(LOG_INTERVAL).build();
    Router::new()
        .route(ROUTE, get(verify).post(receive))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(Arc::new(Hook { shared, logged }))
}

struct Hook {
    shared: Arc<Shared>,
    /// Whether a wrong signature was logged lately.
    logged: Cache<(), ()>,
}

/// The query of a verification request.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Question {
    #[serde(rename = "hub.mode")]
    mode: String,
    #[serde(rename = "hub.verify_token")]
    token: String,
    #[serde(rename = "hub.challenge")]
    challenge: String,
}

async fn verify(
    State(hook): State<Arc<Hook>>,
    question: Result<Query<Question>, QueryRejection>,
) -> Response {
    let Query(question) = question.unwrap_or_default();
    let is_ours = is_token(&hook.shared.configured.verify_token, &question.token);
    if question.mode != "subscribe" || !is_ours {
        return StatusCode::FORBIDDEN.into_response();
    }
    // As text: with the token alone nobody may serve a page of their own from here.
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], question.challenge).into_response()
}

async fn receive(State(hook): State<Arc<Hook>>, headers: HeaderMap, body: Bytes) -> Response {
    let shared = &hook.shared;
    let header = headers.get(signature::HEADER).map(reqwest::header::HeaderValue::as_bytes);
    if !is_signed(&shared.configured.app_secret, &body, header) {
        shared.parts.metrics.messenger_event("wrong_signature");
        if !hook.logged.contains_key(&()) {
            hook.logged.insert((), ());
            tracing::error!(
                "Messenger: a delivery has a wrong signature; where it is Meta's, MESSENGER_APP_SECRET is not this \
                 app's: copy it again from the app's basic settings, or Meta stops delivering within the hour"
            );
        }
        return StatusCode::FORBIDDEN.into_response();
    }
    let app = shared.app.get();
    let own = Own {
        page: &shared.configured.page_id,
        app: app.map(String::as_str),
        comments: shared.configured.comments != Comments::Off,
        instagram: shared.configured.instagram_id.as_deref(),
    };
    let Some(events) = wire::read(&body, &own) else {
        shared.parts.metrics.messenger_event("unreadable");
        return StatusCode::BAD_REQUEST.into_response();
    };
    if events.is_empty() {
        shared.parts.metrics.messenger_event("passed_over");
        return StatusCode::OK.into_response();
    }
    // A task of its own: claimed events are handled even when the acknowledgement has timed out.
    let claiming = tokio::spawn(claim(Arc::clone(shared), events));
    if let Ok(Ok(true)) = timeout(ACKNOWLEDGE_TIMEOUT, claiming).await {
        StatusCode::OK.into_response()
    } else {
        shared.parts.metrics.messenger_event("refused");
        (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "5")]).into_response()
    }
}

/// Claims events and submits the new ones to workers; returns whether the store has them all.
async fn claim(shared: Arc<Shared>, events: Vec<Event>) -> bool {
    let Some(running) = shared.running.get().filter(|_| shared.is_accepting()) else { return false };
    let secret = running.bot.store.secret();
    let page = shared.configured.page_id.as_str();
    let mut jobs = Vec::with_capacity(events.len());
    let mut steps = Vec::with_capacity(events.len());
    for event in events {
        let message = secret.message(CHANNEL, &format!("{page}:{}", event.id));
        let kept = Kept { event, answer: Vec::new() };
        let Some(body) = kept.close(&shared.cipher) else { return false };
        let position = running.bot.pending.next_position();
        let person = Some(secret.person(CHANNEL, &kept.event.queue()));
        steps.push(Step::Take { person, message: message.clone(), channel: CHANNEL, position, body });
        jobs.push(Job::new(message, kept.event));
    }
    let Some(claimed) = running.bot.pending.carry_out(steps).await else { return false };
    for (job, is_new) in jobs.into_iter().zip(claimed) {
        let what = if is_new { "received" } else { "again" };
        shared.parts.metrics.messenger_event(what);
        if is_new {
            running.lanes.submit(job);
        }
    }
    true
}
