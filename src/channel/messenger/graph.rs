//! Requests to the Graph API, each made once: retries are the caller's.
//!
//! The token stands in the `Authorization` header and nowhere else; errors are stripped of the address.

use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Client, RequestBuilder};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use super::failure::Failure;
use super::signature::proof;
use crate::config::Messenger;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// For the whole request, its answer's body included.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(15);

/// Connections that were idle for longer are not reused: a request on one that the other side has closed meanwhile
/// would fail with an unknown outcome.
const IDLE_TIMEOUT: Duration = Duration::from_secs(20);

/// The header in which the platform says how long it refuses further requests.
const USAGE: &str = "x-business-use-case-usage";

/// A client of a Graph API server, authorised for one Page.
pub struct Graph {
    client: Client,
    base: String,
    token: SecretString,
    secret: SecretString,
    proof: String,
}

impl Graph {
    /// A client for the Page of `configured`.
    ///
    /// # Errors
    /// TLS cannot be initialised.
    pub fn new(configured: &Messenger) -> anyhow::Result<Self> {
        let client = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(REQUEST_TIMEOUT)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .tcp_nodelay(true)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let server = configured.graph_url.as_str().trim_end_matches('/');
        Ok(Self {
            client,
            base: format!("{server}/{}", configured.graph_version),
            token: configured.page_token.clone(),
            secret: configured.app_secret.clone(),
            proof: proof(&configured.app_secret, configured.page_token.expose_secret()),
        })
    }

    /// Posts `body` to `path`, e.g. `1234/messages`.
    ///
    /// # Errors
    /// The request was refused, did not go out, or its outcome is unknown.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        let request = self.client.post(format!("{}/{path}", self.base)).json(body);
        carry_out(request, &self.token, &self.proof).await
    }

    /// Reads `path`.
    ///
    /// # Errors
    /// The request was refused, did not go out, or its outcome is unknown.
    pub async fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Value, Failure> {
        let request = self.client.get(format!("{}/{path}", self.base)).query(query);
        carry_out(request, &self.token, &self.proof).await
    }

    /// Posts `body` to `path` with the app's token.
    ///
    /// # Errors
    /// The request was refused, did not go out, or its outcome is unknown.
    pub async fn post_as_app(&self, app: &str, path: &str, body: &Value) -> Result<Value, Failure> {
        let request = self.client.post(format!("{}/{path}", self.base)).json(body);
        self.carry_out_as_app(app, request).await
    }

    /// Reads `path` with the app's token.
    ///
    /// # Errors
    /// The request was refused, did not go out, or its outcome is unknown.
    pub async fn get_as_app(&self, app: &str, path: &str, query: &[(&str, &str)]) -> Result<Value, Failure> {
        let request = self.client.get(format!("{}/{path}", self.base)).query(query);
        self.carry_out_as_app(app, request).await
    }

    async fn carry_out_as_app(&self, app: &str, request: RequestBuilder) -> Result<Value, Failure> {
        let token = SecretString::from(format!("{app}|{}", self.secret.expose_secret()));
        let proof = proof(&self.secret, token.expose_secret());
        carry_out(request, &token, &proof).await
    }
}

async fn carry_out(request: RequestBuilder, token: &SecretString, proof: &str) -> Result<Value, Failure> {
    let request = request.bearer_auth(token.expose_secret()).query(&[("appsecret_proof", proof)]);
    let response = request.send().await.map_err(|error| Failure::network(&error.without_url()))?;
    let status = response.status().as_u16();
    let regain = regain(response.headers());
    let body = response.bytes().await.map_err(|error| Failure::network(&error.without_url()))?;
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    if (200..300).contains(&status) && body["error"].is_null() {
        Ok(body)
    } else {
        Err(Failure::told(status, &body, regain))
    }
}

/// After how many minutes requests are accepted again: the longest time that the header names.
fn regain(headers: &HeaderMap) -> Option<u64> {
    let usage: Value = serde_json::from_slice(headers.get(USAGE)?.as_bytes()).ok()?;
    let limits = usage.as_object()?.values().filter_map(Value::as_array).flatten();
    limits.filter_map(|limit| limit["estimated_time_to_regain_access"].as_u64()).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_wait_that_is_told_counts() {
        let told = |usage: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(USAGE, reqwest::header::HeaderValue::from_static(usage));
            regain(&headers)
        };
        assert_eq!(told(r#"{"1":[{"estimated_time_to_regain_access":3},{"type":"messenger"}]}"#), Some(3));
        let two =
            r#"{"1":[{"estimated_time_to_regain_access":3}],"2":[{"estimated_time_to_regain_access":7}]}"#;
        assert_eq!(told(two), Some(7));
        for nothing in ["{}", "[]", "no JSON", r#"{"1":[{}]}"#, r#"{"1":3}"#] {
            assert_eq!(told(nothing), None, "{nothing}");
        }
        assert_eq!(regain(&HeaderMap::new()), None);
    }
}
