//! A new entry as it is given to `uttor teach entry`: a file, or flags.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use serde::Deserialize;

use super::How;
use crate::faq::{Entry, EntryId};

/// What `teach entry` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The entry as a file of faq/; its name is the id
    #[arg(value_name = "FILE.toml", required_unless_present = "id")]
    file: Option<PathBuf>,
    /// Without a file: the id
    #[arg(long, conflicts_with = "file", requires_all = ["question", "label", "answer"])]
    id: Option<EntryId>,
    /// The question as it is shown
    #[arg(long, value_name = "TEXT", requires = "id")]
    question: Option<String>,
    /// A short name for buttons
    #[arg(long, value_name = "TEXT", requires = "id")]
    label: Option<String>,
    /// The answer
    #[arg(long, value_name = "TEXT", requires = "id")]
    answer: Option<String>,
    /// The heading in the article
    #[arg(long, value_name = "TEXT", requires = "id")]
    section: Option<String>,
    /// An entry offered below the answer; may be given several times
    #[arg(long, value_name = "ID", requires = "id")]
    related: Vec<EntryId>,
    /// A way to ask it; may be given several times, without any it is the question
    #[arg(long, value_name = "TEXT", requires = "id")]
    phrasing: Vec<String>,
    #[command(flatten)]
    how: How,
}

/// A file of `faq/`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Draft {
    question: String,
    label: String,
    section: Option<String>,
    answer: String,
    #[serde(default)]
    related: Vec<String>,
    phrasings: Vec<String>,
}

impl Args {
    pub(super) fn how(&self) -> &How {
        &self.how
    }

    /// The entry.
    ///
    /// # Errors
    /// The file cannot be read or is no entry.
    pub(super) fn entry(&self) -> anyhow::Result<Entry> {
        match (&self.file, &self.id) {
            (Some(file), _) => read(file),
            (None, Some(id)) => Ok(self.of_flags(id)),
            (None, None) => Err(anyhow!("name a file, or an id with --id")),
        }
    }

    fn of_flags(&self, id: &EntryId) -> Entry {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let phrasings = match self.phrasing.as_slice() {
            [] => vec![text(&self.question)],
            phrasings => phrasings.to_vec(),
        };
        Entry {
            id: id.clone(),
            question: text(&self.question),
            label: text(&self.label),
            section: self.section.clone(),
            answer: text(&self.answer),
            related: self.related.clone(),
            phrasings,
            picture: None,
        }
    }
}

fn read(path: &Path) -> anyhow::Result<Entry> {
    let place = path.display();
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let id: EntryId = stem.parse().map_err(|error| {
        anyhow!("{place}: the file's name is the entry's id, and {stem:?} is none: {error}")
    })?;
    let text = std::fs::read_to_string(path).with_context(|| place.to_string())?;
    let draft: Draft = toml::from_str(&text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let line = 1 + text.bytes().take(start).filter(|byte| *byte == b'\n').count();
        anyhow!("{place}:{line}: error: {}", error.message().trim().replace('\n', ", "))
    })?;
    let related = draft
        .related
        .iter()
        .map(|id| id.parse().map_err(|error| anyhow!("{place}: related: {id:?} is no id: {error}")));
    Ok(Entry {
        id,
        question: draft.question,
        label: draft.label,
        section: draft.section,
        answer: draft.answer,
        related: related.collect::<anyhow::Result<_>>()?,
        phrasings: draft.phrasings,
        picture: None,
    })
}
