//! Examples made of the content's own phrasings: about another object, and with a strange word in them.
//!
//! "ফ্রিল্যান্সিং শিখতে কত টাকা লাগে" becomes "*strange* শিখতে কত টাকা লাগে", which none of the entries answers: so
//! the matcher learns that the frame alone does not make the question. A strange word beside the subject ("আমার
//! *strange* ফ্রিল্যান্সিং শিখতে চায়") changes nothing: so it learns that as well.

use super::features::{Strange, Word};

/// For one of so many phrasings there is one about another object: more bring nothing and cost time.
const SWAPPED: usize = 2;

/// For one of so many phrasings there is one with a strange word in it: without them, any unknown word silences the
/// matcher.
const NOISY: usize = 4;

/// The shortest phrasing that bears a strange word, in words.
const NOISY_WORDS: usize = 3;

/// The same phrasing about another object, for every second one that names the subject. `number` chooses whether the
/// object is a dictionary's word or a name.
pub fn about_another(
    words: &[Word],
    number: usize,
    names_subject: impl Fn(&Word) -> bool,
) -> Option<Vec<Word>> {
    if !number.is_multiple_of(SWAPPED) {
        return None;
    }
    let kind = if number.is_multiple_of(3) { Strange::Odd } else { Strange::Real };
    let mut swapped = words.to_vec();
    let mut is_swapped = false;
    for word in swapped.iter_mut().filter(|word| names_subject(word)) {
        *word = word.made_strange(kind);
        is_swapped = true;
    }
    is_swapped.then_some(swapped)
}

/// The same phrasing with a strange word in it, for every fourth one that is long enough.
pub fn with_a_strange_word(words: &[Word], number: usize) -> Option<Vec<Word>> {
    if !(number + 1).is_multiple_of(NOISY) || words.len() < NOISY_WORDS {
        return None;
    }
    let at = number / NOISY * 7 % words.len();
    let word = words.get(at)?;
    let kind = if number % 8 < NOISY { Strange::Odd } else { Strange::Real };
    let strange = word.made_strange(kind);
    let mut noisy = words.to_vec();
    // A listed meaning is what the question is made of: the strange word stands before it, not in its place.
    if word.concept.is_some() {
        noisy.insert(at, strange);
    } else {
        noisy[at] = strange;
    }
    Some(noisy)
}
