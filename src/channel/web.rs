//! The web server: the chat page and its API, the guide as a page, health checks and metrics.
//!
//! `POST /api/ask {"text": "মোবাইল দিয়ে হবে?"}` comes in; the reply as JSON goes out, with its HTML and its buttons.

mod ask;
mod assets;
mod chat;
pub mod console;
mod guide;
mod limit;
mod page;
mod refusal;
mod shield;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::extract::State;
use axum::extract::connect_info::IntoMakeServiceWithConnectInfo;
use axum::http::{StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;

use crate::channel::messenger::Messenger;
use crate::channel::telegram::Telegram;
use crate::library::Library;
use crate::reply::links::Links;
use crate::responder::Responder;
use crate::telemetry::Metrics;

use self::console::Console;
use self::limit::Addresses;
pub use self::limit::{BURST, PER_SECOND};

/// What the routes share.
pub struct Web {
    responder: Arc<Responder>,
    library: Arc<Library>,
    links: Links,
    metrics: Metrics,
    addresses: Addresses,
    ready: AtomicBool,
    others: Others,
    console: Arc<Console>,
}

/// The channels whose routes and state the web server shows.
#[derive(Clone, Default)]
pub struct Others {
    /// Telegram, where it is on.
    pub telegram: Option<Arc<Telegram>>,
    /// Messenger, where it is on.
    pub messenger: Option<Arc<Messenger>>,
}

impl Web {
    /// Not yet ready.
    pub fn new(
        responder: Arc<Responder>,
        library: Arc<Library>,
        links: Links,
        metrics: Metrics,
        others: Others,
        console: Console,
    ) -> Self {
        Self {
            responder,
            library,
            links,
            metrics,
            addresses: Addresses::default(),
            ready: AtomicBool::new(false),
            others,
            console: Arc::new(console),
        }
    }

    /// Sets what `/readyz` reports: whether requests should be sent here.
    pub fn set_ready(&self, ready: bool) {
        self.ready.store(ready, Ordering::Release);
    }
}

/// Every route, with each caller's address from the listener.
pub fn service(web: Arc<Web>) -> IntoMakeServiceWithConnectInfo<Router, SocketAddr> {
    let api = Router::new()
        .route("/api/ask", post(ask::ask))
        .route("/api/feedback", post(ask::feedback))
        .route_layer(from_fn_with_state(Arc::clone(&web), limit::admit));
    let telegram = web.others.telegram.as_ref().map(|telegram| telegram.routes()).unwrap_or_default();
    let messenger = web.others.messenger.as_ref().map(|messenger| messenger.routes()).unwrap_or_default();
    Router::new()
        .merge(api)
        .merge(telegram.with_state(()))
        .merge(messenger.with_state(()))
        .merge(Arc::clone(&web.console).routes().with_state(()))
        .route("/", get(chat::page))
        .route("/guide", get(guide::page))
        .route("/assets/{file}", get(assets::asset))
        .route("/healthz", get(|| async { "alive\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .fallback(page::no_such_page)
        .method_not_allowed_fallback(refusal::wrong_method)
        .layer(from_fn(shield::time_out))
        .layer(CatchPanicLayer::custom(refusal::panicked))
        .layer(from_fn_with_state(Arc::clone(&web), shield::watch))
        .with_state(web)
        .into_make_service_with_connect_info()
}

async fn ready(State(web): State<Arc<Web>>) -> Response {
    let Others { telegram, messenger } = &web.others;
    let is_telegram_ready = telegram.as_ref().is_none_or(|telegram| telegram.is_ready());
    let fault = messenger.as_ref().and_then(|messenger| messenger.fault());
    if web.ready.load(Ordering::Acquire) && is_telegram_ready && fault.is_none() {
        "ready\n".into_response()
    } else {
        let why = fault.map_or_else(String::new, |fault| format!("messenger: {fault}\n"));
        (StatusCode::SERVICE_UNAVAILABLE, format!("not ready\n{why}")).into_response()
    }
}

async fn metrics(State(web): State<Arc<Web>>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], web.metrics.render())
}
