//! What can be wrong with content that parses.

use std::collections::HashMap;

use time::{Date, Duration};

use super::finding::{Finding, Place, Severity};
use super::import::MAX_ENTRIES;
use super::{ANSWER_CHARS, Entry, EntryId, Guide, LABEL_CHARS};
use crate::text;
use crate::text::tokens::Script;

/// Where every text of `faq/` stands.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Of each entry.
    pub entries: HashMap<EntryId, EntryPlaces>,
    /// Every text that is to be in the project's Unicode form, in reading order.
    pub texts: Vec<(String, Place)>,
    /// Every question, phrasing and counter-example, in reading order.
    pub said: Vec<Said>,
    /// Every help line.
    pub checked: Vec<Checked>,
}

/// When a help line's number was checked.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The number.
    pub number: String,
    /// The day.
    pub on: Date,
    /// Where that stands.
    pub place: Place,
}

/// Something that people say, and whose it is.
#[derive(Clone, Debug)]
pub struct Said {
    /// The entry, kind of small talk or topic.
    pub owner: EntryId,
    /// What it is for.
    pub role: Role,
    /// The words.
    pub text: String,
    /// Where they stand.
    pub place: Place,
}

/// What a text that people say is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It is shown as the entry's question.
    Question,
    /// It is a phrasing or a counter-example.
    Phrasing,
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

/// Fewer wordings than this teach the matcher too little to be sure.
const ENOUGH_WORDINGS: usize = 5;

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
        let same =
            entries.iter().take_while(|other| other.id != entry.id).find(|other| other.label == entry.label);
        if let Some(other) = same {
            let message =
                format!("label “{}” is that of {} too, so their buttons look alike", entry.label, other.id);
            find(&places.label, Severity::Warning, message);
        }
        for (id, place) in entry.related.iter().zip(&places.related) {
            if *id == entry.id {
                find(place, Severity::Error, "an entry is not related to itself, take the id out".to_owned());
            } else if !entries.iter().any(|other| other.id == *id) {
                find(place, Severity::Error, unknown(id.as_str(), entries));
            }
        }
        for link in internal_links(&entry.answer) {
            if !entries.iter().any(|other| other.id.as_str() == link) {
                find(&places.answer, Severity::Error, format!("the link #{link} leads to no entry"));
            }
        }
        if (1..ENOUGH_WORDINGS).contains(&entry.phrasings.len()) {
            let message = format!(
                "fewer than {ENOUGH_WORDINGS} wordings ({}), so the bot will mostly offer this instead of answering: \
                 add more, in every script that people type",
                entry.phrasings.len()
            );
            find(&places.label, Severity::Warning, message);
        }
        if entry.phrasings.is_empty() {
            find(&places.label, Severity::Error, "no phrasings, so it cannot be found: add some".to_owned());
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

/// That there is no entry `id`, and which one may be meant.
pub fn unknown(id: &str, entries: &[Entry]) -> String {
    let nearest = entries
        .iter()
        .map(|entry| (strsim::osa_distance(id, entry.id.as_str()), entry.id.as_str()))
        .filter(|(distance, _)| *distance <= (id.len() / 3).max(1))
        .min();
    match nearest {
        Some((_, nearest)) => format!("there is no entry {id}; did you mean {nearest}?"),
        None => format!("there is no entry {id}"),
    }
}

/// What the guide as a whole asks of its entries: its own script among the wordings, and no more than can be held.
pub fn guide(guide: &Guide, entries: &[Entry], sources: &Sources, findings: &mut Vec<Finding>) {
    let bengali = |phrasing: &String| phrasing.chars().any(|c| ('\u{0980}'..='\u{09FF}').contains(&c));
    for entry in entries.iter().filter(|entry| guide.language == "bn" && !entry.phrasings.iter().any(bengali))
    {
        if let Some(places) = sources.entries.get(&entry.id) {
            let message = "no phrasing in Bengali letters, though the guide is Bengali: add some";
            findings.push(places.label.finding(Severity::Warning, message));
        }
    }
    if entries.len() > usize::from(u16::MAX) {
        let place = Place { file: "guide.toml".to_owned(), line: 1 };
        let message = format!(
            "{} entries, at most {}: the bot cannot tell more apart; split them into several guides, a process each",
            entries.len(),
            u16::MAX
        );
        findings.push(place.finding(Severity::Error, message));
    } else if entries.len() > MAX_ENTRIES {
        let place = Place { file: "guide.toml".to_owned(), line: 1 };
        let message = format!(
            "{} entries, and the bot is built to hold {MAX_ENTRIES}: starting and answering will be slow; split them \
             into several guides, a process each",
            entries.len()
        );
        findings.push(place.finding(Severity::Warning, message));
    }
}

/// Text in another Unicode form than the one the project writes.
pub fn texts(sources: &Sources, findings: &mut Vec<Finding>) {
    for (text, place) in &sources.texts {
        let written = text::normalize::written(text);
        // The words look alike; an editor's search for the one that stands there finds the place.
        let mut words = text.split_whitespace().zip(written.split_whitespace());
        let message = match words.find(|(word, written)| word != written) {
            Some((word, written)) => format!("text is not normalised, write “{written}” for “{word}”"),
            None if written != *text => {
                "text is not normalised, an invisible character stands in it".to_owned()
            }
            None => continue,
        };
        findings.push(place.finding(Severity::Warning, message));
    }
}

/// Content that is mostly in a script of which no sounds, stems or real words are known.
pub fn scripts(said: &[Said], findings: &mut Vec<Finding>) {
    let (mut words, mut other, mut first) = (0, 0, None);
    for said in said {
        let normalized = text::normalize::normalize(&said.text);
        for token in text::tokens::tokens(&normalized) {
            words += 1;
            if token.script == Script::Other {
                other += 1;
                first = first.or(Some(&said.place));
            }
        }
    }
    if let Some(place) = first.filter(|_| other * 2 > words) {
        let message = "most words are in a script that is compared letter by letter, without sounds and word forms: \
            give each entry the words, forms and spellings that people use";
        findings.push(place.finding(Severity::Warning, message.to_owned()));
    }
}

/// Phrasings that say the same in two places, whatever their case, spaces and marks.
pub fn phrasings(said: &[Said], findings: &mut Vec<Finding>) {
    let mut seen: HashMap<String, &Said> = HashMap::new();
    for said in said {
        let words = text::normalize::normalize(&said.text);
        let words = words.trim_end_matches('?');
        let Some(first) = seen.get(words) else {
            seen.insert(words.to_owned(), said);
            continue;
        };
        let (severity, whose) = if first.owner != said.owner {
            (Severity::Error, format!("in {} already, keep it in one place", first.owner))
        } else if first.role == Role::Question {
            // The question may open the phrasings.
            continue;
        } else {
            (Severity::Warning, format!("on line {} already", first.place.line))
        };
        findings.push(said.place.finding(severity, format!("“{}” stands {whose}", said.text)));
    }
}

/// A help line is looked up again after this time: a number that nobody answers is worse than none.
const HELP_LINE_TTL: Duration = Duration::days(365);

/// Help lines that were checked too long ago, as of `today`.
pub fn help_lines(sources: &Sources, today: Date, findings: &mut Vec<Finding>) {
    for Checked { number, on, place } in &sources.checked {
        if today - *on > HELP_LINE_TTL {
            let message = format!(
                "the number {number} was checked on {on}, over a year ago; look it up and write the day of today"
            );
            findings.push(place.finding(Severity::Warning, message));
        }
    }
}
