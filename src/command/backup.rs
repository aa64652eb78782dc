//! `uttor backup`: the whole store in one file, while the bot runs.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args as Arguments;

use super::{Ending, desk, print};
use crate::config::Config;

/// What `backup` takes.
#[derive(Debug, Arguments)]
#[command(after_help = AFTER)]
pub struct Args {
    /// Where to write; an existing file is replaced once the new one is complete
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

const AFTER: &str = "\
The file holds the key of the hashes that stand for people: keep it as safe as the store. It can be restored into
SQLite and PostgreSQL alike.

Example:
  uttor backup uttor-backup.jsonl";

/// Writes the file.
///
/// # Errors
/// The store cannot be read or the file not written; an existing file stays as it was.
pub fn run(args: &Args, config: &Config) -> Ending {
    let (runtime, store) = desk::store(config)?;
    let written = runtime.block_on(store.backup(&args.file, desk::now()?)).context("backup")?;
    print(&format!("{} rows in {}", written.rows, args.file.display()))?;
    Ok(ExitCode::SUCCESS)
}
