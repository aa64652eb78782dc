//! From a ranking to an outcome, by the place's thresholds.

use super::weights::{
    ASKS, FIT, GUIDE_SURE, KIND_SURE, OWN_ACCEPT, OWN_ACCEPT_OVERHEARD, OWN_ASKS, OWN_OFFERED, OWN_SUGGEST,
    OWN_SUGGEST_FOREIGN, OWN_SURE, REPLY_ASKS, REPLY_STATES, TOPIC_SURE, VERBATIM,
};
use super::{Kind, Ranking};
use crate::faq::fit::Fit;
use crate::faq::{EntryId, Faq, THANKS, UNCLEAR};
use crate::message::Place;

/// What becomes of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// These entries are answered: one, or as many as the message asks questions, up to three.
    Answer(Vec<EntryId>),
    /// These two or three are offered: one of them may be meant.
    Suggest(Vec<EntryId>),
    /// A person is wanted.
    Handoff,
    /// The writer is in despair.
    Distress,
    /// Small talk of this kind; none where a press is thanked for, or all topics are shown.
    Smalltalk(Option<EntryId>),
    /// The guide has no answer: its article's link; the topic where it is a known one.
    Fallback(Option<EntryId>),
    /// Nothing is said.
    Silent,
}

impl Outcome {
    /// Its name in JSON, metrics and tables.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Answer(_) => "answer",
            Self::Suggest(_) => "suggest",
            Self::Handoff => "handoff",
            Self::Distress => "distress",
            Self::Smalltalk(_) => "smalltalk",
            Self::Fallback(_) => "fallback",
            Self::Silent => "silent",
        }
    }

    /// The entries that were answered.
    pub fn answered(&self) -> &[EntryId] {
        match self {
            Self::Answer(entries) => entries,
            _ => &[],
        }
    }
}

/// The calibration and the thresholds of `faq`: what `fit.toml` says, or else the program's own.
pub fn fit(faq: &Faq) -> Fit {
    faq.fit.unwrap_or(FIT)
}

/// How many entries are offered at most.
const MAX_OFFERED: usize = 3;

/// How sure the best candidate is of being asked for at `place`: overheard, it must also be asked for.
pub fn sureness(ranking: &Ranking, place: Place) -> f32 {
    match place {
        Place::Private | Place::Addressed | Place::Replied => ranking.score(),
        Place::Overheard => ranking.score() * ranking.asks,
    }
}

/// Decides what is done at `place`.
pub fn decide(ranking: &Ranking, place: Place, faq: &Faq) -> Outcome {
    if place == Place::Replied {
        return of_reply(decide(ranking, Place::Addressed, faq), ranking);
    }
    if let Some(outcome) = person(ranking, place) {
        return outcome;
    }
    let threshold = fit(faq).thresholds.of(place);
    if ranking.is_bare && place != Place::Overheard {
        return match &ranking.kind {
            Some((Kind::Smalltalk(kind), probability)) if *probability >= KIND_SURE => {
                Outcome::Smalltalk(Some(kind.clone()))
            }
            _ => Outcome::Fallback(None),
        };
    }
    let sure = !ranking.is_bare && sureness(ranking, place) >= threshold.accept;
    let asks_several = ranking
        .own
        .as_ref()
        .and_then(|own| own.entries.first())
        .is_none_or(|first| ranking.questions.iter().any(|candidate| candidate.entry == *first));
    if ranking.questions.len() > 1 && place != Place::Overheard && asks_several {
        return Outcome::Answer(ranking.questions.iter().map(|candidate| candidate.entry.clone()).collect());
    }
    if let Some(outcome) = own(ranking, place, sure) {
        return outcome;
    }
    if !ranking.questions.is_empty() && (sure || place != Place::Overheard) {
        return Outcome::Answer(ranking.questions.iter().map(|candidate| candidate.entry.clone()).collect());
    }
    match ranking.candidates.first() {
        Some(best) if sure => return Outcome::Answer(vec![best.entry.clone()]),
        _ if place == Place::Overheard => return Outcome::Silent,
        _ => {}
    }
    if let Some((Kind::Smalltalk(kind), probability)) = &ranking.kind
        && *probability >= KIND_SURE
        && ranking.score() < threshold.suggest
    {
        return Outcome::Smalltalk(Some(kind.clone()));
    }
    let near = ranking.candidates.iter().take(MAX_OFFERED);
    // Those were looked at above.
    let few = ranking.own.as_ref().filter(|own| !own.is_of_group).and_then(|own| own.entries.first());
    let is_new = ranking.candidates.first().is_some_and(|best| few != Some(&best.entry));
    if ranking.score() >= threshold.suggest && ranking.asks >= ASKS && is_new {
        let offered: Vec<EntryId> = near
            .filter(|candidate| candidate.score * 8.0 >= ranking.score())
            .map(|candidate| candidate.entry.clone())
            .collect();
        if offered.len() >= 2 {
            return Outcome::Suggest(offered);
        }
        let two = ranking.candidates.iter().take(2).map(|candidate| candidate.entry.clone()).collect();
        return Outcome::Suggest(two);
    }
    match &ranking.kind {
        Some((Kind::Topic(topic), probability)) if *probability >= KIND_SURE => {
            Outcome::Fallback(Some(topic.clone()))
        }
        _ => Outcome::Fallback(None),
    }
}

/// What is done where a person is wanted or the writer is in despair. Nobody is called, and nobody's despair is answered
/// before others, who did not write to the bot.
fn person(ranking: &Ranking, place: Place) -> Option<Outcome> {
    let outcome = match ranking.kind.as_ref()?.0 {
        Kind::Distress => Outcome::Distress,
        // What was taught word for word holds: a group may have an entry of its own with its admin's number.
        Kind::Handoff if ranking.score() < VERBATIM => Outcome::Handoff,
        _ => return None,
    };
    Some(if place == Place::Overheard { Outcome::Silent } else { outcome })
}

/// What a reply to the bot gets, which gets `addressed` if it asks something: people also laugh, agree and tell below
/// an answer. Thanks are returned, and who did not understand is asked back.
fn of_reply(addressed: Outcome, ranking: &Ranking) -> Outcome {
    match &addressed {
        Outcome::Smalltalk(Some(kind)) if [THANKS, UNCLEAR].contains(&kind.as_str()) => addressed,
        Outcome::Answer(_) if ranking.asks < REPLY_STATES => Outcome::Silent,
        Outcome::Suggest(_) | Outcome::Fallback(_) | Outcome::Smalltalk(_) if ranking.asks < REPLY_ASKS => {
            Outcome::Silent
        }
        _ => addressed,
    }
}

/// What is done about a group's own entries; none where the guide decides.
fn own(ranking: &Ranking, place: Place, guide_sure: bool) -> Option<Outcome> {
    let own = ranking.own.as_ref()?;
    let first = own.entries.first()?;
    if place == Place::Overheard {
        let sure = own.sure >= OWN_ACCEPT_OVERHEARD && own.asks >= OWN_ASKS;
        return sure.then(|| Outcome::Answer(vec![first.clone()]));
    }
    let guide = ranking.candidates.iter().find(|candidate| !own.entries.contains(&candidate.entry));
    let guide = guide.map_or(0.0, |candidate| candidate.score);
    if own.sure >= OWN_ACCEPT && (guide < GUIDE_SURE || own.sure >= OWN_SURE) {
        return Some(Outcome::Answer(vec![first.clone()]));
    }
    let talk = matches!(&ranking.kind, Some((Kind::Smalltalk(_), probability)) if *probability >= KIND_SURE);
    let topic = matches!(&ranking.kind, Some((Kind::Topic(_), probability)) if *probability >= KIND_SURE);
    if !own.is_of_group && (topic || own.sure < OWN_OFFERED) {
        return None;
    }
    let foreign = matches!(&ranking.kind, Some((Kind::Topic(_), probability)) if *probability >= TOPIC_SURE)
        && own.scope < OWN_SUGGEST_FOREIGN;
    if foreign || own.scope < OWN_SUGGEST || own.asks < OWN_ASKS && talk || guide_sure && own.scope < 0.8 {
        return None;
    }
    let mut offered: Vec<EntryId> = own.entries.iter().take(MAX_OFFERED).cloned().collect();
    if offered.len() < 2 {
        let others = ranking.candidates.iter().map(|candidate| &candidate.entry).filter(|id| *id != first);
        offered.extend(others.take(2).cloned().collect::<Vec<_>>());
    }
    Some(Outcome::Suggest(offered))
}
