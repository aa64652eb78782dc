//! Entries that are known by few examples: how well a message fits the one wording that somebody taught, in other words.
//!
//! In: a message's words. Out: for each entry the [`Evidence`] that it is meant. Nothing here is learned from the
//! entries themselves: which words mean the same is the lexicon's knowledge, and what the evidence is worth was
//! trained once on other people's entries (`training/`, by `uttor eval --fit-examples`).

use rustc_hash::FxHasher;
use std::hash::Hasher as _;

use super::features::Word;
use crate::text::key::Key;
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
pub const EVIDENCE: usize = 3 * COVER + 2;

/// What speaks for an entry: shares 0..=1 of the message that the question, the answer cover and of the question that
/// the message covers, each by words, classes, near classes, by what tells the entries apart, and in all; then
/// whether both ask for the same, or for different things.
pub type Evidence = [f32; EVIDENCE];

/// The longest message that is compared, in words.
const WORDS: usize = 60;

/// One word of an example.
#[derive(Clone, Copy, Debug)]
struct Held {
    /// How telling it is.
    weight: f32,
    /// How well it tells the entries apart, 0..=1.
    local: f32,
    part: u32,
}

/// A wording, or the answer.
#[derive(Clone, Copy, Debug)]
struct Part {
    entry: u32,
    is_answer: bool,
    weight: f32,
    asks: u16,
}

/// Entries with their wordings and answers, ready to be compared with messages.
#[derive(Debug, Default)]
pub struct Examples {
    entries: usize,
    words: Vec<Held>,
    parts: Vec<Part>,
    /// From a handle to the words that have it, ascending.
    handles: Vec<(u32, u32)>,
    /// How well a unit tells the entries apart, ascending by unit.
    locals: Vec<(u32, f32)>,
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
            self.handles.extend(same_handles(word).chain(word.class.map(class_handle)).map(|handle| (handle, number)));
        }
        self.parts.push(Part { entry, is_answer, weight: sum.max(1e-6), asks: asks(words) });
    }

    fn local(&self, unit: u32) -> f32 {
        let found = self.locals.binary_search_by_key(&unit, |(unit, _)| *unit);
        found.ok().and_then(|at| self.locals.get(at)).map_or(1.0, |(_, local)| *local)
    }

    /// What speaks for each entry, in their order.
    pub fn evidence(&self, said: &[Word]) -> Vec<Evidence> {
        let mut of_words = vec![Level::Apart; self.words.len()];
        let mut covered = vec![[0.0_f32; COVER]; self.parts.len()];
        let mut level_now = vec![Level::Apart; self.parts.len()];
        let mut touched: Vec<u32> = Vec::new();
        let mut total = 0.0_f32;
        for word in said.iter().filter(|word| counts(word)).take(WORDS) {
            let (weight, local) = (weight(word), self.local(unit(word)));
            total += weight;
            let near = word.class.map_or(&[] as &[Class], Class::near);
            let handles = (same_handles(word).map(|handle| (handle, Level::Same)))
                .chain(word.class.map(|class| (class_handle(class), Level::Alike)))
                .chain(near.iter().map(|class| (class_handle(*class), Level::Near)));
            for (handle, level) in handles {
                let start = self.handles.partition_point(|(other, _)| *other < handle);
                for (_, at) in self.handles.get(start..).unwrap_or_default().iter().take_while(|(other, _)| *other == handle) {
                    let Some(held) = self.words.get(*at as usize) else { continue };
                    if let Some(best) = of_words.get_mut(*at as usize) {
                        *best = level.max(*best);
                    }
                    if let Some(best) = level_now.get_mut(held.part as usize) {
                        if *best == Level::Apart {
                            touched.push(held.part);
                        }
                        *best = level.max(*best);
                    }
                }
            }
            for part in touched.drain(..) {
                let level = std::mem::replace(&mut level_now[part as usize], Level::Apart);
                add(&mut covered[part as usize], level, weight, local);
            }
        }
        let mut covers = vec![[0.0_f32; COVER]; self.parts.len()];
        for (held, level) in self.words.iter().zip(&of_words) {
            add(&mut covers[held.part as usize], *level, held.weight, held.local);
        }
        let mut out = vec![[0.0; EVIDENCE]; self.entries];
        let asked = asks(said);
        let mut asks_same = vec![0_u16; self.entries];
        for ((part, mut covered), mut covers) in self.parts.iter().zip(covered).zip(covers) {
            finish(&mut covered, total.max(1e-6));
            finish(&mut covers, part.weight);
            let Some(evidence) = out.get_mut(part.entry as usize) else { continue };
            let into = |from: usize, values: &[f32; COVER], evidence: &mut Evidence| {
                for (slot, value) in evidence.iter_mut().skip(from).zip(values) {
                    *slot = slot.max(*value);
                }
            };
            if part.is_answer {
                into(2 * COVER, &covered, evidence);
            } else {
                into(0, &covered, evidence);
                into(COVER, &covers, evidence);
                asks_same[part.entry as usize] |= part.asks;
            }
        }
        for (evidence, asks) in out.iter_mut().zip(asks_same) {
            evidence[3 * COVER] = f32::from(u8::from(asks & asked != 0));
            evidence[3 * COVER + 1] = f32::from(u8::from(asks != 0 && asked != 0 && asks & asked == 0));
        }
        out
    }
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

/// Whether the word says anything.
fn counts(word: &Word) -> bool {
    !word.is_filler() && !word.class.is_some_and(|class| FILLERS.contains(&class.name()))
}

const FILLERS: [&str; 3] = ["gram.filler", "gram.thanks", "gram.sorry"];

/// How telling a word is: its class says what kind of word it is; one that is in no class is a thing of its own.
fn weight(word: &Word) -> f32 {
    let Some(class) = word.class else { return 4.5 };
    let name = class.name();
    match name.split('.').next().unwrap_or_default() {
        "gram" => 0.8,
        "ask" if matches!(name, "ask.what" | "ask.tell" | "ask.yesno" | "ask.question" | "ask.help") => 0.8,
        "ask" => 2.2,
        "verb" => 2.2,
        "num" => 2.5,
        _ => 3.5,
    }
}

fn unit(word: &Word) -> u32 {
    match word.class {
        Some(class) => class_handle(class),
        None => handle(b's', &word.stem),
    }
}

fn class_handle(class: Class) -> u32 {
    (class.number() as u32).wrapping_mul(0x9E37_79B1) | 1
}

/// What the same word, its other forms and spellings are found by.
fn same_handles(word: &Word) -> impl Iterator<Item = u32> + use<> {
    let keys = word.keys;
    let skeleton = word.keys.first().skeleton();
    let keys = (0..keys.as_slice().len()).filter_map(move |at| keys.as_slice().get(at).map(|key| handle(b'k', key)));
    let stem = Some(word.stem).filter(|stem| stem.as_bytes().len() > 1).map(|stem| handle(b's', &stem));
    let skeleton = Some(skeleton).filter(|key| key.as_bytes().len() >= 3).map(|key| handle(b'c', &key));
    keys.chain(stem).chain(skeleton)
}

/// Even: those of classes are odd.
fn handle(kind: u8, key: &Key) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write_u8(kind);
    hasher.write(key.as_bytes());
    ((hasher.finish() >> 32) as u32) & !1
}

/// The kinds of question in the words, a bit each.
fn asks(words: &[Word]) -> u16 {
    words.iter().filter_map(|word| word.class).fold(0, |all, class| {
        all | match class.name() {
            "ask.how" => 1,
            "ask.where" => 2,
            "ask.when" => 4,
            "ask.how_long" => 8,
            "ask.amount" | "ask.how_many" => 16,
            "ask.who" => 32,
            "ask.which" => 64,
            "ask.why" => 128,
            "ask.what" => 256,
            _ => 0,
        }
    })
}
