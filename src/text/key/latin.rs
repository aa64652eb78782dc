//! A Latin word as it sounds: read as Bengali typed in Latin letters, as English, and letter by letter.

use super::{Key, is_vowel};

/// Letters looked at: a longer run is no word, and its key is cut anyway.
const CAPACITY: usize = 64;

struct Sounds {
    out: [u8; CAPACITY],
    len: usize,
}

impl Sounds {
    fn new() -> Self {
        Self { out: [0; CAPACITY], len: 0 }
    }

    fn extend(&mut self, sounds: &[u8]) {
        for sound in sounds {
            if let Some(slot) = self.out.get_mut(self.len) {
                *slot = *sound;
                self.len += 1;
            }
        }
    }

    fn last(&self) -> Option<u8> {
        self.as_slice().last().copied()
    }

    fn as_slice(&self) -> &[u8] {
        self.out.get(..self.len).unwrap_or_default()
    }
}

/// Read as Bengali that was typed in Latin letters.
pub(super) fn banglish(word: &[u8]) -> Key {
    let word = word.get(..CAPACITY.min(word.len())).unwrap_or_default();
    let mut sounds = Sounds::new();
    let mut at = 0;
    while at < word.len() {
        at += banglish_step(word, at, &mut sounds);
    }
    Key::of_sounds(sounds.as_slice())
}

/// Reads the longest spelling that starts at `at`; returns how many letters it took.
fn banglish_step(word: &[u8], at: usize, sounds: &mut Sounds) -> usize {
    let rest = word.get(at..).unwrap_or_default();
    let next_is_vowel = |ahead: usize| rest.get(ahead).is_some_and(|letter| is_vowel(*letter));
    let spelled: [(&[u8], &[u8]); 16] = [
        (b"ksh", b"k"),
        (b"chh", b"c"),
        (b"kh", b"k"),
        (b"gh", b"g"),
        (b"ng", b"n"),
        (b"ch", b"c"),
        (b"jh", b"j"),
        (b"th", b"t"),
        (b"dh", b"d"),
        (b"ph", b"f"),
        (b"bh", b"b"),
        (b"vh", b"b"),
        (b"sh", b"s"),
        (b"aa", b"a"),
        (b"ee", b"i"),
        (b"oo", b"u"),
    ];
    for (letters, spoken) in spelled {
        if rest.starts_with(letters) {
            sounds.extend(spoken);
            return letters.len();
        }
    }
    let before = at.checked_sub(1).and_then(|at| word.get(at)).copied();
    match rest.first().copied().unwrap_or_default() {
        b'q' => sounds.extend(b"k"),
        b'v' => sounds.extend(b"b"),
        b'z' => sounds.extend(b"j"),
        b'x' => sounds.extend(b"ks"),
        b'w' if next_is_vowel(1) => sounds.extend(b"o"),
        b'w' if sounds.last() == Some(b'o') => sounds.extend(b"u"),
        b'w' => sounds.extend(b"o"),
        b'y' if at > 0 && next_is_vowel(1) => {}
        b'y' => sounds.extend(b"i"),
        b'h' if rest.len() == 1 && at > 0 => {}
        b'h' if before.is_some_and(|letter| !is_vowel(letter)) => {}
        letter => sounds.extend(&[letter]),
    }
    1
}

/// Read as an English word.
pub(super) fn english(word: &[u8]) -> Key {
    let word = word.get(..CAPACITY.min(word.len())).unwrap_or_default();
    let mut sounds = Sounds::new();
    let mut at = 0;
    while at < word.len() {
        at += english_step(word, at, &mut sounds);
    }
    Key::of_sounds(sounds.as_slice())
}

fn english_step(word: &[u8], at: usize, sounds: &mut Sounds) -> usize {
    let rest = word.get(at..).unwrap_or_default();
    let letter = |ahead: usize| rest.get(ahead).copied().unwrap_or(b' ');
    if at == 0 {
        let initial: [(&[u8], &[u8], usize); 4] =
            [(b"kn", b"n", 2), (b"wr", b"r", 2), (b"use", b"iu", 1), (b"uni", b"iu", 1)];
        for (letters, spoken, taken) in initial {
            if rest.starts_with(letters) {
                sounds.extend(spoken);
                return taken;
            }
        }
        if rest.starts_with(b"util") {
            sounds.extend(b"iu");
            return 1;
        }
    }
    let last: [(&[u8], &[u8]); 6] = [
        (b"ign", b"ain"),
        (b"sion", b"son"),
        (b"cial", b"sal"),
        (b"ture", b"car"),
        (b"ow", b"o"),
        (b"y", b"i"),
    ];
    for (letters, spoken) in last {
        if rest == letters && at > 0 {
            sounds.extend(spoken);
            return letters.len();
        }
    }
    // Vowel, consonant, final e: site, name, code.
    if rest.len() == 3 && letter(2) == b'e' && !is_vowel(letter(1)) && !matches!(letter(1), b'y' | b'w') {
        let spoken: Option<&[u8]> = match letter(0) {
            b'i' => Some(b"ai"),
            b'a' => Some(b"e"),
            vowel if is_vowel(vowel) => None,
            _ => None,
        };
        if let Some(spoken) = spoken {
            sounds.extend(spoken);
            return 1;
        }
    }
    if rest == b"e" && at > 1 {
        return 1;
    }
    let spelled: [(&[u8], &[u8]); 21] = [
        (b"tion", b"son"),
        (b"tch", b"c"),
        (b"iew", b"iu"),
        (b"igh", b"ai"),
        (b"chr", b"kr"),
        (b"nge", b"nje"),
        (b"sch", b"sk"),
        (b"dge", b"j"),
        (b"ew", b"iu"),
        (b"oa", b"o"),
        (b"ck", b"k"),
        (b"ph", b"f"),
        (b"gh", b""),
        (b"qu", b"ku"),
        (b"th", b"t"),
        (b"ee", b"i"),
        (b"ea", b"i"),
        (b"oo", b"u"),
        (b"ou", b"au"),
        (b"ow", b"au"),
        (b"ay", b"ei"),
    ];
    for (letters, spoken) in spelled {
        if rest.starts_with(letters) {
            sounds.extend(spoken);
            return letters.len();
        }
    }
    match (letter(0), letter(1)) {
        (b'a', b'i') if matches!(letter(2), b'l' | b'n' | b'r' | b't') => {
            sounds.extend(b"ei");
            2
        }
        (b'g', b'e' | b'i' | b'y') => {
            sounds.extend(b"j");
            1
        }
        (b'c', b'e' | b'i' | b'y') => {
            sounds.extend(b"s");
            1
        }
        (b'c', next) if next != b'h' => {
            sounds.extend(b"k");
            1
        }
        _ => banglish_step(word, at, sounds),
    }
}

/// Abbreviations with a vowel that are spelled all the same.
const SPELLED: [&[u8]; 4] = [b"ai", b"ict", b"nid", b"seo"];

/// Two to five letters without a vowel are letters: pc, cv, hsc; and so are a few listed ones with one.
pub(super) fn letter_names(word: &[u8]) -> Option<Key> {
    if SPELLED.contains(&word) {
        return Some(spelled_out(word));
    }
    if !(2..=5).contains(&word.len()) || word.iter().any(|letter| is_vowel(*letter) || *letter == b'y') {
        return None;
    }
    Some(spelled_out(word))
}

/// The key of a word spelled letter by letter: `seo` as এসইও.
fn spelled_out(word: &[u8]) -> Key {
    let mut sounds = Sounds::new();
    for letter in word {
        sounds.extend(match letter {
            b'a' => b"e",
            b'b' | b'v' => b"bi",
            b'c' => b"si",
            b'd' => b"di",
            b'e' => b"i",
            b'f' => b"ef",
            b'g' => b"ji",
            b'h' => b"eic",
            b'i' => b"ai",
            b'j' => b"je",
            b'k' => b"ke",
            b'l' => b"el",
            b'm' => b"em",
            b'n' => b"en",
            b'o' => b"o",
            b'p' => b"pi",
            b'q' => b"kiu",
            b'r' => b"ar",
            b's' => b"es",
            b't' => b"ti",
            b'u' => b"iu",
            b'w' => b"dablu",
            b'x' => b"eks",
            b'y' => b"oai",
            b'z' => b"jed",
            _ => b"",
        });
    }
    Key::of_sounds(sounds.as_slice())
}
