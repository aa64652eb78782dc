//! Sheets of a spreadsheet program (`.xlsx`, `.ods`, `.xls`): rows of each sheet as a table has them.

use std::io::Cursor;

use calamine::{Data, ExcelDateTime, Reader, SheetVisible, Sheets, open_workbook_auto_from_rs};

use super::{Row, drafts};
use crate::faq::import::note::Kind;
use crate::faq::import::{Draft, ImportError, Note, document};

/// The drafts of every visible sheet with questions and answers.
///
/// # Errors
/// No spreadsheet, or no sheet of it holds questions and answers: the reason that the first sheet gives.
pub fn read(bytes: &[u8], notes: &mut Vec<Note>) -> Result<Vec<Draft>, ImportError> {
    if bytes.starts_with(b"PK") {
        document::check_size(bytes)?;
    }
    let unreadable = |error: calamine::Error| ImportError::Unreadable(error.to_string());
    let mut book = open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(unreadable)?;
    let sheets = book.sheets_metadata().to_vec();
    if let Sheets::Ods(_) = &book {
        let links = document::odt::links(bytes)?.into_iter();
        notes.extend(links.map(|(shown, address)| Note::new(Kind::Link, format!("“{shown}”"), address)));
    }
    let mut all = Vec::new();
    let mut refusal = None;
    for sheet in &sheets {
        let place = format!("sheet “{}”, ", sheet.name);
        if sheet.visible != SheetVisible::Visible {
            notes.push(Note::new(Kind::Sheet, format!("sheet “{}”", sheet.name), "it is hidden"));
            continue;
        }
        let rows = rows(&mut book, &sheet.name, notes).map_err(unreadable)?;
        if rows.is_empty() {
            continue;
        }
        match drafts(&rows, &place, notes) {
            Ok(drafts) => all.extend(drafts),
            Err(ImportError::Table { line, what }) => {
                let what = what.trim_start_matches(&place).to_owned();
                notes.push(Note::new(
                    Kind::Sheet,
                    format!("sheet “{}”, line {line}", sheet.name),
                    what.clone(),
                ));
                refusal.get_or_insert(ImportError::Table { line, what: format!("{place}{what}") });
            }
            Err(error) => {
                notes.push(Note::new(Kind::Sheet, format!("sheet “{}”", sheet.name), error.to_string()));
                refusal.get_or_insert(error);
            }
        }
    }
    match refusal {
        Some(refusal) if all.is_empty() => Err(refusal),
        _ if all.is_empty() => Err(ImportError::Empty),
        _ => Ok(all),
    }
}

fn rows(
    book: &mut Sheets<Cursor<&[u8]>>,
    name: &str,
    notes: &mut Vec<Note>,
) -> Result<Vec<Row>, calamine::Error> {
    let range = book.worksheet_range(name)?;
    let Some((top, left)) = range.start() else { return Ok(Vec::new()) };
    let mut rows: Vec<Row> = range
        .rows()
        .zip(u64::from(top) + 1..)
        .map(|(row, line)| Row { line, cells: row.iter().map(text).collect() })
        .collect();
    if let Sheets::Xlsx(book) = book {
        // A sheet without its part of links has none.
        for link in book.hyperlinks_by_sheet_name(name).unwrap_or_default() {
            let Some(target) = link.target else { continue };
            let (row, column) = link.range.start;
            let cell = row
                .checked_sub(top)
                .and_then(|row| rows.get_mut(row as usize))
                .zip(column.checked_sub(left))
                .and_then(|(row, column)| row.cells.get_mut(column as usize));
            let target = target.trim_start_matches("mailto:").trim_start_matches("tel:").to_owned();
            match cell {
                Some(cell) if !cell.contains(&target) && !cell.trim_end().ends_with('?') => {
                    *cell = format!("{cell} ({target})");
                }
                Some(cell) if cell.contains(&target) => {}
                _ => notes.push(Note::new(Kind::Link, format!("sheet “{name}”, line {}", row + 1), target)),
            }
        }
    }
    for row in &mut rows {
        let filled = row.cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1);
        row.cells.truncate(filled);
    }
    let first = rows.iter().position(|row| !row.cells.is_empty()).unwrap_or(rows.len());
    Ok(rows.split_off(first))
}

/// What a cell shows.
fn text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::DateTime(date) if !date.is_duration() => day(date),
        Data::Error(error) => error.to_string(),
        other => other.to_string(),
    }
}

fn day(date: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, ..) = date.to_ymd_hms_milli();
    match (hour, minute) {
        (0, 0) => format!("{year}-{month:02}-{day:02}"),
        _ if date.as_f64() < 1.0 => format!("{hour}:{minute:02}"),
        _ => format!("{year}-{month:02}-{day:02} {hour}:{minute:02}"),
    }
}
