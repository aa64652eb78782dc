//! A Bengali word as it sounds.

use super::Key;

const HASANTA: char = '\u{09CD}';

/// The key of a normalized Bengali word.
pub(super) fn key(word: &str) -> Key {
    let mut sounds = Sounds { out: [0; CAPACITY], len: 0 };
    let mut letters = [' '; CAPACITY];
    let mut count = 0;
    for (slot, letter) in letters.iter_mut().zip(word.chars()) {
        *slot = letter;
        count += 1;
    }
    let letters = letters.get(..count).unwrap_or_default();
    let mut at = 0;
    while at < letters.len() {
        at += syllable(letters, at, &mut sounds);
    }
    Key::of_sounds(sounds.as_slice())
}

/// Letters looked at: a longer run is no word, and its key is cut anyway.
const CAPACITY: usize = 64;

struct Sounds {
    out: [u8; CAPACITY],
    len: usize,
}

impl Sounds {
    fn push(&mut self, sound: u8) {
        if let Some(slot) = self.out.get_mut(self.len) {
            *slot = sound;
            self.len += 1;
        }
    }

    fn as_slice(&self) -> &[u8] {
        self.out.get(..self.len).unwrap_or_default()
    }

    fn has_vowel(&self) -> bool {
        self.as_slice().iter().any(|sound| super::is_vowel(*sound))
    }
}

/// Reads what starts at `at`; returns how many letters it took.
fn syllable(letters: &[char], at: usize, sounds: &mut Sounds) -> usize {
    let peek = |ahead: usize| letters.get(at + ahead).copied().unwrap_or(' ');
    let first = peek(0);
    // অ্যা এ্যা আ্যা অ্য: four spellings of the English "a".
    if matches!(first, 'অ' | 'এ' | 'আ') && peek(1) == HASANTA && peek(2) == 'য' {
        sounds.push(b'a');
        return 3 + usize::from(peek(3) == 'া');
    }
    if vowel(first, sounds) {
        return 1;
    }
    if first == '\u{09DF}' {
        if vowel_sign(peek(1), sounds) {
            return 2;
        }
        sounds.push(b'i');
        return 1;
    }
    if matches!(first, 'ঙ' | 'ং') {
        sounds.push(b'n');
        let joined = usize::from(peek(1) == HASANTA);
        if !matches!(peek(1 + joined), 'গ' | 'ঘ') {
            return 1 + joined;
        }
        return 2 + joined + rest_of_consonant(letters, at, 1 + joined, sounds);
    }
    let Some(sound) = consonant(first) else { return 1 };
    match (first, peek(1), peek(2)) {
        ('ক', HASANTA, 'ষ') => {
            sounds.push(b'k');
            3 + rest_of_consonant(letters, at, 2, sounds)
        }
        // যাচ্ছে, typed jacche and jache.
        ('চ', HASANTA, 'ছ') => {
            sounds.push(b'x');
            3 + rest_of_consonant(letters, at, 2, sounds)
        }
        ('জ', HASANTA, 'ঞ') => {
            sounds.push(b'g');
            3 + rest_of_consonant(letters, at, 2, sounds)
        }
        _ => {
            sounds.push(sound);
            1 + rest_of_consonant(letters, at, 0, sounds)
        }
    }
}

/// What follows a consonant that stands at `at + offset`: a phala, a sign, or the inherent vowel. Returns how many
/// letters it took.
fn rest_of_consonant(letters: &[char], at: usize, offset: usize, sounds: &mut Sounds) -> usize {
    let here = at + offset;
    let peek = |ahead: usize| letters.get(here + ahead).copied().unwrap_or(' ');
    if peek(0) == 'ৎ' {
        return 0;
    }
    if peek(1) != HASANTA {
        return usize::from(sign_or_inherent(peek(1), sounds));
    }
    match (peek(0), peek(2)) {
        // র্য inside a word is a reph (কার্য); at its start it is র with ya-phala (র‍্যাংক).
        ('র', 'য') if here > 0 => 1,
        (_, 'য') => match peek(3) {
            'া' => {
                sounds.push(b'a');
                3
            }
            sign if vowel_sign(sign, sounds) => 3,
            _ if sounds.has_vowel() => {
                sounds.push(b'o');
                2
            }
            _ => {
                sounds.push(b'e');
                2
            }
        },
        (before, 'ব' | 'ৱ') if silences_b(before) && !(here == 0 && before == 'দ') => {
            2 + usize::from(sign_or_inherent(peek(3), sounds))
        }
        _ => 1,
    }
}

/// Whether a sign was there; without one the inherent vowel sounds.
fn sign_or_inherent(sign: char, sounds: &mut Sounds) -> bool {
    if sign == HASANTA {
        return false;
    }
    let signed = vowel_sign(sign, sounds);
    if !signed {
        sounds.push(b'o');
    }
    signed
}

fn silences_b(letter: char) -> bool {
    matches!(letter, 'ক' | 'খ' | 'গ' | 'জ' | 'ট' | 'ত' | 'দ' | 'ধ' | 'ন' | 'শ' | 'ষ' | 'স' | 'হ')
}

fn vowel(letter: char, sounds: &mut Sounds) -> bool {
    let spoken: &[u8] = match letter {
        'অ' | 'ও' => b"o",
        'আ' => b"a",
        'ই' | 'ঈ' => b"i",
        'উ' | 'ঊ' => b"u",
        'ঋ' => b"ri",
        'এ' => b"e",
        'ঐ' => b"oi",
        'ঔ' => b"ou",
        _ => return false,
    };
    spoken.iter().for_each(|sound| sounds.push(*sound));
    true
}

fn vowel_sign(sign: char, sounds: &mut Sounds) -> bool {
    let spoken: &[u8] = match sign {
        'া' => b"a",
        'ি' | 'ী' => b"i",
        'ু' | 'ূ' => b"u",
        'ৃ' => b"ri",
        'ে' => b"e",
        'ৈ' => b"oi",
        'ো' => b"o",
        'ৌ' => b"ou",
        _ => return false,
    };
    spoken.iter().for_each(|sound| sounds.push(*sound));
    true
}

fn consonant(letter: char) -> Option<u8> {
    Some(match letter {
        'ক' | 'খ' => b'k',
        'গ' | 'ঘ' => b'g',
        'ঞ' | 'ণ' | 'ন' => b'n',
        'চ' => b'c',
        'ছ' => b'x',
        'জ' | 'ঝ' | 'য' => b'j',
        'ট' | 'ঠ' | 'ত' | 'থ' | 'ৎ' => b't',
        'ড' | 'ঢ' | 'দ' | 'ধ' => b'd',
        'প' => b'p',
        'ফ' => b'f',
        'ব' | 'ভ' | 'ৱ' => b'b',
        'ম' => b'm',
        'র' | '\u{09DC}' | '\u{09DD}' => b'r',
        'ল' => b'l',
        'শ' | 'ষ' | 'স' => b's',
        'হ' => b'h',
        _ => return None,
    })
}
