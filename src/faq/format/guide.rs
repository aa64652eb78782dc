//! What `guide.toml` says, and the order of the entries.

use toml::Spanned;

use super::raw::{RawGuide, RawSubject};
use super::{GUIDE, Place, Reader};
use crate::faq::finding::File;
use crate::faq::{Entry, EntryId, Guide, lint};
use crate::wording::Wording;

/// How many entries a newcomer is offered where the guide names none.
const POPULAR: usize = 6;

impl Reader {
    pub(super) fn guide(&mut self, file: &File<'_>, raw: &RawGuide, entries: &[Entry]) -> Guide {
        let popular = match &raw.popular {
            None => entries.iter().take(POPULAR).map(|entry| entry.id.clone()).collect(),
            Some(popular) => {
                let popular = self.ids(file, popular);
                for (id, place) in &popular {
                    if !entries.iter().any(|entry| entry.id == *id) && !self.drafts.contains(id.as_str()) {
                        self.error(place, lint::unknown(id.as_str(), entries));
                    }
                }
                let served = |id: &EntryId| entries.iter().any(|entry| entry.id == *id);
                popular.into_iter().map(|(id, _)| id).filter(served).collect()
            }
        };
        let subjects = match raw.subject.get_ref() {
            RawSubject::One(word) => vec![word.clone()],
            RawSubject::Several(words) => words.clone(),
        };
        let subjects: Vec<String> = subjects
            .into_iter()
            .map(|word| self.text(file, "subject", &Spanned::new(raw.subject.span(), word)))
            .collect();
        if subjects.is_empty() {
            self.error(
                &file.place(&raw.subject.span()),
                "the subject is empty, write what the guide is about",
            );
        }
        Guide {
            title: self.text(file, "title", &raw.title),
            language: self.text(file, "language", &raw.language),
            subject: subjects.first().cloned().unwrap_or_default(),
            subjects,
            greeting_words: raw
                .greeting_words
                .iter()
                .map(|word| self.text(file, "greeting word", word))
                .collect(),
            popular,
            examples: raw.examples.iter().map(|example| self.text(file, "example", example)).collect(),
            utc_offset: match &raw.timezone {
                Some(zone) => self.utc_offset(file, zone).unwrap_or(0),
                None => self.default_offset(raw.language.get_ref()),
            },
            contact: raw.contact.as_ref().map(|contact| self.contact(file, contact)),
        }
    }

    /// Minutes east of Greenwich where the guide names no time zone: `wording.toml` or its language has one.
    fn default_offset(&self, language: &str) -> i32 {
        let say = Wording::new(language, self.wording.clone().unwrap_or_default());
        crate::faq::utc_offset(say.timezone()).unwrap_or(0)
    }

    /// Minutes east of Greenwich, of `+06:00` or `UTC+6`.
    fn utc_offset(&mut self, file: &File<'_>, raw: &Spanned<String>) -> Option<i32> {
        let offset = crate::faq::utc_offset(raw.get_ref());
        if offset.is_none() {
            let message = format!(
                "{:?} is no time zone; write the hours from Greenwich, such as \"+06:00\"",
                raw.get_ref()
            );
            self.error(&file.place(&raw.span()), message);
        }
        offset
    }

    fn contact(&mut self, file: &File<'_>, raw: &Spanned<String>) -> String {
        let contact = self.filled(file, "contact", raw);
        if !["@", "https://", "mailto:", "tel:"].iter().any(|start| contact.starts_with(start)) {
            let message =
                format!("{contact:?} reaches nobody; write @name, or an https:, mailto: or tel: address");
            self.error(&file.place(&raw.span()), message);
        }
        contact
    }

    /// The entries in the order that `guide.toml` names; without one in that of the files' names.
    pub(super) fn ordered(&mut self, file: &File<'_>, order: Option<&[Spanned<String>]>) -> Vec<Entry> {
        let Some(order) = order else {
            let mut entries: Vec<Entry> = std::mem::take(&mut self.entries).into_values().collect();
            entries.sort_by(|one, two| one.id.cmp(&two.id));
            return entries;
        };
        let mut entries = Vec::new();
        for raw in order {
            match self.entries.remove(raw.get_ref()) {
                Some(entry) => entries.push(entry),
                None if self.drafts.contains(raw.get_ref()) => {}
                None if self.sources.entries.keys().any(|id| id.as_str() == raw.get_ref()) => {
                    self.error(
                        &file.place(&raw.span()),
                        format!("{:?} stands twice in the order", raw.get_ref()),
                    );
                }
                None => {
                    let message =
                        format!("there is no sound entry {0}, add {0}.toml or mend it", raw.get_ref());
                    self.error(&file.place(&raw.span()), message);
                }
            }
        }
        let mut left: Vec<_> = std::mem::take(&mut self.entries).into_keys().collect();
        left.sort();
        for id in left {
            let place = Place { file: format!("{id}.toml"), line: 1 };
            self.error(&place, format!("{id} does not stand in the order of {GUIDE}, add it there"));
        }
        entries
    }
}
