//! Labelled questions as a TSV file has them.

use std::path::Path;

use anyhow::{Context as _, bail};

use crate::faq::{EntryId, Faq};

/// One labelled message.
pub(in crate::command) struct Row {
    /// The entries that answer it; empty when none does.
    pub right: Vec<EntryId>,
    /// Whether no answer is right too.
    pub none: bool,
    /// Its style, or an empty text.
    pub style: String,
    /// The message.
    pub text: String,
}

impl Row {
    /// A question that must be answered.
    pub fn in_scope(&self) -> bool {
        !self.right.is_empty() && !self.none
    }

    /// A message that must not be answered.
    pub fn out_of_scope(&self) -> bool {
        self.right.is_empty()
    }
}

/// A table's columns by name: tab-separated, no quoting, a header first.
pub(in crate::command) struct Table {
    header: Vec<String>,
    lines: Vec<Vec<String>>,
}

impl Table {
    /// Reads `file`.
    pub fn read(file: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read(file).with_context(|| format!("{}: cannot be read", file.display()))?;
        let text = String::from_utf8_lossy(&text);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(b'\t')
            .quoting(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let header =
            reader.headers()?.iter().map(|name| name.trim_start_matches('\u{FEFF}').to_owned()).collect();
        let lines = reader
            .records()
            .map(|record| record.map(|record| record.iter().map(str::to_owned).collect()))
            .collect::<Result<_, _>>()?;
        Ok(Self { header, lines })
    }

    /// The place of the first of these columns that is there.
    pub fn column(&self, names: &[&str], file: &Path) -> anyhow::Result<usize> {
        match self.find(names) {
            Some(at) => Ok(at),
            None => bail!(
                "{}:1: there is no column {}; the header has {}",
                file.display(),
                names.join(" or "),
                self.header.join(", ")
            ),
        }
    }

    /// The same, where the column may be missing.
    pub fn find(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.header.iter().position(|column| column == name))
    }

    /// The lines below the header.
    pub fn lines(&self) -> &[Vec<String>] {
        &self.lines
    }
}

/// The labelled messages of `file`.
pub(in crate::command) fn read(file: &Path, faq: &Faq) -> anyhow::Result<Vec<Row>> {
    let table = Table::read(file)?;
    let expect = table.column(&["expect"], file)?;
    let text = table.column(&["query", "text"], file)?;
    let style = table.find(&["style"]);
    let cell = |line: &[String], at: usize| line.get(at).cloned().unwrap_or_default();
    let mut rows = Vec::new();
    for (at, line) in table.lines().iter().enumerate() {
        let place = format!("{}:{}", file.display(), at + 2);
        let (mut right, mut none) = (Vec::new(), false);
        for label in cell(line, expect).split('|') {
            if label == "none" {
                none = true;
                continue;
            }
            match label.parse::<EntryId>() {
                Ok(id) if faq.entry(&id).is_some() => right.push(id),
                _ => bail!("{place}: “{label}” is neither an entry nor none"),
            }
        }
        none &= !right.is_empty();
        let style = style.map(|at| cell(line, at)).unwrap_or_default();
        rows.push(Row { right, none, style, text: cell(line, text) });
    }
    if rows.is_empty() {
        bail!("{}: there are no questions below the header", file.display());
    }
    Ok(rows)
}
