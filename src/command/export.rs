//! `uttor export`: the content's files with what was taught for all, and the changes as a diff, for review.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Args as Arguments;

use super::desk;
use super::{Ending, print};
use crate::config::Config;
use crate::learning::export::{Export, diff};
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
    let (runtime, store) = desk::store(config)?;
    let export = Export::new(&source, &runtime.block_on(store.teachings_of(&Scope::Base))?)?;
    write(&args.to, &export.changed).with_context(|| args.to.display().to_string())?;
    print(&diff(&export).trim_end_matches('\n'))?;
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
