//! Texts of lessons: what a person may write, and how lessons are shown in few words.

use crate::learning::{Objection, Refusal};
use crate::reply::wording;
use crate::text::normalize::{compose, normalize};

/// The text in one line of at most `max` characters, cut between words where it is longer.
pub fn shortened(text: &str, max: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= max {
        return line;
    }
    let cut: String = line.chars().take(max.saturating_sub(1)).collect();
    let words = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words);
    format!("{words}…")
}

/// The words of a step in a dialogue; `text` is none where a message holds something else than words.
///
/// # Errors
/// What the person is told: there are no words, or more than `max` characters of them.
pub fn words(text: Option<&str>, max: usize) -> Result<&str, String> {
    let text = text.ok_or(wording::WORDS_ONLY)?.trim();
    if normalize(text).is_empty() {
        return Err(wording::NO_WORDS.to_owned());
    }
    let chars = compose(text).chars().count();
    if chars > max {
        return Err(wording::too_long(chars, max));
    }
    Ok(text)
}

/// Why it was not taught, for the person who taught it.
pub fn refused(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Objection(Objection::Known(..)) => wording::KNOWN_ALREADY,
        Refusal::Objection(Objection::TooLong { .. }) => wording::TOO_LONG,
        Refusal::Objection(Objection::GroupFull) => wording::GROUP_FULL,
        Refusal::Objection(Objection::Empty(_)) => wording::NOTHING_TO_TEACH,
        Refusal::Objection(Objection::UnknownEntry(_) | Objection::Taken(_)) => wording::TOPIC_GONE,
        Refusal::Objection(Objection::Store(_)) | Refusal::Store(_) => wording::NOT_NOW,
        Refusal::Conflicts(_) => wording::WOULD_CHANGE,
    }
}
