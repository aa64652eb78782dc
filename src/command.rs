//! The commands, one file each: `Args` says what it takes, `run` does it and says how it ended.

pub mod serve;

use std::process::ExitCode;

/// The thing checked falls short.
pub const FALLS_SHORT: u8 = 1;

/// Wrong usage or configuration, or content that does not load; every error that a command returns ends so.
pub const UNUSABLE: u8 = 2;

/// How a command ends: an exit code, or what kept it from doing its work, place, value and remedy.
pub type Ending = anyhow::Result<ExitCode>;
