//! Who makes a request, and what they may do: put there by the guard, and read by every page.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};

use crate::channel::web::refusal::Refusal;
use crate::store::{Author, Role};
use crate::wording::console::Tongue;

/// The cookie with a session's secret.
pub const SESSION_COOKIE: &str = "uttor_console";

/// The cookie with the language that the visitor chose.
pub const TONGUE_COOKIE: &str = "uttor_console_language";

/// A visitor whom the guard has let in.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// What they may do.
    pub role: Role,
    /// Who they are in the log.
    pub author: Author,
    /// The session's name; none of somebody at this machine who needs none.
    pub session: Option<String>,
    /// The language that they chose.
    pub tongue: Tongue,
}

impl Visitor {
    /// Whether they may change the content.
    pub fn edits(&self) -> bool {
        self.role >= Role::Editor
    }
}

/// A page that the guard does not stand before has no visitor, and is refused.
impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let refused = || Refusal::new(StatusCode::UNAUTHORIZED, "log in first");
        parts.extensions.get::<Self>().cloned().ok_or_else(refused)
    }
}

/// The value of the cookie `name`.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(found, _)| *found == name).map(|(_, value)| value)
}

/// The language that the visitor chose, or else that of the content.
pub fn tongue(headers: &HeaderMap, of_content: &str) -> Tongue {
    match cookie(headers, TONGUE_COOKIE) {
        Some("en") => Tongue::English,
        Some("bn") => Tongue::Bengali,
        _ => Tongue::of_content(of_content),
    }
}
