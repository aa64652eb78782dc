//! Buttons: the data of each, and how a reply's buttons are arranged.
//!
//! A client can send any data with a press. So data is versioned and names the person the button was made for, and
//! nothing else in it is trusted: who pressed comes from Telegram, and permissions are checked at every press.

use std::fmt;
use std::str::FromStr;

use teloxide::types::{InlineKeyboardButton, InlineKeyboardButtonKind, InlineKeyboardMarkup};
use url::Url;

use super::teaching::button::LessonButton;
use crate::faq::EntryId;
use crate::message::Payload;
use crate::reply::pager::Page;
use crate::reply::{Action, Button, Outcome, Reply};
use crate::wording::Wording;

/// Rows of buttons.
pub type Rows = Vec<Vec<InlineKeyboardButton>>;

/// A text and the buttons below it.
pub type Screen = (String, Rows);

/// The version of the data; no other is parsed.
const VERSION: char = '1';

/// The data of a button: at most 64 bytes as text (`1`, a letter, 13 digits of a user id, `:`, and 48 of an entry's id).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Data {
    /// For whom the button was made; 0 for anybody.
    pub asker: i64,
    /// What it does.
    pub act: Act,
}

/// What a press does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Shows an entry in a message of its own.
    Entry(EntryId),
    /// Shows the entry that was meant, in place of the suggestions.
    Choose(EntryId),
    /// None of the suggestions was meant.
    NoneOfThese,
    /// Says whether the answer helped.
    Judge(EntryId, bool),
    /// Shows a page of topics, from 0.
    Topics(usize),
    /// Shows another page in the same message.
    Turn(usize),
    /// Changes a setting: its name and its value.
    Setting(String),
    /// A press of somebody who teaches.
    Teach(LessonButton),
}

impl Act {
    fn parts(&self) -> (char, String) {
        match self {
            Self::Entry(id) => ('e', id.to_string()),
            Self::Choose(id) => ('c', id.to_string()),
            Self::NoneOfThese => ('n', String::new()),
            Self::Judge(id, true) => ('h', id.to_string()),
            Self::Judge(id, false) => ('u', id.to_string()),
            Self::Topics(page) => ('t', page.to_string()),
            Self::Turn(page) => ('p', page.to_string()),
            Self::Setting(what) => ('s', what.clone()),
            Self::Teach(button) => ('d', button.to_string()),
        }
    }
}

impl fmt::Display for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (letter, rest) = self.act.parts();
        write!(f, "{VERSION}{letter}{:x}:{rest}", self.asker)
    }
}

/// The data was not made by this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Foreign;

impl FromStr for Data {
    type Err = Foreign;

    fn from_str(text: &str) -> Result<Self, Foreign> {
        let mut letters = text.strip_prefix(VERSION).ok_or(Foreign)?.chars();
        let letter = letters.next().ok_or(Foreign)?;
        let (asker, rest) = letters.as_str().split_once(':').ok_or(Foreign)?;
        let asker = i64::from_str_radix(asker, 16).map_err(|_| Foreign)?;
        let id = || rest.parse().map_err(|_| Foreign);
        let page = || rest.parse().map_err(|_| Foreign);
        let act = match letter {
            'e' => Act::Entry(id()?),
            'c' => Act::Choose(id()?),
            'n' => Act::NoneOfThese,
            'h' => Act::Judge(id()?, true),
            'u' => Act::Judge(id()?, false),
            't' => Act::Topics(page()?),
            'p' => Act::Turn(page()?),
            's' => Act::Setting(rest.to_owned()),
            'd' => Act::Teach(rest.parse().map_err(|_| Foreign)?),
            _ => return Err(Foreign),
        };
        Ok(Self { asker, act })
    }
}

/// A button that does `act`, for `asker`.
pub fn button(label: &str, asker: i64, act: Act) -> InlineKeyboardButton {
    InlineKeyboardButton::callback(label, Data { asker, act }.to_string())
}

/// The reply's text, without a line that only repeats the link of a button below. Without `links` there is none.
pub fn above(reply: &Reply, links: bool) -> String {
    let repeats = |line: &str| {
        let is_fallback = matches!(reply.outcome, Outcome::Fallback(_));
        let ends = |button: &Button| matches!(&button.action, Action::Open(link) if line.ends_with(link));
        links && is_fallback && reply.buttons.iter().any(ends)
    };
    reply.text.lines().filter(|line| !repeats(line)).collect::<Vec<_>>().join("\n")
}

/// The buttons of a fallback in a group in at most two rows: the topics, then the article beside the list of topics.
pub fn in_two_rows(rows: Rows) -> Rows {
    let (article, presses): (Vec<_>, Vec<_>) = rows
        .into_iter()
        .flatten()
        .partition(|button| matches!(button.kind, InlineKeyboardButtonKind::Url(_)));
    let split = presses.len().saturating_sub(1);
    let (topics, list) = presses.split_at(split);
    let below = article.into_iter().chain(list.iter().cloned()).collect();
    [topics.to_vec(), below].into_iter().filter(|row: &Vec<_>| !row.is_empty()).collect()
}

/// The reply's buttons, row by row: links and questions alone, 👍 and 👎 side by side.
/// Without `links` no button opens one that leads outside of Telegram, but for that of a person's contact.
pub fn below(reply: &Reply, asker: i64, links: bool) -> Rows {
    let is_choice = matches!(reply.outcome, Outcome::Suggest(_));
    let mut rows = Rows::new();
    for shown in &reply.buttons {
        let label = shown.label.as_str();
        match &shown.action {
            Action::Open(link) => {
                if let Ok(link) = Url::parse(link)
                    && (links || link.host_str() == Some("t.me") || reply.outcome == Outcome::Handoff)
                {
                    rows.push(vec![InlineKeyboardButton::url(label, link)]);
                }
            }
            Action::Press(Payload::Feedback { entry, helpful }) => {
                let button = button(label, asker, Act::Judge(entry.clone(), *helpful));
                match rows.last_mut() {
                    Some(row) if !helpful => row.push(button),
                    _ => rows.push(vec![button]),
                }
            }
            Action::Press(Payload::Entry(id)) => {
                let act = if is_choice { Act::Choose(id.clone()) } else { Act::Entry(id.clone()) };
                rows.push(vec![button(label, asker, act)]);
            }
            Action::Press(Payload::NoneOfThese) => rows.push(vec![button(label, asker, Act::NoneOfThese)]),
            Action::Press(Payload::Topics) => rows.push(vec![button(label, asker, Act::Topics(0))]),
        }
    }
    rows
}

/// The row that leads to the pages before and after, where there are such pages.
pub fn pages<T>(
    say: &Wording,
    page: &Page<T>,
    button: impl Fn(&str, usize) -> InlineKeyboardButton,
) -> Option<Vec<InlineKeyboardButton>> {
    neighbours(say, page.before(), page.after(), button)
}

/// The row that leads to what stands before and after in a list, where there is anything.
pub fn neighbours<P>(
    say: &Wording,
    before: Option<P>,
    after: Option<P>,
    button: impl Fn(&str, P) -> InlineKeyboardButton,
) -> Option<Vec<InlineKeyboardButton>> {
    let before = before.map(|page| button(say.page_before(), page));
    let after = after.map(|page| button(say.page_after(), page));
    let row: Vec<_> = before.into_iter().chain(after).collect();
    (!row.is_empty()).then_some(row)
}

/// The rows as a keyboard, where there are any.
pub fn markup(rows: Rows) -> Option<InlineKeyboardMarkup> {
    (!rows.is_empty()).then(|| InlineKeyboardMarkup::new(rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_parsed_again_and_fits() {
        let longest: EntryId = "a".repeat(48).parse().unwrap_or_else(|_| unreachable!());
        for act in [
            Act::Entry(longest.clone()),
            Act::Choose(longest.clone()),
            Act::Judge(longest.clone(), true),
            Act::Judge(longest, false),
            Act::NoneOfThese,
            Act::Topics(3),
            Act::Turn(0),
            Act::Setting("quiet:22".to_owned()),
        ] {
            // Telegram: user ids have at most 52 significant bits.
            let data = Data { asker: (1 << 52) - 1, act };
            let text = data.to_string();
            assert!(text.len() <= 64, "{text} has {} bytes", text.len());
            assert_eq!(text.parse(), Ok(data));
        }
    }

    #[test]
    fn foreign_data_is_refused() {
        for text in
            ["", "1", "1e", "1ez:x", "0e5:mobile", "1e5:Mobile!", "1t5:-1", "2e5:mobile", "১e5:mobile", "x"]
        {
            assert_eq!(text.parse::<Data>(), Err(Foreign), "{text}");
        }
    }
}
