//! What can be wrong with content that parses.

use std::collections::HashMap;

use super::format::{Finding, Severity};
use super::{ANSWER_CHARS, Entry, EntryId, LABEL_CHARS, Smalltalk, Topic};
use crate::text;

/// Where a text stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file's name.
    pub file: String,
    /// Counted from 1.
    pub line: usize,
}

impl Place {
    /// A finding at this place.
    pub fn finding(&self, severity: Severity, message: impl Into<String>) -> Finding {
        Finding { file: self.file.clone(), line: self.line, severity, message: message.into() }
    }
}

/// Where every text of `faq/` stands.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Of each entry.
    pub entries: HashMap<EntryId, EntryPlaces>,
    /// Every text, whatever it is for, in reading order.
    pub texts: Vec<(String, Place)>,
}

impl Sources {
    /// Where `text` stands first.
    pub fn of_text(&self, text: &str) -> Option<&Place> {
        self.texts.iter().find(|(other, _)| other == text).map(|(_, place)| place)
    }
}

/// Where the parts of an entry stand.
#[derive(Clone, Debug)]
pub struct EntryPlaces {
    /// Its label.
    pub label: Place,
    /// Its answer.
    pub answer: Place,
    /// Each related id.
    pub related: Vec<Place>,
    /// Each phrasing.
    pub phrasings: Vec<Place>,
}

/// Lengths, related ids, links, and whether anybody who types Latin letters was thought of.
pub fn entries(entries: &[Entry], sources: &Sources, findings: &mut Vec<Finding>) {
    for entry in entries {
        let Some(places) = sources.entries.get(&entry.id) else { continue };
        let mut find =
            |place: &Place, severity, message: String| findings.push(place.finding(severity, message));
        let (label, answer) = (entry.label.chars().count(), entry.answer.chars().count());
        if label > LABEL_CHARS {
            find(
                &places.label,
                Severity::Error,
                format!("label is {label} characters, at most {LABEL_CHARS}"),
            );
        }
        if answer > ANSWER_CHARS {
            find(
                &places.answer,
                Severity::Error,
                format!("answer is {answer} characters, at most {ANSWER_CHARS}"),
            );
        }
        for (id, place) in entry.related.iter().zip(&places.related) {
            if *id == entry.id {
                find(place, Severity::Error, "an entry is not related to itself, take the id out".to_owned());
            } else if !entries.iter().any(|other| other.id == *id) {
                find(place, Severity::Error, format!("there is no entry {id}"));
            }
        }
        for link in internal_links(&entry.answer) {
            if !entries.iter().any(|other| other.id.as_str() == link) {
                find(&places.answer, Severity::Error, format!("the link #{link} leads to no entry"));
            }
        }
        if entry.phrasings.is_empty() {
            find(&places.label, Severity::Error, "no phrasings, so nobody will find it: add some".to_owned());
        } else if !entry.phrasings.iter().any(|phrasing| phrasing.chars().any(|c| c.is_ascii_alphabetic())) {
            let message = "no phrasing in Latin letters, though most people type them: add some";
            find(&places.label, Severity::Warning, message.to_owned());
        }
    }
}

/// Links of the form `#id` within the guide.
fn internal_links(answer: &str) -> impl Iterator<Item = &str> {
    answer
        .split_whitespace()
        .filter_map(|word| word.strip_prefix('#'))
        .map(|link| link.trim_end_matches(|c: char| !c.is_ascii_alphanumeric()))
        .filter(|link| link.parse::<EntryId>().is_ok() && link.chars().any(|c| c.is_ascii_lowercase()))
}

/// Text in another Unicode form than the one the project writes.
pub fn texts(sources: &Sources, findings: &mut Vec<Finding>) {
    for (text, place) in &sources.texts {
        if text::normalize::compose(text) != *text {
            let message = format!("text is not normalised, write “{}”", text::normalize::compose(text));
            findings.push(place.finding(Severity::Warning, message));
        }
    }
}

/// Phrasings that say the same, letter for letter after normalising, in two places.
pub fn phrasings(
    entries: &[Entry],
    smalltalk: &[Smalltalk],
    topics: &[Topic],
    sources: &Sources,
    findings: &mut Vec<Finding>,
) {
    let all = (entries.iter().map(|entry| (&entry.id, &entry.phrasings)))
        .chain(smalltalk.iter().map(|kind| (&kind.id, &kind.phrasings)))
        .chain(topics.iter().map(|topic| (&topic.id, &topic.examples)));
    let mut seen: HashMap<String, &EntryId> = HashMap::new();
    for (id, phrasings) in all {
        for phrasing in phrasings {
            let Some(other) = seen.insert(text::normalize::normalize(phrasing), id) else { continue };
            let Some(place) = sources.texts.iter().rev().find(|(text, _)| text == phrasing) else { continue };
            let (severity, whose) = if other == id {
                (Severity::Warning, "in this entry already".to_owned())
            } else {
                (Severity::Error, format!("in {other} already"))
            };
            let message = format!("“{phrasing}” stands {whose}, keep it in one place");
            findings.push(place.1.finding(severity, message));
        }
    }
}
