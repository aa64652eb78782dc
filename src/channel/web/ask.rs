//! `POST /api/ask` and `POST /api/feedback`: a message in, the reply as JSON out.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use http_body_util::BodyExt as _;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Web;
use super::refusal::Refusal;
use crate::channel;
use crate::faq::EntryId;
use crate::message::{Content, ConversationId, Message, Payload, PersonId, Place};
use crate::reply::Action;
use crate::reply::record::Record;
use crate::reply::render::page_html;
use crate::text::normalize;

/// The channel's name.
const CHANNEL: &str = "web";

/// The longest body that is accepted, in bytes.
const MAX_BODY: usize = 64 * 1024;

/// The longest body that is read to its end and refused, in bytes: a sender that is cut off earlier may never read the
/// refusal.
const MAX_DISCARDED: usize = 8 * 1024 * 1024;

/// The longest session id, in characters.
const MAX_SESSION_CHARS: usize = 64;

/// The body of a question.
#[derive(Deserialize)]
pub struct Question {
    text: String,
    session: Option<String>,
}

/// The body of a judgement.
#[derive(Deserialize)]
pub struct Feedback {
    session: Option<String>,
    entry: String,
    helpful: bool,
}

/// The reply: the line of `uttor ask --json`, and what a page shows of it.
#[derive(Serialize)]
pub struct Answer {
    #[serde(flatten)]
    record: Record,
    html: String,
    buttons: Vec<Button>,
    session: String,
}

/// A button has either an address to open or a payload to send as `text`.
#[derive(Serialize)]
struct Button {
    label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<String>,
}

/// Answers a question, or a button's payload.
pub async fn ask(
    State(web): State<Arc<Web>>,
    JsonBody(question): JsonBody<Question>,
) -> Result<Json<Answer>, Refusal> {
    let session = session(question.session)?;
    let query = normalize::question(&question.text);
    Ok(Json(answer(&web, session, query, Content::from_text(query)).await))
}

/// Takes a judgement; answered like a press of 👍 or 👎.
pub async fn feedback(
    State(web): State<Arc<Web>>,
    JsonBody(feedback): JsonBody<Feedback>,
) -> Result<Json<Answer>, Refusal> {
    let session = session(feedback.session)?;
    let entry: EntryId =
        feedback.entry.parse().map_err(|error| Refusal::malformed(format!("`entry`: {error}")))?;
    let payload = Payload::Feedback { entry, helpful: feedback.helpful };
    Ok(Json(answer(&web, session, &payload.to_string(), Content::Press(payload.clone())).await))
}

async fn answer(web: &Web, session: String, query: &str, content: Content) -> Answer {
    let message = Message {
        conversation: ConversationId::new(CHANNEL, &session),
        person: PersonId::new(CHANNEL, &session),
        group: None,
        place: Place::Private,
        may_be_kept: true,
        hidden: Vec::new(),
        guide_first: false,
        content,
    };
    let response = channel::respond(&web.responder, &web.metrics, &message).await;
    let buttons = response.reply.buttons.iter().map(|button| {
        let (url, payload) = match &button.action {
            Action::Open(url) => (Some(url.clone()), None),
            Action::Press(payload) => (None, Some(payload.to_string())),
        };
        Button { label: button.label.clone(), url, payload }
    });
    Answer {
        record: Record::new(query, &response.ranking, &response.reply),
        html: page_html(&response.reply.text),
        buttons: buttons.collect(),
        session,
    }
}

/// The session that was given, or a new one.
fn session(given: Option<String>) -> Result<String, Refusal> {
    match given.filter(|session| !session.is_empty()) {
        None => Ok(Uuid::new_v4().simple().to_string()),
        Some(session) if session.chars().count() > MAX_SESSION_CHARS => {
            Err(Refusal::malformed(format!("`session` has more than {MAX_SESSION_CHARS} characters")))
        }
        Some(session) => Ok(session),
    }
}

/// A body of JSON, not too long.
pub struct JsonBody<T>(T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let is_json = is_json(request.headers());
        let bytes = read(request.into_body()).await?;
        if !is_json {
            return Err(Refusal::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "send `content-type: application/json`",
            ));
        }
        serde_json::from_slice(&bytes).map(Self).map_err(|error| Refusal::malformed(error.to_string()))
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

/// The whole body. What exceeds [`MAX_BODY`] is read and dropped.
async fn read(mut body: Body) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    let mut length = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Refusal::malformed("the body is incomplete"))?;
        let Some(data) = frame.data_ref() else { continue };
        length += data.len();
        if length <= MAX_BODY {
            bytes.extend_from_slice(data);
        } else if length > MAX_DISCARDED {
            break;
        }
    }
    if length > MAX_BODY {
        return Err(Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("the body has more than {MAX_BODY} bytes"),
        ));
    }
    Ok(bytes)
}
