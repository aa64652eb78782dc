//! The commands, one file each: `Args` holds the arguments, `run` carries it out.

pub mod ask;
pub mod backup;
pub mod chat;
pub mod check;
pub mod console;
pub mod desk;
pub mod doctor;
pub mod eval;
pub mod export;
pub mod folder;
pub mod import;
pub mod messenger;
pub mod new;
pub mod place;
pub mod progress;
pub mod restore;
pub mod serve;
pub mod stats;
pub mod teach;
pub mod teachings;
pub mod telegram;
pub mod unanswered;
pub mod undo;

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use secrecy::ExposeSecret as _;
use tokio::runtime::{Builder, Runtime};

use crate::app;
use crate::config::Config;
use crate::faq::Faq;
use crate::library::Library;
use crate::library::kept::Kept;
use crate::library::source::Source;

/// The thing checked falls short.
pub const FALLS_SHORT: u8 = 1;

/// Wrong usage or configuration, or content that does not load: the exit code of every error that a command returns.
pub const UNUSABLE: u8 = 2;

/// How a command ends: an exit code, or an error with place, value and remedy.
pub type Ending = anyhow::Result<ExitCode>;

/// The content of `source`.
///
/// # Errors
/// Content that cannot be used: every finding, a line each.
fn load(source: &Source) -> anyhow::Result<Faq> {
    source.load().map_err(|findings| app::lines(&findings))
}

/// The content that `config` names, with a trained matcher.
///
/// # Errors
/// See [`load`].
fn library(config: &Config) -> anyhow::Result<Arc<Library>> {
    let kept = Kept::beside(config.database_url.expose_secret());
    let source = Source::choose(config.faq_dir.clone());
    let content = source.files().and_then(|files| kept.parse(&source, &files));
    Ok(Arc::new(Library::with(content.map_err(|findings| app::lines(&findings))?, kept)))
}

/// Runs the asynchronous part of a command on this thread.
///
/// # Errors
/// The runtime cannot be started.
fn runtime() -> anyhow::Result<Runtime> {
    Builder::new_current_thread().enable_all().build().context("the asynchronous runtime cannot be started")
}

/// A result, on standard output.
fn print(result: &impl std::fmt::Display) -> std::io::Result<()> {
    use std::io::Write as _;
    writeln!(std::io::stdout(), "{result}")
}
