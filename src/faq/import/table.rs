//! A CSV or TSV of questions and answers in, one draft a row out.

use csv::{ReaderBuilder, StringRecord};

use super::{Draft, ImportError};
use crate::text::normalize::written;

/// Names of the two columns, in small letters.
const QUESTION: &[&str] = &["question", "questions", "q", "প্রশ্ন"];
const ANSWER: &[&str] = &["answer", "answers", "a", "উত্তর"];

/// The drafts of a table with a header that names the columns, or of one whose first two columns are question and
/// answer.
pub fn drafts(text: &str, delimiter: u8) -> Result<Vec<Draft>, ImportError> {
    // The reader would take everything up to the file's end for one answer.
    if let Some(line) = open_quote(text, delimiter) {
        let what = "a quote is opened here and never closed; close it, or double the quotes inside a text"
            .to_owned();
        return Err(ImportError::Table { line, what });
    }
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut columns = (0, 1);
    let mut width = 0;
    let mut drafts = Vec::new();
    for (row, record) in reader.records().enumerate() {
        let record = record.map_err(|error| ImportError::Table {
            line: error.position().map_or(0, csv::Position::line),
            what: error.to_string(),
        })?;
        let line = record.position().map_or(0, csv::Position::line);
        if row == 0 {
            width = record.len();
            if width < 2 {
                let what = "one column only; a table of questions and answers has two".to_owned();
                return Err(ImportError::Table { line, what });
            }
            if let Some(named) = header(&record) {
                columns = named;
                continue;
            }
        }
        if record.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        // A stray quote or delimiter moves texts into other columns.
        if record.len() != width {
            let what = format!(
                "it has {} columns, the first line {width}; put quotes around the text",
                record.len()
            );
            return Err(ImportError::Table { line, what });
        }
        drafts.push(draft(&record, columns, line));
    }
    if drafts.is_empty() {
        let what = "no question stands below it; write a row for each".to_owned();
        return Err(ImportError::Table { line: 1, what });
    }
    Ok(drafts)
}

fn draft(record: &StringRecord, (question, answer): (usize, usize), line: u64) -> Draft {
    let field = |at| record.get(at).unwrap_or_default();
    let mut review = Vec::new();
    let question = super::tidy(field(question));
    if question.is_empty() {
        review.push(format!("line {line} has no question; write the one that this text answers"));
    }
    Draft { question, answer: written(field(answer).trim()), review, ..Draft::default() }
}

/// Where question and answer stand, when `record` says so.
fn header(record: &StringRecord) -> Option<(usize, usize)> {
    let column = |names: &[&str]| {
        record.iter().position(|field| names.contains(&written(field.trim()).to_lowercase().as_str()))
    };
    Some((column(QUESTION)?, column(ANSWER)?))
}

/// Whether the first line of `text` names the columns.
pub fn has_header(text: &str, delimiter: u8) -> bool {
    let first = text.lines().next().unwrap_or_default();
    let mut reader =
        ReaderBuilder::new().has_headers(false).delimiter(delimiter).from_reader(first.as_bytes());
    reader.records().next().and_then(Result::ok).is_some_and(|record| header(&record).is_some())
}

/// What parts the columns: spreadsheets write `;` or tabs into files named CSV too.
pub fn delimiter(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |delimiter: u8| first.bytes().filter(|byte| *byte == delimiter).count();
    let mut candidates = [b'\t', b',', b';'];
    if let Some(named) = candidates.into_iter().find(|delimiter| has_header(first, *delimiter)) {
        return named;
    }
    candidates.sort_by_key(|delimiter| std::cmp::Reverse(count(*delimiter)));
    candidates[0]
}

/// The line of a quote that opens a field and is never closed.
fn open_quote(text: &str, delimiter: u8) -> Option<u64> {
    let mut opened = None;
    let mut line = 1;
    let mut at_start = true;
    for byte in text.bytes() {
        match byte {
            // A doubled quote closes and opens again, which leaves the field open.
            b'"' if opened.is_some() => opened = None,
            b'"' if at_start => opened = Some(line),
            _ => {}
        }
        line += u64::from(byte == b'\n');
        at_start = byte == delimiter || byte == b'\n' || byte == b'"';
    }
    opened
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn pairs(text: &str, delimiter: u8) -> Vec<(String, String)> {
        drafts(text, delimiter).unwrap().into_iter().map(|draft| (draft.question, draft.answer)).collect()
    }

    fn error(text: &str) -> String {
        drafts(text, b',').unwrap_err().to_string()
    }

    #[test]
    fn columns_are_found_by_name_or_place() {
        let tea = vec![("চা কি?".to_owned(), "পানীয়।".to_owned())];
        for (text, delimiter) in [
            ("question,answer\nচা কি?,পানীয়।\n", b','),
            ("id,Answer,Question \n1,পানীয়।,চা কি ?\n\n,,\n", b','),
            ("উত্তর\tপ্রশ্ন\nপানীয়।\tচা কি?", b'\t'),
            ("চা কি?;পানীয়।\n", b';'),
            ("question,answer\n\"চা কি?\",\"পানীয়।\"\n", b','),
        ] {
            assert_eq!(pairs(text, delimiter), tea, "{text}");
        }
    }

    #[test]
    fn quotes_keep_lines_and_delimiters() {
        let text = "question,answer\nচা কি?,\"দুধ, চিনি\nও \"\"লিকার\"\"\"\nকত?,5\" কাপ\n";
        let rows = pairs(text, b',');
        assert_eq!(rows[0].1, "দুধ, চিনি\nও \"লিকার\"");
        assert_eq!(rows[1].1, "5\" কাপ");
    }

    #[test]
    fn broken_tables_name_the_line() {
        assert!(error("question,answer\nক?,\"খ\nগ?,ঘ\n").starts_with("line 2: a quote is opened here"));
        assert!(
            error("question,answer\nক?,খ, গ\n").starts_with("line 2: it has 3 columns, the first line 2")
        );
        assert!(error("question,answer\nক?,খ\nগ?\n").starts_with("line 3: it has 1 columns"));
        assert!(error("question\nক?\n").starts_with("line 1: one column only"));
    }

    #[test]
    fn delimiters_are_told_by_the_first_line() {
        for (text, expected) in [
            ("ক; খ;গ, ঘ\n", b';'),
            ("প্রশ্ন;উত্তর\nক, খ?;গ", b';'),
            ("ক?\tখ, গ ঘ\n", b'\t'),
            ("ক?\tখ\n", b'\t'),
            ("ক?,খ; গ\n", b','),
        ] {
            assert_eq!(delimiter(text), expected, "{text}");
        }
    }

    #[test]
    fn a_row_without_its_question_is_marked() {
        let drafts = drafts("question,answer\n,খ\nগ?,\n", b',').unwrap();
        assert!(drafts[0].review[0].starts_with("line 2 has no question"));
        assert_eq!(drafts[1].length().as_deref(), Some("no answer; write one or delete this file"));
    }
}
