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
    similarity_from(one, other, 0.0).unwrap_or(0.0)
}

/// The similarity where it is at least `least`: most keys are found to be too different long before all of their
/// letters are compared.
pub fn similarity_from(one: &Key, other: &Key, least: f32) -> Option<f32> {
    if one == other {
        return Some(1.0);
    }
    let weight = weight(one.as_bytes()).max(weight(other.as_bytes()));
    // A little more than that, for the rounding: the exact comparison is the one below.
    let most = (1.0 - least) * weight + 1e-3;
    let similarity = (1.0 - distance(one.as_bytes(), other.as_bytes(), most)? / weight).max(0.0);
    (similarity >= least).then_some(similarity)
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

/// Optimal string alignment with the costs of the tables below, where it is no more than `most`.
fn distance(one: &[u8], other: &[u8], most: f32) -> Option<f32> {
    const WIDTH: usize = Key::LETTERS + 1;
    let mut rows = [[0.0_f32; WIDTH]; 3];
    let mut columns = [0; WIDTH];
    for (at, letter) in other.iter().enumerate() {
        columns[at] = number(*letter);
        rows[0][at + 1] = rows[0][at] + gap(*letter, at == 0);
    }
    let mut least_above = 0.0;
    for (i, a) in one.iter().enumerate() {
        let (above, here) = (i % 3, (i + 1) % 3);
        let two_above = (i + 2) % 3;
        let (cost_of_gap, costs) = (gap(*a, i == 0), &SUBSTITUTIONS[number(*a)]);
        rows[here][0] = rows[above][0] + cost_of_gap;
        let mut least = rows[here][0];
        for (j, b) in other.iter().enumerate() {
            let substitution = if a == b { 0.0 } else { costs[columns[j]] };
            let mut best = rows[above][j] + substitution;
            best = best.min(rows[above][j + 1] + cost_of_gap);
            best = best.min(rows[here][j] + gap(*b, j == 0));
            if i > 0 && j > 0 && one[i - 1] == *b && other[j - 1] == *a && a != b {
                best = best.min(rows[two_above][j - 1] + TRANSPOSITION);
            }
            rows[here][j + 1] = best;
            least = least.min(best);
        }
        if least > most && least_above + TRANSPOSITION > most {
            return None;
        }
        least_above = least;
    }
    Some(rows[one.len() % 3][other.len()])
}

const TRANSPOSITION: f32 = 0.6;

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

/// Letters that stand for a sound; all other signs are alike.
const SOUNDS: usize = 26;

fn number(letter: u8) -> usize {
    if letter.is_ascii_lowercase() { usize::from(letter - b'a') } else { SOUNDS }
}

/// The cost of one letter for another, by their numbers.
static SUBSTITUTIONS: [[f32; SOUNDS + 1]; SOUNDS + 1] = {
    let mut costs = [[0.0; SOUNDS + 1]; SOUNDS + 1];
    let mut one = 0;
    while one <= SOUNDS {
        let mut other = 0;
        while other <= SOUNDS {
            costs[one][other] = substitution(letter(one), letter(other));
            other += 1;
        }
        one += 1;
    }
    costs
};

const fn letter(number: usize) -> u8 {
    if number < SOUNDS { b'a' + number as u8 } else { b'0' }
}

/// Of different letters.
const fn substitution(a: u8, b: u8) -> f32 {
    let pair = if a < b { (a, b) } else { (b, a) };
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
