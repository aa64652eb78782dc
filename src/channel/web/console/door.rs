//! Logging in and out, and the sessions that there are.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{ConnectInfo, Query, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::html;
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::Console;
use super::fields::Fields;
use super::frame::{bare, page as framed, unavailable};
use super::guard::TELEGRAM;
use super::pieces::{ago, who};
use super::visitor::{SESSION_COOKIE, TONGUE_COOKIE, Visitor, cookie, tongue};
use crate::channel::web::limit::caller;
use crate::memory::Moment;
use crate::store::{Author, Error, Role, SESSION_TTL, Session};
use crate::wording::console::{self as say, Both, Tongue};

const TOKEN: &str = "token";
const LINK: &str = "link";

/// What the address of the login page may hold.
#[derive(Deserialize)]
pub struct Asked {
    link: Option<String>,
}

/// `GET /admin/login`: the form; with `?link=…` the one-time link is used.
pub async fn page(
    State(console): State<Arc<Console>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    method: Method,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Response {
    let tongue = tongue(&headers, &console.language());
    let Some(link) = asked.link else { return console.form(tongue, StatusCode::OK, None) };
    // Who only asks whether the page is there uses nothing up.
    if method == Method::HEAD {
        return StatusCode::OK.into_response();
    }
    let address = caller(peer.ip(), &headers);
    if let Err(wait) = console.attempts.begin(address, false) {
        return console.too_many(tongue, wait);
    }
    let now = Moment::now().unix;
    let entered = async {
        let Some(role) = console.store()?.use_link(&link, now).await? else { return Ok(None) };
        console.enter(&headers, role, None, LINK).await.map(Some)
    };
    match entered.await {
        Ok(Some(response)) => {
            console.attempts.succeeded(address, false);
            response
        }
        Ok(None) => console.form(tongue, StatusCode::UNAUTHORIZED, Some(say::LINK_IS_OVER)),
        Err(error) => unavailable(tongue, &error),
    }
}

/// `POST /admin/login`: `token`, or `init_data` of a Mini App.
pub async fn log_in(
    State(console): State<Arc<Console>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    fields: Fields,
) -> Response {
    let tongue = tongue(&headers, &console.language());
    let address = caller(peer.ip(), &headers);
    let data = fields.get("init_data");
    let is_guessable = data.is_empty();
    if let Err(wait) = console.attempts.begin(address, is_guessable) {
        return console.too_many(tongue, wait);
    }
    let entered = if data.is_empty() {
        match &console.token {
            Some(token) if is_same(token.expose_secret(), fields.get("token")) => {
                console.enter(&headers, Role::Operator, None, TOKEN).await
            }
            _ => return console.form(tongue, StatusCode::UNAUTHORIZED, Some(say::WRONG_TOKEN)),
        }
    } else {
        match console.operator(data) {
            Ok(Some(author)) => console.enter(&headers, Role::Operator, Some(&author), TELEGRAM).await,
            Ok(None) => return console.form(tongue, StatusCode::UNAUTHORIZED, Some(say::NO_OPERATOR)),
            Err(error) => Err(error),
        }
    };
    match entered {
        Ok(response) => {
            console.attempts.succeeded(address, is_guessable);
            response
        }
        Err(error) => unavailable(tongue, &error),
    }
}

impl Console {
    /// The operator whose Mini App was signed by Telegram, as the store names the person.
    fn operator(&self, data: &str) -> Result<Option<Author>, Error> {
        let Some(telegram) = &self.others.telegram else { return Ok(None) };
        let person = telegram.signed_user(data, Moment::now().unix);
        let Some(person) = person.filter(|person| self.operators.contains(person)) else { return Ok(None) };
        let hash = self.store()?.secret().person(TELEGRAM, &person.to_string());
        Ok(Some(Author::person(&hash)))
    }

    /// Whether the door by which `session` began is still there for its visitor: an operator's or the password's may have
    /// been taken out of the settings since.
    pub(super) fn still_opens(&self, session: &Session) -> Result<bool, Error> {
        let secret = self.store()?.secret();
        let is_author =
            |id: &u64| Author::person(&secret.person(TELEGRAM, &id.to_string())).as_str() == session.author;
        Ok(match session.door.as_str() {
            TELEGRAM => self.operators.iter().any(is_author),
            TOKEN => self.token.is_some(),
            _ => true,
        })
    }

    /// Begins a session with a new id; one that was there ends.
    async fn enter(
        &self,
        headers: &HeaderMap,
        role: Role,
        author: Option<&Author>,
        door: &'static str,
    ) -> Result<Response, Error> {
        let (store, now) = (self.store()?, Moment::now().unix);
        if let Some(old) = cookie(headers, SESSION_COOKIE) {
            store.end_session(old).await?;
        }
        let (secret, author) = store.begin_session(role, author, door, now).await?;
        store.log(&author, "login", &format!("{door}, {role}"), now).await?;
        // Within Telegram's frame a browser sends only cookies that say so.
        let site = if door == TELEGRAM { "SameSite=None; Partitioned" } else { "SameSite=Lax" };
        let cookie =
            format!("{SESSION_COOKIE}={secret}; Path=/; Max-Age={SESSION_TTL}; HttpOnly; Secure; {site}");
        Ok(set_cookie("/admin", &cookie))
    }

    fn form(&self, tongue: Tongue, status: StatusCode, why: Option<Both>) -> Response {
        let content = html! {
            @if let Some(why) = why { p.alarm role="alert" { (why.of(tongue)) } }
            @if self.token.is_some() {
                form.stack method="post" action="/admin/login" {
                    label for="token" { (say::TOKEN.of(tongue)) }
                    input #token type="password" name="token" autocomplete="current-password" required
                        aria-describedby="token-hint";
                    p.hint #token-hint { (say::TOKEN_HINT.of(tongue)) }
                    button.primary { (say::LOG_IN.of(tongue)) }
                }
            }
            p { (say::LINK_HINT.of(tongue)) }
            pre { "uttor console link" }
            form #mini-app method="post" action="/admin/login" hidden {
                input type="hidden" name="init_data";
            }
        };
        (status, bare(tongue, say::LOG_IN.of(tongue), &content)).into_response()
    }

    fn too_many(&self, tongue: Tongue, wait: Duration) -> Response {
        let mut response = self.form(tongue, StatusCode::TOO_MANY_REQUESTS, Some(say::TOO_MANY_ATTEMPTS));
        if let Ok(value) = wait.as_secs().to_string().parse() {
            response.headers_mut().insert(header::RETRY_AFTER, value);
        }
        response
    }

    /// The language of the content.
    pub(super) fn language(&self) -> String {
        self.library.current().faq.guide.language.clone()
    }
}

/// Compares in a time that tells nothing, not even the length.
fn is_same(token: &str, typed: &str) -> bool {
    Sha256::digest(token.as_bytes()).ct_eq(&Sha256::digest(typed.as_bytes())).into()
}

fn set_cookie(to: &str, cookie: &str) -> Response {
    let mut response = Redirect::to(to).into_response();
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// `POST /admin/logout`: ends the session.
pub async fn log_out(State(console): State<Arc<Console>>, visitor: Visitor, headers: HeaderMap) -> Response {
    let ended = async {
        if let Some(secret) = cookie(&headers, SESSION_COOKIE) {
            let store = console.store()?;
            store.end_session(secret).await?;
            store.log(&visitor.author, "logout", "", Moment::now().unix).await?;
        }
        Ok(())
    };
    match ended.await {
        Ok(()) => {
            set_cookie("/admin/login", &format!("{SESSION_COOKIE}=; Path=/; Max-Age=0; HttpOnly; Secure"))
        }
        Err(error) => unavailable(visitor.tongue, &error),
    }
}

/// `POST /admin/language`: shows the console in another language from now on.
pub async fn choose_language(headers: HeaderMap, fields: Fields) -> Response {
    let language =
        if fields.get("language") == Tongue::English.code() { Tongue::English } else { Tongue::Bengali };
    let cookie = format!(
        "{TONGUE_COOKIE}={}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax",
        language.code()
    );
    let from = headers.get(header::REFERER).and_then(|from| from.to_str().ok());
    let path = from.and_then(|from| url::Url::parse(from).ok()).map(|from| {
        let query = from.query().map(|query| format!("?{query}")).unwrap_or_default();
        format!("{}{query}", from.path())
    });
    set_cookie(path.as_deref().filter(|path| path.starts_with("/admin")).unwrap_or("/admin"), &cookie)
}

/// `GET /admin/sessions`: who is logged in.
pub async fn sessions(State(console): State<Arc<Console>>, visitor: Visitor) -> Response {
    let (tongue, now) = (visitor.tongue, Moment::now().unix);
    let listed = async { console.store()?.sessions(now).await };
    let sessions = match listed.await {
        Ok(sessions) => sessions,
        Err(error) => return unavailable(tongue, &error),
    };
    let content = html! {
        p { (say::SESSIONS_ARE.of(tongue)) }
        @if sessions.is_empty() { p.empty { (say::NO_SESSIONS.of(tongue)) } }
        ul.cards {
            @for session in &sessions {
                li.card {
                    h2 { (session.name) @if visitor.session.as_ref() == Some(&session.name) { " · " (say::THIS_ONE.of(tongue)) } }
                    p.meta {
                        (say::role(session.role.as_str(), tongue)) " · " (who(&session.author, tongue)) " · " (session.door)
                        " · " (say::SEEN.of(tongue)) " " (ago(session.seen_at, now, tongue))
                    }
                    form method="post" action="/admin/sessions" {
                        button name="revoke" value=(session.name) { (say::REVOKE.of(tongue)) span.unseen { " " (session.name) } }
                    }
                }
            }
        }
    };
    framed(&visitor, "/admin/sessions", say::SESSIONS.of(tongue), &content)
}

/// `POST /admin/sessions`: ends somebody's session.
pub async fn revoke(State(console): State<Arc<Console>>, visitor: Visitor, fields: Fields) -> Response {
    let name = fields.get("revoke");
    let revoked = async {
        let store = console.store()?;
        if store.revoke_session(name).await? {
            store.log(&visitor.author, "revoke", name, Moment::now().unix).await?;
        }
        Ok(())
    };
    match revoked.await {
        Ok(()) => Redirect::to("/admin/sessions").into_response(),
        Err(error) => unavailable(visitor.tongue, &error),
    }
}
