//! The entries near to a text, and those that somebody looks for.

use super::Console;
use crate::faq::{Entry, EntryId};
use crate::learning::phrasing_of;
use crate::store::Scope;
use crate::text::normalize::normalize;
use crate::view::View;

/// Entries that a search finds.
const MAX_FOUND: usize = 20;

impl Console {
    /// The content as `scope` sees it.
    pub(super) async fn view(&self, scope: &Scope) -> View {
        match scope {
            Scope::Base => self.responder.view(None).await,
            Scope::Group(group) => self.responder.view(Some(group)).await,
        }
    }
}

/// The entries nearest to what was asked, with their scores.
pub fn nearest(view: &View, text: &str, max: usize) -> Vec<(Entry, f32)> {
    let ranking = view.find(&phrasing_of(text), None);
    let found =
        ranking.candidates.iter().filter_map(|one| Some((view.entry(&one.entry)?.clone(), one.score)));
    found.take(max).collect()
}

/// The entry that somebody typed: by its id, or by its question.
pub fn find(view: &View, typed: &str) -> Option<EntryId> {
    let wanted = normalize(typed);
    let mut entries = view.entries();
    let found = entries.find(|entry| {
        entry.id.as_str() == typed || !wanted.is_empty() && normalize(&entry.question) == wanted
    });
    found.map(|entry| entry.id.clone())
}

/// The entries that hold every word of `wanted` in their question, label, id or a phrasing.
pub fn search(view: &View, wanted: &str) -> Vec<Entry> {
    let wanted = normalize(wanted);
    let words: Vec<&str> = wanted.split_whitespace().collect();
    let holds = |entry: &&Entry| {
        let texts = [entry.id.as_str(), &entry.question, &entry.label].map(normalize);
        let phrasings = || entry.phrasings.iter().map(|text| normalize(text)).collect::<Vec<_>>();
        let has = |texts: &[String]| words.iter().all(|word| texts.iter().any(|text| text.contains(word)));
        has(&texts) || has(&phrasings())
    };
    view.entries().filter(holds).take(MAX_FOUND).cloned().collect()
}
