//! The learned utterances nearest to a message, by the words they share: what the weights are unsure of is looked at a
//! second time beside the wordings of the entry, of the other entries, and the counter-examples.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::features::Word;
use super::index::idf;

/// Learned utterances as sets of units.
#[derive(Default, Serialize, Deserialize)]
pub struct Nearest {
    /// From a unit to its number.
    units: FxHashMap<u64, u32>,
    /// How telling a unit is, by its number.
    idf: Vec<f32>,
    /// Where the utterances of a unit start in `utterances`, by its number, and the end.
    starts: Vec<u32>,
    utterances: Vec<u32>,
    /// The last class.
    none: u32,
    /// By utterance: its class, and the sum of its units' idf.
    classes: Vec<u32>,
    sums: Vec<f32>,
}

/// How near the nearest utterances are: the share of units in common among all units of both, by idf, 0..=1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Near {
    /// Of the entry itself.
    pub own: f32,
    /// Of the other entries.
    pub other: f32,
    /// Of small talk and topics, the counter-examples.
    pub none: f32,
}

impl Nearest {
    /// Of utterances with their classes, the last of which, `none`, are the counter-examples.
    pub fn of(all: impl Iterator<Item = (Vec<Word>, u32)>, none: u32) -> Self {
        let mut nearest = Self { none, ..Self::default() };
        let mut occurrences: Vec<(u32, u32)> = Vec::new();
        let mut own: Vec<u64> = Vec::new();
        for (words, class) in all {
            distinct(&words, &mut own);
            let utterance = nearest.classes.len() as u32;
            nearest.classes.push(class);
            for unit in &own {
                let next = nearest.units.len() as u32;
                occurrences.push((*nearest.units.entry(*unit).or_insert(next), utterance));
            }
        }
        occurrences.sort_unstable();
        let total = nearest.classes.len() as f32;
        nearest.sums = vec![0.0; nearest.classes.len()];
        nearest.starts.push(0);
        for same in occurrences.chunk_by(|a, b| a.0 == b.0) {
            let telling = idf(total, same.len() as u32);
            nearest.idf.push(telling);
            for (_, utterance) in same {
                nearest.sums[*utterance as usize] += telling;
                nearest.utterances.push(*utterance);
            }
            nearest.starts.push(nearest.utterances.len() as u32);
        }
        nearest
    }

    /// By class, the share of units that `said` has in common with the nearest utterance, by idf, 0..=1.
    pub fn by_class(&self, said: &[Word]) -> Vec<f32> {
        let mut own = Vec::with_capacity(said.len());
        distinct(said, &mut own);
        let total = self.classes.len() as f32;
        let mut sum = 0.0;
        let mut shared = vec![0.0_f32; self.classes.len()];
        for unit in &own {
            let Some(number) = self.units.get(unit).map(|number| *number as usize) else {
                sum += idf(total, 0);
                continue;
            };
            let telling = self.idf[number];
            sum += telling;
            let (start, end) = (self.starts[number] as usize, self.starts[number + 1] as usize);
            for utterance in &self.utterances[start..end] {
                shared[*utterance as usize] += telling;
            }
        }
        let mut near = vec![0.0_f32; self.none as usize + 1];
        for ((shared, class), all) in shared.into_iter().zip(&self.classes).zip(&self.sums) {
            if shared > 0.0 {
                let best = &mut near[*class as usize];
                *best = best.max(shared / (sum + all - shared));
            }
        }
        near
    }
}

impl Near {
    /// For `class`, of what [`Nearest::by_class`] found.
    pub fn of(near: &[f32], class: usize) -> Self {
        let Some((none, entries)) = near.split_last() else { return Self::default() };
        let others = entries.iter().enumerate().filter(|(other, _)| *other != class);
        Self {
            own: entries.get(class).copied().unwrap_or_default(),
            other: others.map(|(_, near)| *near).fold(0.0, f32::max),
            none: *none,
        }
    }
}

/// The units of `words` that say something, each once.
fn distinct(words: &[Word], units: &mut Vec<u64>) {
    units.clear();
    units.extend(words.iter().filter(|word| !word.is_filler()).map(Word::unit));
    units.sort_unstable();
    units.dedup();
}
