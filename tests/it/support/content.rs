//! A small `faq/` about tea, and copies of it to spoil.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// The folder of the content about tea.
pub fn tea() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/tea")
}

/// A copy of it in a folder of its own, removed in the end.
pub struct Copy {
    folder: TempDir,
}

impl Copy {
    pub fn new() -> Self {
        let folder = TempDir::new().unwrap();
        for file in fs::read_dir(tea()).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
        }
        Self { folder }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Puts `new` in the place of `old`, which stands in the file `name`.
    pub fn replace(&self, name: &str, old: &str, new: &str) {
        let path = self.folder.path().join(name);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(old), "{name} holds no {old}");
        fs::write(path, text.replacen(old, new, 1)).unwrap();
    }

    /// Writes the file `name`.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.folder.path().join(name), content).unwrap();
    }
}
