//! Middleware of every route: security headers, a request timeout, and the count of refusals.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Web;
use super::refusal::Refusal;

/// For the whole request, the arrival of its body included.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);

/// The pages hold no inline script or style and load nothing from other servers; the browser enforces that.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
];

/// Pages of the console may post forms to themselves and be framed by Telegram, whose Mini App they are. Their own address
/// is sent back to them: without it a browser would call the origin of their forms `null`.
const CONSOLE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                              connect-src 'self'; base-uri 'none'; form-action 'self'; \
                              frame-ancestors https://web.telegram.org";
const CONSOLE_REFERRER_POLICY: &str = "same-origin";

/// The first part of the path of the console's pages.
const CONSOLE: &str = "/admin";

/// Refuses a request that takes longer than the timeout.
pub async fn time_out(request: Request, next: Next) -> Response {
    match tokio::time::timeout(REQUEST_TIMEOUT, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Refusal::new(StatusCode::REQUEST_TIMEOUT, "the request took too long").into_response(),
    }
}

/// Adds the security headers, and counts refusals.
pub async fn watch(State(web): State<Arc<Web>>, request: Request, next: Next) -> Response {
    let is_console = request
        .uri()
        .path()
        .strip_prefix(CONSOLE)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let route = request.extensions().get::<MatchedPath>().cloned();
    let mut response = next.run(request).await;
    let status = response.status();
    if status.is_client_error() || status.is_server_error() {
        // The route's pattern: the requested path could be anything.
        let route = route.as_ref().map_or("none", MatchedPath::as_str);
        web.metrics.http_error(route, status.as_u16());
        tracing::debug!(route, status = status.as_u16(), "refused");
    }
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if is_console {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONSOLE_POLICY));
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static(CONSOLE_REFERRER_POLICY));
        headers.remove(header::X_FRAME_OPTIONS);
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}
