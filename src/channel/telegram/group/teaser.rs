//! An unprompted answer is short: its first sentence or two, and a link to the private chat that shows all of it.

use crate::faq::Entry;
use crate::message::Payload;
use crate::reply::{Action, Button, Reply};
use crate::view::View;

/// A second sentence is shown while both have at most so many characters.
const TWO_SENTENCES: usize = 200;

/// The reply with the beginnings of its answers; all of it where nothing is left out, or where there is no link to the
/// rest: a private chat does not show a group's own entries.
pub fn shorten(reply: &Reply, view: &View, bot: &str) -> Reply {
    let entries: Vec<&Entry> = reply.outcome.answered().iter().filter_map(|id| view.entry(id)).collect();
    let is_whole = |entry: &&Entry| beginning(&entry.answer) == entry.answer.trim();
    if entries.iter().all(is_whole) || entries.iter().any(|entry| !view.is_in_guide(&entry.id)) {
        return reply.clone();
    }
    let (mut parts, mut buttons) = (Vec::new(), Vec::new());
    for entry in &entries {
        let beginning = beginning(&entry.answer);
        let (part, label) = match entries.len() {
            1 => (beginning, view.wording().whole_answer().to_owned()),
            _ => (
                format!("*{}*\n{beginning}", entry.question),
                format!("{}: {}", view.wording().whole_answer(), entry.label),
            ),
        };
        parts.push(part);
        let link = format!("https://t.me/{bot}?start={}", entry.id);
        buttons.push(Button { label, action: Action::Open(link) });
    }
    let judging = |button: &&Button| matches!(button.action, Action::Press(Payload::Feedback { .. }));
    buttons.extend(reply.buttons.iter().filter(judging).cloned());
    Reply { outcome: reply.outcome.clone(), text: parts.join("\n\n"), buttons }
}

/// The first sentence of an answer, with the second where both are short.
fn beginning(answer: &str) -> String {
    let mut shown = String::new();
    for sentence in sentences(answer.trim()).take(2) {
        if !shown.is_empty() && shown.chars().count() + sentence.chars().count() > TWO_SENTENCES {
            break;
        }
        shown.push_str(sentence);
    }
    let shown = shown.trim_end();
    // A mark whose other half was left out.
    if shown.matches('*').count().is_multiple_of(2) { shown.to_owned() } else { shown.replace('*', "") }
}

/// A text's sentences, each with the space after it; a line ends one, too.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut end = rest.len();
        for (at, c) in rest.char_indices() {
            let after = at + c.len_utf8();
            let next = rest.get(after..).and_then(|rest| rest.chars().next());
            let is_end = match c {
                '।' | '?' | '!' => next != Some('*'),
                '.' => next.is_none_or(char::is_whitespace),
                '*' => rest.get(..at).is_some_and(|before| before.ends_with(['।', '?', '!'])),
                '\n' => true,
                _ => false,
            };
            if is_end {
                end = after;
                break;
            }
        }
        let (sentence, left) = rest.split_at_checked(end)?;
        rest = left;
        (!sentence.is_empty()).then_some(sentence)
    })
}

#[cfg(test)]
mod tests {
    use super::beginning;

    #[test]
    fn an_answer_begins_with_a_sentence_or_two() {
        for (answer, expected) in [
            ("এক। দুই। তিন।", "এক। দুই।"),
            ("*এক।* দুই।\nতিন।", "*এক।* দুই।"),
            ("চারটি ধাপ:\n- এক\n- দুই", "চারটি ধাপ:\n- এক"),
            (
                "v1.2 লাগে। দেখুন https://example.org/a.b এখানে। শেষ।",
                "v1.2 লাগে। দেখুন https://example.org/a.b এখানে।",
            ),
            ("*এক। দুই। তিন*", "এক। দুই।"),
        ] {
            assert_eq!(beginning(answer), expected);
        }
        let long = format!("{}।", "ক".repeat(150));
        assert_eq!(beginning(&format!("{long} {long}")), long);
    }
}
