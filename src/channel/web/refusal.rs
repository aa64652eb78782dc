//! Responses to requests that are refused or fail.

use std::any::Any;
use std::time::Duration;

use axum::Json;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use maud::html;
use serde_json::json;

use super::page;
use crate::reply::wording::web as say;

/// A refused request: its status and the reason, for the programmer who made it.
pub struct Refusal {
    status: StatusCode,
    reason: String,
    retry_after: Option<Duration>,
}

impl Refusal {
    /// With the status and the reason.
    pub fn new(status: StatusCode, reason: impl Into<String>) -> Self {
        Self { status, reason: reason.into(), retry_after: None }
    }

    /// The request lacks something or is malformed.
    pub fn malformed(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, reason)
    }

    /// Too many requests; the next one may come after `wait`.
    pub fn too_many(wait: Duration) -> Self {
        let reason = "too many requests from this address; wait a second";
        Self { retry_after: Some(wait), ..Self::new(StatusCode::TOO_MANY_REQUESTS, reason) }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(json!({ "error": self.reason }))).into_response();
        if let Some(wait) = self.retry_after {
            // Whole seconds, rounded up: zero would invite the same refusal again.
            let seconds = wait.as_millis().div_ceil(1000).max(1);
            if let Ok(value) = seconds.to_string().parse() {
                response.headers_mut().insert(header::RETRY_AFTER, value);
            }
        }
        response
    }
}

/// No such address: a page for people, JSON for programs.
pub async fn no_such_page(uri: Uri, headers: HeaderMap) -> Response {
    let accepts_pages = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    if !accepts_pages || uri.path().starts_with("/api/") {
        return Refusal::new(StatusCode::NOT_FOUND, "there is nothing at this address").into_response();
    }
    let content = html! {
        main.notice {
            h1 { (say::NO_SUCH_PAGE) }
            p { (say::NO_SUCH_PAGE_WHY) }
            // From the root: the address may have any depth.
            p { a href="/" { (say::ASK) } " · " a href="/guide" { (say::READ_GUIDE) } }
        }
    };
    (StatusCode::NOT_FOUND, page::whole(say::NO_SUCH_PAGE, page::Root::Absolute, &content)).into_response()
}

/// The route has no such method.
pub async fn wrong_method() -> Refusal {
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "this address has no such method; see the Allow header")
}

/// A handler panicked. The panic's message may hold a person's text, so it is dropped.
pub fn panicked(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a request handler panicked");
    Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "the program failed; this is its mistake, not yours")
        .into_response()
}
