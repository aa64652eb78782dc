//! `uttor ask`: one question, or each line of standard input, answered as a person would see it or as JSON.

use std::ffi::OsString;
use std::fmt;
use std::io::{self, StdoutLock, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use clap::ValueEnum;
use serde::Serialize;

use super::Ending;
use crate::channel::terminal::{Lines, Style, render};
use crate::config::Config;
use crate::library::{self, Library};
use crate::message::{Content, ConversationId, Message, Place};
use crate::reply::record::Record;
use crate::responder::{Responder, Response};
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
    #[arg(long = "in", value_name = "PLACE", default_value = "private")]
    place: Where,
    /// Also say why
    #[arg(long)]
    explain: bool,
    /// Take the lines for one conversation, so that one may refer to the line before
    #[arg(long)]
    session: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Where {
    /// A private chat
    Private,
    /// A group message that addresses the bot
    Addressed,
    /// A group message that does not
    Group,
}

impl From<Where> for Place {
    fn from(place: Where) -> Self {
        match place {
            Where::Private => Self::Private,
            Where::Addressed => Self::Addressed,
            Where::Group => Self::Overheard,
        }
    }
}

/// Answers and prints.
///
/// # Errors
/// The content cannot be used, or standard input cannot be read.
pub fn run(args: &Args, config: &Config) -> Ending {
    let library = super::library(config)?;
    let responder = Responder::new(Arc::clone(&library), config.links(config.listen));
    let mut asking =
        Asking { args, library, responder, style: Style::of_stdout(), out: io::stdout().lock(), asked: 0 };
    if args.question.is_empty() {
        for line in Lines::new(io::stdin().lock()) {
            asking.ask(&line?)?;
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
    library: Arc<Library>,
    responder: Responder,
    style: Style,
    /// Written out at every line's end, so that a program can ask line by line.
    out: StdoutLock<'static>,
    asked: usize,
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
    fn ask(&mut self, line: &str) -> io::Result<()> {
        let query = normalize::question(line);
        let conversation = if self.args.session { 0 } else { self.asked };
        let message = Message {
            conversation: ConversationId::new("ask", &conversation.to_string()),
            place: self.args.place.into(),
            content: Content::Text(query.to_owned()),
        };
        let Response { reply, ranking } = self.responder.respond(&message);
        let explain = self.args.explain.then(|| explain(&self.library.current(), query, message.place));
        self.asked += 1;
        if self.args.json {
            let line = Line { record: Record::new(query, &ranking, &reply), explain };
            return writeln!(self.out, "{}", serde_json::to_string(&line)?);
        }
        let text = render(&reply, self.style);
        let text = text + &explain.map(|explain| explain.to_string()).unwrap_or_default();
        let parted = self.asked > 1 && !text.is_empty();
        write!(self.out, "{}{text}", if parted { "\n" } else { "" })
    }
}

/// Why a question gets what it gets.
#[derive(Serialize)]
struct Explanation {
    normalized: String,
    candidates: Vec<(String, f32)>,
    accept: Option<f32>,
    suggest: Option<f32>,
}

fn explain(content: &library::Content, query: &str, place: Place) -> Explanation {
    let threshold = content.faq.thresholds.map(|thresholds| thresholds.of(place));
    let ranking = content.matcher.find(query, None);
    Explanation {
        normalized: normalize::normalize(query),
        candidates: ranking.candidates.iter().map(|found| (found.entry.to_string(), found.score)).collect(),
        accept: threshold.map(|threshold| threshold.accept),
        suggest: threshold.map(|threshold| threshold.suggest),
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "normalized: {}", self.normalized)?;
        for (entry, score) in &self.candidates {
            writeln!(f, "{score:.3} {entry}")?;
        }
        if let (Some(accept), Some(suggest)) = (self.accept, self.suggest) {
            writeln!(f, "thresholds: accept {accept:.3}, suggest {suggest:.3}")?;
        }
        Ok(())
    }
}
