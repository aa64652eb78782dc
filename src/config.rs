//! The settings: what the environment and the working folder's `.env` say, checked and typed.
//!
//! ```
//! use uttor::config::Config;
//! let config = Config::read([], std::path::Path::new("no-such-file")).unwrap();
//! assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
//! ```

mod read;
mod values;
mod variables;

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use crate::reply::links::{Contact, Links};

use self::values::Values;
pub use self::variables::{VARIABLES, Variable};

/// Every setting. Secrets show as `[REDACTED]`.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the web server listens.
    pub listen: SocketAddr,
    /// How the outside reaches the web server, without a slash at its end; unset: at the address it listens on.
    pub public_url: Option<String>,
    /// The full article; unset: the built-in guide page.
    pub article_url: Option<Url>,
    /// The folder of the content; unset: `faq` in the working folder, or else the content compiled in.
    pub faq_dir: Option<PathBuf>,
    /// The store; may hold a password.
    pub database_url: SecretString,
    /// The password of the web console.
    pub admin_token: Option<SecretString>,
    /// Whom people reach who want a person.
    pub contact: Option<Contact>,
    /// Whether operators are told what somebody said who wants a person.
    pub handoff_text: bool,
    /// Telegram user ids that may manage the base FAQ.
    pub operators: Vec<u64>,
    /// Telegram, when there is a token.
    pub telegram: Option<Telegram>,
    /// Messenger, when its four names are set.
    pub messenger: Option<Messenger>,
    /// Older messages are not answered after an outage; none: all are.
    pub max_age: Option<Duration>,
    /// The pause after a person of the Page has answered.
    pub handover: Duration,
    /// How long unanswered questions and feedback are kept.
    pub retention: Duration,
    /// How the logs look.
    pub log: Log,
}

/// Telegram's settings.
#[derive(Clone, Debug)]
pub struct Telegram {
    /// The bot's token.
    pub token: SecretString,
    /// Another Bot API server.
    pub api_url: Option<Url>,
    /// How updates come.
    pub intake: TelegramIntake,
    /// Whether Telegram's limits on sending are kept.
    pub limits: bool,
}

/// How Telegram's updates come.
#[derive(Clone, Debug)]
pub enum TelegramIntake {
    /// They are asked for.
    Polling,
    /// They are posted to `/telegram/webhook` with this secret.
    Webhook(SecretString),
}

/// Messenger's settings.
#[derive(Clone, Debug)]
pub struct Messenger {
    /// The Page.
    pub page_id: String,
    /// Its access token.
    pub page_token: SecretString,
    /// What events are signed with.
    pub app_secret: SecretString,
    /// What the webhook is verified with.
    pub verify_token: SecretString,
    /// The Graph API server.
    pub graph_url: Url,
    /// Its version, e.g. `v25.0`.
    pub graph_version: String,
    /// What comments below the Page's posts get.
    pub comments: Comments,
    /// The professional Instagram account linked to the Page, where its messages are answered too.
    pub instagram_id: Option<String>,
}

/// What comments below the Page's posts get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comments {
    /// Nothing.
    Off,
    /// A private reply.
    Private,
    /// A reply below the comment.
    Public,
}

/// How the logs look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// The form of a line.
    pub format: LogFormat,
    /// Which levels of which modules, in the form of `RUST_LOG`.
    pub levels: String,
}

/// The form of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Everything that is wrong with the settings, a line each: place, value, remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", problems.join("\n"))]
pub struct ConfigError {
    problems: Vec<String>,
}

impl Config {
    /// Reads the process environment and the working folder's `.env`; the environment wins.
    ///
    /// # Errors
    /// Malformed values, an unreadable `.env`, and unknown names that can only be meant for `uttor`.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::read(std::env::vars_os(), Path::new(".env"))
    }

    /// As [`Config::from_env`], from another environment and file.
    ///
    /// # Errors
    /// See [`Config::from_env`].
    pub fn read(
        environment: impl IntoIterator<Item = (OsString, OsString)>,
        dotenv: &Path,
    ) -> Result<Self, ConfigError> {
        let mut values = Values::read(environment, dotenv);
        let config = read::config(&mut values);
        match (config, values.into_problems()) {
            (Some(config), problems) if problems.is_empty() => Ok(config),
            (_, problems) => Err(ConfigError { problems }),
        }
    }

    /// Where links into the article and to a person lead, while the web server listens on `listening`.
    pub fn links(&self, listening: SocketAddr) -> Links {
        let links = match (&self.article_url, &self.public_url) {
            (Some(article), _) => Links::outside(article.as_str()),
            (None, Some(public)) => Links::builtin(public),
            (None, None) => Links::builtin(&format!("http://{listening}")),
        };
        links.with_contact(self.contact.clone())
    }

    /// Whether `PUBLIC_URL` leads to this machine only.
    pub fn public_url_is_here(&self) -> bool {
        let listens_here = self.listen.ip().is_loopback() || self.listen.ip().is_unspecified();
        match &self.public_url {
            Some(url) => Url::parse(url).is_ok_and(|url| read::is_local(&url)),
            None => listens_here,
        }
    }

    /// After how many days unanswered questions and feedback are deleted.
    pub fn retention_days(&self) -> u64 {
        self.retention.as_secs() / (24 * 60 * 60)
    }

    /// Whether links in replies lead to this machine only, so that people on Telegram and Messenger cannot open them.
    pub fn links_stay_here(&self) -> bool {
        self.article_url.is_none() && self.public_url_is_here()
    }
}
