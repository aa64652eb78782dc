//! The commands, one file each: `Args` says what it takes, `run` does it and says how it ended.

pub mod ask;
pub mod chat;
pub mod check;
pub mod import;
pub mod serve;

use std::process::ExitCode;
use std::sync::Arc;

use crate::app;
use crate::config::Config;
use crate::library::Library;
use crate::library::source::Source;

/// The thing checked falls short.
pub const FALLS_SHORT: u8 = 1;

/// Wrong usage or configuration, or content that does not load; every error that a command returns ends so.
pub const UNUSABLE: u8 = 2;

/// How a command ends: an exit code, or what kept it from doing its work, place, value and remedy.
pub type Ending = anyhow::Result<ExitCode>;

/// The content that `config` names.
///
/// # Errors
/// Content that cannot be used: every finding, a line each.
fn library(config: &Config) -> anyhow::Result<Arc<Library>> {
    let faq = Source::choose(config.faq_dir.clone()).load().map_err(|findings| app::lines(&findings))?;
    Ok(Arc::new(Library::new(faq)))
}
