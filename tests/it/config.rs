//! The settings: defaults, `.env`, and what is said of each mistake.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::time::Duration;

use secrecy::ExposeSecret as _;
use tempfile::TempDir;
use uttor::config::{Config, LogFormat, TelegramIntake, VARIABLES};

use crate::support::app::config;

/// The complaints about `pairs`, a line each.
fn complaints(pairs: &[(&str, &str)]) -> Vec<String> {
    let error = config(pairs).map(|_| ()).expect_err("there should be complaints");
    error.to_string().lines().map(str::to_owned).collect()
}

fn with_dotenv(content: impl AsRef<[u8]>, pairs: &[(&str, &str)]) -> Result<Config, String> {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join(".env");
    fs::write(&file, content).unwrap();
    let pairs = pairs.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
    Config::read(pairs, &file).map_err(|error| error.to_string())
}

#[test]
fn nothing_set_is_a_configuration() {
    let config = config(&[]).unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.database_url.expose_secret(), "sqlite://data/uttor.db");
    assert_eq!(config.max_age, Some(Duration::from_hours(1)));
    assert_eq!(config.handover, Duration::from_hours(12));
    assert_eq!(config.retention, Duration::from_hours(90 * 24));
    assert_eq!(config.log.format, LogFormat::Text);
    assert!(config.telegram.is_none() && config.messenger.is_none() && config.faq_dir.is_none());
    assert!(config.links_stay_here());
    assert_eq!(config.links(config.listen).article(), "http://127.0.0.1:8080/guide");
}

#[test]
fn the_example_file_names_every_variable_with_its_default() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(".env.example");
    let pairs: Vec<(String, String)> =
        dotenvy::from_path_iter(&path).unwrap().collect::<Result<_, _>>().unwrap();
    let expected: Vec<(String, String)> =
        VARIABLES.iter().map(|variable| (variable.name.to_owned(), variable.default.to_owned())).collect();
    assert_eq!(pairs, expected);
    let copied = with_dotenv(fs::read(&path).unwrap(), &[]).unwrap();
    assert_eq!(format!("{copied:?}"), format!("{:?}", config(&[]).unwrap()));
}

#[test]
fn the_environment_wins_over_the_file_and_empty_is_unset() {
    let file = "LISTEN=127.0.0.1:1001\nexport FAQ_DIR='my faq' # mine\nLOG_FORMAT=json\nOTHER_PROGRAM=x\n";
    let config = with_dotenv(file, &[("LISTEN", "127.0.0.1:1002"), ("LOG_FORMAT", "")]).unwrap();
    assert_eq!(config.listen.port(), 1002);
    assert_eq!(config.faq_dir.as_deref(), Some(Path::new("my faq")));
    assert_eq!(config.log.format, LogFormat::Json);
    assert!(std::env::var_os("FAQ_DIR").is_none(), "the process environment is left alone");
}

#[test]
fn a_file_as_windows_writes_it_is_read() {
    let config = with_dotenv("\u{feff}LISTEN=127.0.0.1:1003\r\nFAQ_DIR=বাগান\r\n", &[]).unwrap();
    assert_eq!(config.listen.port(), 1003);
    assert_eq!(config.faq_dir.as_deref(), Some(Path::new("বাগান")));
}

#[test]
fn a_broken_file_is_told_in_one_line_that_repeats_nothing_of_it() {
    for (content, start) in [
        (&b"LISTEN=127.0.0.1:1\nTELOXIDE_TOKEN sesame\n"[..], ".env:2: not a NAME=value line"),
        (b"A=1\n\nADMIN_TOKEN='sesame\n", ".env:3: not a NAME=value line"),
        (b"ADMIN_TOKEN=sesame \xff\n", ".env: not valid UTF-8"),
    ] {
        let complaint = with_dotenv(content, &[]).map(|_| ()).unwrap_err();
        assert!(complaint.starts_with(start), "{complaint}");
        assert!(!complaint.contains("sesame") && complaint.lines().count() == 1, "{complaint}");
    }
}

#[test]
fn each_mistake_has_a_line_of_place_value_and_remedy() {
    let short = "MESSENGER_PAGE_ID";
    for (pairs, expected) in [
        (
            &[("LISTEN", "8080")][..],
            "environment: LISTEN is `8080`: not an address with a port; write for example LISTEN=127.0.0.1:8080",
        ),
        (
            &[("PUBLIC_URL", "bot.example.org")],
            "environment: PUBLIC_URL is `bot.example.org`: not a web address",
        ),
        (
            &[("PUBLIC_URL", "https://e.org/?x=1")],
            "environment: PUBLIC_URL is `https://e.org/?x=1`: has a ? or #",
        ),
        (
            &[("PUBLIC_URL", "https://a:b@e.org")],
            "environment: PUBLIC_URL is `https://a:b@e.org`: holds a user name",
        ),
        (
            &[("ARTICLE_URL", "javascript:alert(1)")],
            "environment: ARTICLE_URL is `javascript:alert(1)`: not a web address",
        ),
        (&[("DATABASE_URL", "mysql://root:sesame@db")], "environment: DATABASE_URL starts with neither"),
        (&[("CONTACT", "@a b")], "environment: CONTACT is `@a b`: not a Telegram name"),
        (&[("CONTACT", "call us")], "environment: CONTACT is `call us`: neither @name, nor"),
        (&[("CONTACT", "mailto:us")], "environment: CONTACT is `mailto:us`: not a mail address"),
        (&[("HANDOFF_TEXT", "yes")], "environment: HANDOFF_TEXT is `yes`: not one of on, off"),
        (&[("OPERATORS", "12, me")], "environment: OPERATORS is `12, me`: `me` is not a user id"),
        (&[("TELEGRAM_MODE", "push")], "environment: TELEGRAM_MODE is `push`: not one of polling, webhook"),
        (
            &[("TELEGRAM_MODE", "webhook")],
            "environment: TELEGRAM_WEBHOOK_SECRET is unset; TELEGRAM_MODE=webhook needs it",
        ),
        (&[("TELEGRAM_WEBHOOK_SECRET", "open sesame")], "environment: TELEGRAM_WEBHOOK_SECRET may hold"),
        (
            &[("TELEGRAM_LIMITS", "off")],
            "environment: TELEGRAM_LIMITS may be off only while TELOXIDE_API_URL",
        ),
        (
            &[("TELEGRAM_LIMITS", "off"), ("TELOXIDE_API_URL", "https://e.org")],
            "environment: TELEGRAM_LIMITS may be off only",
        ),
        (
            &[(short, "1")],
            "environment: MESSENGER_PAGE_ID is set without MESSENGER_PAGE_TOKEN, MESSENGER_APP_SECRET, MESSENGER_VERIFY_TOKEN; set all four or none",
        ),
        (
            &[("MESSENGER_COMMENTS", "loud")],
            "environment: MESSENGER_COMMENTS is `loud`: not one of off, private, public",
        ),
        (&[("MESSENGER_GRAPH_VERSION", "25")], "environment: MESSENGER_GRAPH_VERSION is `25`: not a version"),
        (&[("MAX_AGE_SECS", "-1")], "environment: MAX_AGE_SECS is `-1`: not a whole number from 0 up"),
        (&[("RETENTION_DAYS", "0")], "environment: RETENTION_DAYS is `0`: not a whole number from 1 up"),
        (&[("LOG_FORMAT", "xml")], "environment: LOG_FORMAT is `xml`: not one of text, json"),
        (&[("RUST_LOG", "uttor=loud")], "environment: RUST_LOG is `uttor=loud`: not a list of log levels"),
        (
            &[("TELEGRAM_MODUS", "polling")],
            "environment: TELEGRAM_MODUS is not a variable that uttor reads; did you mean TELEGRAM_MODE?",
        ),
    ] {
        let lines = complaints(pairs);
        assert_eq!(lines.len(), 1, "{lines:#?}");
        assert!(lines[0].starts_with(expected), "{}", lines[0]);
        assert!(!lines[0].contains("sesame"), "{}", lines[0]);
    }
}

#[test]
fn all_mistakes_are_told_at_once() {
    let lines = complaints(&[("LISTEN", "x"), ("UTTOR_PORT", "1"), ("LOG_FORMAT", "y")]);
    assert_eq!(lines.len(), 3, "{lines:#?}");
}

#[test]
fn both_platforms_are_read_and_no_secret_shows() {
    let config = config(&[
        ("TELOXIDE_TOKEN", "123:sesame"),
        ("TELEGRAM_MODE", "webhook"),
        ("TELEGRAM_WEBHOOK_SECRET", "sesame-2"),
        ("TELOXIDE_API_URL", "http://127.0.0.1:9"),
        ("TELEGRAM_LIMITS", "off"),
        ("MESSENGER_PAGE_ID", "42"),
        ("MESSENGER_PAGE_TOKEN", "sesame-3"),
        ("MESSENGER_APP_SECRET", "sesame-4"),
        ("MESSENGER_VERIFY_TOKEN", "sesame-5"),
        ("ADMIN_TOKEN", "sesame-6"),
        ("DATABASE_URL", "postgres://uttor:sesame-7@db/uttor"),
        ("OPERATORS", "1,2 3"),
        ("MAX_AGE_SECS", "0"),
        ("PUBLIC_URL", "https://bot.example.org/uttor/"),
    ])
    .unwrap();
    let telegram = config.telegram.as_ref().unwrap();
    assert_eq!(telegram.token.expose_secret(), "123:sesame");
    assert!(matches!(telegram.intake, TelegramIntake::Webhook(_)) && !telegram.limits);
    assert_eq!(config.messenger.as_ref().unwrap().page_id, "42");
    assert_eq!(config.operators, [1, 2, 3]);
    assert_eq!(config.max_age, None);
    assert!(!config.links_stay_here());
    assert_eq!(config.links(config.listen).article(), "https://bot.example.org/uttor/guide");
    assert!(!format!("{config:#?}").contains("sesame"));
}
