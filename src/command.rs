//! The commands, one file each: `Args` says what it takes, `run` does it and says how it ended.

pub mod ask;
pub mod chat;
pub mod check;
pub mod eval;
pub mod import;
pub mod place;
pub mod progress;
pub mod serve;

use std::process::ExitCode;
use std::sync::Arc;

use crate::app;
use crate::config::Config;
use crate::faq::Faq;
use crate::library::Library;
use crate::library::source::Source;

/// The thing checked falls short.
pub const FALLS_SHORT: u8 = 1;

/// Wrong usage or configuration, or content that does not load; every error that a command returns ends so.
pub const UNUSABLE: u8 = 2;

/// How a command ends: an exit code, or what kept it from doing its work, place, value and remedy.
pub type Ending = anyhow::Result<ExitCode>;

/// The content of `source`.
///
/// # Errors
/// Content that cannot be used: every finding, a line each.
fn load(source: &Source) -> anyhow::Result<Faq> {
    source.load().map_err(|findings| app::lines(&findings))
}

/// The content that `config` names, learned.
///
/// # Errors
/// See [`load`].
fn library(config: &Config) -> anyhow::Result<Arc<Library>> {
    Ok(Arc::new(Library::new(load(&Source::choose(config.faq_dir.clone()))?)))
}

/// A result, on standard output.
fn print(result: &impl std::fmt::Display) -> std::io::Result<()> {
    use std::io::Write as _;
    writeln!(std::io::stdout(), "{result}")
}
