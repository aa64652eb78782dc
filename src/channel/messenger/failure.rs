//! Why a request failed, classified by remedy.
//!
//! Meta's error codes with their subcodes: the Messenger Platform's error codes page, and for subcodes what others
//! report. A request of unknown outcome is not retried: the platform has no idempotency keys.

use std::time::Duration;

use serde_json::Value;

const MIN_RATE_LIMIT_WAIT: Duration = Duration::from_mins(1);

/// Why a request failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Nothing was sent: the connection could not be made.
    #[error("no connection to the Graph API")]
    NotSent,
    /// The outcome is unknown: it may have been carried out.
    #[error("no answer, it may have happened: {0}")]
    Unknown(String),
    /// A retry may succeed.
    #[error("a passing failure (code {0})")]
    Passing(i64),
    /// Too many requests; the next one after this time.
    #[error("too many requests, waiting {} s", .0.as_secs())]
    Rate(Duration),
    /// The person's last word is more than 24 hours old.
    #[error("outside the 24 hours after the person's last message")]
    Window,
    /// The person cannot be reached.
    #[error("the person cannot be reached (code {0})")]
    Unreachable(i64),
    /// No person has this id at this Page.
    #[error("no such recipient; the id belongs to another Page")]
    NoSuchRecipient,
    /// The message is malformed.
    #[error("the message is refused: {0}")]
    Bad(String),
    /// The proof is not of this app's secret.
    #[error(
        "the app secret is refused; copy it again from the app's basic settings into MESSENGER_APP_SECRET and start \
         uttor again"
    )]
    Secret,
    /// The token is refused.
    #[error(
        "the Page token is refused ({0}); make a new one in the app's Messenger API Settings, put it into \
         MESSENGER_PAGE_TOKEN and start uttor again"
    )]
    Token(String),
    /// A permission or its review is missing.
    #[error(
        "a permission is missing ({0}); the app needs Advanced Access to it, which App Review grants, to reach people \
         who have no role on the app"
    )]
    Permission(String),
    /// The Page may not send for a while.
    #[error("the Page is restricted for a while; see the Page's support inbox")]
    Restricted,
    /// Blocked for breaking a policy.
    #[error(
        "the app or Page is blocked for breaking a policy; see the app's dashboard and the Page's support inbox"
    )]
    Blocked,
    /// The API's version is switched off.
    #[error(
        "this version of the Graph API is no more; set MESSENGER_GRAPH_VERSION to a newer one and start uttor again"
    )]
    Version,
    /// Refused for another reason.
    #[error("refused: {0}")]
    Refused(String),
}

impl Failure {
    /// A request that failed on the network; `error` must not contain the URL.
    pub fn network(error: &reqwest::Error) -> Self {
        if error.is_connect() || error.is_builder() {
            Self::NotSent
        } else if error.is_timeout() {
            Self::Unknown("it took too long".to_owned())
        } else {
            Self::Unknown("the connection broke".to_owned())
        }
    }

    /// Classifies an error response; `regain` in minutes, from `X-Business-Use-Case-Usage`.
    pub fn told(status: u16, body: &Value, regain: Option<u64>) -> Self {
        let error = &body["error"];
        let Some(code) = error["code"].as_i64() else {
            return match status {
                429 => Self::rate(regain),
                500.. => Self::Unknown(format!("status {status}")),
                _ => Self::Refused(format!("status {status}")),
            };
        };
        let sub = error["error_subcode"].as_i64().unwrap_or(0);
        let said = || {
            let message = error["message"].as_str().unwrap_or_default();
            // Some begin with their code, which is named below.
            let message = message.strip_prefix(&format!("(#{code}) ")).unwrap_or(message);
            let message: String = message.chars().filter(|c| !c.is_control()).take(200).collect();
            if sub == 0 { format!("{message}, code {code}") } else { format!("{message}, code {code}/{sub}") }
        };
        match (code, sub) {
            (1_200 | 2, _) => Self::Passing(code),
            // "An unknown error occurred": so it is.
            (1, _) => Self::Unknown("code 1".to_owned()),
            (4 | 17 | 32 | 613 | 80_001 | 80_006, _) => Self::rate(regain),
            (10, 2_018_278 | 2_018_065) => Self::Window,
            (551, _) | (10, 2_018_108) | (200, 1_545_041) => Self::Unreachable(code),
            (_, 1_893_063 | 2_534_122 | 2_534_029) => Self::Restricted,
            (100, 2_018_001) => Self::NoSuchRecipient,
            (100, _) if said().contains("appsecret_proof") => Self::Secret,
            (100, _) => Self::Bad(said()),
            (102 | 190, _) => Self::Token(said()),
            // No consent to a profile: none is asked for, so it stops nothing.
            (230, _) => Self::Refused(said()),
            (3 | 10 | 200..=299, _) => Self::Permission(said()),
            (368, _) => Self::Blocked,
            (2_635, _) => Self::Version,
            _ => Self::Refused(said()),
        }
    }

    fn rate(regain: Option<u64>) -> Self {
        let wait = Duration::from_secs(regain.unwrap_or(0).saturating_mul(60));
        Self::Rate(wait.max(MIN_RATE_LIMIT_WAIT))
    }

    /// A short name for the metrics.
    pub fn name(&self) -> &'static str {
        match self {
            Self::NotSent => "not_sent",
            Self::Unknown(_) => "unknown",
            Self::Passing(_) => "passing",
            Self::Rate(_) => "rate",
            Self::Window => "window",
            Self::Unreachable(_) => "unreachable",
            Self::NoSuchRecipient => "no_such_recipient",
            Self::Bad(_) => "bad",
            Self::Secret => "secret",
            Self::Token(_) => "token",
            Self::Permission(_) => "permission",
            Self::Restricted => "restricted",
            Self::Blocked => "blocked",
            Self::Version => "version",
            Self::Refused(_) => "refused",
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_codes_of_the_platform_are_sorted() {
        for (status, code, sub, name) in [
            (500, 1200, 0, "passing"),
            (500, 2, 0, "passing"),
            (500, 1, 0, "unknown"),
            (400, 4, 2_018_022, "rate"),
            (400, 32, 0, "rate"),
            (400, 613, 0, "rate"),
            (400, 80_001, 0, "rate"),
            (400, 80_006, 0, "rate"),
            (400, 10, 2_018_278, "window"),
            (400, 10, 2_018_065, "window"),
            (400, 10, 2_018_108, "unreachable"),
            (400, 200, 1_545_041, "unreachable"),
            (400, 551, 0, "unreachable"),
            (400, 100, 2_018_001, "no_such_recipient"),
            (400, 100, 2_018_034, "bad"),
            (400, 100, 2_018_109, "bad"),
            (400, 100, 0, "bad"),
            (401, 190, 463, "token"),
            (401, 190, 460, "token"),
            (403, 200, 2_018_028, "permission"),
            (403, 10, 0, "permission"),
            (400, 10, 1_893_063, "restricted"),
            (400, 10, 2_534_122, "restricted"),
            (400, 10, 2_534_029, "restricted"),
            (400, 368, 0, "blocked"),
            (400, 2_635, 0, "version"),
            (400, 230, 0, "refused"),
            (400, 999_999, 0, "refused"),
        ] {
            let body = json!({ "error": { "message": "…", "code": code, "error_subcode": sub } });
            assert_eq!(Failure::told(status, &body, None).name(), name, "{code}/{sub}");
        }
        for (status, name) in [(502, "unknown"), (503, "unknown"), (429, "rate"), (404, "refused")] {
            assert_eq!(Failure::told(status, &Value::Null, None).name(), name, "{status}");
        }
    }

    #[test]
    fn a_wait_is_as_long_as_it_is_told_but_a_minute_at_least() {
        let body = json!({ "error": { "code": 80_001 } });
        assert_eq!(Failure::told(400, &body, Some(5)), Failure::Rate(Duration::from_mins(5)));
        assert_eq!(Failure::told(400, &body, None), Failure::Rate(Duration::from_mins(1)));
    }

    #[test]
    fn a_code_is_named_once() {
        for message in ["(#190) It is over", "It is over"] {
            let body = json!({ "error": { "message": message, "code": 190 } });
            let told = Failure::told(401, &body, None).to_string();
            assert!(told.contains("refused (It is over, code 190);"), "{told}");
        }
    }

    #[test]
    fn a_wrong_secret_is_told_from_a_bad_message() {
        let message = "Invalid appsecret_proof provided in the API argument";
        let body = json!({ "error": { "message": message, "code": 100 } });
        assert_eq!(Failure::told(400, &body, None), Failure::Secret);
    }
}
