//! Long text cut into pieces that a channel accepts, at the gentlest place.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

/// The longest message a channel accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    number: usize,
    unit: Unit,
}

/// What a channel counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// UTF-16 code units: a Bengali letter is one, an emoji two.
    Utf16Units,
    /// Unicode characters.
    Chars,
}

impl Limit {
    /// A Telegram message, counted after its tags are resolved (Bot API, `sendMessage`).
    pub const TELEGRAM: Self = Self { number: 4_096, unit: Unit::Utf16Units };

    /// The caption of a picture on Telegram, counted alike (Bot API, `sendPhoto`).
    pub const TELEGRAM_CAPTION: Self = Self { number: 1_024, unit: Unit::Utf16Units };

    /// `number` of `unit`; at least 2, since no text can be cut into less than one character.
    pub fn new(number: usize, unit: Unit) -> Self {
        Self { number: number.max(2), unit }
    }

    /// The length of `text` in this limit's unit.
    pub fn measure(self, text: &str) -> usize {
        match self.unit {
            Unit::Utf16Units => text.encode_utf16().count(),
            Unit::Chars => text.chars().count(),
        }
    }

    /// Whether `text` is short enough for one message.
    pub fn fits(self, text: &str) -> bool {
        self.measure(text) <= self.number
    }
}

/// Byte ranges of `text` that each fit `limit`; what lies between them is white space only.
///
/// The cut is the last one that fits of: a paragraph's end, a line's end, a sentence's end (each only when the
/// piece is at least half full), a space, any grapheme; inside a grapheme only when it alone passes the limit.
pub fn split(text: &str, limit: Limit) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = 0;
    loop {
        let Some(rest) = text.get(start..) else { return pieces };
        start += rest.len() - rest.trim_start().len();
        let rest = rest.trim();
        if rest.is_empty() {
            return pieces;
        }
        if limit.fits(rest) {
            pieces.push(start..start + rest.len());
            return pieces;
        }
        let length = cut(rest, limit);
        let piece = rest.get(..length).unwrap_or(rest).trim_end();
        pieces.push(start..start + piece.len());
        start += length;
    }
}

/// The places to cut, gentlest first.
const PARAGRAPH: usize = 0;
const LINE: usize = 1;
const SENTENCE: usize = 2;
const SPACE: usize = 3;
const GRAPHEME: usize = 4;

/// How many bytes of `text`, which does not fit and starts with no space, make the next piece; never 0.
fn cut(text: &str, limit: Limit) -> usize {
    let mut last = [0; 5];
    let mut half_full = [0; 3];
    let mut length = 0;
    let mut before = "";
    for (at, grapheme) in text.grapheme_indices(true) {
        let newline = grapheme.contains('\n');
        let space = newline || grapheme.chars().all(char::is_whitespace);
        // A cut before white space: the white space itself is dropped, so it may lie past the limit.
        if space && at > 0 {
            let kind = match (newline, before) {
                (true, before) if before.contains('\n') => PARAGRAPH,
                (true, _) => LINE,
                (false, "।" | "॥" | "?" | "!" | ".") => SENTENCE,
                (false, _) => SPACE,
            };
            last[kind] = at;
            last[SPACE] = at;
            if kind < SPACE && length * 2 >= limit.number {
                half_full[kind] = at;
            }
        }
        length += limit.measure(grapheme);
        if length > limit.number {
            break;
        }
        last[GRAPHEME] = at + grapheme.len();
        before = grapheme;
    }
    half_full
        .into_iter()
        .chain([last[SPACE], last[GRAPHEME]])
        .find(|cut| *cut > 0)
        .unwrap_or_else(|| cut_grapheme(text, limit))
}

/// The characters of one oversized grapheme that fit; `Limit::new` sees to it that one always does.
fn cut_grapheme(text: &str, limit: Limit) -> usize {
    let mut length = 0;
    let fitting = text.chars().take_while(|c| {
        length += limit.measure(c.encode_utf8(&mut [0; 4]));
        length <= limit.number
    });
    fitting.map(char::len_utf8).sum()
}
