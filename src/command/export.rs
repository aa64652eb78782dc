//! `uttor export`: the content's files with what was taught for all, and the changes as a diff, for review.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Args as Arguments;
use similar::TextDiff;

use super::desk;
use super::{Ending, print};
use crate::app;
use crate::config::Config;
use crate::faq::rewrite::{changes, rewrite};
use crate::learning::additions;
use crate::library::source::{Files, Source};
use crate::store::Scope;

/// What `export` takes.
#[derive(Debug, Arguments)]
#[command(after_help = AFTER)]
pub struct Args {
    /// A folder for the changed files; it must be new or empty
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
}

const AFTER: &str = "\
Comments and order of the files stay. What one group was taught is left out; `uttor teach promote` makes it
hold for all. What faq/ already holds is not exported twice.

Examples:
  uttor export --to review > review.diff
  uttor check --faq review
  patch -p1 -d faq < review.diff";

/// Writes the copies, and prints the changes.
///
/// # Errors
/// The store or the content cannot be used, or the folder cannot be written.
pub fn run(args: &Args, config: &Config) -> Ending {
    check(&args.to)?;
    let source = Source::choose(config.faq_dir.clone());
    let files = source.files().map_err(|findings| app::lines(&findings))?;
    let guide = source.parse(&files).map_err(|findings| app::lines(&findings))?;
    let (runtime, store) = desk::store(config)?;
    let mut taught = guide.with(&additions(&runtime.block_on(store.teachings_of(&Scope::Base))?));
    // A related entry may have been undone since.
    let known: Vec<_> = taught.entries.iter().map(|entry| entry.id.clone()).collect();
    for entry in &mut taught.entries {
        entry.related.retain(|id| known.contains(id));
    }
    let changed = rewrite(&files, &taught)?;
    let folder = Source::Folder(args.to.clone());
    folder.parse(&changed).map_err(|findings| app::lines(&findings)).context(
        "what was taught does not go together with the content; nothing was written. Undo what is named, or edit it",
    )?;
    write(&args.to, &changed).with_context(|| args.to.display().to_string())?;
    diff(&files, &changed)?;
    Ok(ExitCode::SUCCESS)
}

/// Refuses a folder that holds anything.
fn check(folder: &Path) -> anyhow::Result<()> {
    match fs::read_dir(folder).map(|mut items| items.next().is_some()) {
        Ok(true) => {
            bail!("{}: the folder is not empty; name a new one", folder.display())
        }
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            bail!("{}: cannot be read ({error}); name a new folder", folder.display())
        }
        _ => Ok(()),
    }
}

fn write(folder: &Path, files: &Files) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    files.iter().try_for_each(|(name, text)| fs::write(folder.join(name), text))
}

fn diff(old: &Files, new: &Files) -> std::io::Result<()> {
    for (name, before, after) in changes(old, new) {
        let from = if before.is_some() { format!("a/{name}") } else { "/dev/null".to_owned() };
        let diff = TextDiff::from_lines(before.unwrap_or_default(), after);
        let mut unified = diff.unified_diff();
        print(&unified.header(&from, &format!("b/{name}")).to_string().trim_end_matches('\n'))?;
    }
    Ok(())
}
