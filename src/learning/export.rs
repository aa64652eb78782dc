//! The content's files with what was taught for all.

use similar::TextDiff;

use super::additions;
use crate::faq::finding::Finding;
use crate::faq::rewrite::{Unreadable, changes, rewrite};
use crate::library::source::{Files, Source};
use crate::store::Teaching;

/// The content's files before and after.
pub struct Export {
    /// As they are.
    pub files: Files,
    /// With what was taught.
    pub changed: Files,
}

/// Why there is no export.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The content cannot be read: a line for each mistake.
    #[error("{}", lines(.0))]
    Content(Vec<Finding>),
    /// A file cannot be edited.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// The content with what was taught has mistakes, a line for each.
    #[error(
        "what was taught does not go together with the content; nothing was written. Undo what is named, or edit it\n{}",
        lines(.0)
    )]
    Mismatch(Vec<Finding>),
}

fn lines(findings: &[Finding]) -> String {
    findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

impl Export {
    /// Of the files of `source`, with `taught`, oldest first.
    ///
    /// # Errors
    /// The files cannot be read or edited, or do not go together with what was taught.
    pub fn new(source: &Source, taught: &[Teaching]) -> Result<Self, Failure> {
        let files = source.files().map_err(Failure::Content)?;
        let guide = source.parse(&files).map_err(Failure::Content)?;
        let mut taught = guide.with(&additions(taught));
        // A related entry may have been undone since.
        let known: Vec<_> = taught.entries.iter().map(|entry| entry.id.clone()).collect();
        for entry in &mut taught.entries {
            entry.related.retain(|id| known.contains(id));
        }
        let changed = rewrite(&files, &taught)?;
        source.parse(&changed).map_err(Failure::Mismatch)?;
        Ok(Self { files, changed })
    }
}

/// The changes as a unified diff; empty where there are none.
pub fn diff(export: &Export) -> String {
    let mut text = String::new();
    for (name, before, after) in changes(&export.files, &export.changed) {
        let from = if before.is_some() { format!("a/{name}") } else { "/dev/null".to_owned() };
        let diff = TextDiff::from_lines(before.unwrap_or_default(), after);
        let mut unified = diff.unified_diff();
        text.push_str(unified.header(&from, &format!("b/{name}")).to_string().trim_end_matches('\n'));
        text.push('\n');
    }
    text
}
