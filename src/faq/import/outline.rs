//! The lines of an article in, one draft for each heading that asks something out.
//!
//! Where headings are marked as such (Markdown, HTML) the marks decide; in plain text, looks do: a short line that
//! ends with a question mark heads what stands below it.

use std::collections::HashMap;

use super::Draft;
use crate::text::normalize::{normalize, written};

/// The longest line that is taken for a heading, in characters.
const QUESTION_CHARS: usize = 120;

/// The longest line without a question mark that is taken for a heading or another article's title.
const TITLE_CHARS: usize = 80;

/// Words that make a marked heading a question without a question mark.
const ASKING: &[&str] = &[
    "কি",
    "কী",
    "কেন",
    "কিভাবে",
    "কীভাবে",
    "কেমন",
    "কেমনে",
    "কোথায়",
    "কোথা",
    "কত",
    "কতদিন",
    "কতটুকু",
    "কখন",
    "কে",
    "কারা",
    "কোন",
    "কোনটি",
    "কোনটা",
    "কিনা",
    "নাকি",
    "কয়",
    "how",
    "what",
    "why",
    "when",
    "where",
    "who",
    "whom",
    "which",
    "is",
    "are",
    "can",
    "does",
    "do",
    "should",
    "will",
];

/// A line of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// Marked as a heading.
    Heading {
        /// 1 is the highest.
        level: u8,
        /// What it says.
        text: String,
        /// It is nothing but a link to another page.
        linked: bool,
    },
    /// Any other text, list marks included.
    Text(String),
    /// What parts paragraphs.
    Blank,
}

/// The lines of plain text.
pub fn lines(text: &str) -> Vec<Line> {
    let line = |line: &str| match line.trim() {
        "" => Line::Blank,
        _ => Line::Text(line.trim_end().to_owned()),
    };
    text.lines().map(line).collect()
}

/// The drafts that `lines` make; none when nothing in them asks.
pub fn drafts(lines: &[Line]) -> Vec<Draft> {
    let headings = lines.iter().filter(|line| matches!(line, Line::Heading { .. })).count();
    let asking = lines.iter().filter(|line| matches!(line, Line::Heading { text, .. } if asks(text))).count();
    if asking >= 2 {
        return by_marks(lines);
    }
    let by_looks = by_looks(lines);
    match by_looks.iter().filter(|draft| draft.review.is_empty()).count() {
        // Many pages set their questions as bold paragraphs, below a title that may ask something too.
        found if found > asking => by_looks,
        _ if headings > 0 => by_marks(lines),
        _ => Vec::new(),
    }
}

/// Whether a marked heading asks something.
fn asks(heading: &str) -> bool {
    let normalized = normalize(heading);
    normalized.contains('?') || normalized.split([' ', '.']).any(|word| ASKING.contains(&word))
}

/// What stands below one heading.
#[derive(Default)]
struct Part {
    heading: Option<String>,
    asks: bool,
    /// How deep the heading lies; 0 for one that has no headings below itself.
    level: u8,
    linked: bool,
    /// Its text opens with a heading of its own, so others in it are of the same kind.
    subheads: bool,
    text: Vec<String>,
    left_out: Vec<String>,
}

impl Part {
    fn is_empty(&self) -> bool {
        self.text.iter().all(String::is_empty)
    }

    fn draft(self) -> Draft {
        let mut lines: Vec<String> = Vec::new();
        for line in self.text {
            let parted = lines.last().is_none_or(String::is_empty);
            if !(line.is_empty() && parted) {
                lines.push(written(&line));
            }
        }
        let answer = lines.join("\n").trim().to_owned();
        let mut review = Vec::new();
        let question = if let Some(heading) = &self.heading {
            if !self.asks {
                review.push("the heading asks nothing; write the question that this part answers".to_owned());
            }
            super::tidy(heading)
        } else {
            review.push("no heading; write the question that this introduction answers".to_owned());
            if answer.chars().any(is_bengali) { "ভূমিকা" } else { "Introduction" }.to_owned()
        };
        Draft { question, section: self.heading, answer, review, left_out: self.left_out }
    }
}

/// The parts found so far; the first is what stands before any heading.
struct Parts(Vec<Part>);

impl Parts {
    fn new() -> Self {
        Self(vec![Part::default()])
    }

    fn start(&mut self, heading: &str, asks: bool) -> &mut Part {
        self.0.push(Part { heading: Some(heading.trim().to_owned()), asks, ..Part::default() });
        self.current()
    }

    #[expect(clippy::indexing_slicing, reason = "never empty: made with one part, and parts are only added")]
    fn current(&mut self) -> &mut Part {
        let last = self.0.len() - 1;
        &mut self.0[last]
    }

    fn text(&mut self, line: &str) {
        self.current().text.push(line.to_owned());
    }

    fn leave_out(&mut self, line: &str) {
        self.current().left_out.push(line.trim().to_owned());
    }

    /// A part without text makes no draft, save a question's; what was left out of it is told with the next one.
    fn drafts(self) -> Vec<Draft> {
        let mut drafts: Vec<Draft> = Vec::new();
        let mut pending = Vec::new();
        for mut part in self.0 {
            if part.is_empty() && (!part.asks || part.linked) {
                pending.extend(part.heading.take());
                pending.append(&mut part.left_out);
                continue;
            }
            let mut draft = part.draft();
            draft.left_out.splice(0..0, pending.drain(..));
            drafts.push(draft);
        }
        if let Some(last) = drafts.last_mut() {
            last.left_out.append(&mut pending);
        }
        drafts
    }
}

fn by_marks(lines: &[Line]) -> Vec<Draft> {
    let levels: Vec<u8> = lines
        .iter()
        .filter_map(|line| if let Line::Heading { level, .. } = line { Some(*level) } else { None })
        .collect();
    // The article's own title: everything below it lies deeper, which makes nothing a part of its text.
    let titled = levels
        .split_first()
        .is_some_and(|(first, rest)| !rest.is_empty() && rest.iter().all(|level| level > first));
    let mut parts = Parts::new();
    let mut title = titled;
    for line in lines {
        match line {
            Line::Heading { level, text, linked } => {
                let current = parts.current();
                let asks = asks(text);
                if !asks && current.asks && current.level > 0 && *level > current.level && !*linked {
                    parts.text("");
                    parts.text(&format!("*{}*", text.trim()));
                } else {
                    let part = parts.start(text, asks);
                    part.level = if title { 0 } else { *level };
                    part.linked = *linked;
                    title = false;
                }
            }
            Line::Text(text) => parts.text(text),
            Line::Blank => parts.text(""),
        }
    }
    parts.drafts()
}

/// What a line of plain text looks like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Question,
    Title,
    Text,
}

/// A line of plain text among its neighbours.
struct Seen<'a> {
    text: &'a str,
    look: Look,
    /// A blank line stands before it.
    apart: bool,
}

fn seen(lines: &[Line]) -> Vec<Seen<'_>> {
    let mut all: Vec<Seen<'_>> = Vec::new();
    let mut apart = true;
    for line in lines {
        match line {
            Line::Blank => apart = true,
            Line::Heading { text, .. } => {
                let look = if asks(text) { Look::Question } else { Look::Title };
                all.push(Seen { text, look, apart: true });
                apart = true;
            }
            Line::Text(text) => {
                let opens =
                    apart || all.last().is_none_or(|last| last.look != Look::Text || is_closed(last.text));
                let look = if is_question(text) {
                    Look::Question
                } else if opens && is_title(text) {
                    Look::Title
                } else {
                    Look::Text
                };
                all.push(Seen { text, look, apart });
                apart = false;
            }
        }
    }
    all
}

fn by_looks(lines: &[Line]) -> Vec<Draft> {
    let seen = seen(lines);
    let name = |line: &Seen<'_>| normalize(&super::tidy(line.text));
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
                parts.leave_out(line.text);
            }
            // "Title – what it says?" with nothing below leads to another article.
            Look::Question if is_parted(line.text) && matches!(next, Some(Look::Question | Look::Title)) => {
                parts.leave_out(line.text);
            }
            // A longer form of the question above, or a last word to the reader.
            Look::Question if heads_nothing || at > last_text => parts.text(line.text),
            Look::Question => {
                parts.start(line.text, true);
            }
            Look::Title if heads_nothing || current.subheads => {
                current.subheads = true;
                parts.text(line.text);
            }
            Look::Title if is_listed(line, before, seen.get(at + 1)) => parts.text(line.text),
            Look::Title if next == Some(Look::Text) => {
                parts.start(line.text, false);
            }
            // Nothing stands below it: another article's title, or the page's last line.
            Look::Title => parts.leave_out(line.text),
            Look::Text => parts.text(line.text),
        }
    }
    parts.drafts()
}

/// One of several short lines that stand together, or the first one after "such as:".
fn is_listed(line: &Seen<'_>, before: Option<&Seen<'_>>, after: Option<&Seen<'_>>) -> bool {
    let beside = |other: &Seen<'_>| other.look == Look::Title;
    let named = before.is_some_and(|before| before.text.trim_end().ends_with([':', 'ঃ']));
    let follows = !line.apart && before.is_some_and(beside);
    let leads = after.is_some_and(|after| !after.apart && beside(after));
    named || follows || leads
}

/// A short line of one or more questions and nothing else.
fn is_question(line: &str) -> bool {
    let line = line.trim();
    let bare = line.trim_end_matches(|c: char| !c.is_alphanumeric() && !is_bengali(c));
    let mark = line.chars().skip(bare.chars().count()).any(|c| matches!(c, '?' | '？' | '؟'));
    let body = super::unnumbered(bare);
    mark && !bare.is_empty()
        && line.chars().count() <= QUESTION_CHARS
        && !is_bullet(line)
        && !body.contains(['।', '৷', '!'])
        && !body.contains(". ")
}

/// A short line that ends no sentence.
fn is_title(line: &str) -> bool {
    let line = line.trim();
    !is_bullet(line)
        && super::unnumbered(line) == line
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

fn is_bengali(c: char) -> bool {
    ('\u{0980}'..='\u{09FF}').contains(&c)
}
