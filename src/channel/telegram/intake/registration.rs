//! Where Telegram brings updates to: the only thing that sets, shows or deletes the webhook.

use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use super::update::ALLOWED;
use crate::channel::telegram::client::api::Api;
use crate::channel::telegram::client::error::Failure;

/// Requests that Telegram makes at once; it keeps each chat's order by itself.
const CONNECTIONS: u8 = 40;

const PATIENCE: Duration = Duration::from_secs(15);

/// The route below `PUBLIC_URL`.
pub const ROUTE: &str = "/telegram/webhook";

/// The webhook as Telegram has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info {
    /// Where to; empty: there is none.
    pub url: String,
    /// Updates that wait.
    pub pending: u64,
    /// The last failure, in Telegram's words, with its Unix time.
    pub last_error: Option<(String, i64)>,
    /// The kinds of update that are brought; empty: Telegram's usual ones.
    pub allowed: Vec<String>,
}

/// Has updates brought to `url`, with `secret` in a header.
///
/// # Errors
/// Telegram's refusal, or that it cannot be reached.
pub async fn set(api: &Api, url: &str, secret: &SecretString) -> Result<(), Failure> {
    let parameters = json!({
        "url": url,
        "secret_token": secret.expose_secret(),
        "allowed_updates": ALLOWED,
        "max_connections": CONNECTIONS,
    });
    api.call_within::<Value>("SetWebhook", &parameters, PATIENCE).await.map(|_| ())
}

/// The webhook as it is.
///
/// # Errors
/// As [`set`].
pub async fn info(api: &Api) -> Result<Info, Failure> {
    let info: Value = api.call_within("GetWebhookInfo", &json!({}), PATIENCE).await?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let last_error = info["last_error_message"]
        .as_str()
        .map(|error| (error.to_owned(), info["last_error_date"].as_i64().unwrap_or(0)));
    let allowed = info["allowed_updates"].as_array().map(|list| list.iter().map(text).collect());
    Ok(Info {
        url: text(&info["url"]),
        pending: info["pending_update_count"].as_u64().unwrap_or(0),
        last_error,
        allowed: allowed.unwrap_or_default(),
    })
}

/// Has no updates brought any more; those that wait stay for whoever asks for them.
///
/// # Errors
/// As [`set`].
pub async fn delete(api: &Api) -> Result<(), Failure> {
    api.call_within::<Value>("DeleteWebhook", &json!({}), PATIENCE).await.map(|_| ())
}
