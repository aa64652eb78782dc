//! Texts of lessons: what a person may write, and how lessons are shown in few words.

use super::formatted::formatted;
use crate::channel::telegram::intake::update::Incoming;
use crate::faq::ANSWER_CHARS;
use crate::faq::overlay::spelled;
use crate::learning::{Objection, PHRASING_CHARS, Refusal};
use crate::text::asks::asks;
use crate::text::concept::concept;
use crate::text::key::readings_of;
use crate::text::mask::Masked;
use crate::text::normalize::{compose, normalize, question};
use crate::text::tokens::tokens;
use crate::wording::Wording;

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
pub fn words<'a>(say: &Wording, text: Option<&'a str>, max: usize) -> Result<&'a str, String> {
    let text = text.ok_or(say.words_only())?.trim();
    if normalize(text).is_empty() {
        return Err(say.no_words().to_owned());
    }
    let chars = compose(text).chars().count();
    if chars > max {
        return Err(say.too_long(chars, max));
    }
    Ok(text)
}

/// The answer that a message holds, formatted, and its picture; `text` is what the message says to the bot.
///
/// # Errors
/// What the person is told: there are no words, or too many.
pub fn answer(
    say: &Wording,
    message: &Incoming,
    text: Option<&str>,
) -> Result<(String, Option<String>), String> {
    let written = message.text.as_deref().unwrap_or_default();
    if message.picture.is_some() && text.is_none() && written.is_empty() {
        return Err(say.picture_needs_answer().to_owned());
    }
    let text = text.or(message.text.as_deref().filter(|_| message.picture.is_some()));
    let answer = match text {
        // A mention was taken out of it otherwise, and the formatting stands elsewhere.
        Some(text) if text.trim() == written.trim() => formatted(written, 0, &message.entities),
        Some(text) => text.to_owned(),
        None => String::new(),
    };
    words(say, text.map(|_| answer.as_str()), ANSWER_CHARS)?;
    Ok((answer, message.picture.clone()))
}

/// Ways to ask, one a line, the first of them the question.
///
/// # Errors
/// What the person is told: there are no words, too many of them in a line, or too many lines.
pub fn wordings(say: &Wording, text: Option<&str>) -> Result<Vec<String>, String> {
    let text = words(say, text, usize::MAX)?;
    let lines = text.lines().map(str::trim).filter(|line| !normalize(line).is_empty());
    let lines = lines.map(|line| words(say, Some(line), PHRASING_CHARS)).collect::<Result<Vec<_>, _>>()?;
    if lines.len() > MAX_WORDINGS {
        return Err(say.too_many_wordings(lines.len(), MAX_WORDINGS));
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
pub fn refused<'a>(say: &'a Wording, refusal: &Refusal) -> &'a str {
    match refusal {
        Refusal::Objection(Objection::Known(..)) => say.known_already(),
        Refusal::Objection(Objection::TooLong { .. }) => say.lesson_too_long(),
        Refusal::Objection(Objection::GroupFull) => say.group_full(),
        Refusal::Objection(Objection::Empty(_)) => say.nothing_to_teach(),
        Refusal::Objection(Objection::UnknownEntry(_) | Objection::Taken(_)) => say.topic_gone(),
        Refusal::Objection(Objection::Store(_)) | Refusal::Store(_) => say.not_now(),
        Refusal::Conflicts(_) => say.lesson_would_change(),
    }
}
