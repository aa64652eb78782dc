//! Where the content comes from: a folder, or what was compiled in.

use std::fs;
use std::path::{Path, PathBuf};

use crate::faq::Faq;
use crate::faq::format::{self, Finding, Severity};

/// `faq/` as it was when the program was built, by file name.
const BUILTIN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/faq.rs"));

/// The folder that is read when no other is named.
const FOLDER: &str = "faq";

/// Files as they were read: name without folder, content.
pub type Files = Vec<(String, String)>;

/// Where the content comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A folder, read again when it changes.
    Folder(PathBuf),
    /// The content compiled in.
    Builtin,
}

impl Source {
    /// The folder `named`; without one `faq` in the working folder if there is such a thing, or else the content
    /// compiled in.
    pub fn choose(named: Option<PathBuf>) -> Self {
        match named {
            Some(folder) => Self::Folder(folder),
            // Not `exists`: a link that leads nowhere is a mistake to be told, not a reason to look elsewhere.
            None if fs::symlink_metadata(FOLDER).is_ok() => Self::Folder(FOLDER.into()),
            None => Self::Builtin,
        }
    }

    /// The content.
    ///
    /// # Errors
    /// Everything that makes it unusable, each with the folder, file and line.
    pub fn load(&self) -> Result<Faq, Vec<Finding>> {
        self.parse(&self.files()?)
    }

    /// The content of `files`, which were read from here.
    ///
    /// # Errors
    /// See [`Source::load`].
    pub fn parse(&self, files: &[(String, String)]) -> Result<Faq, Vec<Finding>> {
        format::parse(files)
            .map_err(|findings| findings.into_iter().map(|finding| self.located(finding)).collect())
    }

    /// The files, sorted by name: every `*.toml` that is not hidden.
    ///
    /// # Errors
    /// A missing, unreadable or empty folder, and each file that cannot be read or is not UTF-8.
    pub fn files(&self) -> Result<Files, Vec<Finding>> {
        match self {
            Self::Folder(folder) => read_folder(folder),
            Self::Builtin => {
                Ok(BUILTIN.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect())
            }
        }
    }

    /// A finding with the folder before its file's name, so that an editor can jump there.
    pub fn located(&self, mut finding: Finding) -> Finding {
        if let Self::Folder(folder) = self {
            finding.file = folder.join(&finding.file).display().to_string();
        }
        finding
    }
}

fn read_folder(folder: &Path) -> Result<Files, Vec<Finding>> {
    let listing = fs::read_dir(folder).map_err(|error| {
        vec![finding(
            folder,
            1,
            format!("cannot be read ({error}); name a folder of *.toml files with --faq or FAQ_DIR"),
        )]
    })?;
    let mut paths = Vec::new();
    for item in listing {
        let path =
            item.map_err(|error| vec![finding(folder, 1, format!("cannot be read ({error})"))])?.path();
        let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if !hidden && path.extension().is_some_and(|extension| extension == "toml") {
            paths.push(path);
        }
    }
    paths.sort();
    if paths.is_empty() {
        return Err(vec![finding(folder, 1, "holds no *.toml file".to_owned())]);
    }
    let mut files = Vec::new();
    let mut findings = Vec::new();
    for path in paths {
        match read_file(&path) {
            Ok(file) => files.push(file),
            Err(finding) => findings.push(finding),
        }
    }
    if findings.is_empty() { Ok(files) } else { Err(findings) }
}

fn read_file(path: &Path) -> Result<(String, String), Finding> {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        return Err(finding(
            path,
            1,
            "the file's name is not valid UTF-8; name it by its entry's id".to_owned(),
        ));
    };
    let bytes = fs::read(path).map_err(|error| finding(path, 1, format!("cannot be read ({error})")))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes().iter().take(valid).filter(|byte| **byte == b'\n').count();
        finding(path, line, "not valid UTF-8; save the file as UTF-8".to_owned())
    })?;
    Ok((name.to_owned(), text))
}

fn finding(path: &Path, line: usize, message: String) -> Finding {
    Finding { file: path.display().to_string(), line, severity: Severity::Error, message }
}

#[cfg(test)]
mod tests {
    use super::Source;

    #[test]
    fn what_is_compiled_in_loads() {
        let faq = Source::Builtin.load();
        assert!(faq.is_ok_and(|faq| !faq.entries.is_empty()));
    }
}
