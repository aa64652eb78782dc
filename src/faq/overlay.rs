//! What was taught beside `faq/`: added to the guide for all, or laid over it for one group.
//!
//! ```
//! # fn example(faq: &uttor::faq::Faq) -> Option<()> {
//! use uttor::faq::overlay::Additions;
//! let mut taught = Additions::default();
//! taught.phrasing("ফোনে ফ্রিল্যান্সিং চলবে?", Some("mobile".parse().ok()?));
//! let guide = faq.with(&taught);
//! assert!(guide.entry(&"mobile".parse().ok()?)?.phrasings.contains(&"ফোনে ফ্রিল্যান্সিং চলবে?".to_owned()));
//! # Some(())
//! # }
//! ```

use std::collections::HashMap;

use super::{Entry, EntryId, Faq, Topic};
use crate::text::normalize::normalize;

/// The topic of `not-in-guide.toml` that taught counter-examples belong to.
pub const TAUGHT: &str = "taught";

/// Entries and phrasings beside the guide's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Additions {
    entries: Vec<Entry>,
    /// Entries of the guide, or of `entries`, as they are from now on.
    edits: Vec<Entry>,
    phrasings: Vec<Phrasing>,
}

/// A way to ask, and what it asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrasing {
    /// As it was taught.
    pub text: String,
    /// The entry that is meant; none where no entry answers it.
    pub entry: Option<EntryId>,
}

/// What makes two phrasings the same: their normalized text, with or without the question mark that people forget.
///
/// ```
/// use uttor::faq::overlay::spelled;
/// assert_eq!(spelled("  Tea  price ?"), spelled("tea price"));
/// ```
pub fn spelled(text: &str) -> String {
    let mut text = normalize(text);
    while text.ends_with(['?', ' ']) {
        text.pop();
    }
    text
}

impl Additions {
    /// Adds an entry; one of the same id that was added before gives way.
    pub fn entry(&mut self, entry: Entry) {
        self.entries.retain(|other| other.id != entry.id);
        self.entries.push(entry);
    }

    /// Puts `entry` in place of the one with its id. What was taught of its phrasings before no longer holds: the entry
    /// says them all.
    pub fn edit(&mut self, entry: Entry) {
        let own: Vec<String> = entry.phrasings.iter().map(|text| spelled(text)).collect();
        self.phrasings.retain(|taught| {
            taught.entry.as_ref() != Some(&entry.id) && !own.contains(&spelled(&taught.text))
        });
        self.edits.retain(|other| other.id != entry.id);
        self.edits.push(entry);
    }

    /// Adds a way to ask for `entry`, or a counter-example. What was said before of the same text no longer holds.
    pub fn phrasing(&mut self, text: &str, entry: Option<EntryId>) {
        let wanted = spelled(text);
        self.phrasings.retain(|other| spelled(&other.text) != wanted);
        self.phrasings.push(Phrasing { text: text.to_owned(), entry });
    }

    /// The entries, in the order of their teaching.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The phrasings, in the order of their teaching; no text twice.
    pub fn phrasings(&self) -> &[Phrasing] {
        &self.phrasings
    }

    /// Whether nothing was added.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.edits.is_empty() && self.phrasings.is_empty()
    }

    /// What each normalized text means, beside `faq`.
    fn meanings<'a>(&'a self, faq: &Faq) -> HashMap<String, Option<&'a EntryId>> {
        let new = self.entries.iter().filter(|entry| faq.entry(&entry.id).is_none());
        let of_entries = new
            .chain(&self.edits)
            .flat_map(|entry| entry.phrasings.iter().map(|text| (spelled(text), Some(&entry.id))));
        let others = self.phrasings.iter().map(|taught| (spelled(&taught.text), taught.entry.as_ref()));
        of_entries.chain(others).collect()
    }
}

impl Faq {
    /// The guide with what was taught. An entry that the guide has itself stays the guide's; a phrasing that
    /// stands elsewhere moves to the entry it was taught for; one for an entry that is gone is left out.
    pub fn with(&self, taught: &Additions) -> Faq {
        let mut faq = self.clone();
        if taught.is_empty() {
            return faq;
        }
        let new = taught.entries.iter().filter(|entry| self.entry(&entry.id).is_none());
        faq.entries.extend(new.cloned());
        for edit in &taught.edits {
            if let Some(entry) = faq.entries.iter_mut().find(|entry| entry.id == edit.id) {
                entry.clone_from(edit);
            }
        }
        let meanings = taught.meanings(self);
        for entry in &mut faq.entries {
            entry
                .phrasings
                .retain(|text| meanings.get(&spelled(text)).is_none_or(|meant| *meant == Some(&entry.id)));
        }
        for kind in &mut faq.smalltalk {
            kind.phrasings.retain(|text| !meanings.contains_key(&spelled(text)));
        }
        let handoff = faq.handoff.iter_mut().map(|handoff| &mut handoff.phrasings);
        let distress = faq.distress.iter_mut().map(|distress| &mut distress.phrasings);
        for phrasings in handoff.chain(distress) {
            phrasings.retain(|text| !meanings.get(&spelled(text)).is_some_and(Option::is_some));
        }
        for topic in &mut faq.topics {
            topic.examples.retain(|text| !meanings.get(&spelled(text)).is_some_and(Option::is_some));
        }
        for Phrasing { text, entry } in &taught.phrasings {
            let texts = match entry {
                Some(id) => {
                    faq.entries.iter_mut().find(|entry| entry.id == *id).map(|one| &mut one.phrasings)
                }
                None => counter_examples(&mut faq.topics, text),
            };
            let wanted = spelled(text);
            if let Some(texts) = texts
                && !texts.iter().any(|other| spelled(other) == wanted)
            {
                texts.push(text.clone());
            }
        }
        faq
    }
}

/// Where a counter-example belongs; none where it stands in some topic already.
fn counter_examples<'a>(topics: &'a mut Vec<Topic>, text: &str) -> Option<&'a mut Vec<String>> {
    let wanted = spelled(text);
    if topics.iter().flat_map(|topic| &topic.examples).any(|other| spelled(other) == wanted) {
        return None;
    }
    let id = TAUGHT.parse().ok()?;
    if !topics.iter().any(|topic| topic.id == id) {
        let (statement, reply, examples) = (false, None, Vec::new());
        topics.push(Topic { id: id.clone(), statement, reply, examples });
    }
    topics.iter_mut().find(|topic| topic.id == id).map(|topic| &mut topic.examples)
}

#[cfg(test)]
mod tests {
    use super::Additions;
    use crate::faq::format::parse;
    use crate::faq::{EntryId, Faq};

    fn faq() -> Faq {
        let guide = "title = \"t\"\nlanguage = \"bn\"\nsubject = \"s\"\ngreeting_words = []\npopular = []\n\
            order = [\"one\", \"two\"]\n";
        let entry = |text: &str| {
            format!(
                "question = \"{text}?\"\nlabel = \"{text}\"\nanswer = \"a\"\nrelated = []\nphrasings = [\"{text} a\"]\n"
            )
        };
        let files = [
            ("guide.toml".to_owned(), guide.to_owned()),
            ("one.toml".to_owned(), entry("ek")),
            ("two.toml".to_owned(), entry("dui")),
        ];
        parse(&files).unwrap_or_else(|findings| unreachable!("{findings:?}"))
    }

    fn id(text: &str) -> EntryId {
        text.parse().unwrap_or_else(|_| unreachable!())
    }

    #[test]
    fn the_last_word_on_a_text_holds() {
        let mut taught = Additions::default();
        taught.phrasing("ek a", None);
        taught.phrasing("EK  A!", Some(id("two")));
        taught.phrasing("tin", Some(id("gone")));
        let faq = faq().with(&taught);
        assert!(faq.entries[0].phrasings.is_empty());
        assert_eq!(faq.entries[1].phrasings, ["dui a", "EK  A!"]);
        assert!(faq.topics.is_empty());
    }

    #[test]
    fn an_edit_says_the_whole_entry_and_what_is_taught_later_is_added() {
        let mut taught = Additions::default();
        taught.phrasing("ek b", Some(id("one")));
        let mut one = faq().entries[0].clone();
        (one.answer, one.phrasings) = ("b".to_owned(), vec!["ek c".to_owned(), "dui a".to_owned()]);
        taught.edit(one);
        taught.phrasing("ek d", Some(id("one")));
        let faq = faq().with(&taught);
        assert_eq!((faq.entries[0].answer.as_str(), faq.entries[0].question.as_str()), ("b", "ek?"));
        assert_eq!(faq.entries[0].phrasings, ["ek c", "dui a", "ek d"]);
        assert!(faq.entries[1].phrasings.is_empty());
    }

    #[test]
    fn adding_twice_adds_once() {
        let mut taught = Additions::default();
        taught.phrasing("char", None);
        taught.phrasing("dui a", Some(id("two")));
        taught.phrasing("pach", Some(id("three")));
        let mut three = faq().entries[0].clone();
        three.id = id("three");
        three.phrasings.clear();
        taught.entry(three);
        let once = faq().with(&taught);
        assert_eq!(once.topics[0].examples, ["char"]);
        assert_eq!(once.entries[2].phrasings, ["pach"]);
        assert_eq!(once.with(&taught), once);
    }
}
