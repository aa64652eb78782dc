//! A group's own entries and phrasings, laid over the guide's ranking.
//!
//! Nothing of the guide is learned again: a message is compared with the group's wordings and answers
//! ([`super::examples`]), and what fits goes before what the guide would say.

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use super::asking::asking;
use super::examples::{Example, Examples};
use super::features::{Word, utterance_hash, words};
use super::readings::context;
use super::weights::{FOLLOW_UP_WORDS, OWN_ACCEPT, OWN_NEAR, PART_WORDS, VERBATIM};
use super::{CANDIDATES, Candidate, Kind, Matcher, Own, Ranking};
use crate::faq::overlay::{Additions, TAUGHT};
use crate::faq::{Entry, EntryId};
use crate::text::normalize::{normalize, question};

/// What a group was taught, ready to be found. It outlives the matcher that made it.
#[derive(Debug, Default)]
pub struct Overlay {
    entries: Vec<Entry>,
    known: Known,
}

/// Entries that are known by few wordings.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Known {
    /// What each example means; none where no entry answers it.
    meant: Vec<Option<EntryId>>,
    /// The entries among them.
    ids: FxHashSet<EntryId>,
    /// How many wordings each example has.
    wordings: Vec<usize>,
    examples: Examples,
    /// What was taught word for word, by its words, ascending: the example.
    verbatim: Vec<(u64, u32)>,
}

impl Known {
    /// Of texts with what they mean, those of one entry beside each other, and the answers of the entries.
    pub fn of<'a>(all: impl Iterator<Item = (Option<&'a EntryId>, Vec<&'a str>, Option<&'a str>)>) -> Self {
        let mut known = Self::default();
        let mut examples = Vec::new();
        for (number, (meant, wordings, answer)) in (0..).zip(all) {
            let read = |text: &str| words(&normalize(question(text)));
            let read_all: Vec<Vec<Word>> = wordings.into_iter().map(read).collect();
            known.verbatim.extend(
                read_all
                    .iter()
                    .filter(|words| !words.is_empty())
                    .map(|words| (utterance_hash(words), number)),
            );
            known.ids.extend(meant.cloned());
            known.meant.push(meant.cloned());
            known.wordings.push(read_all.len());
            examples.push(Example { wordings: read_all, answer: answer.map(read).unwrap_or_default() });
        }
        known.verbatim.sort_unstable();
        known.examples = Examples::of(&examples);
        known
    }

    /// Whether this entry is one of these.
    pub fn has(&self, id: &EntryId) -> bool {
        self.ids.contains(id)
    }

    /// Whether there is nothing to find.
    pub fn is_empty(&self) -> bool {
        self.meant.is_empty()
    }

    /// Its size in memory, in bytes, roughly.
    fn size(&self) -> usize {
        self.examples.size() + self.meant.len() * 64 + self.verbatim.len() * 16
    }

    /// What the message, or one sentence of it, asks of these; `mark` says whether it has a question mark,
    /// `guide` is the score of the guide's best candidate.
    pub fn find(&self, said: &[Word], mark: bool, guide: f32) -> Finding<'_> {
        let whole = self.read(said, mark, guide);
        let sentences = said.chunk_by(|a, b| a.sentence == b.sentence);
        let parts = sentences.filter(|part| part.len() < said.len() && part.len() >= PART_WORDS);
        // A long story is read by its question.
        parts.map(|part| self.read(part, mark, guide)).fold(whole, |best, part| {
            if part.sure > best.sure { Finding { scope: part.scope.max(best.scope), ..part } } else { best }
        })
    }

    fn read(&self, said: &[Word], mark: bool, guide: f32) -> Finding<'_> {
        let (asks, _) = asking(said, mark);
        let found = self.examples.rank(said);
        let first =
            found.fitting.first().map_or(0, |best| self.wordings.get(best.entry).copied().unwrap_or(1));
        let (mut sure, mut scope) = found.sureness(said, asks, first, guide);
        let mut best: Vec<(Option<&EntryId>, f32)> = (0..)
            .zip(&found.fitting)
            .take(CANDIDATES)
            .filter_map(|(place, fitting)| {
                Some((self.meant.get(fitting.entry)?.as_ref(), found.share(place)))
            })
            .collect();
        let said = utterance_hash(said);
        let start = self.verbatim.partition_point(|(hash, _)| *hash < said);
        let same =
            self.verbatim.get(start..).unwrap_or_default().iter().take_while(|(hash, _)| *hash == said);
        // The last word on a text holds.
        if let Some((_, example)) = same.last()
            && let Some(meant) = self.meant.get(*example as usize)
        {
            best.retain(|(other, _)| *other != meant.as_ref());
            best.insert(0, (meant.as_ref(), 1.0));
            (sure, scope) = (sure.max(VERBATIM), scope.max(VERBATIM));
        }
        Finding { best, sure, scope, asks }
    }
}

/// What was found among few wordings.
#[derive(Debug, Default)]
pub(super) struct Finding<'a> {
    /// What may be meant, best first, each with its share among all.
    pub best: Vec<(Option<&'a EntryId>, f32)>,
    /// The probability that the first is meant.
    pub sure: f32,
    /// The probability that any is meant.
    pub scope: f32,
    /// The probability that something is asked.
    pub asks: f32,
}

impl Matcher {
    /// What `taught` adds, ready to be laid over.
    pub fn overlay(&self, taught: &Additions) -> Overlay {
        let of = |id: &EntryId| -> Vec<&str> {
            taught
                .phrasings()
                .iter()
                .filter(|own| own.entry.as_ref() == Some(id))
                .map(|own| own.text.as_str())
                .collect()
        };
        let own = taught.entries().iter().map(|entry| {
            let texts = std::iter::once(&entry.question).chain(&entry.phrasings).map(String::as_str);
            (Some(&entry.id), texts.chain(of(&entry.id)).collect(), Some(entry.answer.as_str()))
        });
        let is_own = |id: &EntryId| taught.entries().iter().any(|entry| entry.id == *id);
        let mut of_guide: Vec<&EntryId> =
            taught.phrasings().iter().filter_map(|own| own.entry.as_ref()).filter(|id| !is_own(id)).collect();
        of_guide.sort_unstable();
        of_guide.dedup();
        let of_guide = of_guide.into_iter().map(|id| (Some(id), of(id), None));
        let refused = taught.phrasings().iter().filter(|own| own.entry.is_none());
        let refused = refused.map(|own| (None, vec![own.text.as_str()], None));
        let known = Known::of(own.chain(of_guide).chain(refused));
        Overlay { entries: taught.entries().to_vec(), known }
    }

    /// As [`Matcher::find`], with what a group was taught before what the guide says.
    pub fn find_with(&self, overlay: &Overlay, utterance: &str, before: Option<&str>) -> Ranking {
        let text = normalize(question(utterance));
        let said = words(&text);
        if said.is_empty() {
            return Ranking::default();
        }
        let mut corrected = said.clone();
        self.correct(&text, &mut corrected);
        let mut ranking = self.rank(&text, &corrected, before);
        self.look_among_known(&mut ranking, &text, &corrected);
        let mut found = overlay.known.find(&said, text.contains('?'), ranking.score());
        // "koto din?" after "কোর্সের ফি কত?" asks about the course.
        if let Some(before) = before.filter(|_| said.len() <= FOLLOW_UP_WORDS && found.sure < OWN_ACCEPT) {
            let mut all = context(before);
            all.extend(said.iter().copied());
            let followed = overlay.known.find(&all, text.contains('?'), ranking.score());
            if followed.sure > found.sure {
                found = followed;
            }
        }
        found.best.retain(|(entry, _)| entry.is_none_or(|id| overlay.has(id) || self.entries.contains(id)));
        // What the guide refuses word for word is asked of the group only where that is sure.
        if found.sure >= OWN_ACCEPT || !self.is_refused(&corrected) {
            lay_over(&mut ranking, &found, true);
        }
        ranking
    }
}

impl Overlay {
    /// The group's own entries.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether the group was taught nothing.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.known.is_empty()
    }

    /// Its size in memory, in bytes, roughly.
    pub fn size(&self) -> usize {
        let texts = |entry: &Entry| {
            let phrasings: usize = entry.phrasings.iter().map(|text| text.len() + size_of::<String>()).sum();
            entry.question.len() + entry.label.len() + entry.answer.len() + phrasings
        };
        let entries: usize = self.entries.iter().map(|entry| size_of::<Entry>() + texts(entry)).sum();
        size_of::<Self>() + entries + self.known.size()
    }

    fn has(&self, id: &EntryId) -> bool {
        self.entries.iter().any(|entry| entry.id == *id)
    }
}

/// What was found goes before the ranking's candidates, as sure as it is.
pub(super) fn lay_over(ranking: &mut Ranking, found: &Finding<'_>, is_of_group: bool) {
    let Some((first, _)) = found.best.first() else { return };
    if first.is_none() {
        // What is asked was taught to be none of the entries.
        for candidate in &mut ranking.candidates {
            candidate.score *= 1.0 - found.sure;
        }
        if found.sure >= VERBATIM {
            ranking.questions.clear();
            ranking.kind = TAUGHT.parse().ok().map(|id| (Kind::Topic(id), found.sure));
        }
        return;
    }
    let own: Vec<Candidate> = found
        .best
        .iter()
        .enumerate()
        .filter_map(|(place, (entry, share))| {
            let score = if place == 0 { found.sure } else { (found.scope * share).min(found.sure) };
            Some(Candidate { entry: (*entry)?.clone(), score })
        })
        .filter(|candidate| candidate.score >= OWN_NEAR)
        .collect();
    if own.is_empty() {
        return;
    }
    let guide = std::mem::take(&mut ranking.candidates);
    let before = ranking.own.take().filter(|before| before.sure >= OWN_ACCEPT && found.sure < OWN_ACCEPT);
    ranking.own = before.or(Some(Own {
        sure: found.sure,
        scope: found.scope,
        asks: found.asks,
        entries: own.iter().map(|own| own.entry.clone()).collect(),
        is_of_group,
    }));
    // Where the guide thinks so too, the surer of the two counts.
    let mut all = own;
    for candidate in guide {
        match all.iter_mut().find(|own| own.entry == candidate.entry) {
            Some(own) => own.score = own.score.max(candidate.score),
            None => all.push(candidate),
        }
    }
    all.sort_by(|a, b| b.score.total_cmp(&a.score));
    all.truncate(CANDIDATES);
    ranking.candidates = all;
}
