//! Saving an entry into the content's folder; comments and order of the files stay.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::task::spawn_blocking;

use super::Console;
use super::visitor::Visitor;
use crate::faq::Entry;
use crate::faq::overlay::spelled;
use crate::faq::rewrite::rewrite;
use crate::learning::{Proposal, Refusal, additions};
use crate::library::source::{Files, Source};
use crate::memory::Moment;
use crate::store::{Lesson, Scope, Teaching, TeachingId};

/// Where an entry is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the store, as a teaching.
    Store,
    /// In the content's folder.
    Folder,
}

/// It was saved.
pub struct Saved;

/// Why it was not.
pub enum Failure {
    /// The entry cannot be kept as it is, or conflicts.
    Refused(Refusal),
    /// The files cannot be read or written.
    Io(String),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Console {
    /// The content's folder, where it seems to be writable.
    pub(super) fn folder(&self) -> Option<&Path> {
        let Source::Folder(folder) = &self.source else { return None };
        fs::metadata(folder).is_ok_and(|found| !found.permissions().readonly()).then_some(folder)
    }
}

/// Writes the entry of `lesson` into the folder, and puts it in service. What was taught of the entry before
/// and is not in the file now is undone.
pub async fn into_folder(
    console: &Console,
    visitor: &Visitor,
    lesson: &Lesson,
    accepted: bool,
) -> Result<Saved, Failure> {
    let (Lesson::Entry(entry) | Lesson::Edit(entry)) = lesson else { return Ok(Saved) };
    let folder = console.folder().ok_or_else(|| Failure::Io("there is no folder".to_owned()))?.to_owned();
    let (store, learning) =
        (console.store().map_err(Refusal::Store)?, console.learning().map_err(Refusal::Store)?);
    let author = visitor.author.clone();
    let proposal = Proposal {
        scope: Scope::Base,
        lesson: lesson.clone(),
        clusters: Vec::new(),
        author: author.clone(),
        accepted,
    };
    let tidy = learning.check(&proposal).await?;
    let taught = store.teachings_of(&Scope::Base).await.map_err(Refusal::Store)?;
    let own: Vec<TeachingId> = taught.iter().filter(|one| is_over(one, entry)).map(|one| one.id).collect();
    let (source, library) = (console.source.clone(), Arc::clone(&console.library));
    let name = format!("{}.toml", entry.id);
    let file = name.clone();
    spawn_blocking(move || {
        let findings = |findings: Vec<crate::faq::finding::Finding>| {
            findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        };
        let files = source.files().map_err(findings)?;
        let guide = source.parse(&files).map_err(findings)?;
        let mut new = additions(&[]);
        match tidy {
            Lesson::Entry(entry) => new.entry(*entry),
            Lesson::Edit(entry) => new.edit(*entry),
            _ => {}
        }
        let changed = rewrite(&files, &guide.with(&new)).map_err(|error| error.to_string())?;
        let parsed = source.parse(&changed).map_err(findings)?;
        write(&folder, &files, &changed).map_err(|error| format!("{}: {error}", folder.display()))?;
        library.replace(parsed);
        Ok(())
    })
    .await
    .map_err(|error| Failure::Io(error.to_string()))?
    .map_err(Failure::Io)?;
    let now = Moment::now().unix;
    for id in own {
        learning.undo(id, &author, now).await.map_err(Refusal::Store)?;
    }
    store.log(&author, "file", &file, now).await.map_err(Refusal::Store)?;
    super::teach::catch_up(learning).await;
    Ok(Saved)
}

/// Whether a teaching would say something else of `entry` than its file says from now on. Others stay, and the unanswered
/// questions that they answered with them.
fn is_over(teaching: &Teaching, entry: &Entry) -> bool {
    match &teaching.lesson {
        Lesson::Edit(other) => other.id == entry.id,
        Lesson::Phrasing { entry: id, text } => {
            let wanted = spelled(text);
            *id == entry.id && !entry.phrasings.iter().any(|text| spelled(text) == wanted)
        }
        Lesson::Entry(_) | Lesson::CounterExample { .. } | Lesson::Ignore { .. } => false,
    }
}

/// Each changed file is complete or as it was: it is written beside and renamed.
fn write(folder: &Path, old: &Files, new: &Files) -> io::Result<()> {
    for (name, text) in new.iter().filter(|file| !old.contains(file)) {
        let target: PathBuf = folder.join(name);
        // Hidden, so that it is never read as content.
        let part = folder.join(format!(".{name}.part"));
        let mut file = fs::File::create(&part)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        if let Ok(found) = fs::metadata(&target) {
            fs::set_permissions(&part, found.permissions())?;
        }
        fs::rename(&part, &target)?;
    }
    Ok(())
}
