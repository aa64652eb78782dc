//! Real words of Bengali and English: such a word is what it is, not a slip for another one.
//!
//! The lists are sorted text, one word a line, searched where they lie; `scripts/dictionary.sh` makes them, NOTICE
//! names their licences.

use std::cmp::Ordering;

use super::tokens::{Script, Token};

/// Modern Bengali words, inflected forms among them.
static BENGALI: &str = include_str!("dictionary/bengali.txt");

/// Common English words.
static ENGLISH: &str = include_str!("dictionary/english.txt");

/// Whether the word is a listed one of its script.
///
/// ```
/// use uttor::text::{dictionary::is_real, tokens::tokens};
/// assert!(tokens("অতিষ্ঠ dancing").iter().all(|token| is_real(*token)));
/// assert!(!is_real(tokens("ফ্রিলেনসিং")[0]));
/// ```
pub fn is_real(token: Token<'_>) -> bool {
    match token.script {
        Script::Bengali => contains(BENGALI, token.text),
        Script::Latin => contains(ENGLISH, token.text),
        Script::Digits | Script::Other => false,
    }
}

/// All words of Bengali or English.
pub fn words(script: Script) -> impl Iterator<Item = &'static str> {
    if script == Script::Bengali { BENGALI.lines() } else { ENGLISH.lines() }
}

/// A word of Bengali or English, another for each `number`: for examples about anything.
pub fn some_word(script: Script, number: usize) -> &'static str {
    let list = if script == Script::Bengali { BENGALI } else { ENGLISH };
    // A large prime, so that neighbours in number are none in the alphabet.
    let at = number.wrapping_mul(15_485_863) % list.len().max(1);
    let rest = list
        .char_indices()
        .map(|(start, _)| start)
        .find(|start| *start >= at)
        .and_then(|start| list.get(start..));
    // The line that begins behind this place, or the first.
    rest.and_then(|rest| rest.lines().nth(1)).or_else(|| list.lines().next()).unwrap_or_default()
}

/// Binary search over the lines of sorted text.
fn contains(list: &str, word: &str) -> bool {
    let (list, word) = (list.as_bytes(), word.as_bytes());
    let (mut low, mut high) = (0, list.len());
    while low < high {
        let middle = usize::midpoint(low, high);
        // The line that holds the byte in the middle; the list ends with a line end.
        let before = list.get(low..middle).unwrap_or_default();
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(low, |at| low + at + 1);
        let rest = list.get(start..high).unwrap_or_default();
        let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        match rest.get(..length).unwrap_or_default().cmp(word) {
            Ordering::Equal => return true,
            Ordering::Less => low = start + length + 1,
            Ordering::Greater => high = start,
        }
    }
    false
}
