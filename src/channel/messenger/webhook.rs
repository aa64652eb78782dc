//! `/messenger/webhook`: verification, and deliveries, which are acknowledged once the store has what is in them.

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

/// A full batch of a thousand long, escaped texts passes a mebibyte.
const BODY: usize = 4 << 20;

/// How long an acknowledgement may wait for the store; what the store takes later is answered all the same.
const PATIENCE: Duration = Duration::from_millis(800);

/// How often a wrong signature is told: a wrong app secret is met by every delivery.
const TOLD: Duration = Duration::from_mins(1);

/// The route.
pub(super) fn routes(shared: Arc<Shared>) -> Router {
    let told = Cache::builder().max_capacity(1).time_to_live(TOLD).build();
    Router::new()
        .route(ROUTE, get(verify).post(receive))
        .layer(DefaultBodyLimit::max(BODY))
        .with_state(Arc::new(Hook { shared, told }))
}

struct Hook {
    shared: Arc<Shared>,
    told: Cache<(), ()>,
}

/// What verification asks.
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
    // As text: whoever knows the token shall not have a page of his own here.
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], question.challenge).into_response()
}

async fn receive(State(hook): State<Arc<Hook>>, headers: HeaderMap, body: Bytes) -> Response {
    let shared = &hook.shared;
    let header = headers.get(signature::HEADER).map(reqwest::header::HeaderValue::as_bytes);
    if !is_signed(&shared.configured.app_secret, &body, header) {
        shared.parts.metrics.messenger_event("wrong_signature");
        if !hook.told.contains_key(&()) {
            hook.told.insert((), ());
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
    };
    let Some(events) = wire::read(&body, &own) else {
        shared.parts.metrics.messenger_event("unreadable");
        return StatusCode::BAD_REQUEST.into_response();
    };
    if events.is_empty() {
        shared.parts.metrics.messenger_event("passed_over");
        return StatusCode::OK.into_response();
    }
    // A task of its own: what is taken is worked on even when nobody waits for the acknowledgement any more.
    let taking = tokio::spawn(take(Arc::clone(shared), events));
    if let Ok(Ok(true)) = timeout(PATIENCE, taking).await {
        StatusCode::OK.into_response()
    } else {
        shared.parts.metrics.messenger_event("refused");
        (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "5")]).into_response()
    }
}

/// Claims events and has those that are new worked on; says whether the store has them.
async fn take(shared: Arc<Shared>, events: Vec<Event>) -> bool {
    let Some(running) = shared.running.get().filter(|_| shared.is_taking()) else { return false };
    let secret = running.bot.store.secret();
    let page = shared.configured.page_id.as_str();
    let mut jobs = Vec::with_capacity(events.len());
    let mut steps = Vec::with_capacity(events.len());
    for event in events {
        let message = secret.message(CHANNEL, &format!("{page}:{}", event.id));
        let kept = Kept { event, answer: Vec::new() };
        let Some(body) = kept.close(&shared.seal) else { return false };
        let place = running.bot.ledger.place();
        let person = Some(secret.person(CHANNEL, &kept.event.person));
        steps.push(Step::Take { person, message: message.clone(), channel: CHANNEL, place, body });
        jobs.push(Job::new(message, kept.event));
    }
    let Some(taken) = running.bot.ledger.carry_out(steps).await else { return false };
    for (job, is_new) in jobs.into_iter().zip(taken) {
        let what = if is_new { "received" } else { "again" };
        shared.parts.metrics.messenger_event(what);
        if is_new {
            running.lanes.submit(job);
        }
    }
    true
}
