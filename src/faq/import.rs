//! An article or a table of questions in, drafts of entries out, for a person to review.
//!
//! In: the bytes of a text, Markdown, HTML, CSV or TSV file. Out: one [`Draft`] a question, in order.
//!
//! ```
//! use uttor::faq::import::{Origin, read};
//! let article = "চা কি?\nগরম পানীয়।\nচা কেন খাব?\nভালো লাগে বলে।\n";
//! let drafts = read(&Origin::file("tea.txt"), article.as_bytes()).unwrap().drafts;
//! assert_eq!(drafts[1].question, "চা কেন খাব?");
//! assert_eq!(drafts[1].answer, "ভালো লাগে বলে।");
//! ```

pub mod bijoy;
mod document;
pub mod draft;
mod encoding;
mod json;
mod kind;
pub mod note;
mod outline;
mod page;
mod question;
pub mod report;
pub mod slug;
mod table;

use std::collections::{HashMap, HashSet};

pub use draft::Draft;
pub use note::Note;
use url::Url;

use crate::text::normalize::normalize;
use kind::{Archive, Format, archive, format};
use note::Kind;
use outline::Line;
use question::{asked, ends_asking, tidy, tidy_numbered, unnumbered};

/// The largest file that is read: many times the longest article, small enough to be held in memory.
pub const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// The most lines of a file that are told one by one.
const MAX_TOLD: usize = 1_000;

/// The most entries one file may make: what the matcher is built to hold.
pub const MAX_ENTRIES: usize = 10_000;

/// Why a file makes no entries.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// Nothing stands in it.
    #[error("it is empty")]
    Empty,
    /// It is an image, a document of a word processor, or text in another encoding.
    #[error(
        "it is no text: {0}; save it as UTF-8 text, Markdown, HTML or CSV, or as .docx, .odt, .xlsx or .ods"
    )]
    NotText(String),
    /// Its letters were replaced by question marks when it was saved.
    #[error(
        "its letters are lost, only question marks (????) are left; save it again from the program that shows the \
         letters, as “CSV UTF-8” or “Unicode text” (UTF-8)"
    )]
    Lost,
    /// A spreadsheet or a document that cannot be opened.
    #[error("it cannot be read: {0}; open it in its own program and save it again")]
    Unreadable(String),
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
    /// A table with names of columns and nothing below them.
    #[error("line {0}: no question stands below it; write a row for each")]
    NoRows(u64),
    /// A table that cannot be read.
    #[error("line {line}: {what}")]
    Table {
        /// Counted from 1.
        line: u64,
        /// What is wrong and the remedy.
        what: String,
    },
}

impl ImportError {
    /// Whether the file was read and holds no question.
    pub fn found_nothing(&self) -> bool {
        matches!(self, Self::Empty | Self::NoQuestions | Self::NoRows(_))
    }
}

/// Where a file comes from, as far as reading it needs that.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The file's name, whose ending says what it is.
    pub name: String,
    /// Where relative links start.
    pub base: Option<Url>,
    /// The encoding that whoever sent it named.
    pub encoding: Option<String>,
}

impl Origin {
    /// A file of this name.
    pub fn file(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }
}

/// What a file makes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// A draft for each question.
    pub drafts: Vec<Draft>,
    /// What no entry shows.
    pub notes: Vec<Note>,
    /// What the file calls itself.
    pub title: Option<String>,
}

/// What the file at `origin` with the content `bytes` makes.
///
/// # Errors
///
/// See [`ImportError`]; a file makes all of its entries or none.
pub fn read(origin: &Origin, bytes: &[u8]) -> Result<Found, ImportError> {
    if bytes.len() as u64 > MAX_BYTES {
        return Err(ImportError::TooBig(bytes.len() as u64));
    }
    let mut found = Found::default();
    let base = origin.base.as_ref();
    let asking = match archive(&origin.name, bytes) {
        Some(Archive::Workbook) => {
            found.drafts = table::workbook::read(bytes, &mut found.notes)?;
            Vec::new()
        }
        Some(Archive::Word) => found.document(document::word::html(bytes)?, base)?,
        Some(Archive::OpenText) => found.document(document::odt::html(bytes)?, base)?,
        None => {
            let text = encoding::text(bytes, origin.encoding.as_deref(), &mut found.notes)?;
            found.text(&origin.name, &text.replace("\r\n", "\n").replace('\r', "\n"), base)?
        }
    };
    match found.drafts.len() {
        0 => return Err(ImportError::NoQuestions),
        many if many > MAX_ENTRIES => return Err(ImportError::TooMany(many)),
        _ => {}
    }
    found.check_letters()?;
    found.mark_repeated();
    found.note_questions(&asking);
    Ok(found)
}

impl Found {
    /// Reads `text`; its lines that ask, each with its place.
    fn text(
        &mut self,
        name: &str,
        text: &str,
        base: Option<&Url>,
    ) -> Result<Vec<(String, String)>, ImportError> {
        if text.trim().is_empty() {
            return Err(ImportError::Empty);
        }
        match format(name, text) {
            Format::Text => {
                let lines = outline::lines(text);
                self.title = lines.iter().find_map(|line| match line {
                    Line::Heading { text, .. } => Some(text.clone()),
                    _ => None,
                });
                self.drafts = outline::drafts(&lines);
                let asking = text.lines().enumerate().filter(|(_, line)| ends_asking(line));
                Ok(asking.map(|(at, line)| (format!("line {}", at + 1), line.trim().to_owned())).collect())
            }
            Format::Markdown => Ok(self.page(page::markdown(text, base)?)),
            Format::Html => Ok(self.page(page::html(text, base)?)),
            Format::Json => {
                self.drafts = json::drafts(text, &mut self.notes)?;
                Ok(Vec::new())
            }
            Format::Table { delimiter } => {
                let rows = table::delimited::rows(text, delimiter)?;
                self.drafts = table::drafts(&rows, "", &mut self.notes)?;
                Ok(Vec::new())
            }
        }
    }

    fn document(
        &mut self,
        document: document::Converted,
        base: Option<&Url>,
    ) -> Result<Vec<(String, String)>, ImportError> {
        if document.has_other_letters {
            self.notes.push(Note::new(
                Kind::Letters,
                "everywhere",
                "text in SutonnyMJ: converted to Unicode",
            ));
        }
        let asides = document.asides.into_iter();
        self.notes.extend(asides.map(|text| Note::new(Kind::Text, "a footnote or comment", text)));
        Ok(self.page(page::html(&document.html, base)?))
    }

    fn page(&mut self, page: page::Page) -> Vec<(String, String)> {
        self.title = page.title;
        self.notes.extend(page.notes);
        self.drafts = outline::drafts(&page.lines);
        if !page.data.is_empty() {
            self.put_data_first(page.data);
        }
        page.asking.into_iter().map(|line| (String::new(), line)).collect()
    }

    /// What a page tells in its data stands first; of the rest only what the data does not ask.
    fn put_data_first(&mut self, data: Vec<Draft>) {
        let known: HashSet<String> = data.iter().map(|draft| asked(&draft.question)).collect();
        let rest = std::mem::replace(&mut self.drafts, data);
        for draft in rest {
            if known.contains(&asked(&draft.question)) {
                continue;
            }
            if draft.review.is_empty() && !draft.answer.is_empty() {
                self.drafts.push(draft);
            } else if !draft.answer.is_empty() {
                self.notes.push(Note::new(Kind::Text, format!("below “{}”", draft.question), draft.answer));
            }
        }
    }

    /// Marks drafts whose letters are lost.
    fn check_letters(&mut self) -> Result<(), ImportError> {
        let mut lost = 0;
        for draft in &mut self.drafts {
            if encoding::has_lost_letters(&draft.question) || encoding::has_lost_letters(&draft.answer) {
                draft.review.push(
                    "letters are lost (“????”); write them again, or save the file as UTF-8 again".to_owned(),
                );
                lost += 1;
            }
        }
        if lost > 0 && lost * 2 >= self.drafts.len() { Err(ImportError::Lost) } else { Ok(()) }
    }

    /// The same question twice: the second time with another answer it is marked, with the same it is left out.
    fn mark_repeated(&mut self) {
        let mut first: HashMap<String, (String, usize)> = HashMap::new();
        let mut kept: Vec<Draft> = Vec::new();
        for mut draft in std::mem::take(&mut self.drafts) {
            let question = asked(&draft.question);
            let answer = normalize(&draft.answer);
            match first.get(&question) {
                Some((other, _)) if *other == answer => {
                    self.notes.push(Note::new(Kind::Row, "said twice", draft.question));
                    continue;
                }
                Some((_, number)) => {
                    draft.review.push(format!(
                        "“{}” is asked by entry {number} too, with another answer; keep one of both",
                        draft.question
                    ));
                    draft.conflict = true;
                }
                None if !question.is_empty() => {
                    first.insert(question, (answer, kept.len() + 1));
                }
                None => {}
            }
            kept.push(draft);
        }
        self.drafts = kept;
    }

    /// Tells every line that asks and heads no entry.
    fn note_questions(&mut self, asking: &[(String, String)]) {
        let heads: HashSet<String> = self
            .drafts
            .iter()
            .flat_map(|draft| draft.ways())
            .map(asked)
            .filter(|way| !way.is_empty())
            .collect();
        let mut told: HashSet<String> = HashSet::new();
        for (place, line) in asking {
            let bare = line.trim_start_matches(['-', '•', '*', '>', ' ', '#', '=', '|', '│']);
            let bare = outline::labels::without_question_label(bare).unwrap_or(bare);
            let name = asked(bare);
            // The last line of a question that a line's end broke is told by its entry.
            let ends_one = || heads.iter().any(|way| way.ends_with(&format!(" {name}")));
            if name.is_empty() || heads.contains(&name) || ends_one() || !told.insert(name.clone()) {
                continue;
            }
            if told.len() > MAX_TOLD {
                let what = format!("more than {MAX_TOLD} such lines; the rest is not listed");
                self.notes.push(Note::new(Kind::Question, "", what));
                break;
            }
            let around = self.drafts.iter().find(|draft| draft.answer.contains(line.as_str()));
            let place = match around {
                Some(draft) if place.is_empty() => format!("in the answer to “{}”", draft.question),
                Some(draft) => format!("{place}, in the answer to “{}”", draft.question),
                None if place.is_empty() => "outside of the answers".to_owned(),
                None => place.clone(),
            };
            self.notes.push(Note::new(Kind::Question, place, line.clone()));
        }
        for draft in &self.drafts {
            for line in draft.left_out.iter().filter(|line| !ends_asking(line)) {
                self.notes.push(Note::new(Kind::Text, format!("beside “{}”", draft.question), line.clone()));
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn other_encodings_are_read_or_refused_with_the_line() {
        let mut utf16 = vec![0xFF, 0xFE];
        utf16.extend("চা কি?\nপানীয়।".encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(read(&Origin::file("a.txt"), &utf16).unwrap().drafts.len(), 1);
        let refused = |bytes: &[u8]| match read(&Origin::file("a.txt"), bytes) {
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
        assert_eq!(
            read(&Origin::file("a.txt"), flood.as_bytes()),
            Err(ImportError::TooMany(MAX_ENTRIES + 1))
        );
    }
}
