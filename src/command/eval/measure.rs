//! Shares of what went right and wrong.

use std::collections::BTreeMap;

use super::rows::Row;
use crate::faq::{EntryId, Faq};
use crate::library::Content;
use crate::matcher::Ranking;
use crate::matcher::decide::{Outcome, decide, sureness};
use crate::message::Place;

/// One message and what was made of it.
pub(in crate::command) struct Trial {
    /// Whether a right answer exists, a wrong one only, or either.
    pub scope: Scope,
    /// Its style.
    pub style: String,
    /// The message.
    pub text: String,
    /// The entries that are right.
    pub right: Vec<EntryId>,
    /// What was found.
    pub ranking: Ranking,
    /// How sure the best candidate is of being asked for.
    pub sureness: f32,
    /// What would be done.
    pub decision: Outcome,
}

/// What may be done with a message.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::command) enum Scope {
    /// It must be answered.
    In,
    /// It must not be answered.
    Out,
    /// Either is right, a wrong answer is not.
    Either,
}

impl Trial {
    fn of(row: &Row, faq: &Faq, ranking: Ranking, place: Place) -> Self {
        let scope = match (row.in_scope(), row.out_of_scope()) {
            (true, _) => Scope::In,
            (_, true) => Scope::Out,
            _ => Scope::Either,
        };
        Self {
            scope,
            style: row.style.clone(),
            text: row.text.clone(),
            right: row.right.clone(),
            sureness: sureness(&ranking, place),
            decision: decide(&ranking, place, faq),
            ranking,
        }
    }

    /// Whether the best candidate is a right one.
    pub fn first_right(&self) -> bool {
        self.ranking.candidates.first().is_some_and(|best| self.right.contains(&best.entry))
    }

    /// Whether an answer is given whose first entry is a right one.
    pub fn answered_right(&self) -> bool {
        matches!(&self.decision, Outcome::Answer(entries) if entries.first().is_some_and(|entry| self.right.contains(entry)))
    }

    /// Whether any answer is given.
    pub fn answered(&self) -> bool {
        matches!(self.decision, Outcome::Answer(_))
    }

    /// Whether an answer is given and it is wrong.
    pub fn answered_wrong(&self) -> bool {
        self.answered() && !self.answered_right()
    }

    fn suggested_right(&self) -> bool {
        matches!(&self.decision, Outcome::Suggest(entries) if entries.iter().any(|entry| self.right.contains(entry)))
    }

    fn suggested(&self) -> bool {
        matches!(self.decision, Outcome::Suggest(_))
    }

    /// Whether it is to be listed among what went wrong.
    pub fn failed(&self) -> bool {
        match self.scope {
            Scope::In => !self.answered_right(),
            Scope::Out => self.answered(),
            Scope::Either => self.answered_wrong(),
        }
    }
}

/// Every trial of a file.
pub(in crate::command) struct Measured {
    /// In the file's order.
    pub trials: Vec<Trial>,
}

/// The shares, each 0..=1; of no messages at all, 0.
#[derive(Clone, Copy, Debug, Default, serde::Serialize)]
pub(in crate::command) struct Shares {
    pub in_scope: usize,
    pub out_of_scope: usize,
    pub top1: f64,
    pub right: f64,
    pub wrong: f64,
    pub offered: f64,
    pub oos_answered: f64,
    pub oos_suggested: f64,
    pub precision: f64,
    pub recall: f64,
}

impl Measured {
    /// Tries every row.
    pub fn of(rows: &[Row], content: &Content, place: Place) -> Self {
        let trials = rows
            .iter()
            .map(|row| Trial::of(row, &content.faq, content.matcher.find(&row.text, None), place))
            .collect();
        Self { trials }
    }

    /// The shares of all.
    pub fn shares(&self) -> Shares {
        shares(self.trials.iter())
    }

    /// The shares by style, where the file has styles.
    pub fn by_style(&self) -> BTreeMap<&str, Shares> {
        let mut styles: BTreeMap<&str, Vec<&Trial>> = BTreeMap::new();
        for trial in &self.trials {
            styles.entry(&trial.style).or_default().push(trial);
        }
        styles.into_iter().map(|(style, trials)| (style, shares(trials.into_iter()))).collect()
    }

    /// The shares by the first entry that is right.
    pub fn by_entry(&self) -> BTreeMap<&EntryId, Shares> {
        let mut entries: BTreeMap<&EntryId, Vec<&Trial>> = BTreeMap::new();
        for trial in self.trials.iter().filter(|trial| trial.scope == Scope::In) {
            if let Some(entry) = trial.right.first() {
                entries.entry(entry).or_default().push(trial);
            }
        }
        entries.into_iter().map(|(entry, trials)| (entry, shares(trials.into_iter()))).collect()
    }

    /// How often one entry was put first where another was right, the most frequent first.
    pub fn confusions(&self) -> Vec<(&EntryId, &EntryId, usize)> {
        let mut pairs: BTreeMap<(&EntryId, &EntryId), usize> = BTreeMap::new();
        for trial in self.trials.iter().filter(|trial| trial.scope == Scope::In && !trial.first_right()) {
            if let (Some(right), Some(best)) = (trial.right.first(), trial.ranking.candidates.first()) {
                *pairs.entry((right, &best.entry)).or_default() += 1;
            }
        }
        let mut pairs: Vec<_> =
            pairs.into_iter().map(|((right, taken), count)| (right, taken, count)).collect();
        pairs.sort_by(|a, b| b.2.cmp(&a.2).then(a.cmp(b)));
        pairs
    }

    /// For each tenth of the score: how many best candidates have it, their mean score, the share that is right.
    pub fn calibration(&self) -> Vec<(usize, f64, f64)> {
        let mut bins = vec![(0_usize, 0.0_f64, 0.0_f64); 10];
        for trial in self.trials.iter().filter(|trial| trial.scope != Scope::Either) {
            let score = f64::from(trial.ranking.score());
            let Some(bin) = bins.get_mut(((score * 10.0) as usize).min(9)) else { continue };
            bin.0 += 1;
            bin.1 += score;
            bin.2 += f64::from(u8::from(trial.first_right()));
        }
        let mean = |sum: f64, count: usize| if count == 0 { 0.0 } else { sum / count as f64 };
        bins.into_iter()
            .map(|(count, score, right)| (count, mean(score, count), mean(right, count)))
            .collect()
    }

    /// What an accept threshold of `at` would let through: the shares that depend on it.
    pub fn at_threshold(&self, at: f32) -> Shares {
        let sure = |trial: &&Trial| trial.sureness >= at;
        let count = |scope: Scope| self.trials.iter().filter(move |trial| trial.scope == scope).count();
        let (inside, outside) = (count(Scope::In), count(Scope::Out));
        let right =
            self.trials.iter().filter(sure).filter(|trial| trial.scope != Scope::Out && trial.first_right());
        let (right_in, right) =
            (right.clone().filter(|trial| trial.scope == Scope::In).count(), right.count());
        let wrong =
            self.trials.iter().filter(sure).filter(|trial| trial.scope != Scope::Out && !trial.first_right());
        let answered = self.trials.iter().filter(sure);
        let oos = answered.clone().filter(|trial| trial.scope == Scope::Out).count();
        Shares {
            in_scope: inside,
            out_of_scope: outside,
            right: part(right_in, inside),
            recall: part(right_in, inside),
            wrong: part(wrong.count(), inside),
            oos_answered: part(oos, outside),
            precision: part(right, answered.count()),
            ..Shares::default()
        }
    }
}

fn part(of: usize, all: usize) -> f64 {
    if all == 0 { 0.0 } else { of as f64 / all as f64 }
}

fn shares<'a>(trials: impl Iterator<Item = &'a Trial>) -> Shares {
    let trials: Vec<&Trial> = trials.collect();
    let inside: Vec<&&Trial> = trials.iter().filter(|trial| trial.scope == Scope::In).collect();
    let outside: Vec<&&Trial> = trials.iter().filter(|trial| trial.scope == Scope::Out).collect();
    let of = |trials: &[&&Trial], test: &dyn Fn(&Trial) -> bool| {
        part(trials.iter().filter(|trial| test(trial)).count(), trials.len())
    };
    let answered = trials.iter().filter(|trial| trial.answered()).count();
    let answered_right = trials.iter().filter(|trial| trial.answered_right()).count();
    // A wrong entry is wrong also where silence would have been right.
    let wrong = trials.iter().filter(|trial| trial.scope != Scope::Out && trial.answered_wrong()).count();
    Shares {
        in_scope: inside.len(),
        out_of_scope: outside.len(),
        top1: of(&inside, &Trial::first_right),
        right: of(&inside, &Trial::answered_right),
        wrong: part(wrong, inside.len()),
        offered: of(&inside, &|trial| trial.answered_right() || trial.suggested_right()),
        oos_answered: of(&outside, &Trial::answered),
        oos_suggested: of(&outside, &Trial::suggested),
        precision: part(answered_right, answered),
        recall: of(&inside, &Trial::answered_right),
    }
}
