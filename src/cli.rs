//! The command line: what `clap` parses, and the way from there to a command.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::command::{
    Ending, UNUSABLE, ask, backup, chat, check, console, doctor, eval, export, import, messenger, new,
    restore, serve, stats, teach, teachings, telegram, unanswered, undo,
};
use crate::config::Config;
use crate::telemetry;

/// Answers people's questions from one guide.
#[derive(Debug, Parser)]
#[command(name = "uttor", version, about, after_help = EXAMPLES)]
pub struct Cli {
    /// Folder of the content [default: `FAQ_DIR`, or faq in the working folder, or the content compiled in]
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
  uttor ask কীভাবে শুরু করব?          one answer, here in the terminal

Settings come from the environment and from .env in the working folder; .env.example lists them all.
Results go to standard output, logs to standard error.
Exit codes: 0 done, 1 the thing checked falls short, 2 wrong usage, configuration or content.";

/// What is to be done; without a command, `serve`.
#[derive(Debug, Subcommand)]
enum Command {
    /// Start the web server and every channel that is configured (the default)
    Serve(serve::Args),
    /// Answer one question, or each line of standard input
    Ask(ask::Args),
    /// Talk with the bot in the terminal
    Chat(chat::Args),
    /// Check the content for mistakes
    Check(check::Args),
    /// Start a guide of your own: a folder that passes the check and answers
    New(new::Args),
    /// Make entries of articles, pages, sheets and documents
    Import(import::Args),
    /// Measure the matcher on labelled questions
    Eval(eval::Args),
    /// Set, show or delete the webhook at Telegram, or check the bot there
    Telegram(telegram::Args),
    /// Set up the Page and its webhook, or check that set-up
    Messenger(messenger::Args),
    /// List unanswered questions
    Unanswered(unanswered::Args),
    /// Teach phrasings, entries and counter-examples
    Teach(teach::Args),
    /// List what was taught
    Teachings(teachings::Args),
    /// Undo a teaching
    Undo(undo::Args),
    /// Write the content together with what was taught, for review
    Export(export::Args),
    /// Show statistics: messages, entries, judgements
    Stats(stats::Args),
    /// Make a link into the console at /admin
    Console(console::Args),
    /// Write the whole store to a file
    Backup(backup::Args),
    /// Replace the store's content by a backup
    Restore(restore::Args),
    /// Check settings, content and store
    Doctor(doctor::Args),
}

impl Command {
    fn run(self, config: &Config) -> Ending {
        match self {
            Self::Serve(args) => serve::run(args, config),
            Self::Ask(args) => ask::run(&args, config),
            Self::Chat(args) => chat::run(&args, config),
            Self::Check(args) => check::run(&args, config),
            Self::New(args) => new::run(&args),
            Self::Import(args) => import::run(&args),
            Self::Eval(args) => eval::run(&args, config),
            Self::Telegram(args) => telegram::run(&args, config),
            Self::Messenger(args) => messenger::run(&args, config),
            Self::Unanswered(args) => unanswered::run(&args, config),
            Self::Teach(args) => teach::run(&args, config),
            Self::Teachings(args) => teachings::run(&args, config),
            Self::Undo(args) => undo::run(&args, config),
            Self::Export(args) => export::run(&args, config),
            Self::Stats(args) => stats::run(&args, config),
            Self::Console(args) => console::run(&args, config),
            Self::Backup(args) => backup::run(&args, config),
            Self::Restore(args) => restore::run(&args, config),
            Self::Doctor(args) => doctor::run(&args, config),
        }
    }
}

/// Parses the arguments and runs the command.
pub fn main() -> ExitCode {
    run(Cli::parse()).unwrap_or_else(|error| {
        if is_closed_pipe(&error) {
            return ExitCode::SUCCESS;
        }
        // A line for each problem, which begins with its place, so that an editor can jump there. A closed standard error
        // leaves nobody to tell.
        writeln!(io::stderr(), "{error:#}").ok();
        ExitCode::from(UNUSABLE)
    })
}

fn run(cli: Cli) -> Ending {
    let mut config = match Config::from_env() {
        Err(error) if matches!(cli.command, Some(Command::Doctor(_))) => return doctor::unreadable(&error),
        config => config?,
    };
    if cli.faq.is_some() {
        config.faq_dir = cli.faq;
    }
    telemetry::start_logs(&config.log)?;
    cli.command.unwrap_or(Command::Serve(serve::Args {})).run(&config)
}

/// The reader of the output has closed it, as in `uttor ask < questions | head -1`.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
