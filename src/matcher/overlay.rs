//! A group's own entries and phrasings as a small matcher of their own, laid over the guide's ranking.
//!
//! Nothing of the guide is learned again: a message is compared with those of the group's phrasings that share its
//! rarest words, and what fits goes before what the guide would say.

use super::features::{Word, words};
use super::similarity::{Comparable, handles_of};
use super::vocabulary::Vocabulary;
use super::weights::{COMPARED, IN_COMMON, OWN_HALF, OWN_NEAR, OWN_SHARPNESS, OWN_SURE, PART_WORDS};
use super::{CANDIDATES, Candidate, Kind, Matcher, Ranking};
use crate::faq::overlay::{Additions, TAUGHT};
use crate::faq::{Entry, EntryId};
use crate::text::normalize::{normalize, question};

/// What a group was taught, ready to be found. It outlives the matcher that made it.
#[derive(Debug, Default)]
pub struct Overlay {
    entries: Vec<Entry>,
    phrasings: Vec<Own>,
    /// From a handle of a word to the phrasings that hold it; ascending. Half of a handle is enough to find by: what
    /// is found is compared.
    handles: Vec<(u32, u16)>,
}

/// A way to ask, and the entry that is meant; none where no entry answers it.
#[derive(Debug)]
struct Own {
    asks: Comparable,
    entry: Option<EntryId>,
}

impl Matcher {
    /// What `taught` adds, ready to be laid over.
    pub fn overlay(&self, taught: &Additions) -> Overlay {
        let own = taught.entries().iter().flat_map(|entry| {
            let texts = std::iter::once(&entry.question).chain(&entry.phrasings);
            texts.map(|text| (text, Some(&entry.id)))
        });
        let all = own.chain(taught.phrasings().iter().map(|taught| (&taught.text, taught.entry.as_ref())));
        let phrasings: Vec<Own> = all
            .map(|(text, entry)| Own { asks: self.comparable(text), entry: entry.cloned() })
            .filter(|own| !own.asks.is_empty())
            .take(usize::from(u16::MAX))
            .collect();
        let mut handles: Vec<(u32, u16)> = (0..)
            .zip(&phrasings)
            .flat_map(|(at, own)| own.asks.handles().map(move |handle| (short(handle), at)))
            .collect();
        handles.sort_unstable();
        handles.dedup();
        handles.shrink_to_fit();
        Overlay { entries: taught.entries().to_vec(), phrasings, handles }
    }

    /// As [`Matcher::find`], with what a group was taught before what the guide says.
    pub fn find_with(&self, overlay: &Overlay, utterance: &str, subject: Option<&str>) -> Ranking {
        let text = normalize(question(utterance));
        let said = words(&text);
        if said.is_empty() {
            return Ranking::default();
        }
        let mut mended = said.clone();
        self.mend(&mut mended);
        let mut ranking = self.rank(&text, &mended, subject);
        let mut own = overlay.scores(&said, &self.vocabulary);
        own.retain(|(entry, _)| entry.is_none_or(|id| overlay.has(id) || self.entries.contains(id)));
        lay_over(&mut ranking, &own);
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
        self.entries.is_empty() && self.phrasings.is_empty()
    }

    /// Its size in memory, in bytes, roughly.
    pub fn size(&self) -> usize {
        let texts = |entry: &Entry| {
            let phrasings: usize = entry.phrasings.iter().map(|text| text.len() + size_of::<String>()).sum();
            entry.question.len() + entry.label.len() + entry.answer.len() + phrasings
        };
        let entries: usize = self.entries.iter().map(|entry| size_of::<Entry>() + texts(entry)).sum();
        let phrasings: usize = self.phrasings.iter().map(|own| size_of::<Own>() + own.asks.size() + 48).sum();
        size_of::<Self>() + entries + phrasings + self.handles.len() * size_of::<(u32, u16)>()
    }

    fn has(&self, id: &EntryId) -> bool {
        self.entries.iter().any(|entry| entry.id == *id)
    }

    /// What the message, or one sentence of it, asks of what was taught: each entry once, and none of them.
    fn scores(&self, said: &[Word], vocabulary: &Vocabulary) -> Vec<(Option<&EntryId>, f32)> {
        let mut scores: Vec<(Option<&EntryId>, f32)> = Vec::new();
        let sentences = said.chunk_by(|a, b| a.sentence == b.sentence);
        let parts = sentences.filter(|part| part.len() < said.len() && part.len() >= PART_WORDS);
        for part in std::iter::once(said).chain(parts) {
            let asked = Comparable::of(part, vocabulary);
            for at in self.nearest(part, vocabulary) {
                let Some(own) = self.phrasings.get(at) else { continue };
                let score = score(asked.similarity(&own.asks));
                match scores.iter_mut().find(|(entry, _)| *entry == own.entry.as_ref()) {
                    Some((_, best)) => *best = best.max(score),
                    None => scores.push((own.entry.as_ref(), score)),
                }
            }
        }
        scores.retain(|(_, score)| *score >= OWN_NEAR);
        scores.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        scores
    }

    /// The phrasings that have the rarest words in common with `said`.
    fn nearest(&self, said: &[Word], vocabulary: &Vocabulary) -> Vec<usize> {
        // What they have in common, and the last word that they were found by: a word counts once.
        let mut common = vec![(0.0_f32, 0_usize); self.phrasings.len()];
        let mut total = 0.0;
        for (number, word) in (1..).zip(said.iter().filter(|word| !word.is_filler())) {
            let idf = vocabulary.idf(word);
            total += idf;
            for handle in handles_of(word).map(short) {
                let start = self.handles.partition_point(|(other, _)| *other < handle);
                let same = self.handles.iter().skip(start).take_while(|(other, _)| *other == handle);
                for (_, at) in same {
                    if let Some((sum, last)) =
                        common.get_mut(usize::from(*at)).filter(|(_, last)| *last != number)
                    {
                        *sum += idf;
                        *last = number;
                    }
                }
            }
        }
        let enough = total * IN_COMMON;
        let mut best: Vec<usize> = Vec::with_capacity(COMPARED + 1);
        for (at, (sum, _)) in common.iter().enumerate().filter(|(_, (sum, _))| *sum > enough) {
            let place =
                best.partition_point(|other| common.get(*other).is_some_and(|(other, _)| other >= sum));
            if place < COMPARED {
                best.insert(place, at);
                best.truncate(COMPARED);
            }
        }
        best
    }
}

/// The upper half of a handle, spread: small numbers are handles too.
fn short(handle: u64) -> u32 {
    (handle.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as u32
}

/// A similarity as the probability that the same is meant.
fn score(similarity: f32) -> f32 {
    1.0 / (1.0 + (-OWN_SHARPNESS * (similarity - OWN_HALF)).exp())
}

/// `own`, best first, before or between the guide's candidates.
fn lay_over(ranking: &mut Ranking, own: &[(Option<&EntryId>, f32)]) {
    let refused = own.iter().find(|(entry, _)| entry.is_none()).map_or(0.0, |(_, score)| *score);
    let best = own.iter().find(|(entry, _)| entry.is_some()).map_or(0.0, |(_, score)| *score);
    if refused > best {
        for candidate in &mut ranking.candidates {
            candidate.score *= 1.0 - refused;
        }
        if refused >= OWN_SURE {
            ranking.questions = None;
            ranking.kind = TAUGHT.parse().ok().map(|id| (Kind::Topic(id), refused));
        }
    }
    let sure = best >= OWN_SURE && best >= refused;
    if sure {
        ranking.questions = None;
    }
    for (id, score) in own.iter().filter_map(|(entry, score)| Some((entry.as_ref()?, *score))) {
        let known = ranking.candidates.iter().position(|candidate| candidate.entry == **id);
        let guide = known.map_or(0.0, |at| ranking.candidates.remove(at).score);
        // Where the guide thinks so too, it is the surer of the two.
        let candidate = Candidate { entry: (*id).clone(), score: score.max(guide) };
        ranking.candidates.push(candidate);
    }
    let is_own = |candidate: &Candidate| {
        own.iter().any(|(entry, score)| *entry == Some(&candidate.entry) && *score >= OWN_SURE)
    };
    ranking.candidates.sort_by(|a, b| {
        let first = if sure { is_own(b).cmp(&is_own(a)) } else { std::cmp::Ordering::Equal };
        first.then(b.score.total_cmp(&a.score))
    });
    // Who comes later is no surer than who comes first: scores fall.
    let mut limit = 1.0_f32;
    for candidate in &mut ranking.candidates {
        candidate.score = candidate.score.min(limit);
        limit = candidate.score;
    }
    ranking.candidates.truncate(CANDIDATES);
}
