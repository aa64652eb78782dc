//! Plain text: what each line looks like among its neighbours.

use std::collections::HashMap;

use super::super::Draft;
use super::{Line, Parts, asks, is_bengali};
use crate::text::normalize::normalize;

/// The longest line that is taken for a heading, in characters.
const QUESTION_CHARS: usize = 120;

/// The longest line without a question mark that is taken for a heading or another article's title.
const TITLE_CHARS: usize = 80;

/// The shortest line that may go on in the next one, in characters: editors wrap far behind it.
const WRAPPED_CHARS: usize = 40;

/// What a line of plain text looks like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Question,
    Title,
    Text,
}

/// A line of plain text among its neighbours.
struct Seen {
    text: String,
    look: Look,
    /// A blank line stands before it.
    apart: bool,
}

fn seen(lines: &[Line]) -> Vec<Seen> {
    let mut all: Vec<Seen> = Vec::new();
    let mut apart = true;
    for line in lines {
        match line {
            Line::Blank | Line::End => apart = true,
            Line::Heading { text, .. } | Line::Question { text, .. } => {
                let look = if asks(text) { Look::Question } else { Look::Title };
                all.push(Seen { text: text.clone(), look, apart: true });
                apart = true;
            }
            Line::Code(text) => {
                all.push(Seen { text: text.clone(), look: Look::Text, apart });
                apart = false;
            }
            Line::Bold(text) | Line::Text(text) => {
                let opens =
                    apart || all.last().is_none_or(|last| last.look != Look::Text || is_closed(&last.text));
                let look = if is_question(text) || (matches!(line, Line::Bold(_)) && text.contains('?')) {
                    Look::Question
                } else if opens && is_title(text) {
                    Look::Title
                } else {
                    Look::Text
                };
                all.push(Seen { text: text.clone(), look, apart });
                apart = false;
            }
        }
    }
    join_wrapped(&mut all);
    several_sentences(&mut all);
    all
}

/// A question whose first lines stand above the one that ends with the mark, in a paragraph of its own.
fn join_wrapped(all: &mut Vec<Seen>) {
    let mut at = 1;
    while at < all.len() {
        let goes_on = all.get(at).zip(all.get(at - 1)).is_some_and(|(line, before)| {
            line.look == Look::Question
                && !line.apart
                && before.apart
                && before.look != Look::Question
                && !is_closed(&before.text)
                && before.text.chars().count() >= WRAPPED_CHARS
                && before.text.chars().count() + line.text.chars().count() <= 2 * QUESTION_CHARS
        });
        if goes_on {
            let line = all.remove(at);
            if let Some(before) = all.get_mut(at - 1) {
                before.text = format!("{} {}", before.text.trim_end(), line.text.trim_start());
                before.look = Look::Question;
            }
        } else {
            at += 1;
        }
    }
}

/// "My card is lost. What now?" heads a text where it stands apart, as the document's other questions do.
fn several_sentences(all: &mut [Seen]) {
    let below = |all: &[Seen], at: usize| {
        all.get(at + 1).is_some_and(|next| next.look != Look::Question && !next.apart)
    };
    let (mut close, mut all_questions) = (0, 0);
    for at in 0..all.len() {
        if all.get(at).is_some_and(|line| line.look == Look::Question) {
            all_questions += 1;
            close += usize::from(below(all, at));
        }
    }
    let style = close * 2 >= all_questions.max(1);
    for at in 0..all.len() {
        let followed = all.get(at + 1).is_some_and(|next| next.look != Look::Question);
        let stands = below(all, at) == style && followed;
        if let Some(line) = all.get_mut(at)
            && line.apart
            && stands
            && line.look != Look::Question
            && ends_asking(&line.text)
        {
            line.look = Look::Question;
        }
    }
}

/// The drafts of the questions that look like headings.
pub fn drafts(lines: &[Line]) -> Vec<Draft> {
    let seen = seen(lines);
    let name = |line: &Seen| normalize(&super::super::tidy(&line.text));
    let mut last_of: HashMap<String, usize> = HashMap::new();
    for (at, line) in seen.iter().enumerate().filter(|(_, line)| line.look == Look::Question) {
        last_of.insert(name(line), at);
    }
    let last_text = seen.iter().rposition(|line| line.look != Look::Question).unwrap_or(0);
    let mut parts = Parts::new();
    for (at, line) in seen.iter().enumerate() {
        if line.apart {
            parts.text("");
        }
        let next = seen.get(at + 1).map(|next| next.look);
        let before = at.checked_sub(1).and_then(|before| seen.get(before));
        let current = parts.current();
        let heads_nothing = current.asks && current.is_empty();
        match line.look {
            // A table of contents names every question before it is answered.
            Look::Question if next == Some(Look::Question) && last_of.get(&name(line)) > Some(&at) => {
                parts.leave_out(&line.text);
            }
            // "Title – what it says?" with nothing below leads to another article.
            Look::Question if is_parted(&line.text) && matches!(next, Some(Look::Question | Look::Title)) => {
                parts.leave_out(&line.text);
            }
            // A longer form of the question above, or a last word to the reader.
            Look::Question if heads_nothing || at > last_text => parts.text(&line.text),
            Look::Question => {
                parts.start(&line.text, true);
            }
            Look::Title if heads_nothing || current.subheads => {
                current.subheads = true;
                parts.text(&line.text);
            }
            Look::Title if is_listed(line, before, seen.get(at + 1)) => parts.text(&line.text),
            Look::Title if next == Some(Look::Text) => {
                parts.start(&line.text, false);
            }
            // Nothing stands below it: another article's title, or the page's last line.
            Look::Title => parts.leave_out(&line.text),
            Look::Text => parts.text(&line.text),
        }
    }
    parts.drafts()
}

/// One of several short lines that stand together, or the first one after "such as:".
fn is_listed(line: &Seen, before: Option<&Seen>, after: Option<&Seen>) -> bool {
    let beside = |other: &Seen| other.look == Look::Title;
    let named = before.is_some_and(|before| before.text.trim_end().ends_with([':', 'ঃ']));
    let follows = !line.apart && before.is_some_and(beside);
    let leads = after.is_some_and(|after| !after.apart && beside(after));
    named || follows || leads
}

/// A short line of one or more questions and nothing else.
fn is_question(line: &str) -> bool {
    let line = line.trim();
    let bare = line.trim_end_matches(|c: char| !c.is_alphanumeric() && !is_bengali(c));
    let body = super::super::unnumbered(bare);
    ends_asking(line) && line.chars().count() <= QUESTION_CHARS && !has_inner_end(body)
}

/// Ends with a question mark, and is no bullet and no paragraph.
fn ends_asking(line: &str) -> bool {
    let line = line.trim();
    let bare = line.trim_end_matches(|c: char| !c.is_alphanumeric() && !is_bengali(c));
    let mark = line.chars().skip(bare.chars().count()).any(|c| matches!(c, '?' | '？' | '؟'));
    mark && !bare.is_empty() && line.chars().count() <= QUESTION_CHARS && !is_bullet(line)
}

/// Whether a sentence ends inside of `body`; the full stop of "Dr." or "p. m." ends none.
fn has_inner_end(body: &str) -> bool {
    const SHORTENED: &[&str] = &[
        "dr", "mr", "mrs", "ms", "prof", "st", "no", "vs", "etc", "e.g", "i.e", "md", "mst", "approx", "dept",
    ];
    let ends = |before: &str| {
        let word = before.rsplit([' ', '(']).next().unwrap_or_default().to_lowercase();
        let letters = word.chars().count();
        !(SHORTENED.contains(&word.as_str())
            || letters == 1
            || word.contains('.')
            // "ডা.", "মো.", "প্রো.": a Bengali sentence ends with a danda.
            || word.chars().any(is_bengali))
    };
    body.contains(['।', '৷', '!']) || body.match_indices(". ").any(|(at, _)| body.get(..at).is_some_and(ends))
}

/// A short line that ends no sentence.
pub(super) fn is_title(line: &str) -> bool {
    let line = line.trim();
    !is_bullet(line)
        && super::super::unnumbered(line) == line
        && !is_closed(line)
        && line.chars().count() <= TITLE_CHARS
        && line.chars().any(char::is_alphabetic)
        && !line.contains('।')
}

fn is_closed(line: &str) -> bool {
    let mark =
        |c| matches!(c, '।' | '৷' | '.' | '!' | '?' | '…' | ':' | ';' | ',' | '-' | '–' | '—' | '|' | 'ঃ');
    let line = line.trim();
    let closing = |c| matches!(c, ')' | ']' | '”' | '’' | '"' | '\'' | '»');
    is_bullet(line) || line.trim_end_matches(closing).ends_with(mark)
}

fn is_bullet(line: &str) -> bool {
    line.starts_with(['-', '•', '*', '·', '▪', '●', '○', '✓', '✔', '>', '→'])
}

/// Parted by a dash or a bar, as titles of articles are.
fn is_parted(line: &str) -> bool {
    [" – ", " — ", " | ", " - "].iter().any(|mark| line.contains(mark))
}
