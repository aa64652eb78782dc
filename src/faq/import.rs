//! An article or a table of questions in, drafts of entries out, for a person to review.
//!
//! In: the bytes of a text, Markdown, HTML, CSV or TSV file. Out: one [`Draft`] a question, in order.
//!
//! ```
//! use uttor::faq::import::drafts;
//! let article = "চা কি?\nগরম পানীয়।\nচা কেন খাব?\nভালো লাগে বলে।\n";
//! let drafts = drafts("tea.txt", article.as_bytes()).unwrap();
//! assert_eq!(drafts[1].question, "চা কেন খাব?");
//! assert_eq!(drafts[1].answer, "ভালো লাগে বলে।");
//! ```

pub mod draft;
mod outline;
mod page;
mod table;

pub use draft::Draft;

use crate::text::normalize::written;

/// The largest file that is read: many times the longest article, small enough to be held in memory.
pub const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// The most entries one file may make: what the matcher is built to hold.
pub const MAX_ENTRIES: usize = 10_000;

/// Why a file makes no entries.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// Nothing stands in it.
    #[error("it is empty")]
    Empty,
    /// It is an image, a document of a word processor, or text in another encoding.
    #[error("it is no text: {0}; save it as UTF-8 text, Markdown, HTML or CSV")]
    NotText(String),
    /// It is larger than [`MAX_BYTES`].
    #[error("it has {0} bytes, at most {MAX_BYTES}; split it")]
    TooBig(u64),
    /// HTML that nests without end.
    #[error("its elements lie more than {0} deep; import the article's text instead")]
    TooDeep(usize),
    /// More than [`MAX_ENTRIES`].
    #[error("it would make {0} entries, at most {MAX_ENTRIES}; split it")]
    TooMany(usize),
    /// An article without a question.
    #[error(
        "no heading in it asks anything: put each question on a line of its own that ends with a question mark, and its answer below"
    )]
    NoQuestions,
    /// A table that cannot be read.
    #[error("line {line}: {what}")]
    Table {
        /// Counted from 1.
        line: u64,
        /// What is wrong and the remedy.
        what: String,
    },
}

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Text,
    Markdown,
    Html,
    Table { delimiter: u8 },
}

/// The drafts that the file `name` with the content `bytes` makes.
///
/// # Errors
///
/// See [`ImportError`]; a file makes all of its entries or none.
pub fn drafts(name: &str, bytes: &[u8]) -> Result<Vec<Draft>, ImportError> {
    if bytes.len() as u64 > MAX_BYTES {
        return Err(ImportError::TooBig(bytes.len() as u64));
    }
    let text = decode(bytes)?.replace("\r\n", "\n").replace('\r', "\n");
    if text.trim().is_empty() {
        return Err(ImportError::Empty);
    }
    let drafts = match format(name, &text) {
        Format::Text => outline::drafts(&outline::lines(&text)),
        Format::Markdown => page::markdown(&text).map(|lines| outline::drafts(&lines))?,
        Format::Html => page::html(&text).map(|lines| outline::drafts(&lines))?,
        Format::Table { delimiter } => table::drafts(&text, delimiter)?,
    };
    match drafts.len() {
        0 => Err(ImportError::NoQuestions),
        many if many > MAX_ENTRIES => Err(ImportError::TooMany(many)),
        _ => Ok(drafts),
    }
}

/// UTF-8, or UTF-16 where a byte order mark says so: spreadsheets write it as "Unicode text".
fn decode(bytes: &[u8]) -> Result<String, ImportError> {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect::<String>()
    };
    let text = match bytes {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => std::str::from_utf8(bytes)
            .map_err(|error| {
                let line = 1 + bytes.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count();
                ImportError::NotText(format!("line {line} is not UTF-8"))
            })?
            .to_owned(),
    };
    match text.lines().position(|line| line.contains('\0')) {
        Some(line) => Err(ImportError::NotText(format!("line {} holds a zero byte", line + 1))),
        None => Ok(text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text)),
    }
}

/// By the name's ending where it is a known one, else by what the text looks like.
fn format(name: &str, text: &str) -> Format {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    match ending.as_str() {
        "md" | "markdown" => return Format::Markdown,
        "html" | "htm" | "xhtml" => return Format::Html,
        "csv" => return Format::Table { delimiter: table::delimiter(text) },
        "tsv" | "tab" => return Format::Table { delimiter: b'\t' },
        _ => {}
    }
    let start: String = text.trim_start().chars().take(200).collect::<String>().to_ascii_lowercase();
    let marked = |line: &str| {
        let rest = line.trim_start_matches('#');
        line.len() > rest.len() && line.len() - rest.len() <= 6 && rest.starts_with(' ')
    };
    if start.starts_with("<!doctype") || start.starts_with("<html") || start.starts_with("<article") {
        Format::Html
    } else if table::has_header(text, b'\t') {
        Format::Table { delimiter: b'\t' }
    } else if text.lines().any(marked) {
        Format::Markdown
    } else {
        Format::Text
    }
}

/// A heading as a question is written: without its number, one space between words, none before the mark.
fn tidy(heading: &str) -> String {
    let composed = written(heading);
    let words: Vec<&str> = unnumbered(&composed).split_whitespace().collect();
    let mut line = words.join(" ");
    while let Some(at) = line.find(" ?") {
        line.remove(at);
    }
    line
}

/// `heading` without what numbers it: `3.`, `৩।`, `(3)`, `Q3:`, `প্রশ্ন ৩:`.
fn unnumbered(heading: &str) -> &str {
    let line = heading.trim();
    let word = ["question", "প্রশ্ন", "q"].into_iter().find_map(|word| {
        let head = line.get(..word.len())?;
        head.eq_ignore_ascii_case(word).then(|| line.get(word.len()..))?
    });
    let rest = word.unwrap_or(line).trim_start_matches([' ', '(', '#']);
    let after = rest.trim_start_matches(|c: char| c.is_ascii_digit() || ('০'..='৯').contains(&c));
    let numbered = after.len() < rest.len();
    let mark = after.trim_start().chars().next();
    let is_number = match mark {
        Some('.' | '।' | ')' | ':') => numbered || (word.is_some() && mark == Some(':')),
        Some('-' | '–') => numbered && word.is_some(),
        _ => false,
    };
    if is_number { after.trim_start_matches([' ', '.', '।', ')', ':', '-', '–']) } else { line }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn headings_lose_their_number_and_the_space_before_the_mark() {
        for (heading, question) in [
            ("চা কি ?", "চা কি?"),
            ("১। চা কি?", "চা কি?"),
            ("12) What is tea ?", "What is tea?"),
            ("Q3: What is tea?", "What is tea?"),
            ("প্রশ্ন ৩: চা কি?", "চা কি?"),
            ("প্রশ্ন: চা কি?", "চা কি?"),
            ("প্রশ্ন কোথায় করব?", "প্রশ্ন কোথায় করব?"),
            ("3 রকম চা আছে কি?", "3 রকম চা আছে কি?"),
            ("Quality কেমন?", "Quality কেমন?"),
            ("পড়\u{9bc}া  কি\u{200b} ??", "পড়া কি??"),
        ] {
            assert_eq!(tidy(heading), written(question), "{heading}");
        }
    }

    #[test]
    fn formats_are_known_by_ending_or_look() {
        let table = |delimiter| Format::Table { delimiter };
        for (name, text, expected) in [
            ("a.md", "x", Format::Markdown),
            ("a.HTML", "x", Format::Html),
            ("a.csv", "question;answer\n", table(b';')),
            ("a.csv", "question,answer\n", table(b',')),
            ("a.tsv", "question\tanswer\n", table(b'\t')),
            ("a", "Question\tAnswer\nq\ta", table(b'\t')),
            ("a.txt", "\n<!DOCTYPE html><p>", Format::Html),
            ("a.txt", "intro\n## চা কি?\n", Format::Markdown),
            ("a.txt", "#চা\nচা কি?", Format::Text),
        ] {
            assert_eq!(format(name, text), expected, "{name} {text}");
        }
    }

    #[test]
    fn other_encodings_are_read_or_refused_with_the_line() {
        let mut utf16 = vec![0xFF, 0xFE];
        utf16.extend("চা কি?\nপানীয়।".encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(drafts("a.txt", &utf16).unwrap().len(), 1);
        let refused = |bytes: &[u8]| match drafts("a.txt", bytes) {
            Err(error) => error.to_string(),
            Ok(_) => panic!("read"),
        };
        assert!(refused(b"a\n\xFF\xFF").starts_with("it is no text: line 2 is not UTF-8"));
        assert!(refused(b"\x7FELF\0\0").starts_with("it is no text: line 1 holds a zero byte"));
        assert_eq!(refused(b" \n\n"), "it is empty");
        assert_eq!(refused("\u{feff}".as_bytes()), "it is empty");
        assert!(refused("শুধু লেখা।\n".as_bytes()).starts_with("no heading in it asks anything"));
    }

    #[test]
    fn a_flood_of_questions_is_refused() {
        let flood = "চা কি?\nপানীয়।\n".repeat(MAX_ENTRIES + 1);
        assert_eq!(drafts("a.txt", flood.as_bytes()), Err(ImportError::TooMany(MAX_ENTRIES + 1)));
    }
}
