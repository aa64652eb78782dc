//! `uttor teachings`: what was taught, by whom, and whether it was undone.

use std::process::ExitCode;

use clap::Args as Arguments;
use serde_json::json;

use super::desk::{self, Group, ago, whom};
use super::{Ending, print};
use crate::config::Config;
use crate::store::{Lesson, Scope, Store, Teaching};

/// What `teachings` takes.
#[derive(Debug, Arguments)]
#[command(after_help = AFTER)]
pub struct Args {
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    /// Also those that were undone
    #[arg(long)]
    all: bool,
    /// The most to list, the latest first
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    #[command(flatten)]
    group: Group,
}

const AFTER: &str = "\
The numbers in the first column are what `uttor undo` and `uttor teach promote` take. People are shown as the hashes
that stand for them.

Examples:
  uttor teachings
  uttor teachings --group telegram:-1001234 --all
  uttor undo 7";

/// How many are read at once.
const PAGE_SIZE: u32 = 200;

/// How much of a hash is shown: enough to tell a dozen admins apart.
const HASH_CHARS: usize = 8;

/// Lists them, the latest first.
///
/// # Errors
/// The store cannot be used.
pub fn run(args: &Args, config: &Config) -> Ending {
    let (runtime, store) = desk::store(config)?;
    let teachings = runtime.block_on(latest(&store, args))?;
    if args.json {
        for teaching in &teachings {
            print(&object(teaching))?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    if teachings.is_empty() {
        print(&"nothing was taught")?;
        return Ok(ExitCode::SUCCESS);
    }
    let now = desk::now()?;
    let mut table = desk::table(&["no.", "for", "taught", "text", "by", "when", "undone"]);
    for teaching in &teachings {
        let (what, text) = summary(&teaching.lesson);
        let undone = teaching.undone.as_ref();
        let undone = undone.map(|undone| format!("{}, by {}", ago(undone.at, now), who(&undone.author)));
        table.add_row([
            teaching.id.0.to_string(),
            whom(&teaching.scope),
            what,
            text.to_owned(),
            who(&teaching.author),
            ago(teaching.at, now),
            undone.unwrap_or_default(),
        ]);
    }
    print(&table)?;
    Ok(ExitCode::SUCCESS)
}

async fn latest(store: &Store, args: &Args) -> Result<Vec<Teaching>, crate::store::Error> {
    let scope = args.group.named();
    let mut found: Vec<Teaching> = Vec::new();
    let mut before = None;
    while found.len() < args.limit {
        let page = store.teachings(scope.as_ref(), before, PAGE_SIZE).await?;
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        found.extend(page.into_iter().filter(|teaching| args.all || teaching.undone.is_none()));
    }
    found.truncate(args.limit);
    Ok(found)
}

/// What was taught, and its text.
pub(super) fn summary(lesson: &Lesson) -> (String, &str) {
    match lesson {
        Lesson::Phrasing { entry, text } => (format!("phrasing of {entry}"), text),
        Lesson::Edit(entry) => (format!("changed entry {}", entry.id), &entry.question),
        Lesson::Entry(entry) => (format!("new entry {}", entry.id), &entry.question),
        Lesson::CounterExample { text } => ("counter-example".to_owned(), text),
        Lesson::Ignore { text } => ("ignored".to_owned(), text),
    }
}

/// An author, short enough for a table.
fn who(author: &str) -> String {
    match author.split_once(':') {
        Some((sort, hash)) => format!("{sort} {}", hash.chars().take(HASH_CHARS).collect::<String>()),
        None => author.to_owned(),
    }
}

fn object(teaching: &Teaching) -> serde_json::Value {
    let group = match &teaching.scope {
        Scope::Base => None,
        Scope::Group(group) => Some(group.as_str()),
    };
    let (kind, entry) = match &teaching.lesson {
        Lesson::Phrasing { entry, .. } => ("phrasing", Some(entry.as_str())),
        Lesson::Edit(entry) => ("edit", Some(entry.id.as_str())),
        Lesson::Entry(entry) => ("entry", Some(entry.id.as_str())),
        Lesson::CounterExample { .. } => ("counter-example", None),
        Lesson::Ignore { .. } => ("ignore", None),
    };
    let undone = teaching.undone.as_ref();
    json!({"number": teaching.id.0, "group": group, "kind": kind, "entry": entry,
        "text": summary(&teaching.lesson).1, "by": teaching.author, "at": teaching.at,
        "undone_by": undone.map(|undone| &undone.author), "undone_at": undone.map(|undone| undone.at)})
}
