//! `wording.toml`: the bot's own sentences in other words, or in a language that the program does not have.

use std::collections::BTreeMap;

use toml::Spanned;

use super::{GUIDE, Place, Reader, Severity, WORDING};
use crate::faq::Guide;
use crate::faq::finding::{File, Finding};
use crate::wording::sentence::Sentence;
use crate::wording::{Table, keys, table};

impl Reader {
    /// The sentences by key, those of unknown keys left out.
    pub(super) fn wording(&mut self, file: &File<'_>) -> Table {
        let raw: Option<BTreeMap<String, Spanned<Sentence>>> = self.toml(file);
        let mut own = Table::new();
        for (name, raw) in raw.unwrap_or_default() {
            let place = file.place(&raw.span());
            let Some(key) = keys().find(|key| key.name == name) else {
                self.error(&place, unknown(&name));
                continue;
            };
            let sentence = raw.into_inner();
            for fault in sentence.faults(key) {
                let severity = if fault.is_error { Severity::Error } else { Severity::Warning };
                self.findings.push(place.finding(severity, format!("{name}: {}", fault.message)));
            }
            for form in sentence.forms() {
                self.sources.texts.push((form.clone(), place.clone()));
            }
            own.insert(name, sentence);
        }
        own
    }
}

/// That there is no key `name`, and which one may be meant.
fn unknown(name: &str) -> String {
    let nearest = keys()
        .map(|key| (strsim::osa_distance(name, key.name), key.name))
        .filter(|(distance, _)| *distance <= (name.len() / 3).max(1))
        .min();
    match nearest {
        Some((_, nearest)) => format!("the bot has no sentence {name}; did you mean {nearest}?"),
        None => format!("the bot has no sentence {name}; docs/your-own-guide.md says where they all stand"),
    }
}

/// What is said in English because neither the program nor `wording.toml` has it in the guide's language.
pub(super) fn missing(guide: &Guide, own: Option<&Table>, findings: &mut Vec<Finding>) {
    if table(&guide.language).is_some() {
        return;
    }
    let warn =
        |file: &str, message| Place { file: file.to_owned(), line: 1 }.finding(Severity::Warning, message);
    let Some(own) = own else {
        let message = format!(
            "the bot has no sentences of its own in {:?}; write them into {WORDING}, or use \"bn\" or \"en\"",
            guide.language
        );
        return findings.push(warn(GUIDE, message));
    };
    let missing: Vec<&str> = keys().map(|key| key.name).filter(|name| !own.contains_key(*name)).collect();
    if !missing.is_empty() {
        let message = format!(
            "{} of {} sentences are missing and are said in English: {}",
            missing.len(),
            keys().count(),
            missing.join(", ")
        );
        findings.push(warn(WORDING, message));
    }
}
