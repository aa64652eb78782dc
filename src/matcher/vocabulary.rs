//! The words that were seen in learning: what they are taken for when misspelled, and which entries contain them.

use std::hash::BuildHasher as _;

use rustc_hash::{FxBuildHasher, FxHashMap};
use serde::{Deserialize, Serialize};

use super::features::Word;
use super::index::idf;
use super::weights::NEAR_ENOUGH;
use crate::text::key::{Key, similarity_from};

/// Known words and who uses them.
#[derive(Default, Serialize, Deserialize)]
pub struct Vocabulary {
    units: FxHashMap<u64, Unit>,
    /// Classes that contain a unit, one unit behind the other.
    users: Vec<u16>,
    unseen_idf: f32,
    keys: Vec<Key>,
    /// From a skeleton's hash, whole or less one letter, to the keys that have it; ascending. Hashes that collide
    /// cost a comparison, no more.
    by_skeleton: Vec<(u32, u32)>,
    /// Where the hashes with the same first bits start.
    starts: Vec<u32>,
}

#[derive(Serialize, Deserialize)]
struct Unit {
    idf: f32,
    users: std::ops::Range<u32>,
}

/// How much of an utterance is unexplained, as shares of its words by idf, 0..=1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Unexplained {
    /// By anything known.
    pub unknown: f32,
    /// By the entry's own phrasings, though others use it.
    pub foreign: f32,
}

impl Vocabulary {
    /// Of utterances with their classes.
    pub fn of(utterances: impl Iterator<Item = (Vec<Word>, u32)>) -> Self {
        let mut total = 0_u32;
        let mut users: FxHashMap<u64, (u32, Vec<u16>)> = FxHashMap::default();
        let mut keys: FxHashMap<Key, u32> = FxHashMap::default();
        let mut own = Vec::new();
        for (words, class) in utterances {
            total += 1;
            own.clear();
            own.extend(words.iter().map(Word::unit));
            own.sort_unstable();
            own.dedup();
            for unit in &own {
                let (count, classes) = users.entry(*unit).or_default();
                *count += 1;
                if !classes.contains(&(class as u16)) {
                    classes.push(class as u16);
                }
            }
            for key in words.iter().flat_map(|word| word.keys.as_slice()) {
                *keys.entry(*key).or_default() += 1;
            }
        }
        let mut vocabulary = Self { unseen_idf: idf(total as f32, 0), ..Self::default() };
        for (unit, (count, mut classes)) in users {
            classes.sort_unstable();
            let start = vocabulary.users.len() as u32;
            vocabulary.users.extend(classes);
            let users = start..vocabulary.users.len() as u32;
            vocabulary.units.insert(unit, Unit { idf: idf(total as f32, count), users });
        }
        // What was typed once may be a slip itself.
        vocabulary.keys = keys.into_iter().filter(|(_, count)| *count >= 2).map(|(key, _)| key).collect();
        vocabulary.keys.sort_unstable();
        for (at, key) in vocabulary.keys.iter().enumerate() {
            vocabulary
                .by_skeleton
                .extend(around(&key.skeleton()).map(|skeleton| (short(&skeleton), at as u32)));
        }
        vocabulary.by_skeleton.sort_unstable();
        vocabulary.by_skeleton.dedup();
        vocabulary.by_skeleton.shrink_to_fit();
        let bits = vocabulary.by_skeleton.len().next_power_of_two().ilog2();
        vocabulary.starts = (0..=1_u64 << bits)
            .map(|bucket| {
                let before = |(hash, _): &(u32, u32)| u64::from(*hash) << bits < bucket << u32::BITS;
                vocabulary.by_skeleton.partition_point(before) as u32
            })
            .collect();
        vocabulary.users.shrink_to_fit();
        vocabulary
    }

    /// Whether anything learned from contains the word.
    pub fn knows(&self, word: &Word) -> bool {
        self.units.contains_key(&word.unit())
    }

    /// How telling a word is.
    pub fn idf(&self, word: &Word) -> f32 {
        self.units.get(&word.unit()).map_or(self.unseen_idf, |unit| unit.idf)
    }

    /// The known key nearest to `key`, where one is near enough for its length.
    pub fn nearest(&self, key: &Key) -> Option<Key> {
        let weight = key.weight();
        let enough = NEAR_ENOUGH.iter().find(|(from, _)| weight >= *from)?.1;
        let mut best: Option<(f32, Key)> = None;
        for skeleton in around(&key.skeleton()) {
            for (_, at) in self.having(short(&skeleton)) {
                let known = self.keys[*at as usize];
                // A cheap look first.
                if known.as_bytes().len().abs_diff(key.as_bytes().len()) > 3 {
                    continue;
                }
                let least = best.map_or(enough, |(nearest, _)| nearest);
                let nearer = |near: f32| best.is_none_or(|(nearest, other)| near > nearest || known < other);
                if let Some(near) = similarity_from(key, &known, least)
                    && nearer(near)
                {
                    best = Some((near, known));
                }
            }
        }
        best.map(|(_, known)| known)
    }

    /// The keys with a skeleton of this hash.
    fn having(&self, skeleton: u32) -> &[(u32, u32)] {
        let bits = self.starts.len().saturating_sub(1).checked_ilog2().unwrap_or_default();
        let bucket = (u64::from(skeleton) << bits >> u32::BITS) as usize;
        let Some([start, end]) = self.starts.get(bucket..bucket + 2) else { return &[] };
        let bucket = &self.by_skeleton[*start as usize..*end as usize];
        let start = bucket.iter().position(|(other, _)| *other == skeleton).unwrap_or(bucket.len());
        let same = bucket[start..].iter().take_while(|(other, _)| *other == skeleton).count();
        &bucket[start..start + same]
    }

    /// How much of `words` is unexplained when each of `classes` is meant.
    pub fn unexplained(&self, words: &[Word], classes: impl Iterator<Item = u16>) -> Vec<Unexplained> {
        let (mut all, mut unknown) = (0.0, 0.0);
        let mut known: Vec<&Unit> = Vec::with_capacity(words.len());
        for word in words.iter().filter(|word| !word.is_filler()) {
            let unit = self.units.get(&word.unit());
            let idf = unit.map_or(self.unseen_idf, |unit| unit.idf);
            all += idf;
            match unit {
                None => unknown += idf,
                Some(unit) => known.push(unit),
            }
        }
        let share = |part: f32| if all > 0.0 { part / all } else { 0.0 };
        let of = |class| {
            let uses = |unit: &Unit| {
                self.users[unit.users.start as usize..unit.users.end as usize].binary_search(&class).is_ok()
            };
            let mut foreign = 0.0;
            known.iter().filter(|unit| !uses(unit)).for_each(|unit| foreign += unit.idf);
            Unexplained { unknown: share(unknown), foreign: share(foreign) }
        };
        classes.map(of).collect()
    }
}

fn short(skeleton: &Key) -> u32 {
    (FxBuildHasher.hash_one(skeleton.as_bytes()) >> 32) as u32
}

/// A skeleton, and what is left of it without one letter: two words that differ by a consonant meet there.
fn around(skeleton: &Key) -> impl Iterator<Item = Key> {
    let letters = *skeleton;
    let less_one =
        (0..letters.as_bytes().len()).filter(move |_| letters.as_bytes().len() > 2).map(move |gone| {
            let mut rest = [0; Key::LETTERS];
            let mut length = 0;
            for (at, letter) in letters.as_bytes().iter().enumerate() {
                if at != gone {
                    rest[length] = *letter;
                    length += 1;
                }
            }
            Key::of_letters(&rest[..length])
        });
    std::iter::once(letters).chain(less_one)
}
