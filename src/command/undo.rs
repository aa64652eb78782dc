//! `uttor undo`: undoes a teaching.

use std::process::ExitCode;

use anyhow::bail;
use clap::Args as Arguments;

use super::desk;
use super::{Ending, print};
use crate::config::Config;
use crate::store::{Author, TeachingId, Undo};

/// What `undo` takes.
#[derive(Debug, Arguments)]
#[command(after_help = AFTER)]
pub struct Args {
    /// The number of a teaching, as `uttor teachings` shows it
    #[arg(value_name = "NUMBER")]
    number: i64,
}

const AFTER: &str = "\
The questions that the teaching had answered are unanswered again. A running bot applies it within seconds.

Example:
  uttor undo 7";

/// Undoes it.
///
/// # Errors
/// There is no such teaching, or the store cannot be used.
pub fn run(args: &Args, config: &Config) -> Ending {
    let (runtime, store) = desk::store(config)?;
    let id = TeachingId(args.number);
    match runtime.block_on(store.undo(id, &Author::terminal(), desk::now()?))? {
        Undo::Done => print(&format_args!("teaching {} is undone", id.0))?,
        Undo::Already => print(&format_args!("teaching {} was undone before", id.0))?,
        Undo::Unknown => bail!("{}: there is no such teaching; `uttor teachings --all` lists them", id.0),
    }
    Ok(ExitCode::SUCCESS)
}
