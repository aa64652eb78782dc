//! What kind of file it is: by its name's ending, its first bytes, or its look.

use super::table;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Lines.
    Text,
    /// Headings and lists by marks.
    Markdown,
    /// A page.
    Html,
    /// Values.
    Json,
    /// Rows.
    Table {
        /// What parts the columns.
        delimiter: u8,
    },
}

/// What an archive of a program holds.
pub enum Archive {
    /// Sheets.
    Workbook,
    /// `.docx`.
    Word,
    /// `.odt`.
    OpenText,
}

/// By what the archive's start or the name's ending says; none for text.
pub fn archive(name: &str, bytes: &[u8]) -> Option<Archive> {
    let zipped = bytes.starts_with(b"PK\x03\x04");
    let compound = bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]);
    match ending(name).as_str() {
        "docx" | "docm" | "dotx" if zipped => Some(Archive::Word),
        "odt" | "ott" if zipped => Some(Archive::OpenText),
        "xlsx" | "xlsm" | "ods" | "xlsb" if zipped => Some(Archive::Workbook),
        "xls" if compound => Some(Archive::Workbook),
        _ if zipped => {
            let holds = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
            if holds(b"word/document.xml") {
                Some(Archive::Word)
            } else if holds(b"opendocument.text") {
                Some(Archive::OpenText)
            } else if holds(b"xl/workbook") || holds(b"opendocument.spreadsheet") {
                Some(Archive::Workbook)
            } else {
                None
            }
        }
        _ => None,
    }
}

fn ending(name: &str) -> String {
    name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase()
}

/// By the name's ending where it is a known one, else by what the text looks like.
pub fn format(name: &str, text: &str) -> Format {
    match ending(name).as_str() {
        "md" | "markdown" | "mdx" => return Format::Markdown,
        "html" | "htm" | "xhtml" | "php" | "aspx" => return Format::Html,
        "json" | "jsonl" | "ndjson" => return Format::Json,
        "tsv" | "tab" if text.lines().next().is_some_and(|line| line.contains('\t')) => {
            return Format::Table { delimiter: b'\t' };
        }
        // Some name a file so that bars or semicolons part.
        "csv" | "tsv" | "tab" => return Format::Table { delimiter: table::delimited::delimiter(text) },
        _ => {}
    }
    let start: String = text.trim_start().chars().take(200).collect::<String>().to_ascii_lowercase();
    let marked = |line: &str| {
        let rest = line.trim_start_matches('#');
        line.len() > rest.len() && line.len() - rest.len() <= 6 && rest.starts_with(' ')
    };
    let ruled = |line: &str| {
        let line = line.trim();
        line.starts_with('|')
            && line.contains("---")
            && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '))
    };
    let tag = ["<!doctype", "<html", "<article", "<main", "<body", "<div", "<h1", "<h2", "<section"];
    if tag.iter().any(|tag| start.starts_with(tag)) {
        Format::Html
    } else if table::delimited::has_header(text, b'\t') {
        Format::Table { delimiter: b'\t' }
    } else if start.starts_with(['{', '[']) && serde_json::from_str::<serde_json::Value>(text).is_ok() {
        Format::Json
    } else if text.lines().any(|line| {
        marked(line) || ruled(line) || (line.starts_with("**") && line.trim_end().ends_with("**"))
    }) {
        Format::Markdown
    } else {
        Format::Text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
