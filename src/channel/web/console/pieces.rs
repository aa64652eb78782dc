//! Pieces that several pages show: times, people, scopes, pages of a list, and what just happened.

use maud::{Markup, html};
use url::form_urlencoded::Serializer;

use crate::store::{GroupId, Scope};
use crate::wording::console::{self as say, Tongue};

/// How much of a hash is shown: enough to tell a dozen people apart.
const HASH_CHARS: usize = 8;

/// How long ago `then` was, with the exact time for who wants it.
pub fn ago(then: i64, now: i64, tongue: Tongue) -> Markup {
    const MINUTE: i64 = 60;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    let text = match (now - then).max(0) {
        seconds if seconds < MINUTE => say::JUST_NOW.of(tongue).to_owned(),
        seconds if seconds < HOUR => say::minutes_ago(seconds / MINUTE, tongue),
        seconds if seconds < 2 * DAY => say::hours_ago(seconds / HOUR, tongue),
        seconds => say::days_ago(seconds / DAY, tongue),
    };
    let exact = time::OffsetDateTime::from_unix_timestamp(then).map(|exact| {
        let (date, (hour, minute, second)) = (exact.date(), exact.time().as_hms());
        format!("{date}T{hour:02}:{minute:02}:{second:02}Z")
    });
    html! { time datetime=[exact.ok()] { (text) } }
}

/// An author, short enough for a list.
pub fn who(author: &str, tongue: Tongue) -> String {
    match author.split_once(':') {
        Some(("console", "local")) => say::THIS_MACHINE.of(tongue).to_owned(),
        Some(("console", session)) => say::session(session, tongue),
        Some(("person", hash)) => say::person(&hash.chars().take(HASH_CHARS).collect::<String>(), tongue),
        _ if author == "terminal" => say::TERMINAL.of(tongue).to_owned(),
        _ => author.to_owned(),
    }
}

/// For whom something holds.
pub fn whom(scope: &Scope, tongue: Tongue) -> String {
    match scope {
        Scope::Base => say::ALL.of(tongue).to_owned(),
        Scope::Group(group) => group.to_string(),
    }
}

/// A scope as a form has it: empty, or a group's name.
pub fn scope_value(scope: &Scope) -> &str {
    match scope {
        Scope::Base => "",
        Scope::Group(group) => group.as_str(),
    }
}

/// The scope that a form names.
pub fn scope_of(value: &str) -> Scope {
    match value.split_once(':') {
        Some((channel, chat)) if !channel.is_empty() && !chat.is_empty() => {
            Scope::Group(GroupId::new(channel, chat))
        }
        _ => Scope::Base,
    }
}

/// An address with a query of those pairs that are not empty.
pub fn address(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut query = Serializer::new(String::new());
    query.extend_pairs(pairs.iter().filter(|(_, value)| !value.is_empty()));
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// Links to the pages before and after `page`, counted from 0.
pub fn turn(page: u32, has_next: bool, tongue: Tongue, to: impl Fn(&str) -> String) -> Markup {
    html! {
        @if page > 0 || has_next {
            nav.turn aria-label=(say::LIST_PAGES.of(tongue)) {
                @if let Some(before) = page.checked_sub(1) {
                    a rel="prev" href=(to(&before.to_string())) { "← " (say::BEFORE.of(tongue)) }
                }
                span { (say::page_number(page.saturating_add(1), tongue)) }
                @if has_next { a rel="next" href=(to(&page.saturating_add(1).to_string())) { (say::AFTER.of(tongue)) " →" } }
            }
        }
    }
}

/// A score as a bar with its number.
pub fn bar(score: f32) -> Markup {
    html! {
        span.score {
            meter min="0" max="1" value=(format!("{score:.2}")) aria-hidden="true" {}
            span { (format!("{score:.2}")) }
        }
    }
}
