//! `POST /telegram/webhook`: Telegram brings updates; each is acknowledged only after it has been handled.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;
use tokio::time::timeout;

use super::dispatch::Ending;
use super::registration::ROUTE;
use super::update::Update;
use crate::channel::telegram::{Health, Running};
use crate::telemetry::Metrics;

/// An update has a few kilobytes.
const BODY: usize = 1 << 20;

/// How long handling may take; then the update is taken back and comes again. Telegram would wait sixty seconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// More updates than that are not taken in, Telegram keeps them: its hundred connections at most, twice.
const UNDER_WAY: usize = 200;

const SECRET: &str = "x-telegram-bot-api-secret-token";

struct Hook {
    running: Arc<OnceLock<Running>>,
    health: Arc<Health>,
    metrics: Metrics,
    secret: SecretString,
}

/// The route.
pub fn routes(
    running: Arc<OnceLock<Running>>,
    health: Arc<Health>,
    metrics: Metrics,
    secret: SecretString,
) -> Router {
    Router::new().route(ROUTE, post(receive)).layer(DefaultBodyLimit::max(BODY)).with_state(Arc::new(Hook {
        running,
        health,
        metrics,
        secret,
    }))
}

async fn receive(State(hook): State<Arc<Hook>>, headers: HeaderMap, body: Bytes) -> Response {
    let given = headers.get(SECRET).map_or(&b""[..], |value| value.as_bytes());
    if !bool::from(given.ct_eq(hook.secret.expose_secret().as_bytes())) {
        hook.metrics.telegram_update("wrong_secret");
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let Some(update) = Update::read(&body) else {
        // It would be no better the next time.
        hook.metrics.telegram_update("unreadable");
        tracing::warn!("an update cannot be read, and is passed over");
        return StatusCode::OK.into_response();
    };
    let running = hook
        .running
        .get()
        .filter(|running| hook.health.is_taking() && running.dispatcher.under_way() < UNDER_WAY);
    let Some(Running { bot, dispatcher }) = running else {
        hook.metrics.telegram_update("refused");
        return later(5);
    };
    hook.metrics.telegram_update("received");
    bot.overhear(&update);
    let Ok(ticket) = dispatcher.submit(update) else { return later(1) };
    // When Telegram hangs up, this ends here and the ticket goes with it.
    match timeout(PATIENCE, ticket).await {
        Ok(Ok(Ending::Handled | Ending::Shed)) => StatusCode::OK.into_response(),
        Ok(_) => later(1),
        Err(_) => later(5),
    }
}

fn later(seconds: u64) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, seconds.to_string())]).into_response()
}
