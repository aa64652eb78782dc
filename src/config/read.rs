//! Parses each variable.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tracing_subscriber::EnvFilter;
use url::Url;

use super::values::Values;
use super::{Comments, Config, Log, LogFormat, Messenger, Telegram, TelegramIntake};
use crate::reply::links::Contact;

const HOUR: u64 = 60 * 60;

/// Every setting; none when one does not parse. The problems are in `values`: all variables are read before the first
/// problem is reported.
pub fn config(values: &mut Values) -> Option<Config> {
    let listen = values.parsed("LISTEN", listen);
    let public_url = values.parsed("PUBLIC_URL", public_url);
    let article_url = values.parsed("ARTICLE_URL", web_url);
    let faq_dir = values.text("FAQ_DIR").map(PathBuf::from);
    let database_url = values.parsed("DATABASE_URL", database_url);
    let admin_token = values.parsed("ADMIN_TOKEN", secret);
    let contact = values.parsed("CONTACT", contact);
    let handoff_text = values.parsed("HANDOFF_TEXT", |text| one_of(text, [("on", true), ("off", false)]));
    let operators = values.parsed("OPERATORS", operators).unwrap_or_default();
    let telegram = telegram(values);
    let messenger = messenger(values);
    let max_age = values.parsed("MAX_AGE_SECS", |text| number(text, 0));
    let handover = values.parsed("HANDOVER_HOURS", |text| number(text, 0));
    let retention = values.parsed("RETENTION_DAYS", |text| number(text, 1));
    let format = values
        .parsed("LOG_FORMAT", |text| one_of(text, [("text", LogFormat::Text), ("json", LogFormat::Json)]));
    let levels = values.parsed("RUST_LOG", levels);
    Some(Config {
        listen: listen?,
        public_url,
        article_url,
        faq_dir,
        database_url: database_url?,
        admin_token,
        contact,
        handoff_text: handoff_text?,
        operators,
        telegram: telegram?,
        messenger: messenger?,
        max_age: Some(max_age?).filter(|seconds| *seconds > 0).map(Duration::from_secs),
        handover: Duration::from_secs(handover?.saturating_mul(HOUR)),
        retention: Duration::from_secs(retention?.saturating_mul(24 * HOUR)),
        log: Log { format: format?, levels: levels? },
    })
}

/// Telegram's settings, checked even while it is off.
#[expect(
    clippy::option_option,
    reason = "outside: whether everything parsed; inside: whether Telegram is on"
)]
fn telegram(values: &mut Values) -> Option<Option<Telegram>> {
    let token = values.parsed("TELOXIDE_TOKEN", secret);
    let api_url = values.parsed("TELOXIDE_API_URL", web_url);
    let webhook =
        values.parsed("TELEGRAM_MODE", |text| one_of(text, [("polling", false), ("webhook", true)]));
    let webhook_secret = values.parsed("TELEGRAM_WEBHOOK_SECRET", webhook_secret);
    let limits = values.parsed("TELEGRAM_LIMITS", |text| one_of(text, [("on", true), ("off", false)]));
    if limits == Some(false) && !api_url.as_ref().is_some_and(is_local) {
        values.complain("TELEGRAM_LIMITS", "may be off only while TELOXIDE_API_URL is a loopback address");
        return None;
    }
    let intake = match (webhook?, webhook_secret) {
        (false, _) => TelegramIntake::Polling,
        (true, Some(secret)) => TelegramIntake::Webhook(secret),
        (true, None) => {
            if !values.is_set("TELEGRAM_WEBHOOK_SECRET") {
                values.complain("TELEGRAM_WEBHOOK_SECRET", "is unset; TELEGRAM_MODE=webhook needs it");
            }
            return None;
        }
    };
    let limits = limits?;
    Some(token.map(|token| Telegram { token, api_url, intake, limits }))
}

const MESSENGER_NAMES: [&str; 4] =
    ["MESSENGER_PAGE_ID", "MESSENGER_PAGE_TOKEN", "MESSENGER_APP_SECRET", "MESSENGER_VERIFY_TOKEN"];

/// Messenger's settings, checked even while it is off: all four names or none.
#[expect(
    clippy::option_option,
    reason = "outside: whether everything parsed; inside: whether Messenger is on"
)]
fn messenger(values: &mut Values) -> Option<Option<Messenger>> {
    let page_id = values.parsed("MESSENGER_PAGE_ID", |text| digits(text, "a Page's id"));
    let instagram_id =
        values.parsed("MESSENGER_INSTAGRAM_ID", |text| digits(text, "an Instagram account's id"));
    let [_, page_token, app_secret, verify_token] = MESSENGER_NAMES.map(|name| values.parsed(name, secret));
    let graph_url = values.parsed("MESSENGER_GRAPH_URL", web_url);
    let graph_version = values.parsed("MESSENGER_GRAPH_VERSION", graph_version);
    let comments = values.parsed("MESSENGER_COMMENTS", |text| {
        one_of(text, [("off", Comments::Off), ("private", Comments::Private), ("public", Comments::Public)])
    });
    let (set, unset): (Vec<_>, Vec<_>) = MESSENGER_NAMES.into_iter().partition(|name| values.is_set(name));
    if let Some(first) = set.first()
        && !unset.is_empty()
    {
        let missing = unset.join(", ");
        values.complain(first, &format!("is set without {missing}; set all four or none"));
        return None;
    }
    let (graph_url, graph_version, comments) = (graph_url?, graph_version?, comments?);
    if set.is_empty() {
        if instagram_id.is_some() {
            values.complain(
                "MESSENGER_INSTAGRAM_ID",
                "is set without the Page it is linked to; set MESSENGER_PAGE_ID and the three below it",
            );
            return None;
        }
        return Some(None);
    }
    let (page_id, page_token) = (page_id?, page_token?);
    let (app_secret, verify_token) = (app_secret?, verify_token?);
    Some(Some(Messenger {
        page_id,
        page_token,
        app_secret,
        verify_token,
        graph_url,
        graph_version,
        comments,
        instagram_id,
    }))
}

/// A number that names `what`.
fn digits(text: &str, what: &str) -> Result<String, String> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { Ok(text.to_owned()) } else { Err(format!("not {what}; it has digits only")) }
}

fn listen(text: &str) -> Result<SocketAddr, String> {
    SocketAddr::from_str(text)
        .map_err(|_| "not an address with a port; write for example LISTEN=127.0.0.1:8080".to_owned())
}

fn web_url(text: &str) -> Result<Url, String> {
    let complaint = "not a web address; write for example https://example.org/guide";
    let url = Url::parse(text).map_err(|error| format!("{complaint} ({error})"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(complaint.to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("holds a user name or password; leave them out".to_owned());
    }
    Ok(url)
}

fn public_url(text: &str) -> Result<String, String> {
    let url = web_url(text)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err("has a ? or #; write the address alone, for example https://bot.example.org".to_owned());
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

fn database_url(text: &str) -> Result<SecretString, String> {
    let known = ["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme));
    if known {
        Ok(SecretString::from(text))
    } else {
        Err("starts with neither sqlite:// nor postgres://; write for example sqlite://data/uttor.db"
            .to_owned())
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the form of every parser here")]
fn secret(text: &str) -> Result<SecretString, String> {
    Ok(SecretString::from(text))
}

fn webhook_secret(text: &str) -> Result<SecretString, String> {
    let secret = SecretString::from(text);
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if text.len() <= 256 && secret.expose_secret().bytes().all(fits) {
        Ok(secret)
    } else {
        Err("may hold 1 to 256 of A-Z, a-z, 0-9, _ and - only".to_owned())
    }
}

fn operators(text: &str) -> Result<Vec<u64>, String> {
    text.split([',', ' ', ';'])
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().map_err(|_| format!("`{part}` is not a user id; write numbers with commas")))
        .collect()
}

fn contact(text: &str) -> Result<Contact, String> {
    if let Some(name) = text.strip_prefix('@') {
        let is_name = (4..=32).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        return if is_name {
            Ok(Contact::Page(format!("https://t.me/{name}")))
        } else {
            Err("not a Telegram name; it has 4 to 32 of A-Z, a-z, 0-9 and _".to_owned())
        };
    }
    if let Some(address) = text.strip_prefix("mailto:") {
        let is_address = address.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && host.contains('.') && !address.contains(char::is_whitespace)
        });
        return if is_address {
            Ok(Contact::Mail(address.to_owned()))
        } else {
            Err("not a mail address; write for example mailto:help@example.org".to_owned())
        };
    }
    match web_url(text) {
        Ok(url) if url.scheme() == "https" => Ok(Contact::Page(url.as_str().to_owned())),
        _ => Err("neither @name, nor an https:// address, nor mailto: and a mail address".to_owned()),
    }
}

fn number(text: &str, least: u64) -> Result<u64, String> {
    text.parse()
        .ok()
        .filter(|number| *number >= least)
        .ok_or_else(|| format!("not a whole number from {least} up"))
}

fn graph_version(text: &str) -> Result<String, String> {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts = text.strip_prefix('v').and_then(|numbers| numbers.split_once('.'));
    match parts {
        Some((major, minor)) if is_number(major) && is_number(minor) => Ok(text.to_owned()),
        _ => Err("not a version of the Graph API; write for example v25.0".to_owned()),
    }
}

fn levels(text: &str) -> Result<String, String> {
    EnvFilter::try_new(text).map(|_| text.to_owned()).map_err(|error| {
        format!("not a list of log levels ({error}); write for example info or uttor=debug,warn")
    })
}

fn one_of<T, const N: usize>(text: &str, choices: [(&str, T); N]) -> Result<T, String> {
    let names = choices.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let chosen = choices.into_iter().find(|(name, _)| *name == text);
    chosen.map(|(_, value)| value).ok_or_else(|| format!("not one of {names}"))
}

/// Whether `url` leads to this machine only.
pub fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback() || address.is_unspecified(),
        Some(url::Host::Ipv6(address)) => address.is_loopback() || address.is_unspecified(),
        None => true,
    }
}
