//! Requests to the Bot API: a payload of teloxide's types in, the part of the result that is needed out.
//!
//! teloxide's own requests wait ten seconds inside themselves after a 5xx, and take a message whose newer parts they
//! cannot read for one that was not sent. So the transport is ours: one POST, one answer, no wait. The token stands
//! in the address and nowhere else; errors are stripped of it.

use std::time::Duration;

use reqwest::Client;
use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use teloxide::requests::Payload;
use url::Url;

use super::error::Failure;

/// Telegram's own server.
const TELEGRAM: &str = "https://api.telegram.org/";

/// The longest that a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(5);

/// The longest that an ordinary request may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// A Bot API server and the right to speak for a bot.
pub struct Api {
    client: Client,
    /// With the token, and so secret.
    base: SecretString,
}

/// How every answer looks.
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
    /// Speaks for the bot of `token` at `server`, or at Telegram's own.
    ///
    /// # Errors
    /// The system gives no TLS, or the token cannot stand in an address.
    pub fn new(token: &SecretString, server: Option<&Url>) -> anyhow::Result<Self> {
        let client = Client::builder()
            .connect_timeout(CONNECT)
            .tcp_nodelay(true)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let server = server.map_or(TELEGRAM, Url::as_str);
        let base = format!("{}/bot{}/", server.trim_end_matches('/'), token.expose_secret());
        if Url::parse(&base).is_err() {
            anyhow::bail!("TELOXIDE_TOKEN cannot stand in an address; copy it again from BotFather");
        }
        Ok(Self { client, base: SecretString::from(base) })
    }

    /// Carries out `payload`, and reads `T` from the result; what else the result holds does not matter.
    ///
    /// # Errors
    /// What Telegram said against it, or that nobody knows whether it happened.
    pub async fn call<P, T>(&self, payload: &P) -> Result<T, Failure>
    where
        P: Payload + Serialize + Sync,
        T: DeserializeOwned,
    {
        self.call_within(P::NAME, payload, PATIENCE).await
    }

    /// Carries out the method `name`, which may take so long.
    ///
    /// # Errors
    /// As [`Api::call`].
    pub async fn call_within<T: DeserializeOwned>(
        &self,
        name: &str,
        parameters: &(impl Serialize + Sync),
        patience: Duration,
    ) -> Result<T, Failure> {
        let address = format!("{}{name}", self.base.expose_secret());
        let sent = self.client.post(address).json(parameters).timeout(patience).send().await;
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
        Err(Failure::told(code, &description, parameters.retry_after, parameters.migrate_to_chat_id))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn an_answer_that_does_not_come_is_not_waited_for() -> anyhow::Result<()> {
        // It takes the connection and never answers.
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
