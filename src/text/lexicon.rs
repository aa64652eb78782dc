//! Classes of meaning: words that groups, shops, courses and offices are asked about, each in one class, and the
//! classes that are near to each other.
//!
//! A Bengali word is found by its letters, by its phonetic key (two consonants or more) or by its stem, so that its
//! spellings in Latin letters need no line of their own; a Latin word by its letters, then by its key.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::dictionary::is_real;
use super::key::{Key, readings_of};
use super::stem::stem;
use super::tokens::{Script, Token, tokens};

/// One class a line: name, names of the near classes, words.
static MEANINGS: &str = include_str!("lexicon/meaning.tsv");

/// A class of meaning: its line in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Class(u16);

impl Class {
    /// Its number, below [`Class::count`].
    pub fn number(self) -> usize {
        usize::from(self.0)
    }

    /// How many classes there are.
    pub fn count() -> usize {
        TABLE.names.len()
    }

    /// Every class, in the order of their numbers.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..Self::count() as u16).map(Self)
    }

    /// The class of this name.
    pub fn named(name: &str) -> Option<Self> {
        TABLE.by_name.get(name).copied()
    }

    /// Its name, e.g. `money.price`.
    pub fn name(self) -> &'static str {
        TABLE.names.get(self.number()).copied().unwrap_or_default()
    }

    /// The classes that are near to it.
    pub fn near(self) -> &'static [Class] {
        TABLE.near.get(self.number()).map_or(&[], Vec::as_slice)
    }
}

#[derive(Default)]
struct Table {
    names: Vec<&'static str>,
    by_name: FxHashMap<&'static str, Class>,
    near: Vec<Vec<Class>>,
    by_letters: FxHashMap<&'static str, Class>,
    by_key: FxHashMap<Key, Class>,
    by_stem: FxHashMap<Key, Class>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table::default();
    let rows = || MEANINGS.lines().skip(1).map(|line| line.split('\t'));
    let numbers: FxHashMap<&str, Class> =
        (0..).map(Class).zip(rows()).filter_map(|(class, mut row)| Some((row.next()?, class))).collect();
    for (class, mut row) in (0..).map(Class).zip(rows()) {
        table.names.push(row.next().unwrap_or_default());
        let near = row.next().unwrap_or_default().split(' ');
        table.near.push(near.filter_map(|name| numbers.get(name).copied()).collect());
        for word in row.next().unwrap_or_default().split(' ') {
            table.by_letters.entry(word).or_insert(class);
            let Some(token) = tokens(word).first().copied() else { continue };
            if token.script != Script::Bengali {
                continue;
            }
            let key = readings_of(token).first();
            if tells(&key) {
                table.by_key.entry(key).or_insert(class);
                let stem = stem(token, &key);
                if tells(&stem) {
                    table.by_stem.entry(stem).or_insert(class);
                }
            }
        }
    }
    table.by_name = numbers;
    table
});

/// Whether a key has enough consonants to be told from others.
fn tells(key: &Key) -> bool {
    key.skeleton().as_bytes().len() >= 2
}

/// What the word means, where it is a listed one or a form of one. `keys` are its readings.
pub fn class(token: Token<'_>, keys: &[Key]) -> Option<Class> {
    let table = &*TABLE;
    if let Some(class) = table.by_letters.get(token.text) {
        return Some(*class);
    }
    if token.script == Script::Latin && is_real(token) {
        return None;
    }
    let by = |map: &FxHashMap<Key, Class>, key: &Key| map.get(key).copied().filter(|_| tells(key));
    (keys.iter().find_map(|key| by(&table.by_key, key)))
        .or_else(|| keys.iter().find_map(|key| by(&table.by_stem, &stem(token, key))))
}
