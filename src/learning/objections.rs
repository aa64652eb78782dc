//! What cannot be taught: said before anything is kept, with the value and the remedy.

use super::Shared;
use crate::faq::overlay::spelled;
use crate::faq::{ANSWER_CHARS, Entry, EntryId, LABEL_CHARS};
use crate::store::{Error, Lesson, Scope};
use crate::text::normalize::{compose, normalize};
use crate::view::View;

/// The longest phrasing, in characters: longer ones are stories, which teach the words of a story.
pub const PHRASING_CHARS: usize = 300;

/// How many lessons one group may have.
pub const MAX_GROUP_LESSONS: usize = 500;

/// Why a lesson cannot be taught.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Objection {
    /// There is no such entry.
    #[error("there is no entry {0}; name one of the guide's or of what was taught")]
    UnknownEntry(EntryId),
    /// There is such an entry already.
    #[error("there is an entry {0} already; teach it phrasings, or take another id")]
    Taken(EntryId),
    /// A text is missing.
    #[error("the {0} is empty; write one")]
    Empty(&'static str),
    /// A text is too long.
    #[error("the {what} is {chars} characters, at most {max}; shorten it")]
    TooLong {
        /// Which text.
        what: &'static str,
        /// Its length.
        chars: usize,
        /// The longest one.
        max: usize,
    },
    /// It says what is known already.
    #[error("“{0}” is a phrasing of {1} already; nothing is left to teach")]
    Known(String, EntryId),
    /// A group has enough.
    #[error("the group has {MAX_GROUP_LESSONS} lessons, no more fit; undo some, or teach them for all")]
    GroupFull,
    /// The store cannot be asked.
    #[error(transparent)]
    Store(#[from] Error),
}

/// The lesson with its texts as `faq/` has texts: composed, without space at their ends.
pub fn tidy(lesson: &Lesson) -> Lesson {
    match lesson {
        Lesson::Phrasing { entry, text } => Lesson::Phrasing { entry: entry.clone(), text: line(text) },
        Lesson::CounterExample { text } => Lesson::CounterExample { text: line(text) },
        Lesson::Ignore { text } => Lesson::Ignore { text: line(text) },
        Lesson::Entry(entry) => Lesson::Entry(Box::new(tidy_entry(entry))),
        Lesson::Edit(entry) => Lesson::Edit(Box::new(tidy_entry(entry))),
    }
}

fn tidy_entry(entry: &Entry) -> Entry {
    Entry {
        id: entry.id.clone(),
        question: line(&entry.question),
        label: line(&entry.label),
        section: entry.section.as_ref().map(|section| compose(section.trim())),
        answer: compose(entry.answer.trim()),
        related: entry.related.clone(),
        phrasings: entry.phrasings.iter().map(|text| line(text)).collect(),
        picture: entry.picture.clone(),
    }
}

fn line(text: &str) -> String {
    compose(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Says why `lesson` cannot be taught, if so. `replaces` where it stands in for one that is counted and has its id.
pub async fn check(shared: &Shared, scope: &Scope, lesson: &Lesson, replaces: bool) -> Result<(), Objection> {
    if !replaces
        && *scope != Scope::Base
        && shared.store.teachings_of(scope).await?.len() >= MAX_GROUP_LESSONS
    {
        return Err(Objection::GroupFull);
    }
    let view = shared.view(scope).await?;
    match lesson {
        Lesson::Phrasing { entry, text } => {
            let known = view.entry(entry).ok_or_else(|| Objection::UnknownEntry(entry.clone()))?;
            fits("phrasing", text, PHRASING_CHARS)?;
            let wanted = spelled(text);
            if known.phrasings.iter().any(|other| spelled(other) == wanted) {
                return Err(Objection::Known(text.clone(), entry.clone()));
            }
            Ok(())
        }
        Lesson::CounterExample { text } | Lesson::Ignore { text } => fits("text", text, PHRASING_CHARS),
        Lesson::Entry(entry) if !replaces && view.entry(&entry.id).is_some() => {
            Err(Objection::Taken(entry.id.clone()))
        }
        Lesson::Edit(entry) if view.entry(&entry.id).is_none() || *scope != Scope::Base => {
            Err(Objection::UnknownEntry(entry.id.clone()))
        }
        Lesson::Entry(entry) | Lesson::Edit(entry) => check_entry(entry, &view),
    }
}

fn check_entry(entry: &Entry, view: &View) -> Result<(), Objection> {
    fits("question", &entry.question, PHRASING_CHARS)?;
    fits("label", &entry.label, LABEL_CHARS)?;
    fits("answer", &entry.answer, ANSWER_CHARS)?;
    if entry.phrasings.is_empty() {
        return Err(Objection::Empty("list of phrasings"));
    }
    for phrasing in &entry.phrasings {
        fits("phrasing", phrasing, PHRASING_CHARS)?;
    }
    match entry.related.iter().find(|id| view.entry(id).is_none()) {
        Some(id) => Err(Objection::UnknownEntry(id.clone())),
        None => Ok(()),
    }
}

/// Not empty, also of letters, and not too long.
fn fits(what: &'static str, text: &str, max: usize) -> Result<(), Objection> {
    let chars = text.chars().count();
    if normalize(text).is_empty() {
        return Err(Objection::Empty(what));
    }
    if chars > max {
        return Err(Objection::TooLong { what, chars, max });
    }
    Ok(())
}
