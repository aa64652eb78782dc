//! `uttor ask`: one question, or each line of standard input, answered as a person would see it or as JSON.

use std::ffi::OsString;
use std::io::{self, StdoutLock, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use secrecy::ExposeSecret as _;
use serde::Serialize;
use tokio::runtime::Runtime;

use super::Ending;
use super::desk::{Group, Taught};
use super::place::Where;
use crate::channel::terminal::{Lines, Style, render};
use crate::config::Config;
use crate::matcher::explain::Explanation;
use crate::memory::Memory;
use crate::message::{Content, ConversationId, Message, PersonId};
use crate::reply::record::Record;
use crate::responder::{Responder, Response};
use crate::store::Store;
use crate::text::normalize;

/// What `ask` takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Words of the question; without any, each line of standard input is one
    question: Vec<OsString>,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    /// Where it was said
    #[arg(long = "in", value_enum, default_value_t = Where::Private)]
    place: Where,
    /// Also print the reasons
    #[arg(long)]
    explain: bool,
    /// Treat the lines as one conversation, so that one may refer to the line before
    #[arg(long)]
    session: bool,
    #[command(flatten)]
    group: Group,
    #[command(flatten)]
    taught: Taught,
}

/// Answers and prints.
///
/// # Errors
/// The content cannot be used, or standard input cannot be read.
pub fn run(args: &Args, config: &Config) -> Ending {
    let library = super::library(config)?;
    let runtime = super::runtime()?;
    // What a group was taught lies in the store.
    let memory = if args.group.named().is_some() {
        let memory = Memory::awaiting_store();
        let store = Store::open(config.database_url.expose_secret());
        let store = runtime.block_on(store).context("DATABASE_URL")?;
        runtime.block_on(memory.attach(store, Arc::clone(&library)));
        memory
    } else {
        args.taught.apply(&library, &runtime, config)?;
        Memory::alone()
    };
    let memory = Arc::new(memory);
    let responder = Responder::new(library, config.links(config.listen), memory);
    let (style, out) = (Style::of_stdout(), io::stdout().lock());
    let mut asking = Asking { args, responder, runtime, style, out, asked: 0, printed: false };
    if args.question.is_empty() {
        for line in Lines::new(io::stdin().lock()) {
            asking.ask(&line.context("standard input cannot be read")?)?;
        }
    } else {
        let words: Vec<_> = args.question.iter().map(|word| word.to_string_lossy()).collect();
        asking.ask(&words.join(" "))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What is needed for every question.
struct Asking<'a> {
    args: &'a Args,
    responder: Responder,
    runtime: Runtime,
    style: Style,
    /// Flushed at every line's end, so that a program can ask line by line.
    out: StdoutLock<'static>,
    asked: usize,
    /// Whether something was printed, which needs a blank line below.
    printed: bool,
}

/// A line of `ask --json`.
#[derive(Serialize)]
struct Line {
    #[serde(flatten)]
    record: Record,
    #[serde(skip_serializing_if = "Option::is_none")]
    explain: Option<Explanation>,
}

impl Asking<'_> {
    fn ask(&mut self, line: &str) -> anyhow::Result<()> {
        let query = normalize::question(line);
        let conversation = if self.args.session { 0 } else { self.asked };
        let message = Message {
            conversation: ConversationId::new("ask", &conversation.to_string()),
            person: PersonId::new("ask", "terminal"),
            group: self.args.group.id(),
            place: self.args.place.place(),
            may_be_kept: false,
            hidden: Vec::new(),
            guide_first: false,
            content: Content::Text(query.to_owned()),
        };
        let Response { reply, ranking } = self.runtime.block_on(self.responder.respond(&message));
        let view = self.runtime.block_on(self.responder.view(self.args.group.id().as_ref()));
        let explain = self.args.explain.then(|| view.explain(query, ranking.read_after.as_deref()));
        self.asked += 1;
        if self.args.json {
            let line = Line { record: Record::new(query, &ranking, &reply), explain };
            return Ok(writeln!(self.out, "{}", serde_json::to_string(&line)?)?);
        }
        let text = render(&reply, self.style);
        let blocks = [text, explain.map(|explain| explain.to_string()).unwrap_or_default()];
        for block in blocks.iter().filter(|block| !block.is_empty()) {
            write!(self.out, "{}{block}", if self.printed { "\n" } else { "" })?;
            self.printed = true;
        }
        Ok(())
    }
}
