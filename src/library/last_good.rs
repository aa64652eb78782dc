//! The last content that could be used, kept beside the database: a restart with a broken `faq/` serves it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::source::{Files, Source};

/// Where it is kept.
#[derive(Clone, Debug)]
pub struct LastGood {
    path: PathBuf,
}

impl LastGood {
    /// In the database's `folder`.
    pub fn beside(folder: &Path) -> Self {
        Self { path: folder.join("last-good-faq.json") }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Keeps these files, which could be used, in place of what was kept before. A failure is logged: it takes nothing from
    /// those who ask.
    pub fn keep(&self, files: &Files) {
        if let Err(error) = self.try_keep(files) {
            tracing::warn!(
                "{}: the content was not kept for a restart ({error}); make the folder writable",
                self.path.display()
            );
        }
    }

    /// Keeps what `source` holds now, if it can be used.
    pub fn keep_from(&self, source: &Source) {
        if let Ok(files) = source.files()
            && source.parse(&files).is_ok()
        {
            self.keep(&files);
        }
    }

    fn try_keep(&self, files: &Files) -> io::Result<()> {
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        // Never half of it in place, even when the power fails.
        let new = self.path.with_extension("new");
        fs::write(&new, serde_json::to_vec(files)?)?;
        fs::rename(new, &self.path)
    }

    /// What was kept; none where nothing was, or what is there cannot be read.
    pub fn files(&self) -> Option<Files> {
        serde_json::from_slice(&fs::read(&self.path).ok()?).ok()
    }
}
