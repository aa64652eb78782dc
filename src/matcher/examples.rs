//! Entries that are known by few examples: how well a message fits the one wording that somebody taught, in other words.
//!
//! In: a message's words. Out: for each entry the [`Evidence`] that it is meant. Nothing here is learned from the
//! entries themselves: which words mean the same is the lexicon's knowledge, and what the evidence is worth was
//! trained once on other people's entries (`training/`, by `uttor eval --fit-examples`).

mod associations;
mod said;
mod sureness;
mod trained;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use associations::associations;
use said::{asks, class_handle, counts, same_handles, unit, weight};
pub use sureness::{Fitting, Found};
use trained::RANK;

use super::features::Word;
use crate::text::lexicon::Class;

/// How near two words are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Apart,
    /// Of classes that are near to each other.
    Near,
    /// Of the same class.
    Alike,
    /// The same word, or another form or spelling of it.
    Same,
}

/// How many numbers say what one utterance covers of another.
const COVER: usize = 5;

/// How many numbers are evidence.
pub const EVIDENCE: usize = 3 * COVER + 4;

/// What speaks for an entry: shares 0..=1 of the message that the question, the answer cover and of the question that
/// the message covers, each by words, classes, near classes, by what tells the entries apart, and in all; then
/// whether both ask for the same, or for different things.
pub type Evidence = [f32; EVIDENCE];

/// The longest message that is compared, in words.
const WORDS: usize = 60;

/// From this weight on a word says what is meant.
const TELLING: f32 = 3.0;

/// A handle that more words than this share finds nothing.
const SHARED: usize = 4_096;

/// One word of an example.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Held {
    /// How telling it is.
    weight: f32,
    /// How well it tells the entries apart, 0..=1.
    local: f32,
    part: u32,
}

/// A wording, or the answer.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Part {
    entry: u32,
    is_answer: bool,
    weight: f32,
}

/// Entries with their wordings and answers, ready to be compared with messages.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Examples {
    entries: usize,
    words: Vec<Held>,
    parts: Vec<Part>,
    /// From a handle to the words that have it, ascending.
    handles: Vec<(u32, u32)>,
    /// How well a unit tells the entries apart, ascending by unit.
    locals: Vec<(u32, f32)>,
    /// By entry, ascending: the classes of its wordings (1.0) and of its answer alone (0.5).
    classes: Vec<Vec<(Class, f32)>>,
    /// By entry: the kinds of question that its wordings ask.
    asks: Vec<u16>,
}

/// An entry as it is compared: the words of each wording, then of its answer.
pub struct Example {
    /// The words of each wording.
    pub wordings: Vec<Vec<Word>>,
    /// The words of the answer.
    pub answer: Vec<Word>,
}

impl Examples {
    /// Of entries in their order.
    pub fn of(entries: &[Example]) -> Self {
        let mut units: Vec<(u32, u32)> = Vec::new();
        for (number, example) in (0..).zip(entries) {
            let words = example.wordings.iter().flatten().chain(&example.answer);
            units.extend(words.filter(|word| counts(word)).map(|word| (unit(word), number)));
        }
        units.sort_unstable();
        units.dedup();
        let all = entries.len() as f32 + 1.0;
        let locals: Vec<(u32, f32)> = units
            .chunk_by(|a, b| a.0 == b.0)
            .filter_map(|same| Some((same.first()?.0, (all / same.len() as f32).ln() / all.ln())))
            .collect();
        let mut built = Self { entries: entries.len(), locals, ..Self::default() };
        for (number, example) in (0..).zip(entries) {
            for wording in &example.wordings {
                built.push(number, wording, false);
            }
            built.push(number, &example.answer, true);
            built.asks.push(example.wordings.iter().fold(0, |all, wording| all | asks(wording)));
            let of = |words: &[Word], strength: f32| -> Vec<(Class, f32)> {
                let telling = words.iter().filter(|word| counts(word) && weight(word) >= 1.0);
                telling.filter_map(|word| Some((word.class?, strength))).collect()
            };
            let mut classes: Vec<(Class, f32)> =
                example.wordings.iter().flat_map(|wording| of(wording, 1.0)).collect();
            classes.extend(of(&example.answer, 0.5));
            classes.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
            classes.dedup_by_key(|(class, _)| *class);
            built.classes.push(classes);
        }
        built.handles.sort_unstable();
        built.handles.dedup();
        built
    }

    fn push(&mut self, entry: u32, words: &[Word], is_answer: bool) {
        let part = self.parts.len() as u32;
        let mut sum = 0.0;
        for word in words.iter().filter(|word| counts(word)).take(WORDS) {
            let number = self.words.len() as u32;
            let weight = weight(word);
            sum += weight;
            self.words.push(Held { weight, local: self.local(unit(word)), part });
            self.handles.extend(
                same_handles(word).chain(word.class.map(class_handle)).map(|handle| (handle, number)),
            );
        }
        self.parts.push(Part { entry, is_answer, weight: sum.max(1e-6) });
    }

    /// Its size in memory, in bytes, roughly.
    pub fn size(&self) -> usize {
        size_of_val(&*self.words)
            + size_of_val(&*self.parts)
            + size_of_val(&*self.handles)
            + size_of_val(&*self.locals)
            + self.classes.iter().map(|classes| size_of_val(&**classes) + size_of_val(classes)).sum::<usize>()
    }

    fn local(&self, unit: u32) -> f32 {
        let found = self.locals.binary_search_by_key(&unit, |(unit, _)| *unit);
        found.ok().and_then(|at| self.locals.get(at)).map_or(1.0, |(_, local)| *local)
    }

    /// The entries that share something with what was said, with their scores and what speaks for them; best first.
    pub fn rank(&self, said: &[Word]) -> Found {
        let heard = self.hear(said);
        let mut found: Vec<Fitting> = heard
            .evidence
            .iter()
            .map(|(entry, evidence)| {
                let score =
                    dot(&RANK, evidence) + self.associated(*entry as usize, &heard.classes, heard.units);
                Fitting { entry: *entry as usize, score, evidence: *evidence }
            })
            .collect();
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.entry.cmp(&b.entry)));
        let mut nothing = [0.0; EVIDENCE];
        nothing[3 * COVER + 3] = strange(heard.telling);
        let rest = (self.entries - found.len()) as f32;
        let top = found.first().map_or(0.0, |best| best.score);
        let sum = found.iter().map(|fitting| (fitting.score - top).exp()).sum::<f32>()
            + rest * (dot(&RANK, &nothing) - top).exp();
        Found { fitting: found, sum, entries: self.entries }
    }

    /// What speaks for each entry, in their order.
    pub fn evidence(&self, said: &[Word]) -> Vec<Evidence> {
        let heard = self.hear(said);
        let mut nothing = [0.0; EVIDENCE];
        nothing[3 * COVER + 3] = strange(heard.telling);
        let mut all = vec![nothing; self.entries];
        for (entry, evidence) in heard.evidence {
            all[entry as usize] = evidence;
        }
        all
    }

    /// Compares `said` with every wording and answer that shares a word or a meaning with it.
    fn hear(&self, said: &[Word]) -> Heard {
        let mut of_words = vec![Level::Apart; self.words.len()];
        let mut slots = vec![0_u32; self.parts.len()];
        // Of each part that is touched: its number, what it covers of the message, the level of the present word.
        let mut parts: Vec<(u32, [f32; COVER], Level)> = Vec::new();
        let mut words: Vec<u32> = Vec::new();
        let mut touched: Vec<u32> = Vec::new();
        let mut missed: FxHashMap<u32, (f32, f32, u32)> = FxHashMap::default();
        let (mut total, mut telling) = (0.0_f32, 0.0_f32);
        for (number, word) in (1..).zip(said.iter().filter(|word| counts(word)).take(WORDS)) {
            let (weight, local) = (weight(word), self.local(unit(word)));
            let tells = f32::from(u8::from(weight >= TELLING));
            total += weight;
            telling += tells;
            let near = word.class.map_or(&[] as &[Class], Class::near);
            let handles = (same_handles(word).map(|handle| (handle, Level::Same)))
                .chain(word.class.map(|class| (class_handle(class), Level::Alike)))
                .chain(near.iter().map(|class| (class_handle(*class), Level::Near)));
            for (handle, level) in handles {
                for (_, at) in self.having(handle) {
                    let Some(held) = self.words.get(*at as usize) else { continue };
                    let best = &mut of_words[*at as usize];
                    if *best == Level::Apart {
                        words.push(*at);
                    }
                    *best = level.max(*best);
                    let slot = &mut slots[held.part as usize];
                    if *slot == 0 {
                        parts.push((held.part, [0.0; COVER], Level::Apart));
                        *slot = parts.len() as u32;
                    }
                    let part = &mut parts[*slot as usize - 1];
                    if part.2 == Level::Apart {
                        touched.push(*slot - 1);
                    }
                    part.2 = level.max(part.2);
                }
            }
            for slot in touched.drain(..) {
                let (part, covered, level) = &mut parts[slot as usize];
                let level = std::mem::replace(level, Level::Apart);
                add(covered, level, weight, local);
                if level >= Level::Alike {
                    let met = missed.entry(self.parts[*part as usize].entry).or_default();
                    if met.2 != number {
                        *met = (met.0 + weight, met.1 + tells, number);
                    }
                }
            }
        }
        let mut covers = vec![[0.0_f32; COVER]; parts.len()];
        for at in words {
            let held = &self.words[at as usize];
            let slot = slots[held.part as usize] as usize - 1;
            add(&mut covers[slot], of_words[at as usize], held.weight, held.local);
        }
        let asked = asks(said);
        let mut evidence: Vec<(u32, Evidence)> = Vec::new();
        let mut of_entry: FxHashMap<u32, usize> = FxHashMap::default();
        for ((number, mut covered, _), mut covers) in parts.into_iter().zip(covers) {
            let part = &self.parts[number as usize];
            finish(&mut covered, total.max(1e-6));
            finish(&mut covers, part.weight);
            let at = *of_entry.entry(part.entry).or_insert_with(|| {
                evidence.push((part.entry, [0.0; EVIDENCE]));
                evidence.len() - 1
            });
            let evidence = &mut evidence[at].1;
            let mut into = |from: usize, values: &[f32; COVER]| {
                for (slot, value) in evidence.iter_mut().skip(from).zip(values) {
                    *slot = slot.max(*value);
                }
            };
            if part.is_answer {
                into(2 * COVER, &covered);
            } else {
                into(0, &covered);
                into(COVER, &covers);
            }
        }
        for (entry, evidence) in &mut evidence {
            let (met, told, _) = missed.get(entry).copied().unwrap_or_default();
            let asks = self.asks[*entry as usize];
            evidence[3 * COVER] = f32::from(u8::from(asks & asked != 0));
            evidence[3 * COVER + 1] = f32::from(u8::from(asks != 0 && asked != 0 && asks & asked == 0));
            evidence[3 * COVER + 2] = met / total.max(1e-6);
            evidence[3 * COVER + 3] = strange(telling - told);
        }
        let mut units: Vec<(u32, Option<Class>, f32)> = said
            .iter()
            .filter(|word| counts(word))
            .map(|word| (unit(word), word.class, self::weight(word)))
            .filter(|(_, _, weight)| *weight >= 1.0)
            .collect();
        units.sort_unstable_by_key(|(unit, ..)| *unit);
        units.dedup_by_key(|(unit, ..)| *unit);
        let sum = units.iter().map(|(_, _, weight)| weight).sum::<f32>().max(1e-6);
        let classes = units.into_iter().filter_map(|(_, class, weight)| Some((class?, weight))).collect();
        Heard { evidence, classes, units: sum, telling }
    }

    fn having(&self, handle: u32) -> &[(u32, u32)] {
        let start = self.handles.partition_point(|(other, _)| *other < handle);
        let rest = self.handles.get(start..).unwrap_or_default();
        let end = rest.partition_point(|(other, _)| *other == handle);
        let same = rest.get(..end).unwrap_or_default();
        // What thousands of words share tells nothing, and would cost most.
        if same.len() > SHARED { &[] } else { same }
    }

    /// What the classes of the message speak for those of the entry, by what other people's entries taught.
    fn associated(&self, entry: usize, said: &[(Class, f32)], units: f32) -> f32 {
        let held = self.classes.get(entry).map_or(&[] as &[(Class, f32)], Vec::as_slice);
        let mut sum = 0.0;
        for (class, weight) in said {
            let own = held.binary_search_by_key(class, |(class, _)| *class);
            if own.is_ok_and(|at| held[at].1 >= 1.0) {
                continue;
            }
            let mut rest = held;
            for (other, associated) in associations(*class) {
                let at = rest.partition_point(|(class, _)| class < other);
                rest = &rest[at..];
                if let Some((_, strength)) = rest.first().filter(|(found, _)| found == other) {
                    sum += associated * weight / units * strength * 3.0;
                }
            }
        }
        sum
    }
}

/// What was heard of a message: by entry what speaks for it; its classes with their weights, and the sum of all.
struct Heard {
    evidence: Vec<(u32, Evidence)>,
    classes: Vec<(Class, f32)>,
    units: f32,
    telling: f32,
}

fn dot(weights: &[f32], evidence: &Evidence) -> f32 {
    weights.iter().zip(evidence).map(|(weight, value)| weight * value).sum()
}

/// How strange telling words without a counterpart make an entry.
fn strange(words: f32) -> f32 {
    (words / 4.0).min(2.0)
}

fn add(cover: &mut [f32; COVER], level: Level, weight: f32, local: f32) {
    if level >= Level::Same {
        cover[0] += weight;
    }
    if level >= Level::Alike {
        cover[1] += weight;
        cover[3] += weight * local;
    }
    if level >= Level::Near {
        cover[2] += weight;
    }
}

fn finish(cover: &mut [f32; COVER], total: f32) {
    cover[4] = (cover[3] / 8.0).min(1.5);
    for share in cover.iter_mut().take(4) {
        *share /= total;
    }
}
