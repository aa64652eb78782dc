//! Responses to requests that are refused or fail.

use std::any::Any;
use std::time::Duration;

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

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
