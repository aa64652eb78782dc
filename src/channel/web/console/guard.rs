//! Stands before every page: no handler runs for somebody who may not use it.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::Console;
use super::frame::{notice, unavailable};
use super::origin::{is_of_this_machine, may_write};
use super::visitor::{SESSION_COOKIE, Visitor, cookie, tongue};
use crate::channel::web::refusal::Refusal;
use crate::memory::Moment;
use crate::store::{Author, Error, Role};
use crate::wording::console as say;

/// How a session began that lives within Telegram's frame.
pub const TELEGRAM: &str = "telegram";

/// Lets visitors through who may use a route for `needed`. The others are asked to log in (303 to people, 401 to programs),
/// or are refused (403).
pub async fn admit(
    State((console, needed)): State<(Arc<Console>, Role)>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    let (method, headers) = (request.method().clone(), request.headers());
    let found = match who(&console, peer, headers).await {
        Ok(found) => found,
        Err(error) => return unavailable(tongue(headers, &console.language()), &error),
    };
    let Some((visitor, framed)) = found else { return ask_to_log_in(&method, headers) };
    if !may_write(&method, headers, console.public_url.as_deref(), framed) {
        return foreign();
    }
    if visitor.role < needed {
        let text = say::not_for(visitor.role.as_str(), needed.as_str(), visitor.tongue);
        return (StatusCode::FORBIDDEN, notice(&visitor, say::NOT_ALLOWED, &text)).into_response();
    }
    request.extensions_mut().insert(visitor);
    next.run(request).await
}

/// Who makes the request, and whether from within Telegram's frame: by a session, or, while there is neither a password
/// nor an operator, from this machine.
async fn who(
    console: &Console,
    peer: SocketAddr,
    headers: &HeaderMap,
) -> Result<Option<(Visitor, bool)>, Error> {
    let tongue = tongue(headers, &console.language());
    if let Some(secret) = cookie(headers, SESSION_COOKIE)
        && let Some(session) = console.store()?.session(secret, Moment::now().unix).await?
        && console.still_opens(&session)?
    {
        let author = Author::stored(session.author);
        let framed = session.door == TELEGRAM;
        return Ok(Some((
            Visitor { role: session.role, author, session: Some(session.name), tongue },
            framed,
        )));
    }
    let is_closed = console.token.is_some() || !console.operators.is_empty();
    let is_open = !is_closed && console.is_local && is_of_this_machine(peer.ip(), headers);
    let author = Author::console("local");
    Ok(is_open.then_some((Visitor { role: Role::Operator, author, session: None, tongue }, false)))
}

fn ask_to_log_in(method: &Method, headers: &HeaderMap) -> Response {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    if method.is_safe() && accept.contains("text/html") {
        return Redirect::to("/admin/login").into_response();
    }
    Refusal::new(StatusCode::UNAUTHORIZED, "log in at /admin/login first").into_response()
}

/// Before the login form: what a page of another site makes a browser send is refused.
pub async fn refuse_foreign_forms(
    State(console): State<Arc<Console>>,
    request: Request,
    next: Next,
) -> Response {
    if may_write(request.method(), request.headers(), console.public_url.as_deref(), false) {
        next.run(request).await
    } else {
        foreign()
    }
}

fn foreign() -> Response {
    let reason =
        "the form was sent by a page of another site, or PUBLIC_URL is not the address in the browser";
    Refusal::new(StatusCode::FORBIDDEN, reason).into_response()
}

/// Keeps every page out of caches: they show what not everybody may see.
pub async fn no_store(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
