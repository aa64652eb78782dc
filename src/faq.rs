//! The guide's content as the bot knows it: entries, small talk, and what the guide does not cover.

pub mod finding;
pub mod fit;
pub mod format;
pub mod import;
mod kept;
pub mod lint;
pub mod overlay;
pub mod rewrite;
pub mod starter;

use std::sync::Arc;

pub use crate::id::{EntryId, InvalidId};

use serde::{Deserialize, Serialize};
use time::Date;

use crate::wording::Wording;
use fit::Fit;

/// A whole, valid `faq/`: made by [`format::parse`] only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Faq {
    /// What `guide.toml` says.
    pub guide: Guide,
    /// The entries in the guide's order.
    pub entries: Vec<Entry>,
    /// What `smalltalk.toml` says.
    pub smalltalk: Vec<Smalltalk>,
    /// What `not-in-guide.toml` says.
    pub topics: Vec<Topic>,
    /// What `handoff.toml` says; without the file nobody is taken to want a person.
    pub handoff: Option<Handoff>,
    /// What `distress.toml` says; without the file nobody is taken to be in despair.
    pub distress: Option<Distress>,
    /// What `fit.toml` says; without the file the program's own.
    pub fit: Option<Fit>,
    /// The bot's own sentences: in the guide's language, with what `wording.toml` says in their place.
    #[serde(with = "kept::shared")]
    pub wording: Arc<Wording>,
}

impl Faq {
    /// The entry with this id.
    pub fn entry(&self, id: &EntryId) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == *id)
    }

    /// A question that shows how to ask: the first of the examples, or else of the entries that newcomers are offered.
    pub fn example(&self) -> &str {
        let popular = self.guide.popular.iter().find_map(|id| self.entry(id));
        let entry = popular.or(self.entries.first()).map(|entry| &entry.question);
        self.guide.examples.first().or(entry).map_or("", String::as_str)
    }
}

/// `guide.toml`: what belongs to the guide as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guide {
    /// The guide's title.
    pub title: String,
    /// Its language as a BCP 47 tag, e.g. `bn`.
    pub language: String,
    /// What the guide is about, in one word; read before a follow-up that names no subject.
    pub subject: String,
    /// The same in every script and language that people write it in, [`Guide::subject`] first.
    pub subjects: Vec<String>,
    /// Words that open a message without asking anything ("ভাই", "assalamu alaikum").
    pub greeting_words: Vec<String>,
    /// The entries a newcomer is offered first.
    pub popular: Vec<EntryId>,
    /// Questions that show how to ask; none where the guide names none.
    pub examples: Vec<String>,
    /// The guide's time, in minutes east of Greenwich; its language's where it names none.
    pub utc_offset: i32,
    /// Whom people reach who want a person: `@name`, or an https, `mailto:` or `tel:` address.
    pub contact: Option<String>,
}

/// Minutes east of Greenwich of `+06:00`, `UTC+6` or `-3:30`; none of anything else.
pub fn utc_offset(zone: &str) -> Option<i32> {
    let zone = zone.trim();
    let zone = zone.strip_prefix("UTC").or_else(|| zone.strip_prefix("GMT")).unwrap_or(zone);
    if zone.is_empty() {
        return Some(0);
    }
    let (sign, hours) = match zone.strip_prefix('+') {
        Some(hours) => (1, hours),
        None => (-1, zone.strip_prefix(['-', '−'])?),
    };
    let (hours, minutes) = hours.split_once(':').unwrap_or((hours, "0"));
    let (hours, minutes): (u8, u8) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 14 && minutes < 60).then(|| sign * (i32::from(hours) * 60 + i32::from(minutes)))
}

/// One question of the guide with its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its name: the file's name without `.toml`.
    pub id: EntryId,
    /// The question as the guide asks it.
    pub question: String,
    /// At most [`LABEL_CHARS`] characters, for buttons.
    pub label: String,
    /// The heading exactly as the article has it, for the deep link.
    pub section: Option<String>,
    /// Plain text with `*bold*`, `-` lists and links; at most [`ANSWER_CHARS`] characters.
    pub answer: String,
    /// Entries offered below the answer.
    pub related: Vec<EntryId>,
    /// How people ask it.
    pub phrasings: Vec<String>,
    /// A picture that a group's admin added, by its file id on Telegram; only that channel shows it.
    pub picture: Option<String>,
}

/// The longest label, in characters: Messenger's limit for the title of a quick reply.
pub const LABEL_CHARS: usize = 20;

/// The longest answer, in characters: leaves room for a heading and a second answer below Messenger's 2,000.
pub const ANSWER_CHARS: usize = 900;

/// A kind of small talk with its reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Smalltalk {
    /// `greeting`, `thanks` …
    pub id: EntryId,
    /// The whole reply.
    pub reply: String,
    /// How people say it.
    pub phrasings: Vec<String>,
}

/// The kind of small talk whose reply is followed by what can be asked.
pub const GREETING: &str = "greeting";

/// The kind of small talk that is returned also where nothing was asked.
pub const THANKS: &str = "thanks";

/// The kind of small talk that asks back what was not understood.
pub const UNCLEAR: &str = "unclear";

/// A topic that people ask about and the guide does not cover: counter-examples for the matcher.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    /// `payoneer-withdrawal-fees` …
    pub id: EntryId,
    /// Whether its examples state something instead of asking.
    pub statement: bool,
    /// A line of its own for the fallback.
    pub reply: Option<String>,
    /// What people say; no entry answers it.
    pub examples: Vec<String>,
}

/// `handoff.toml`: people who want to talk to a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handoff {
    /// Said where there is a contact.
    pub reply: String,
    /// Said where there is none.
    pub reply_without_contact: String,
    /// How people say it.
    pub phrasings: Vec<String>,
    /// What sounds like it and is not.
    pub counter_examples: Vec<String>,
}

/// `distress.toml`: people in despair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Distress {
    /// Said above the help lines.
    pub reply: String,
    /// Whom to call; at least one.
    pub lines: Vec<HelpLine>,
    /// How people say it.
    pub phrasings: Vec<String>,
    /// What sounds like it and is not.
    pub counter_examples: Vec<String>,
}

/// A help line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelpLine {
    /// Whose it is, and when it answers.
    pub name: String,
    /// Its number: digits, `+` and `-`.
    pub number: String,
    /// The address of a page that states the number.
    pub source: String,
    /// The day on which that page was read.
    #[serde(with = "kept::day")]
    pub checked: Date,
}
