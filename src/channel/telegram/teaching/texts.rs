//! Texts of lessons: what a person may write, and how lessons are shown in few words.

use crate::faq::overlay::spelled;
use crate::learning::{Objection, PHRASING_CHARS, Refusal};
use crate::reply::wording;
use crate::text::asks::asks;
use crate::text::concept::concept;
use crate::text::key::readings_of;
use crate::text::mask::Masked;
use crate::text::normalize::{compose, normalize, question};
use crate::text::tokens::tokens;

/// Ways to ask that one message may bring.
const MAX_WORDINGS: usize = 20;

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

/// Ways to ask, one a line, the first of them the question.
///
/// # Errors
/// What the person is told: there are no words, too many of them in a line, or too many lines.
pub fn wordings(text: Option<&str>) -> Result<Vec<String>, String> {
    let text = words(text, usize::MAX)?;
    let lines = text.lines().map(str::trim).filter(|line| !normalize(line).is_empty());
    let lines = lines.map(|line| words(Some(line), PHRASING_CHARS)).collect::<Result<Vec<_>, _>>()?;
    if lines.len() > MAX_WORDINGS {
        return Err(wording::too_many_wordings(lines.len(), MAX_WORDINGS));
    }
    let mut lines: Vec<String> = lines.into_iter().map(str::to_owned).collect();
    without_repeats(&mut lines);
    Ok(lines)
}

/// Leaves each wording once.
pub fn without_repeats(wordings: &mut Vec<String>) {
    let mut seen = Vec::new();
    wordings.retain(|wording| {
        let spelled = spelled(wording);
        let is_new = !seen.contains(&spelled);
        seen.push(spelled);
        is_new
    });
}

/// The question in one line as it was typed, or masked and normalized where something in it has to be masked.
pub fn as_typed(text: &str) -> String {
    let masked = Masked::new(text).as_str().to_owned();
    if masked.contains('[') {
        return masked;
    }
    question(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a text has any sign of a question.
pub fn may_ask(text: &str) -> bool {
    let text = normalize(text);
    let words = tokens(&text).into_iter();
    asks(text.contains('?'), words.filter_map(|token| concept(token, readings_of(token).as_slice())))
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
