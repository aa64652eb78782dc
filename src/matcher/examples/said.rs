//! What a word of a message or an example counts, and what it is found by.

use std::hash::Hasher as _;

use rustc_hash::FxHasher;

use crate::matcher::features::Word;
use crate::text::key::Key;
use crate::text::lexicon::Class;

/// Whether the word says anything.
pub fn counts(word: &Word) -> bool {
    !word.is_filler() && !word.class.is_some_and(|class| FILLERS.contains(&class.name()))
}

const FILLERS: [&str; 3] = ["gram.filler", "gram.thanks", "gram.sorry"];

/// How telling a word is: its class says what kind of word it is; one that is in no class is a thing of its own.
pub fn weight(word: &Word) -> f32 {
    let Some(class) = word.class else { return 4.5 };
    let name = class.name();
    match name.split('.').next().unwrap_or_default() {
        "gram" => 0.8,
        "ask" if matches!(name, "ask.what" | "ask.tell" | "ask.yesno" | "ask.question" | "ask.help") => 0.8,
        "ask" | "verb" => 2.2,
        "num" => 2.5,
        _ => 3.5,
    }
}

/// What stands for a word: its class, else its stem.
pub fn unit(word: &Word) -> u32 {
    match word.class {
        Some(class) => class_handle(class),
        None => handle(b's', &word.stem),
    }
}

/// What the words of a class are found by; odd.
pub fn class_handle(class: Class) -> u32 {
    (class.number() as u32).wrapping_mul(0x9E37_79B1) | 1
}

/// What the same word, its other forms and spellings are found by.
pub fn same_handles(word: &Word) -> impl Iterator<Item = u32> + use<> {
    let keys = word.keys;
    let skeleton = word.keys.first().skeleton();
    let keys =
        (0..keys.as_slice().len()).filter_map(move |at| keys.as_slice().get(at).map(|key| handle(b'k', key)));
    let stem = Some(word.stem).filter(|stem| stem.as_bytes().len() > 1).map(|stem| handle(b's', &stem));
    let skeleton = Some(skeleton).filter(|key| key.as_bytes().len() >= 3).map(|key| handle(b'c', &key));
    keys.chain(stem).chain(skeleton)
}

/// Even: those of classes are odd.
pub fn handle(kind: u8, key: &Key) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write_u8(kind);
    hasher.write(key.as_bytes());
    ((hasher.finish() >> 32) as u32) & !1
}

/// The kinds of question in the words, a bit each.
pub fn asks(words: &[Word]) -> u16 {
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
