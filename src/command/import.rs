//! `uttor import FILE --to DIR`: drafts of entries from an article or a table, one file each, for a person to review.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

use super::Ending;
use crate::faq::import::{self, Draft, ImportError, MAX_BYTES, draft};

/// What `import` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Article (text, Markdown, HTML), or table (CSV, TSV) with the columns "question" and "answer"
    file: PathBuf,
    /// Folder for the new entries; nothing in it is written over
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
}

/// Writes the entries and lists them.
///
/// # Errors
///
/// A file that cannot be read or makes no entry, a folder that cannot be written or holds one of the files already:
/// then nothing is written.
pub fn run(args: &Args) -> Ending {
    let name = args.file.display();
    let bytes = read(&args.file).with_context(|| format!("{name} makes no entries"))?;
    let drafts =
        import::drafts(&name.to_string(), &bytes).with_context(|| format!("{name} makes no entries"))?;
    let files: Vec<(PathBuf, String)> =
        draft::files(&drafts).into_iter().map(|(name, text)| (args.to.join(name), text)).collect();
    write(&args.to, &files).context("nothing was written")?;
    let mut out = io::stdout().lock();
    for ((path, _), draft) in files.iter().zip(&drafts) {
        writeln!(out, "{}: {}{}", path.display(), draft.question, remark(draft))?;
    }
    let review = drafts.iter().filter(|draft| !draft.review.is_empty() || draft.length().is_some()).count();
    writeln!(out, "{} entries, {review} marked “# review:”", drafts.len())?;
    Ok(ExitCode::SUCCESS)
}

fn remark(draft: &Draft) -> String {
    let remarks: Vec<String> = draft.review.iter().cloned().chain(draft.length()).collect();
    if remarks.is_empty() { String::new() } else { format!(" (review: {})", remarks.join("; ")) }
}

fn read(file: &Path) -> Result<Vec<u8>> {
    let about = fs::metadata(file)?;
    if about.is_dir() {
        bail!("it is a folder");
    }
    if about.len() > MAX_BYTES {
        return Err(ImportError::TooBig(about.len()).into());
    }
    // Devices and pipes say nothing of their length.
    let mut bytes = Vec::new();
    File::open(file)?.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Writes all of `files` or none.
fn write(folder: &Path, files: &[(PathBuf, String)]) -> Result<()> {
    let made = !folder.exists();
    fs::create_dir_all(folder).with_context(|| format!("the folder {} cannot be made", folder.display()))?;
    let mut written: Vec<&PathBuf> = Vec::new();
    for (path, text) in files {
        // Created only where nothing is: two runs at once cannot write over each other either.
        let result = File::options().write(true).create_new(true).open(path).and_then(|mut file| {
            written.push(path);
            file.write_all(text.as_bytes())
        });
        let Err(error) = result else { continue };
        for path in written {
            let _ = fs::remove_file(path);
        }
        if made {
            let _ = fs::remove_dir(folder);
        }
        if error.kind() == ErrorKind::AlreadyExists {
            bail!("{} is there already; choose another folder or take it away", path.display());
        }
        return Err(error).with_context(|| format!("{} cannot be written", path.display()));
    }
    Ok(())
}
