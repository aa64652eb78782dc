//! A word of a script whose sounds are not known here: one ASCII sign for each of its letters, so that words that share
//! letters have keys that share signs. No such key is that of a Bengali or Latin word.

use std::hash::BuildHasher as _;

use rustc_hash::FxBuildHasher;

use super::Key;
use crate::text::tokens::is_unspaced;

/// More than an alphabet has letters; none of them stands in a sound's key or a skeleton.
const SIGNS: &[u8; 57] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ!\"#$%&'()+,-./:;<=>?@[\\]^_`{|}~";

/// How many signs stand for a syllable or a character of a script that has thousands of them: so many that no two are
/// alike by chance.
const SYLLABLE: u32 = 6;

/// The key of a normalized word.
pub(super) fn key(word: &str) -> Key {
    let mut key = Key::EMPTY;
    if word.chars().next().is_some_and(is_unspaced) {
        let hash = FxBuildHasher.hash_one(word);
        (0..SYLLABLE).for_each(|place| key.push(sign(hash / (SIGNS.len() as u64).pow(place))));
    } else {
        word.chars().for_each(|letter| key.push(sign(u64::from(u32::from(letter)))));
    }
    key
}

fn sign(number: u64) -> u8 {
    // Below 57, so that the rest of a division is an index.
    SIGNS.get((number % SIGNS.len() as u64) as usize).copied().unwrap_or(b'A')
}
