//! How alike two keys are: an edit distance in which what people mix up costs little.

use super::{Key, is_vowel};

/// 1 for equal keys, falling to 0: one less the weighted edit distance over the heavier key's weight.
///
/// ```
/// use uttor::text::key::{readings, similarity};
/// let (right, slip) = (readings("marketplace").first(), readings("marketplece").first());
/// assert!(similarity(&right, &slip) > 0.9);
/// ```
pub fn similarity(one: &Key, other: &Key) -> f32 {
    if one == other {
        return 1.0;
    }
    let weight = weight(one.as_bytes()).max(weight(other.as_bytes()));
    (1.0 - distance(one.as_bytes(), other.as_bytes()) / weight).max(0.0)
}

pub(super) fn weight(key: &[u8]) -> f32 {
    let weight = |letter: &u8| match letter {
        vowel if is_vowel(*vowel) => 0.4,
        letter if letter.is_ascii_lowercase() || letter.is_ascii_digit() => 1.0,
        // A letter whose sound is not known, vowel or consonant.
        _ => 0.75,
    };
    key.iter().map(weight).sum::<f32>().max(0.4)
}

/// Optimal string alignment with the costs of the tables below.
fn distance(one: &[u8], other: &[u8]) -> f32 {
    const WIDTH: usize = Key::LETTERS + 1;
    let mut rows = [[0.0_f32; WIDTH]; 3];
    for (at, letter) in other.iter().enumerate() {
        rows[0][at + 1] = rows[0][at] + gap(*letter, at == 0);
    }
    for (i, a) in one.iter().enumerate() {
        let (above, here) = (i % 3, (i + 1) % 3);
        let two_above = (i + 2) % 3;
        rows[here][0] = rows[above][0] + gap(*a, i == 0);
        for (j, b) in other.iter().enumerate() {
            let mut best = rows[above][j] + substitution(*a, *b);
            best = best.min(rows[above][j + 1] + gap(*a, i == 0));
            best = best.min(rows[here][j] + gap(*b, j == 0));
            if i > 0 && j > 0 && one[i - 1] == *b && other[j - 1] == *a && a != b {
                best = best.min(rows[two_above][j - 1] + 0.6);
            }
            rows[here][j + 1] = best;
        }
    }
    rows[one.len() % 3][other.len()]
}

fn gap(letter: u8, first: bool) -> f32 {
    match letter {
        vowel if is_vowel(vowel) => {
            if first {
                0.5
            } else {
                0.35
            }
        }
        b'h' => 0.4,
        _ => 1.0,
    }
}

fn substitution(a: u8, b: u8) -> f32 {
    if a == b {
        return 0.0;
    }
    let pair = (a.min(b), a.max(b));
    match (is_vowel(a), is_vowel(b)) {
        (true, true) => match pair {
            (b'a', b'e' | b'o') | (b'e', b'i') | (b'o', b'u') => 0.25,
            _ => 0.4,
        },
        (false, false) => match pair {
            (b'c', b'x') => 0.0,
            (b's', b'x') => 0.1,
            (b'c', b's') | (b'f', b'p') => 0.3,
            (b'j', b's') => 0.4,
            (b'b', b'p' | b'f') | (b'd', b't') | (b'g', b'k') | (b'm', b'n') | (b'c', b'j') => 0.6,
            (b'l', b'r') => 0.7,
            _ => 1.0,
        },
        _ => 1.1,
    }
}
