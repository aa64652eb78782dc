//! The list of environment variables; no other is read.

/// An environment variable that `uttor` reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// Its default; empty when there is none or it depends on another variable.
    pub default: &'static str,
    /// Whether its value must never be shown.
    pub secret: bool,
}

const fn open(name: &'static str, default: &'static str) -> Variable {
    Variable { name, default, secret: false }
}

const fn secret(name: &'static str, default: &'static str) -> Variable {
    Variable { name, default, secret: true }
}

/// Every variable, in the order of `.env.example`.
pub const VARIABLES: &[Variable] = &[
    open("LISTEN", "127.0.0.1:8080"),
    open("PUBLIC_URL", ""),
    open("ARTICLE_URL", ""),
    open("FAQ_DIR", ""),
    secret("DATABASE_URL", "sqlite://data/uttor.db"),
    secret("ADMIN_TOKEN", ""),
    open("OPERATORS", ""),
    open("CONTACT", ""),
    open("HANDOFF_TEXT", "off"),
    secret("TELOXIDE_TOKEN", ""),
    open("TELOXIDE_API_URL", ""),
    open("TELEGRAM_MODE", "polling"),
    secret("TELEGRAM_WEBHOOK_SECRET", ""),
    open("TELEGRAM_LIMITS", "on"),
    open("MESSENGER_PAGE_ID", ""),
    secret("MESSENGER_PAGE_TOKEN", ""),
    secret("MESSENGER_APP_SECRET", ""),
    secret("MESSENGER_VERIFY_TOKEN", ""),
    open("MESSENGER_GRAPH_URL", "https://graph.facebook.com"),
    open("MESSENGER_GRAPH_VERSION", "v25.0"),
    open("MESSENGER_COMMENTS", "off"),
    open("MESSENGER_INSTAGRAM_ID", ""),
    open("MAX_AGE_SECS", "3600"),
    open("HANDOVER_HOURS", "12"),
    open("RETENTION_DAYS", "90"),
    open("LOG_FORMAT", "text"),
    open("RUST_LOG", "info"),
];

/// Prefixes of names that can only be meant for `uttor`; an unknown name with one is an error.
const PREFIXES: [&str; 3] = ["UTTOR_", "TELEGRAM_", "MESSENGER_"];

/// The variable of this name.
pub fn variable(name: &str) -> Option<&'static Variable> {
    VARIABLES.iter().find(|variable| variable.name == name)
}

/// Whether `name` looks like a variable of uttor and is none.
pub fn is_slip(name: &str) -> bool {
    variable(name).is_none() && PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// The known name that looks most like `name`.
pub fn nearest(name: &str) -> &'static str {
    let bare = name.strip_prefix("UTTOR_").unwrap_or(name);
    let likeness = |known: &str| strsim::jaro_winkler(known, name).max(strsim::jaro_winkler(known, bare));
    VARIABLES
        .iter()
        .map(|variable| variable.name)
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told_with_the_nearest_name() {
        for (name, known) in [
            ("TELEGRAM_MODUS", "TELEGRAM_MODE"),
            ("UTTOR_LISTEN", "LISTEN"),
            ("MESSENGER_TOKEN", "MESSENGER_PAGE_TOKEN"),
            ("TELEGRAM_SECRET", "TELEGRAM_WEBHOOK_SECRET"),
        ] {
            assert!(is_slip(name), "{name}");
            assert_eq!(nearest(name), known, "{name}");
        }
        assert!(!is_slip("TELEGRAM_MODE"));
        assert!(!is_slip("HOME"));
    }
}
