//! `POST /telegram/webhook`: Telegram delivers updates; each is acknowledged only after it has been handled.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use subtle::ConstantTimeEq as _;
use tokio::sync::SetOnce;
use tokio::time::{sleep, timeout};

use super::dispatch::{Dispatcher, Ending, Handle};
use super::health::Health;
use super::registration::ROUTE;
use super::update::Update;
use crate::channel::telegram::client::api::Api;
use crate::telemetry::Metrics;

/// An update has a few kilobytes.
const MAX_BODY: usize = 1 << 20;

/// How long handling may take; then the update is withdrawn and redelivered. Telegram would wait sixty seconds.
const HANDLING_TIMEOUT: Duration = Duration::from_secs(10);

/// Above this number of updates under way Telegram has to redeliver: twice its hundred connections at most.
const MAX_UNDER_WAY: usize = 200;

/// How often the registration is checked, and how often while there is something wrong with it.
const CHECK_PERIOD: Duration = Duration::from_mins(1);
const RECHECK_PERIOD: Duration = Duration::from_secs(5);

/// Of a check.
const CHECK_TIMEOUT: Duration = Duration::from_secs(30);

const SECRET: &str = "x-telegram-bot-api-secret-token";

struct Hook<H: Handle> {
    dispatcher: Arc<SetOnce<Dispatcher<H>>>,
    health: Arc<Health>,
    metrics: Metrics,
    secret: SecretString,
}

/// The route. Updates are refused until there is a dispatcher.
pub fn routes<H: Handle>(
    dispatcher: Arc<SetOnce<Dispatcher<H>>>,
    health: Arc<Health>,
    metrics: Metrics,
    secret: SecretString,
) -> Router {
    let hook = Arc::new(Hook { dispatcher, health, metrics, secret });
    Router::new().route(ROUTE, post(receive::<H>)).layer(DefaultBodyLimit::max(MAX_BODY)).with_state(hook)
}

async fn receive<H: Handle>(State(hook): State<Arc<Hook<H>>>, headers: HeaderMap, body: Bytes) -> Response {
    let given = headers.get(SECRET).map_or(&b""[..], |value| value.as_bytes());
    if !bool::from(given.ct_eq(hook.secret.expose_secret().as_bytes())) {
        hook.metrics.telegram_update("wrong_secret");
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let Some(update) = Update::read(&body) else {
        // A redelivery could not be parsed either.
        hook.metrics.telegram_update("unreadable");
        tracing::warn!("an update cannot be read, and is skipped");
        return StatusCode::OK.into_response();
    };
    let dispatcher = hook
        .dispatcher
        .get()
        .filter(|dispatcher| hook.health.is_accepting() && dispatcher.under_way() < MAX_UNDER_WAY);
    let Some(dispatcher) = dispatcher else {
        hook.metrics.telegram_update("refused");
        return retry_after(5);
    };
    hook.metrics.telegram_update("received");
    let Ok(ticket) = dispatcher.submit(update) else { return retry_after(1) };
    // When Telegram closes the connection, this future and the ticket are dropped.
    match timeout(HANDLING_TIMEOUT, ticket).await {
        Ok(Ok(Ending::Handled | Ending::Shed)) => StatusCode::OK.into_response(),
        Ok(_) => retry_after(1),
        Err(_) => retry_after(5),
    }
}

fn retry_after(seconds: u64) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, seconds.to_string())]).into_response()
}

/// Checks now and then that the webhook is registered.
pub async fn check_registration(api: &Api, health: &Health, metrics: &Metrics) {
    let mut was_well = true;
    loop {
        let info = api.call_within::<Value>("GetWebhookInfo", &json!({}), CHECK_TIMEOUT).await;
        let fault = match &info {
            Err(failure) => Some(failure.to_string()),
            Ok(info) if info["url"].as_str().unwrap_or_default().is_empty() => {
                Some("no webhook is set; set it with `uttor telegram webhook set`".to_owned())
            }
            Ok(_) => None,
        };
        if let Ok(info) = &info {
            metrics.telegram_pending(info["pending_update_count"].as_u64().unwrap_or(0));
        }
        health.set_reachable(fault.is_none());
        if let Some(fault) = &fault
            && was_well
        {
            tracing::error!("Telegram delivers no updates: {fault}");
        }
        was_well = fault.is_none();
        sleep(if was_well { CHECK_PERIOD } else { RECHECK_PERIOD }).await;
    }
}
