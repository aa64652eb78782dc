//! CSV and TSV: what parts the columns, and the rows.

use csv::ReaderBuilder;

use super::Row;
use super::columns::Columns;
use crate::faq::import::ImportError;

/// The rows of a table that `delimiter` parts.
///
/// # Errors
/// A quote that is never closed, a single column.
pub fn rows(text: &str, delimiter: u8) -> Result<Vec<Row>, ImportError> {
    let (text, skipped) = without_separator_line(text);
    // The reader would take everything up to the file's end for one answer.
    let text = tight_quotes(text, delimiter).map_err(|line| ImportError::Table {
        line: line + skipped,
        what: "a quote is opened here and never closed; close it, or double the quotes inside a text"
            .to_owned(),
    })?;
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut rows: Vec<Row> = Vec::new();
    let mut width = 0;
    for record in reader.records() {
        let record = record.map_err(|error| ImportError::Table {
            line: skipped + error.position().map_or(0, csv::Position::line),
            what: error.to_string(),
        })?;
        let line = skipped + record.position().map_or(0, csv::Position::line);
        let mut cells: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
        let filled = cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
        // A line of its own below broken quotes would be lost as a title between the rows.
        if rows.len() > 1 && cells.len() == 1 && filled == 1 && width > 1 {
            let what = format!("it has 1 columns, the first line {width}; put quotes around the text");
            return Err(ImportError::Table { line, what });
        }
        cells.truncate(filled);
        width = width.max(filled);
        rows.push(Row { line, cells });
    }
    if width < 2 {
        let line = rows.first().map_or(1, |row| row.line);
        let what = "one column only; a table of questions and answers has two".to_owned();
        return Err(ImportError::Table { line, what });
    }
    Ok(rows)
}

/// `sep=;` in the first line names the delimiter.
fn separator_line(text: &str) -> Option<u8> {
    let first = text.lines().next()?.trim().trim_matches('"');
    let rest = first.get(..4).filter(|head| head.eq_ignore_ascii_case("sep=")).and(first.get(4..))?;
    if rest.eq_ignore_ascii_case("\\t") || (rest.is_empty() && text.starts_with("sep=\t")) {
        return Some(b'\t');
    }
    rest.bytes().next().filter(|byte| rest.len() == 1 && byte.is_ascii())
}

/// The text below a `sep=` line, and how many lines that are.
fn without_separator_line(text: &str) -> (&str, u64) {
    match separator_line(text).and_then(|_| text.split_once('\n')) {
        Some((_, rest)) => (rest, 1),
        None => (text, 0),
    }
}

/// Whether the first line of `text` names the columns.
pub fn has_header(text: &str, delimiter: u8) -> bool {
    let first = text.lines().next().unwrap_or_default();
    let cells: Vec<String> =
        first.split(char::from(delimiter)).map(|cell| cell.trim().trim_matches('"').to_owned()).collect();
    Columns::find(&[cells]).is_ok_and(|columns| columns.named)
}

/// What parts the columns: spreadsheets write `;`, bars or tabs into files named CSV too.
pub fn delimiter(text: &str) -> u8 {
    if let Some(named) = separator_line(text) {
        return named;
    }
    let candidates = [b'\t', b',', b';', b'|'];
    let lines = || text.lines().filter(|line| !line.trim().is_empty()).take(10);
    if let Some(named) =
        candidates.into_iter().find(|delimiter| lines().any(|line| has_header(line, *delimiter)))
    {
        return named;
    }
    let first = lines().next().unwrap_or_default();
    let count = |delimiter: u8| first.bytes().filter(|byte| *byte == delimiter).count();
    candidates.into_iter().rev().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}

/// The text without the blanks between a delimiter and the quote that opens or closes a field.
///
/// # Errors
/// The line of a quote that opens a field and is never closed.
fn tight_quotes(text: &str, delimiter: u8) -> Result<String, u64> {
    let delimiter = char::from(delimiter);
    let mut out = String::with_capacity(text.len());
    let mut opened: Option<u64> = None;
    let mut line = 1;
    // Nothing but blanks stands between the field's start and here.
    let mut at_start = true;
    let mut closed = false;
    let mut blanks = String::new();
    for c in text.chars() {
        line += u64::from(c == '\n');
        if opened.is_some() {
            out.push(c);
            if c == '"' {
                opened = None;
                closed = true;
            }
            continue;
        }
        let blank = c == ' ' || (c == '\t' && delimiter != '\t');
        if blank && (at_start || closed) {
            blanks.push(c);
            continue;
        }
        let ends = c == delimiter || c == '\n' || c == '\r';
        let opens = c == '"' && (at_start || (closed && blanks.is_empty()));
        if opens {
            opened = Some(line);
        } else if !(ends && closed) {
            out.push_str(&blanks);
        }
        blanks.clear();
        out.push(c);
        at_start = ends;
        closed = false;
    }
    match opened {
        Some(line) => Err(line),
        None => Ok(out),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::drafts;
    use super::*;

    fn pairs(text: &str, delimiter: u8) -> Vec<(String, String)> {
        let rows = rows(text, delimiter).unwrap();
        let drafts = drafts(&rows, "", &mut Vec::new()).unwrap();
        drafts.into_iter().map(|draft| (draft.question, draft.answer)).collect()
    }

    fn error(text: &str) -> String {
        match rows(text, b',') {
            Err(error) => error.to_string(),
            Ok(rows) => drafts(&rows, "", &mut Vec::new()).unwrap_err().to_string(),
        }
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
            ("sep=;\nquestion;answer\n\"চা কি?\" ;\t\"পানীয়।\"  \n", b';'),
            ("Tea club,,\nupdated today,,\nNo.,Question,Answer\n1,চা কি?,পানীয়।,,,\n", b','),
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
        assert!(error("sep=,\nquestion,answer\nক?,\"খ\n").starts_with("line 3: a quote is opened here"));
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
            ("প্রশ্ন|উত্তর\nক, খ?|গ", b'|'),
            ("sep=|\nক, খ?|গ", b'|'),
        ] {
            assert_eq!(delimiter(text), expected, "{text}");
        }
    }

    #[test]
    fn rows_that_lack_something_are_marked_or_told() {
        let rows = rows("question,answer\n,খ\nগ?,\nসদস্যপদ,\n", b',').unwrap();
        let mut notes = Vec::new();
        let drafts = drafts(&rows, "", &mut notes).unwrap();
        assert!(drafts[0].review[0].starts_with("line 2 has no question"));
        assert_eq!(drafts[1].length().as_deref(), Some("no answer; write one or delete this file"));
        assert_eq!((drafts.len(), notes[0].place.as_str(), notes[0].text.as_str()), (2, "line 4", "সদস্যপদ"));
    }
}
