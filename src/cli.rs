//! The command line: what `clap` parses, and the way from there to a command.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::command::{Ending, UNUSABLE, serve};
use crate::config::Config;
use crate::telemetry;

/// Answers beginners' questions about freelancing from one Bengali guide.
#[derive(Debug, Parser)]
#[command(name = "uttor", version, about, after_help = EXAMPLES)]
pub struct Cli {
    /// Folder of the content [default: FAQ_DIR, or faq in the working folder, or the content compiled in]
    #[arg(long, global = true, value_name = "DIR")]
    faq: Option<PathBuf>,

    #[command(subcommand)]
    command: Option<Command>,
}

const EXAMPLES: &str = "\
Examples:
  uttor                             serve the chat page at http://127.0.0.1:8080/
  LISTEN=127.0.0.1:9000 uttor       at another port
  uttor --faq my-faq serve          with content of your own

Settings come from the environment and from .env in the working folder; .env.example lists them all.
Results go to standard output, logs to standard error.
Exit codes: 0 done, 1 the thing checked falls short, 2 wrong usage, configuration or content.";

/// What is to be done; without a command, `serve`.
#[derive(Debug, Subcommand)]
enum Command {
    /// Start the web server and every channel that is configured (the default)
    Serve(serve::Args),
}

impl Command {
    fn run(self, config: &Config) -> Ending {
        match self {
            Self::Serve(args) => serve::run(args, config),
        }
    }
}

/// Parses the arguments and runs the command.
pub fn main() -> ExitCode {
    run(Cli::parse()).unwrap_or_else(|error| {
        // A line for each thing that is wrong, with nothing before its place, so that an editor can jump there.
        let _unread = writeln!(std::io::stderr(), "{error:#}");
        ExitCode::from(UNUSABLE)
    })
}

fn run(cli: Cli) -> Ending {
    let mut config = Config::from_env()?;
    if cli.faq.is_some() {
        config.faq_dir = cli.faq;
    }
    telemetry::start_logs(&config.log)?;
    cli.command.unwrap_or(Command::Serve(serve::Args {})).run(&config)
}
