//! The webhook's registration at Telegram: nothing else sets, shows or deletes it.

use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use super::update::ALLOWED;
use crate::channel::telegram::client::api::Api;
use crate::channel::telegram::client::error::Failure;

/// Deliveries that Telegram makes at once; it keeps each chat's order by itself.
const CONNECTIONS: u8 = 40;

const REQUEST_TIMEOUT: Duration = Duration::from_secs(15);

/// The route below `PUBLIC_URL`.
pub const ROUTE: &str = "/telegram/webhook";

/// The webhook's registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info {
    /// Empty: there is none.
    pub url: String,
    /// Updates that wait to be delivered.
    pub pending: u64,
    /// The last failed delivery, in Telegram's words, with its Unix time.
    pub last_error: Option<(String, i64)>,
    /// The kinds of update that are delivered; empty: Telegram's usual ones.
    pub allowed: Vec<String>,
}

/// Has updates delivered to `url`, with `secret` in a header.
///
/// # Errors
/// Telegram refuses, or cannot be reached.
pub async fn set(api: &Api, url: &str, secret: &SecretString) -> Result<(), Failure> {
    let parameters = json!({
        "url": url,
        "secret_token": secret.expose_secret(),
        "allowed_updates": ALLOWED,
        "max_connections": CONNECTIONS,
    });
    api.call_within::<Value>("SetWebhook", &parameters, REQUEST_TIMEOUT).await.map(|_| ())
}

/// The present registration.
///
/// # Errors
/// Telegram refuses, or cannot be reached.
pub async fn info(api: &Api) -> Result<Info, Failure> {
    let info: Value = api.call_within("GetWebhookInfo", &json!({}), REQUEST_TIMEOUT).await?;
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

/// Has no updates delivered any more; those that wait can be polled.
///
/// # Errors
/// Telegram refuses, or cannot be reached.
pub async fn delete(api: &Api) -> Result<(), Failure> {
    api.call_within::<Value>("DeleteWebhook", &json!({}), REQUEST_TIMEOUT).await.map(|_| ())
}
