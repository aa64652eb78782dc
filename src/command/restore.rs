//! `uttor restore`: replaces the store's content by a backup, also while the bot runs.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args as Arguments;

use super::desk::{self, ago};
use super::{Ending, print};
use crate::config::Config;

/// What `restore` takes.
#[derive(Debug, Arguments)]
pub struct Args {
    /// What `uttor backup` wrote, from SQLite or PostgreSQL
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Also replace newer data
    #[arg(long)]
    force: bool,
}

/// Replaces the content, and prints how much there is.
///
/// # Errors
/// The file is no backup, incomplete, or older than the store; or the store cannot be written. Then nothing was changed.
pub fn run(args: &Args, config: &Config) -> Ending {
    let (runtime, store) = desk::store(config)?;
    let restored = runtime.block_on(store.restore(&args.file, args.force)).context("restore")?;
    let age = ago(restored.made_at, desk::now()?);
    print(&format!("{} rows restored, backed up {age}", restored.rows))?;
    Ok(ExitCode::SUCCESS)
}
