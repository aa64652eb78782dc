//! What a lesson would change besides what it says: a trial matcher learns it and reads every known phrasing.

use std::fmt;
use std::sync::Arc;

use tokio::task::spawn_blocking;

use super::lessons::{add, additions};
use super::{Objection, Shared};
use crate::faq::overlay::{Additions, spelled};
use crate::faq::{EntryId, Faq};
use crate::matcher::Ranking;
use crate::message::Place;
use crate::reply::Outcome;
use crate::store::{Error, Lesson, Scope};
use crate::view::{Content, View};

/// A known phrasing that would be understood otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The phrasing.
    pub phrasing: String,
    /// The entry that it belongs to; none of a counter-example.
    pub own: Option<EntryId>,
    /// The entry that it would get; none where it would get no answer.
    pub after: Option<EntryId>,
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name =
            |entry: &Option<EntryId>| entry.as_ref().map_or("no entry".to_owned(), ToString::to_string);
        write!(f, "“{}” is {}'s, and would get {}", self.phrasing, name(&self.own), name(&self.after))
    }
}

/// Every phrasing and counter-example that `lesson` would make go elsewhere.
pub async fn find(shared: &Arc<Shared>, scope: &Scope, lesson: &Lesson) -> Result<Vec<Conflict>, Objection> {
    let content = shared.library.current();
    let trial = Trial::of(lesson);
    let found = match scope {
        Scope::Base => {
            let (guide, taught) = shared.library.sources();
            let mut taught = (*taught).clone();
            add(&mut taught, lesson);
            spawn_blocking(move || {
                let known = known(&content.faq, None);
                let after = View::of(Arc::new(Content::learn(guide.with(&taught))));
                trial.run(&known, &View::of(content), &after)
            })
        }
        Scope::Group(group) => {
            let own = shared.overlay(group).await?;
            let held = additions(&shared.store.teachings_of(scope).await?);
            let mut taught = held.clone();
            add(&mut taught, lesson);
            spawn_blocking(move || {
                let known = known(&content.faq, Some(&held));
                let new = Arc::new(content.matcher.overlay(&taught));
                let before = View::with(Arc::clone(&content), Some(own));
                trial.run(&known, &before, &View::with(content, Some(new)))
            })
        }
    };
    Ok(found.await.map_err(|error| Error::Broken(error.to_string()))?)
}

/// A text, and the entry that it means; none of a counter-example.
type Known = (String, Option<EntryId>);

/// Every text whose meaning is known; a group's own word on a text holds.
fn known(faq: &Faq, own: Option<&Additions>) -> Vec<Known> {
    let entries = own.map_or(&[][..], Additions::entries).iter().chain(&faq.entries);
    let phrasings = entries.flat_map(|entry| {
        let texts = std::iter::once(&entry.question).chain(&entry.phrasings);
        texts.map(|text| (text.clone(), Some(entry.id.clone())))
    });
    let topics = faq.topics.iter().flat_map(|topic| topic.examples.iter().map(|text| (text.clone(), None)));
    let mut known: Vec<Known> = phrasings.chain(topics).collect();
    if let Some(own) = own.filter(|own| !own.phrasings().is_empty()) {
        let taught: Vec<String> = own.phrasings().iter().map(|one| spelled(&one.text)).collect();
        known.retain(|(text, _)| !taught.contains(&spelled(text)));
        known.extend(own.phrasings().iter().map(|one| (one.text.clone(), one.entry.clone())));
    }
    known
}

/// A lesson on trial.
struct Trial {
    /// The entry that it teaches to find; none of a counter-example.
    entry: Option<EntryId>,
    /// What it says itself, normalized.
    texts: Vec<String>,
}

impl Trial {
    fn of(lesson: &Lesson) -> Self {
        let (entry, texts) = match lesson {
            Lesson::Phrasing { entry, text } => (Some(entry.clone()), vec![text]),
            Lesson::Entry(entry) | Lesson::Edit(entry) => {
                let texts = std::iter::once(&entry.question).chain(&entry.phrasings).collect();
                (Some(entry.id.clone()), texts)
            }
            Lesson::CounterExample { text } | Lesson::Ignore { text } => (None, vec![text]),
        };
        Self { entry, texts: texts.into_iter().map(|text| spelled(text)).collect() }
    }

    /// Only what moves to what is taught counts: training again shifts every score a little, and a phrasing near a threshold may
    /// fall to either side.
    fn run(&self, known: &[Known], before: &View, after: &View) -> Vec<Conflict> {
        let conflict = |(text, own): &Known| {
            if *own == self.entry {
                return None;
            }
            let conflict = Conflict { phrasing: text.clone(), own: own.clone(), after: self.entry.clone() };
            if self.texts.contains(&spelled(text)) {
                return Some(conflict);
            }
            let (new, old) = (after.find(text, None), || before.find(text, None));
            let moves = match (&self.entry, own) {
                (Some(taught), Some(own)) => first(&new) == Some(taught) && first(&old()) == Some(own),
                // What was held back would be answered.
                (Some(taught), None) => answers(&new, after, taught) && !answers(&old(), before, taught),
                // What was answered would be held back.
                (None, Some(own)) => is_held_back(&new, after, own) && answers(&old(), before, own),
                (None, None) => false,
            };
            moves.then_some(conflict)
        };
        known.iter().filter_map(conflict).collect()
    }
}

fn first(ranking: &Ranking) -> Option<&EntryId> {
    ranking.candidates.first().map(|best| &best.entry)
}

fn answers(ranking: &Ranking, view: &View, entry: &EntryId) -> bool {
    matches!(view.decide(ranking, Place::Private), Outcome::Answer(entries) if entries.contains(entry))
}

/// Neither answered nor offered. What is a wish for a person or despair now was nearly that before.
fn is_held_back(ranking: &Ranking, view: &View, entry: &EntryId) -> bool {
    match view.decide(ranking, Place::Private) {
        Outcome::Answer(entries) | Outcome::Suggest(entries) => !entries.contains(entry),
        Outcome::Handoff | Outcome::Distress => false,
        _ => true,
    }
}
