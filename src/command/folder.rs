//! The folder of a guide that `new` and `import` write: completed, added to, never written over.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::app;
use crate::faq::EntryId;
use crate::faq::format::{self, Severity};
use crate::faq::import::draft::{self, Draft};
use crate::faq::import::report::{self, Report};
use crate::faq::import::{Found, Note};
use crate::faq::starter::{self, Outset};
use crate::library::source::{Files, Source};
use crate::text::normalize::normalize;

/// What is to be written into a folder.
pub struct Plan {
    folder: PathBuf,
    /// The content that is there, or that a new folder begins with.
    files: Files,
    /// Files that are new.
    new: Vec<(String, String)>,
    /// What `guide.toml` was, where it is there.
    old_guide: Option<String>,
    guide: String,
    title: String,
}

/// What became of one source.
pub struct Added {
    /// Each entry with its id.
    pub entries: Vec<(String, Draft)>,
    /// What the folder held already: id and question.
    pub known: Vec<(String, String)>,
    /// What no entry shows.
    pub notes: Vec<Note>,
}

impl Plan {
    /// A plan for `folder`: `outset` says what it is about, where it is no guide yet.
    ///
    /// # Errors
    /// The folder holds content that cannot be read or does not load.
    pub fn new(folder: &Path, outset: impl FnOnce() -> Outset) -> Result<Self> {
        let is_guide = folder.join("guide.toml").exists();
        let files = if is_guide {
            let source = Source::Folder(folder.to_owned());
            let files = source.files().map_err(|findings| app::lines(&findings))?;
            source
                .parse(&files)
                .map_err(|findings| app::lines(&findings))
                .context("the folder's content does not load, so that nothing can be added; mend it first")?;
            files
        } else {
            Vec::new()
        };
        let guide = files.iter().find(|(name, _)| name == "guide.toml").map(|(_, text)| text.clone());
        if let Some(guide) = guide {
            let title = format::parse(&files).map(|faq| faq.guide.title).unwrap_or_default();
            return Ok(Self {
                folder: folder.to_owned(),
                files,
                new: Vec::new(),
                old_guide: Some(guide.clone()),
                guide,
                title,
            });
        }
        let outset = outset();
        let mut new = starter::files(&outset);
        let guide = new.remove(0).1;
        let files = new.clone();
        Ok(Self { folder: folder.to_owned(), files, new, old_guide: None, guide, title: outset.title })
    }

    /// Adds an entry that is written already.
    ///
    /// # Errors
    /// `guide.toml` is no TOML.
    pub fn entry(&mut self, (name, text): (String, String)) -> Result<()> {
        self.guide = starter::with_order(&self.guide, &[name.trim_end_matches(".toml")])?;
        self.files.push((name.clone(), text.clone()));
        self.new.push((name, text));
        Ok(())
    }

    /// Adds what was found in a source. What would keep the content from loading is held back as a draft.
    ///
    /// # Errors
    /// `guide.toml` is no TOML.
    pub fn add(&mut self, found: Found) -> Result<Added> {
        let mut known = Vec::new();
        let mut fresh: Vec<Draft> = Vec::new();
        let there = self.questions();
        let name = |question: &str| normalize(question).trim_end_matches('?').to_owned();
        for mut draft in found.drafts {
            let same = there
                .iter()
                .find(|(_, question, _)| *question == name(&draft.question) && !question.is_empty());
            match same {
                Some((id, _, answer)) if *answer == normalize(&draft.answer) => {
                    known.push((id.clone(), draft.question));
                }
                Some((id, ..)) => {
                    draft
                        .review
                        .push(format!("{id}.toml asks the same and answers otherwise; keep one of both"));
                    draft.conflict = true;
                    fresh.push(draft);
                }
                None => fresh.push(draft),
            }
        }
        let taken: Vec<EntryId> =
            self.files.iter().filter_map(|(name, _)| name.strip_suffix(".toml")?.parse().ok()).collect();
        let first =
            1 + taken.iter().filter_map(|id| id.as_str().split('-').next()?.parse().ok()).max().unwrap_or(0);
        let mut files = draft::files(&fresh, first, &taken);
        // Each round holds back what the one before found wrong; a few meet in one another.
        for _ in 0..4 {
            let ids: Vec<&str> = files.iter().map(|file| file.id.as_str()).collect();
            let mut all: Files =
                self.files.iter().filter(|(name, _)| name != "guide.toml").cloned().collect();
            all.push(("guide.toml".to_owned(), starter::with_order(&self.guide, &ids)?));
            all.extend(files.iter().map(|file| (format!("{}.toml", file.id), file.text.clone())));
            let findings = format::read(&all).findings;
            let mut changed = false;
            for (file, draft) in files.iter().zip(&mut fresh) {
                let own = format!("{}.toml", file.id);
                let wrong = findings
                    .iter()
                    .filter(|finding| finding.severity == Severity::Error && finding.file == own);
                let wrong: Vec<String> = wrong.map(|finding| finding.message.clone()).collect();
                if !wrong.is_empty() && !draft.is_held_back() {
                    draft.review.extend(wrong);
                    draft.conflict = true;
                    changed = true;
                }
            }
            if !changed {
                break;
            }
            files = draft::files(&fresh, first, &taken);
        }
        let ids: Vec<&str> = files.iter().map(|file| file.id.as_str()).collect();
        self.guide = starter::with_order(&self.guide, &ids)?;
        let mut entries = Vec::new();
        for (file, draft) in files.into_iter().zip(fresh) {
            let name = format!("{}.toml", file.id);
            self.files.push((name.clone(), file.text.clone()));
            self.new.push((name, file.text));
            entries.push((file.id, draft));
        }
        Ok(Added { entries, known, notes: found.notes })
    }

    /// Id, question and answer of every entry that is there.
    fn questions(&self) -> Vec<(String, String, String)> {
        let mut all = Vec::new();
        for (name, text) in &self.files {
            let Some(id) = name.strip_suffix(".toml") else { continue };
            let Ok(table) = text.parse::<toml::Table>() else { continue };
            let text = |key: &str| table.get(key).and_then(toml::Value::as_str).map(str::to_owned);
            if let Some((question, answer)) = text("question").zip(text("answer")) {
                let question = normalize(&question).trim_end_matches('?').to_owned();
                all.push((id.to_owned(), question, normalize(&answer)));
            }
        }
        all
    }

    /// Writes everything or nothing, and completes the folder: `guide.toml`, small talk, README, `IMPORT.md`.
    ///
    /// # Errors
    /// The folder cannot be written, or holds one of the files already.
    pub fn write(mut self, reports: &[Report<'_>]) -> Result<()> {
        let folder = self.folder.clone();
        let made = !folder.exists();
        fs::create_dir_all(&folder)
            .with_context(|| format!("the folder {} cannot be made", folder.display()))?;
        if self.old_guide.is_none() {
            self.new.push(("guide.toml".to_owned(), self.guide.clone()));
            if !folder.join("README.md").exists() {
                let shown = folder.display().to_string();
                self.new.push(("README.md".to_owned(), starter::readme(&self.title, &shown)));
            }
        }
        self.create(made)?;
        if self.old_guide.as_ref().is_some_and(|old| *old != self.guide) {
            replace(&folder.join("guide.toml"), &self.guide)?;
        }
        if !reports.is_empty() {
            let path = folder.join("IMPORT.md");
            let mut text = fs::read_to_string(&path).unwrap_or_else(|_| report::OPENING.to_owned());
            for report in reports {
                text.extend([&report.markdown(), "\n"]);
            }
            replace(&path, &text)?;
        }
        Ok(())
    }

    /// Creates all of the new files or none.
    fn create(&self, made: bool) -> Result<()> {
        let mut written: Vec<PathBuf> = Vec::new();
        for (name, text) in &self.new {
            let path = self.folder.join(name);
            // Created only where nothing is: two runs at once cannot write over each other either.
            let result = File::options().write(true).create_new(true).open(&path).and_then(|mut file| {
                written.push(path.clone());
                file.write_all(text.as_bytes())
            });
            let Err(error) = result else { continue };
            for path in written {
                // What stays behind is told by the next run.
                drop(fs::remove_file(path));
            }
            if made {
                drop(fs::remove_dir(&self.folder));
            }
            if error.kind() == ErrorKind::AlreadyExists {
                bail!("{} is there already; choose another folder or take it away", path.display());
            }
            return Err(error).with_context(|| format!("{} cannot be written", path.display()));
        }
        Ok(())
    }
}

/// Puts `text` in the place of what `path` holds, whole or not at all.
fn replace(path: &Path, text: &str) -> Result<()> {
    let beside = path.with_extension("new");
    fs::write(&beside, text)
        .and_then(|()| fs::rename(&beside, path))
        .with_context(|| format!("{} cannot be written", path.display()))
}
