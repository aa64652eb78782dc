//! The fields of a form.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use http_body_util::{BodyExt as _, Collected, Limited};
use url::form_urlencoded;

use super::visitor::Visitor;
use crate::channel::web::refusal::Refusal;

/// The longest form, in bytes: a test set of ten thousand questions.
const MAX_BODY: usize = 4 << 20;

/// The longest form of somebody whom the guard has not let in, in bytes: the login's.
const MAX_LOGIN: usize = 16 << 10;

/// Fields that are read of a form: each costs more memory than its bytes.
const MAX_FIELDS: usize = 1_000;

/// The fields of a form, in its order; a name may come several times.
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Those of a query or a form's body.
    pub fn parse(bytes: &[u8]) -> Self {
        Self(form_urlencoded::parse(bytes).into_owned().take(MAX_FIELDS).collect())
    }

    /// The first value of `name`, trimmed; empty without one.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.trim())
    }

    /// The first value of `name` as something else; none where it does not parse.
    pub fn parsed<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.get(name).parse().ok()
    }

    /// Every value of `name`, trimmed.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(own, _)| own == name).map(|(_, value)| value.trim())
    }

    /// The lines of `name` that are not blank, trimmed.
    pub fn lines(&self, name: &str) -> Vec<String> {
        self.get(name).lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Response;

    async fn from_request(request: Request, _: &S) -> Result<Self, Response> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if !kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
            let reason = "send `content-type: application/x-www-form-urlencoded`";
            return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, reason).into_response());
        }
        let is_known = request.extensions().get::<Visitor>().is_some();
        let max = if is_known { MAX_BODY } else { MAX_LOGIN };
        let body: Result<Bytes, _> =
            Limited::new(request.into_body(), max).collect().await.map(Collected::to_bytes);
        let body = body.map_err(|_| {
            let reason = format!("the form is incomplete or has more than {max} bytes");
            Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, reason).into_response()
        })?;
        Ok(Self::parse(&body))
    }
}
