//! Rows of questions and answers in, one draft a row out.

pub mod columns;
pub mod delimited;
pub mod workbook;

use super::note::Kind;
use super::page::{fragment, holds_markup};
use super::{Draft, ImportError, Note, ends_asking};
use crate::faq::{EntryId, LABEL_CHARS};
use crate::text::normalize::{normalize, written};
use columns::{Column, Columns};

/// A row of a table.
pub struct Row {
    /// Counted from 1.
    pub line: u64,
    /// Its cells.
    pub cells: Vec<String>,
}

impl AsRef<[String]> for Row {
    fn as_ref(&self) -> &[String] {
        &self.cells
    }
}

/// The drafts of a table, and what of it they do not show. `place` stands before a row's number in what is said of it.
///
/// # Errors
/// The columns cannot be told, or no question stands in them.
pub fn drafts(rows: &[Row], place: &str, notes: &mut Vec<Note>) -> Result<Vec<Draft>, ImportError> {
    let first = rows.first().map_or(1, |row| row.line);
    let columns = Columns::find(rows)
        .map_err(|what| ImportError::Table { line: first, what: format!("{place}{what}") })?;
    for row in rows.iter().take(columns.body.saturating_sub(usize::from(columns.named))) {
        if row.cells.iter().any(|cell| !cell.trim().is_empty()) {
            notes.push(Note::new(Kind::Row, format!("{place}line {}", row.line), filled(row)));
        }
    }
    let body =
        || rows.iter().skip(columns.body).filter(|row| row.cells.iter().any(|cell| !cell.trim().is_empty()));
    for at in columns.of(Column::Unused) {
        let texts =
            body().filter(|row| row.cells.get(at).is_some_and(|cell| !cell.trim().is_empty())).count();
        if texts > 0 {
            let name = columns.roles.get(at).map_or("", |(name, _)| name);
            let name = if name.is_empty() { format!("column {}", at + 1) } else { name.to_owned() };
            notes.push(Note::new(Kind::Column, place, format!("{name} ({texts} cells)")));
        }
    }
    let numbered = is_numbered(body().filter_map(|row| row.cells.get(columns.question)).map(String::as_str));
    let mut drafts = Vec::new();
    for row in body() {
        let place = format!("{place}line {}", row.line);
        // Cells behind the last column are what a stray delimiter leaves.
        let stray = row.cells.iter().skip(columns.roles.len()).any(|cell| !cell.trim().is_empty());
        if stray {
            let what = format!(
                "it has {} columns, the first line {}; put quotes around the text",
                row.cells.len(),
                columns.roles.len()
            );
            return Err(ImportError::Table { line: row.line, what });
        }
        match draft(row, &columns, numbered, &place, notes) {
            Some(draft) => drafts.push(draft),
            None => notes.push(Note::new(Kind::Row, place, filled(row))),
        }
    }
    if drafts.is_empty() {
        return Err(ImportError::NoRows(first));
    }
    Ok(drafts)
}

fn filled(row: &Row) -> String {
    let cells: Vec<&str> = row.cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
    cells.join(" | ")
}

/// Whether the questions are numbered one after the other: a lone figure at the start belongs to its question.
fn is_numbered<'a>(questions: impl Iterator<Item = &'a str>) -> bool {
    let numbers: Vec<Option<u32>> = questions
        .map(|question| {
            let digits: String = question
                .trim_start()
                .chars()
                .map_while(|c| {
                    c.to_digit(10).or_else(|| (c as u32).checked_sub('০' as u32).filter(|digit| *digit < 10))
                })
                .filter_map(|digit| char::from_digit(digit, 10))
                .collect();
            (super::unnumbered(question) != question.trim()).then(|| digits.parse().ok()).flatten()
        })
        .collect();
    let follows =
        numbers.windows(2).filter(|pair| matches!(pair, [Some(one), Some(two)] if *two == one + 1)).count();
    numbers.len() >= 2 && follows * 10 >= (numbers.len() - 1) * 8
}

/// The draft of a row; none for one that is only a title between others.
fn draft(row: &Row, columns: &Columns, numbered: bool, place: &str, notes: &mut Vec<Note>) -> Option<Draft> {
    let mut text = |at: usize| {
        let cell = row.cells.get(at).map_or("", |cell| cell.trim());
        if !holds_markup(cell) {
            return written(cell);
        }
        let (text, lost) = fragment(cell, None);
        notes.extend(lost.into_iter().map(|note| Note { place: place.to_owned(), ..note }));
        written(&text)
    };
    let cell = text(columns.question);
    let answer = text(columns.answer);
    let alternates: Vec<String> = columns.of(Column::Alternate).map(&mut text).collect();
    let sections: Vec<String> = columns.of(Column::Section).map(&mut text).collect();
    let labels: Vec<String> = columns.of(Column::Label).map(&mut text).collect();
    let ids: Vec<String> = columns.of(Column::Id).map(&mut text).collect();
    let tidy = |question: &str| if numbered { super::tidy(question) } else { super::tidy_numbered(question) };
    let mut ways = ways(&cell).into_iter().map(|way| tidy(&way)).filter(|way| !way.is_empty());
    let question = ways.next().unwrap_or_default();
    if answer.is_empty()
        && !ends_asking(&question)
        && (question.is_empty() || alternates.iter().all(String::is_empty))
    {
        return None;
    }
    let mut review = Vec::new();
    if question.is_empty() {
        review.push(format!("{place} has no question; write the one that this text answers"));
    }
    let mut phrasings: Vec<String> = ways.collect();
    phrasings.extend(alternates.iter().flat_map(|cell| parted(cell)).map(|way| tidy(&way)));
    phrasings.retain(|way| !way.is_empty());
    let mut seen = vec![normalize(&question)];
    phrasings.retain(|way| {
        let way = normalize(way);
        let new = !seen.contains(&way);
        seen.push(way);
        new
    });
    let id = ids
        .into_iter()
        .find(|id| id.parse::<EntryId>().is_ok() && id.chars().any(|c| c.is_ascii_alphabetic()));
    Some(Draft {
        question,
        answer: super::outline::labels::without_answer_label(&answer).to_owned(),
        review,
        phrasings,
        section: sections.into_iter().find(|section| !section.is_empty()),
        label: labels.into_iter().find(|label| !label.is_empty() && label.chars().count() <= LABEL_CHARS),
        id,
        ..Draft::default()
    })
}

/// The ways to ask in a cell, a line each; a question that a line's end only broke is one.
fn ways(cell: &str) -> Vec<String> {
    let lines: Vec<&str> = cell.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let broken = lines.len() > 1
        && lines.last().is_some_and(|last| ends_asking(last))
        && !lines.iter().rev().skip(1).any(|line| ends_asking(line));
    if broken {
        vec![lines.join(" ")]
    } else {
        lines.into_iter().map(|line| line.trim_start_matches(['-', '•', '*', ' ']).to_owned()).collect()
    }
}

/// The ways to ask in a cell of its own for them: lines, or parted by bars, semicolons or strokes.
fn parted(cell: &str) -> Vec<String> {
    let marks: &[char] = &['\n', '|', ';'];
    let parts: Vec<&str> = if cell.contains(marks) {
        cell.split(marks).collect()
    } else if cell.contains(" / ") {
        cell.split(" / ").collect()
    } else if cell.trim_end_matches('?').contains("? ") {
        cell.split_inclusive('?').collect()
    } else if cell.matches(',').count() > 0 && cell.matches("?,").count() == cell.matches(',').count() {
        cell.split(',').collect()
    } else {
        vec![cell]
    };
    parts.into_iter().map(|part| part.trim().trim_start_matches(['-', '•', '*', ' ']).to_owned()).collect()
}
