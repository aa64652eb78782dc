//! Takes out of a question what could point to a person: numbers, e-mail addresses, links, @names.
//!
//! In: an utterance as it was typed. Out: normalized text with placeholders.
//!
//! ```
//! use uttor::text::mask::Masked;
//! let masked = Masked::new("আমার বিকাশ ০১৭১২-৩৪৫৬৭৮ এ কবে টাকা আসবে? rahim@example.com");
//! assert_eq!(masked.as_str(), "আমার বিকাশ [number] এ কবে টাকা আসবে? [email]");
//! ```

use std::fmt;

use super::normalize::{normalize, question};

/// A phone, wallet, account, card or identity number.
const NUMBER: &str = "[number]";
/// An e-mail address.
const EMAIL: &str = "[email]";
/// A link.
const LINK: &str = "[link]";
/// An @name.
const NAME: &str = "[name]";

/// None of them is a word that an entry is about, so that a placeholder never decides what a question means.
const PLACEHOLDERS: [&str; 4] = [NUMBER, EMAIL, LINK, NAME];

/// So many digits in a row are no amount that a question needs: the shortest account numbers have six.
const RUN: usize = 6;

/// So many digits parted by spaces or dashes are one number. A phone number has eleven, or nine with its first
/// two lost; "2024-2025" and "500 - 1000" have fewer.
const PARTED_RUN: usize = 9;

/// The longest gap between two groups of one number: "(017) - 12".
const GAP: usize = 3;

/// Endings that make a dotted word a link even without a path. Those that are also words ("in", "me", "to",
/// "online") are left out: people forget the space behind a full stop.
const ENDINGS: [&str; 9] = ["com", "net", "org", "edu", "gov", "bd", "io", "biz", "xyz"];

/// Sites that beginners ask about: names of places to work, not of persons.
const SITES: [&str; 14] = [
    "99designs.com",
    "behance.net",
    "facebook.com",
    "fiverr.com",
    "freelancer.com",
    "google.com",
    "guru.com",
    "linkedin.com",
    "payoneer.com",
    "paypal.com",
    "peopleperhour.com",
    "toptal.com",
    "upwork.com",
    "youtube.com",
];

/// Masking and normalizing may each reveal something to the other (a number typed with invisible characters between its
/// digits). Ordinary texts are stable after two rounds; more are for texts that are built not to be.
const ROUNDS: usize = 32;

/// Normalized text with placeholders where something personal stood. Masking it again changes nothing.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Masked(String);

impl Masked {
    /// Masks the part of `utterance` that a question can hold.
    pub fn new(utterance: &str) -> Self {
        let mut text = question(utterance).to_owned();
        for _ in 0..ROUNDS {
            // cut again: normalizing may lengthen ("%" becomes a word)
            let next = question(&normalize_between(&mask(&text))).to_owned();
            if next == text {
                break;
            }
            text = next;
        }
        Self(text)
    }

    /// The text with its placeholders.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The words alone, as a phrasing has them.
    pub fn without_placeholders(&self) -> String {
        let words: Vec<&str> = pieces(&self.0)
            .into_iter()
            .filter(|piece| !PLACEHOLDERS.contains(piece))
            .map(str::trim)
            .filter(|piece| !piece.is_empty())
            .collect();
        words.join(" ")
    }
}

impl fmt::Debug for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Puts placeholders into `text` and leaves the rest as it was typed.
fn mask(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in pieces(text) {
        if PLACEHOLDERS.contains(&piece) {
            out.push_str(piece);
            continue;
        }
        let chars: Vec<char> = piece.chars().collect();
        let mut rest = chars.as_slice();
        let mut before = None;
        while let Some((&c, behind)) = rest.split_first() {
            if let Some((length, placeholder)) = personal(before, rest) {
                out.push_str(placeholder);
                rest = rest.get(length..).unwrap_or_default();
                before = None;
            } else {
                out.push(c);
                rest = behind;
                before = Some(c);
            }
        }
    }
    out
}

/// Normalizes what stands between the placeholders.
fn normalize_between(text: &str) -> String {
    let parts: Vec<String> = pieces(text)
        .into_iter()
        .map(|piece| if PLACEHOLDERS.contains(&piece) { piece.to_owned() } else { normalize(piece) })
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" ")
}

/// `text` cut before and behind each placeholder.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((at, placeholder)) = PLACEHOLDERS
        .iter()
        .filter_map(|placeholder| rest.find(placeholder).map(|at| (at, placeholder)))
        .min_by_key(|(at, _)| *at)
    {
        let (before, from) = rest.split_at(at);
        let (found, behind) = from.split_at(placeholder.len());
        pieces.extend([before, found]);
        rest = behind;
    }
    pieces.push(rest);
    pieces
}

/// The length and the placeholder of something personal that `rest` begins with.
fn personal(before: Option<char>, rest: &[char]) -> Option<(usize, &'static str)> {
    if !before.is_some_and(is_mailbox) {
        if let Some(length) = email(rest) {
            return Some((length, EMAIL));
        }
        if let Some(length) = link(rest) {
            return Some((length, LINK));
        }
    }
    name(rest).map(|length| (length, NAME)).or_else(|| number(rest).map(|length| (length, NUMBER)))
}

/// `name@host`; with a space beside the @ only where the host has an ending.
fn email(rest: &[char]) -> Option<usize> {
    let mailbox = run(rest, is_mailbox);
    let space_before = usize::from(rest.get(mailbox) == Some(&' '));
    let at = mailbox + space_before;
    if mailbox == 0 || !is_at(*rest.get(at)?) {
        return None;
    }
    let space_behind = usize::from(rest.get(at + 1) == Some(&' '));
    let start = at + 1 + space_behind;
    let host = rest.get(start..)?;
    let length = run(host, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    let spaced = space_before + space_behind > 0;
    let found = if spaced { has_ending(host.get(..length)?) } else { length > 0 };
    found.then_some(start + length)
}

/// An address with a scheme, with `www.`, with a path, or with an ending that no word has.
fn link(rest: &[char]) -> Option<usize> {
    let whole = run(rest, |c| !c.is_whitespace());
    let shown = rest.get(..whole)?;
    let end = whole - shown.iter().rev().take_while(|c| !c.is_alphanumeric() && **c != '/').count();
    let host = run(shown, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
    let behind: String = shown.iter().skip(host).take(3).collect();
    if host > 0 && behind == "://" {
        return Some(end);
    }
    let name: String = shown.iter().take(host).collect::<String>().to_ascii_lowercase();
    if name.starts_with("www.") {
        return Some(end.max(host));
    }
    let bare = name.trim_end_matches('.');
    let (_, ending) = bare.rsplit_once('.')?;
    let has_path = behind.starts_with('/') && behind.len() > 1;
    let dotted = ending.len() > 1 && ending.bytes().all(|byte| byte.is_ascii_lowercase());
    if dotted && has_path {
        return Some(end);
    }
    (ENDINGS.contains(&ending) && !SITES.contains(&bare)).then_some(bare.len())
}

/// `@name` in any script.
fn name(rest: &[char]) -> Option<usize> {
    if !is_at(*rest.first()?) {
        return None;
    }
    let letters =
        run(rest.get(1..)?, |c| c.is_alphanumeric() || c == '_' || ('\u{0980}'..='\u{09FF}').contains(&c));
    (letters > 0).then_some(1 + letters)
}

/// A number that is long enough to belong to somebody, with what stands between its groups of digits.
fn number(rest: &[char]) -> Option<usize> {
    let opened = run(rest, |c| matches!(c, '+' | '('));
    let first = run(rest.get(opened..)?, char::is_numeric);
    if first == 0 || opened > 2 {
        return None;
    }
    let mut end = opened + first;
    let mut digits = first;
    while let Some(behind) = rest.get(end..) {
        let gap = run(behind, is_gap);
        let group = run(behind.get(gap..)?, char::is_numeric);
        if gap > GAP || group == 0 {
            break;
        }
        end += gap + group;
        digits += group;
    }
    if digits >= PARTED_RUN {
        return Some(end);
    }
    (first >= RUN).then_some(opened + first)
}

/// How many characters from the start are such characters.
fn run(chars: &[char], is_such: impl Fn(char) -> bool) -> usize {
    chars.iter().take_while(|c| is_such(**c)).count()
}

fn has_ending(host: &[char]) -> bool {
    let host: String = host.iter().collect::<String>().to_ascii_lowercase();
    host.trim_end_matches('.').rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.contains(&ending))
}

fn is_mailbox(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-')
}

fn is_at(c: char) -> bool {
    matches!(c, '@' | '＠' | '﹫')
}

/// What people put between the groups of one number.
fn is_gap(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{A0}' | '-' | '.' | '/' | '(' | ')' | '_' | '*')
        || matches!(c, '\u{2000}'..='\u{2015}' | '\u{202F}' | '\u{2212}' | '\u{FE63}' | '\u{FF0D}')
}
