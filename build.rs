//! Compiles `faq/` in, so that the program answers without a folder beside it, and a digest of all code that what is
//! learned depends on.

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("faq");
    // A folder: a file that is added, changed or removed in it builds this anew.
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files: Vec<PathBuf> =
        fs::read_dir(&folder)?.map(|file| Ok(file?.path())).collect::<Result<_, std::io::Error>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    let mut list = "&[\n".to_owned();
    for file in &files {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        writeln!(list, "    ({name:?}, include_str!({:?})),", file.display().to_string())?;
    }
    list.push_str("]\n");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("faq.rs"), list)?;
    let mut hasher = DefaultHasher::new();
    for part in LEARNER {
        digest(Path::new(part), &mut hasher)?;
        println!("cargo::rerun-if-changed={part}");
    }
    fs::write(out.join("learner.rs"), format!("\"{:016x}\"", hasher.finish()))?;
    Ok(())
}

/// What decides what is learned of a content, and how it is written down.
const LEARNER: [&str; 10] = [
    "Cargo.lock",
    "src/id.rs",
    "src/text.rs",
    "src/text",
    "src/faq.rs",
    "src/faq",
    "src/matcher.rs",
    "src/matcher",
    "src/wording.rs",
    "src/wording",
];

fn digest(path: &Path, hasher: &mut DefaultHasher) -> io::Result<()> {
    if path.is_dir() {
        let mut inside: Vec<PathBuf> =
            fs::read_dir(path)?.map(|file| Ok(file?.path())).collect::<io::Result<_>>()?;
        inside.sort();
        return inside.iter().try_for_each(|path| digest(path, hasher));
    }
    path.hash(hasher);
    fs::read(path)?.hash(hasher);
    Ok(())
}
