//! The lines of an article in, one draft for each question that heads a text out.
//!
//! Where questions are marked as such (headings, accordions, definition lists) the marks decide; labels such as
//! "প্রশ্ন:" and "উত্তর:" come before looks; in plain text, looks do: a short line that ends with a question mark heads
//! what stands below it.

mod asking;
pub mod labels;
mod looks;

pub use asking::asks;

use super::Draft;
use crate::text::normalize::written;

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
    /// The page pairs it with the answer that follows, until [`Line::End`].
    Question {
        /// What it says.
        text: String,
        /// It stands directly below another one and shares its answer.
        also: bool,
        /// The page says that it is a question, whatever it looks like.
        sure: bool,
    },
    /// The end of a paired answer.
    End,
    /// Bold as a whole, which may head what follows.
    Bold(String),
    /// Any other text, list marks included.
    Text(String),
    /// A line of code, which asks nothing whatever it says.
    Code(String),
    /// What parts paragraphs.
    Blank,
}

/// The lines of plain text; headings between equals signs, as readme files of plugins have them, are headings.
pub fn lines(text: &str) -> Vec<Line> {
    let single = text.lines().any(|line| equals_heading(line).is_some_and(|(count, _)| count == 1));
    let line = |line: &str| match line.trim() {
        rule if !rule.is_empty() && rule.chars().all(|c| matches!(c, '-' | '=' | '_' | '*' | '~' | '—')) => {
            Line::Blank
        }
        "" => Line::Blank,
        _ => match equals_heading(line) {
            Some((count, text)) => {
                // WordPress gives its titles more signs, MediaWiki fewer.
                let level = if single { 4_u8.saturating_sub(count).max(1) } else { count };
                Line::Heading { level, text: text.to_owned(), linked: false }
            }
            None => Line::Text(line.trim_end().to_owned()),
        },
    };
    text.lines().map(line).collect()
}

fn equals_heading(line: &str) -> Option<(u8, &str)> {
    let line = line.trim();
    let after = line.trim_start_matches('=');
    let count = line.len() - after.len();
    let inside = after.trim_end_matches('=');
    let framed = (1..=6).contains(&count)
        && after.len() - inside.len() == count
        && inside.starts_with(' ')
        && !inside.trim().is_empty();
    framed.then(|| (count as u8, inside.trim()))
}

/// The drafts that `lines` make; none when nothing in them asks.
pub fn drafts(lines: &[Line]) -> Vec<Draft> {
    if let Some(labelled) = labels::drafts(lines) {
        return labelled;
    }
    let headings = lines.iter().filter(|line| matches!(line, Line::Heading { .. })).count();
    let paired = lines.iter().any(|line| matches!(line, Line::Question { .. }));
    let asking = lines
        .iter()
        .filter(|line| match line {
            Line::Heading { text, .. } => asks(text),
            Line::Question { .. } => true,
            _ => false,
        })
        .count();
    let bold = lines.iter().filter(|line| matches!(line, Line::Bold(text) if text.contains('?'))).count();
    if asking >= 2 || paired {
        return by_marks(lines, bold > asking);
    }
    let by_looks = looks::drafts(lines);
    match by_looks.iter().filter(|draft| draft.review.is_empty()).count() {
        // Many pages set their questions as bold paragraphs, below a title that may ask something too.
        found if found > asking => by_looks,
        _ if headings > 0 => by_marks(lines, bold > asking),
        _ => Vec::new(),
    }
}

/// What stands below one heading.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "marks that a part bears independently of each other")]
pub(super) struct Part {
    heading: Option<String>,
    asks: bool,
    /// The article pairs question and answer itself.
    paired: bool,
    /// What else the question is called.
    also: Vec<String>,
    /// It follows a paired answer and belongs to none.
    loose: bool,
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
        self.text.iter().all(|line| line.trim().is_empty())
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
        let answer = labels::without_answer_label(&answer).to_owned();
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
        let phrasings = self.also.iter().map(|also| super::tidy(also)).collect();
        Draft {
            question,
            section: self.heading,
            answer,
            review,
            left_out: self.left_out,
            phrasings,
            ..Draft::default()
        }
    }
}

/// The parts found so far; the first is what stands before any heading.
pub(super) struct Parts(Vec<Part>);

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
            if part.loose {
                pending.extend(part.text.into_iter().filter(|line| !line.trim().is_empty()));
                continue;
            }
            if part.is_empty() && (!(part.asks || part.paired) || part.linked) {
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

/// How deep a bold line lies that heads what follows it: below every heading.
const BOLD_LEVEL: u8 = 7;

fn by_marks(lines: &[Line], bold_heads: bool) -> Vec<Draft> {
    let levels: Vec<u8> = lines
        .iter()
        .filter_map(|line| if let Line::Heading { level, .. } = line { Some(*level) } else { None })
        .collect();
    let paired = lines.iter().any(|line| matches!(line, Line::Question { .. }));
    // The article's own title: everything below it lies deeper, which makes nothing a part of its text.
    let titled = levels
        .split_first()
        .is_some_and(|(first, rest)| (!rest.is_empty() || paired) && rest.iter().all(|level| level > first));
    let mut parts = Parts::new();
    let mut title = titled;
    let mut inside = false;
    for line in lines {
        match line {
            // Headings and bold lines inside a paired answer are its own.
            Line::Heading { text, .. } | Line::Bold(text) if inside => {
                parts.text("");
                parts.text(&format!("*{}*", text.trim()));
            }
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
            Line::Question { text, also: true, .. }
                if parts.current().paired && parts.current().is_empty() =>
            {
                parts.current().also.push(text.clone());
            }
            Line::Question { text, sure, .. } => {
                parts.start(text, *sure || asks(text)).paired = true;
                inside = true;
            }
            Line::End => {
                if inside {
                    parts.0.push(Part { loose: true, ..Part::default() });
                }
                inside = false;
            }
            Line::Bold(text) => {
                let current = parts.current();
                let free = !current.asks || matches!(current.level, 0 | BOLD_LEVEL);
                if text.contains('?') && asks(text) && (bold_heads || free) {
                    parts.start(text, true).level = BOLD_LEVEL;
                } else {
                    parts.text(text);
                }
            }
            Line::Text(text) | Line::Code(text) => parts.text(text),
            Line::Blank => parts.text(""),
        }
    }
    parts.drafts()
}

/// Whether `c` is one of the Bengali block.
pub(super) fn is_bengali(c: char) -> bool {
    ('\u{0980}'..='\u{09FF}').contains(&c)
}
