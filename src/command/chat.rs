//! `uttor chat`: a conversation in the terminal; buttons are pressed by typing their number.

use std::io::{self, IsTerminal as _, StdinLock, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use rustyline::error::ReadlineError;
use rustyline::{Config as Editing, DefaultEditor};

use super::Ending;
use super::desk::Taught;
use crate::channel::terminal::{Lines, Style, pressed, render};
use crate::config::Config;
use crate::memory::Memory;
use crate::message::{Content, ConversationId, Message, PersonId, Place};
use crate::reply::Reply;
use crate::responder::Responder;
use crate::text::normalize;

/// What `chat` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    taught: Taught,
}

/// What ends the conversation, beside the end of the input and Ctrl-C.
const ENDS: [&str; 3] = ["exit", "quit", "/quit"];

/// Answers until the input ends, or Ctrl-C.
///
/// # Errors
/// The content cannot be used, or the terminal cannot be read.
pub fn run(args: &Args, config: &Config) -> Ending {
    let memory = Arc::new(Memory::alone());
    let library = super::library(config)?;
    let runtime = super::runtime()?;
    args.taught.apply(&library, &runtime, config)?;
    let faq = Arc::clone(&library.current().faq);
    let responder = Responder::new(library, config.links(config.listen), memory);
    let style = Style::of_stdout();
    let mut out = io::stdout().lock();
    let mut person = Person::new(format!("{} ", faq.wording.terminal_you()))?;
    if matches!(person, Person::Typing(..)) {
        writeln!(out, "{}\n", faq.wording.terminal_hello(&faq.guide.subject))?;
    }
    let mut last = Reply::silent();
    while let Some(line) = person.line()? {
        if line.trim().is_empty() {
            continue;
        }
        if ENDS.contains(&line.trim()) {
            break;
        }
        let content = match pressed(&line, &last) {
            Some(payload) => Content::Press(payload),
            None => Content::Text(normalize::question(&line).to_owned()),
        };
        let message = Message {
            conversation: ConversationId::new("chat", "terminal"),
            person: PersonId::new("chat", "terminal"),
            group: None,
            place: Place::Private,
            may_be_kept: true,
            hidden: Vec::new(),
            guide_first: false,
            content,
        };
        last = runtime.block_on(responder.respond(&message)).reply;
        writeln!(out, "{}", render(&last, style))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The source of standard input.
enum Person {
    /// A terminal, with a prompt and a history.
    Typing(Box<DefaultEditor>, String),
    /// A pipe or a file.
    Piped(Lines<StdinLock<'static>>),
}

impl Person {
    fn new(prompt: String) -> anyhow::Result<Self> {
        if !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
            return Ok(Self::Piped(Lines::new(io::stdin().lock())));
        }
        let editing = Editing::builder().auto_add_history(true).build();
        let editor = DefaultEditor::with_config(editing).context("the terminal cannot be read")?;
        Ok(Self::Typing(Box::new(editor), prompt))
    }

    /// The next line; none at the end.
    fn line(&mut self) -> anyhow::Result<Option<String>> {
        match self {
            Self::Piped(lines) => lines.next().transpose().context("standard input cannot be read"),
            Self::Typing(editor, prompt) => match editor.readline(prompt) {
                Ok(line) => Ok(Some(line)),
                Err(ReadlineError::Eof | ReadlineError::Interrupted) => Ok(None),
                Err(error) => Err(error).context("the terminal cannot be read"),
            },
        }
    }
}
