//! Requests to the Bot API: a payload of teloxide's types in, the part of the result that is needed out.
//!
//! teloxide's own client waits ten seconds inside a request after a 5xx, and reports a message that it cannot parse as one
//! that was not sent. So the transport is ours: one POST, one response, no wait. The token is part of the URL and of
//! nothing else; errors are stripped of it.

use std::time::Duration;

use reqwest::Client;
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use teloxide::requests::Payload;
use url::Url;

use super::error::Failure;

/// Telegram's own server.
const TELEGRAM: &str = "https://api.telegram.org/";

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Of an ordinary request.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// A Bot API server and a bot's token.
pub struct Api {
    client: Client,
    /// Contains the token.
    base: SecretString,
}

/// The shape of every response.
#[derive(Deserialize)]
struct Envelope<'a> {
    ok: bool,
    #[serde(borrow, default)]
    result: Option<&'a RawValue>,
    #[serde(default)]
    error_code: Option<u16>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    parameters: Option<Parameters>,
}

#[derive(Default, Deserialize)]
struct Parameters {
    #[serde(default)]
    retry_after: Option<u64>,
    #[serde(default)]
    migrate_to_chat_id: Option<i64>,
}

impl Api {
    /// Calls `server`, or Telegram's own, as the bot of `token`.
    ///
    /// # Errors
    /// TLS cannot be set up, or the token is not valid in a URL.
    pub fn new(token: &SecretString, server: Option<&Url>) -> anyhow::Result<Self> {
        let client = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .tcp_nodelay(true)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let server = server.map_or(TELEGRAM, Url::as_str);
        let base = format!("{}/bot{}/", server.trim_end_matches('/'), token.expose_secret());
        if Url::parse(&base).is_err() {
            anyhow::bail!("TELOXIDE_TOKEN is not valid in a URL; copy it again from BotFather");
        }
        Ok(Self { client, base: SecretString::from(base) })
    }

    /// Calls the method of `payload` and parses `T` from the result; other fields of the result are ignored.
    ///
    /// # Errors
    /// Telegram refused, or its response did not come or could not be parsed: then the outcome is unknown.
    pub async fn call<P, T>(&self, payload: &P) -> Result<T, Failure>
    where
        P: Payload + Serialize + Sync,
        T: DeserializeOwned,
    {
        self.call_within(P::NAME, payload, REQUEST_TIMEOUT).await
    }

    /// Calls the method `name`, for which teloxide's types would only be longer.
    ///
    /// # Errors
    /// Telegram refused, or its response did not come or could not be parsed: then the outcome is unknown.
    pub async fn call_named<T: DeserializeOwned>(
        &self,
        name: &str,
        parameters: &Value,
    ) -> Result<T, Failure> {
        self.call_within(name, parameters, REQUEST_TIMEOUT).await
    }

    /// Calls the method `name` with a timeout of its own.
    ///
    /// # Errors
    /// Telegram refused, or its response did not come or could not be parsed: then the outcome is unknown.
    pub async fn call_within<T: DeserializeOwned>(
        &self,
        name: &str,
        parameters: &(impl Serialize + Sync),
        request_timeout: Duration,
    ) -> Result<T, Failure> {
        let address = format!("{}{name}", self.base.expose_secret());
        let sent = self.client.post(address).json(parameters).timeout(request_timeout).send().await;
        let response = sent.map_err(|error| Failure::network(&error.without_url()))?;
        let status = response.status().as_u16();
        let body = response.bytes().await.map_err(|error| Failure::network(&error.without_url()))?;
        let Ok(envelope) = serde_json::from_slice::<Envelope>(&body) else {
            return Err(if status < 400 { Failure::Unreadable } else { Failure::Server(status) });
        };
        if envelope.ok {
            let result = envelope.result.map_or("null", RawValue::get);
            return serde_json::from_str(result).map_err(|_| Failure::Unreadable);
        }
        let parameters = envelope.parameters.unwrap_or_default();
        let code = envelope.error_code.unwrap_or(status);
        let description = envelope.description.unwrap_or_default();
        Err(Failure::classify(code, &description, parameters.retry_after, parameters.migrate_to_chat_id))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn a_response_that_does_not_come_ends_in_a_timeout() -> anyhow::Result<()> {
        // It accepts the connection and never responds.
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let server = Url::parse(&format!("http://{}", listener.local_addr()?))?;
        let api = Api::new(&SecretString::from("42:secret"), Some(&server))?;
        let nothing = json!({});
        let ask = || api.call_within::<Value>("GetUpdates", &nothing, Duration::from_millis(200));
        assert_eq!(ask().await, Err(Failure::Network("it took too long".to_owned())));
        drop(listener);
        assert_eq!(ask().await, Err(Failure::Network("no connection".to_owned())));
        Ok(())
    }
}
