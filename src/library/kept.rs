//! What was read and learned, kept in files: the next start reads it instead of learning it again.
//!
//! A file's name says of which content and program it is, and its first bytes whether it is whole. What does not fit is
//! thrown away and learned again; a place that cannot be written to costs time, and is no error.

use std::fs;
use std::io::{self, Write as _};
use std::path::{self, Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use hex::encode;
use sha2::{Digest as _, Sha256};

use super::Content;
use super::source::{Files, Source};
use crate::faq::Faq;
use crate::faq::format::Finding;
use crate::matcher::Matcher;
use crate::store;

/// The digest of the code that reads and learns.
const LEARNER: &str = include!(concat!(env!("OUT_DIR"), "/learner.rs"));

/// So many contents are kept, the newest: the guide with and without what was taught, and some before an edit.
const CONTENTS: usize = 4;

/// The folder beside the database.
const FOLDER: &str = "learned";

/// The folder of the default database, which is made where it is not there.
const DEFAULT: &str = "data";

/// Where what was learned is kept.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    folder: Option<PathBuf>,
}

impl Kept {
    /// Keeps nothing.
    pub fn nowhere() -> Self {
        Self::default()
    }

    /// Keeps it beside the database of this address: of an SQLite file in its folder, of another database in `data`.
    pub fn beside(database_url: &str) -> Self {
        match store::folder(database_url) {
            Some(folder) => Self::in_folder(folder.join(FOLDER)),
            None if database_url.starts_with("postgres") => Self::in_folder(Path::new(DEFAULT).join(FOLDER)),
            None => Self::nowhere(),
        }
    }

    /// Keeps it in this folder.
    pub fn in_folder(folder: PathBuf) -> Self {
        Self { folder: Some(folder) }
    }

    /// The content of `files`, which were read from `source`.
    ///
    /// # Errors
    /// See [`Source::load`].
    pub fn parse(&self, source: &Source, files: &Files) -> Result<Faq, Vec<Finding>> {
        let Some(folder) = &self.folder else { return source.parse(files) };
        let mut digest = digest();
        for (name, text) in files {
            digest.update(name.len().to_le_bytes());
            digest.update(name);
            digest.update(text.len().to_le_bytes());
            digest.update(text);
        }
        let path = folder.join(format!("{}.faq", encode(digest.finalize())));
        if let Some(faq) = read(&path, |bytes| serde_json::from_slice(bytes).ok()) {
            return Ok(faq);
        }
        let faq = source.parse(files)?;
        if let Ok(bytes) = serde_json::to_vec(&faq) {
            write(folder, &path, &bytes);
        }
        Ok(faq)
    }

    /// The content of `faq`, with what was learned of it.
    pub fn learn(&self, faq: impl Into<Arc<Faq>>) -> Content {
        let faq = faq.into();
        let written = self.folder.as_ref().and_then(|folder| Some((folder, serde_json::to_vec(&*faq).ok()?)));
        let Some((folder, written)) = written else { return Content::learn(faq) };
        let path = folder.join(format!("{}.matcher", encode(digest().chain_update(written).finalize())));
        if let Some(matcher) = read(&path, |bytes| postcard::from_bytes::<Matcher>(bytes).ok()) {
            return Content { faq, matcher };
        }
        let content = Content::learn(faq);
        if let Ok(bytes) = postcard::to_allocvec(&content.matcher) {
            write(folder, &path, &bytes);
        }
        content
    }
}

fn digest() -> Sha256 {
    Sha256::new().chain_update(LEARNER)
}

/// What `path` holds behind the digest of it; a file that is damaged, or cannot be understood, is deleted.
fn read<T>(path: &Path, understand: impl Fn(&[u8]) -> Option<T>) -> Option<T> {
    let bytes = fs::read(path).ok()?;
    let whole = bytes.split_first_chunk().filter(|(sum, rest)| Sha256::digest(rest)[..] == sum[..]);
    let whole: Option<(&[u8; 32], &[u8])> = whole;
    let understood = whole.and_then(|(_, rest)| understand(rest));
    if understood.is_none() {
        tracing::warn!("{} is damaged and is learned again", path.display());
        forget(path);
    }
    understood
}

/// Writes a file as a whole or not at all, and deletes the oldest of its kind.
fn write(folder: &Path, path: &Path, bytes: &[u8]) {
    let written = make(folder).and_then(|()| {
        // Of its own for each process: several may start at once.
        let unfinished = path.with_extension(format!("{}.tmp", std::process::id()));
        let written = fs::File::create(&unfinished).and_then(|mut file| {
            file.write_all(&Sha256::digest(bytes))?;
            file.write_all(bytes)?;
            drop(file);
            fs::rename(&unfinished, path)
        });
        if written.is_err() {
            forget(&unfinished);
        }
        written
    });
    match written {
        Ok(()) => forget_oldest(folder, path),
        Err(error) => tracing::debug!("{}: what was learned is not kept ({error})", path.display()),
    }
}

/// Makes the folder; the one that it stands in only where that is the default one.
fn make(folder: &Path) -> io::Result<()> {
    let is_default = |parent| path::absolute(parent).ok() == path::absolute(DEFAULT).ok();
    if folder.parent().is_some_and(is_default) {
        return fs::create_dir_all(folder);
    }
    match fs::create_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

fn forget_oldest(folder: &Path, newest: &Path) {
    let Ok(files) = fs::read_dir(folder) else { return };
    let mut kept: Vec<(SystemTime, PathBuf)> = files
        .filter_map(|file| {
            let file = file.ok()?;
            let is_alike = file.path().extension() == newest.extension();
            is_alike.then_some((file.metadata().ok()?.modified().ok()?, file.path()))
        })
        .collect();
    kept.sort();
    let superfluous = kept.len().saturating_sub(CONTENTS);
    kept.iter().take(superfluous).for_each(|(_, path)| forget(path));
}

fn forget(path: &Path) {
    if let Err(error) = fs::remove_file(path)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::debug!("{} cannot be deleted ({error})", path.display());
    }
}
