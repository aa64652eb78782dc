//! `uttor eval --taught`: how well a group's own entries are found, each owner's in a group of its own.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::bail;
use comfy_table::Table as Printed;
use serde::Serialize;

use super::rows::Table;
use super::{Args, code};
use crate::command::{Ending, print};
use crate::faq::overlay::Additions;
use crate::faq::{Entry, EntryId};
use crate::library::Content;
use crate::matcher::decide::{Outcome, decide};

/// Columns of further wordings, added where three are taught.
const EXTRAS: [&str; 2] = ["extra1", "extra2"];

/// What became of messages: those that an own entry answers, and those that none answers.
#[derive(Clone, Copy, Default)]
struct Counts {
    own: usize,
    first: usize,
    right: usize,
    another: usize,
    guide: usize,
    offered: usize,
    none: usize,
    none_answered: usize,
    none_offered: usize,
}

/// The shares, each 0..=1; of no messages at all, 0.
#[derive(Serialize)]
struct Shares {
    in_scope: usize,
    first: f64,
    right: f64,
    another_own: f64,
    guide: f64,
    offered: f64,
    out_of_scope: usize,
    none_answered: f64,
    none_offered: f64,
}

impl Counts {
    fn shares(&self) -> Shares {
        let of = |count: usize, all: usize| if all == 0 { 0.0 } else { count as f64 / all as f64 };
        Shares {
            in_scope: self.own,
            first: of(self.first, self.own),
            right: of(self.right, self.own),
            another_own: of(self.another, self.own),
            guide: of(self.guide, self.own),
            offered: of(self.offered, self.own),
            out_of_scope: self.none,
            none_answered: of(self.none_answered, self.none),
            none_offered: of(self.none_offered, self.none),
        }
    }

    fn add(&mut self, other: &Self) {
        self.own += other.own;
        self.first += other.first;
        self.right += other.right;
        self.another += other.another;
        self.guide += other.guide;
        self.offered += other.offered;
        self.none += other.none;
        self.none_answered += other.none_answered;
        self.none_offered += other.none_offered;
    }
}

/// Teaches each owner's entries to a fresh group, asks its questions there, and says what came of them.
///
/// # Errors
/// A file cannot be read, lacks a column, or names an entry that its owner does not have.
pub fn run(entries: &Path, queries: &Path, content: &Content, args: &Args) -> Ending {
    let owners = owners(entries, args.wordings)?;
    let table = Table::read(queries)?;
    let column = |name: &str| table.column(&[name], queries);
    let (owner, expect, query) = (column("owner")?, column("expect")?, column("query")?);
    let style = table.find(&["style"]);
    let (mut by_owner, mut by_style) = (BTreeMap::<&str, Counts>::new(), BTreeMap::<&str, Counts>::new());
    let overlays: BTreeMap<&str, _> = owners
        .iter()
        .map(|(name, taught)| (name.as_str(), (content.matcher.overlay(taught), taught)))
        .collect();
    let mut all = Counts::default();
    for (line, cells) in (2..).zip(table.lines()) {
        let cell = |at: usize| cells.get(at).map_or("", String::as_str);
        let place = format!("{}:{line}", queries.display());
        let Some((overlay, taught)) = overlays.get(cell(owner)) else {
            bail!("{place}: the owner “{}” has no entries in {}", cell(owner), entries.display());
        };
        let expected = cell(expect).parse::<EntryId>().ok().filter(|_| cell(expect) != "none");
        let is_own = |id: &EntryId| taught.entries().iter().any(|entry| entry.id == *id);
        if !(cell(expect) == "none" || expected.as_ref().is_some_and(is_own)) {
            bail!("{place}: “{}” is neither an entry of {} nor none", cell(expect), cell(owner));
        }
        let ranking = content.matcher.find_with(overlay, cell(query), None);
        let outcome = decide(&ranking, args.place.place(), &content.faq);
        let mut counts = Counts::default();
        if let Some(expected) = expected {
            counts.own = 1;
            let first = ranking.candidates.first().is_some_and(|best| best.entry == expected);
            counts.first = usize::from(first);
            match &outcome {
                Outcome::Answer(ids) if ids.contains(&expected) => (counts.right, counts.offered) = (1, 1),
                Outcome::Answer(ids) if ids.iter().any(is_own) => counts.another = 1,
                Outcome::Answer(_) => counts.guide = 1,
                Outcome::Suggest(ids) => counts.offered = usize::from(ids.contains(&expected)),
                _ => {}
            }
            if args.wrong && counts.offered == 0 {
                print(&format_args!("{place}: {} wanted {expected}: {}", outcome.name(), cell(query)))?;
            }
        } else {
            counts.none = 1;
            counts.none_answered = usize::from(matches!(outcome, Outcome::Answer(_)));
            counts.none_offered = usize::from(matches!(outcome, Outcome::Suggest(_)));
        }
        all.add(&counts);
        by_owner.entry(cell(owner)).or_default().add(&counts);
        if let Some(style) = style {
            by_style.entry(cell(style)).or_default().add(&counts);
        }
    }
    if args.json {
        let shares = |counts: &BTreeMap<&str, Counts>| -> BTreeMap<String, Shares> {
            counts.iter().map(|(name, counts)| ((*name).to_owned(), counts.shares())).collect()
        };
        let object = serde_json::json!({"wordings": args.wordings, "shares": all.shares(),
            "by_owner": shares(&by_owner), "by_style": shares(&by_style)});
        print(&object)?;
    } else {
        print(&printed("style", &by_style, &all))?;
        print(&printed("owner", &by_owner, &all))?;
    }
    let shares = all.shares();
    let bars = &args.bars;
    let below = [("right", shares.right, bars.min_right), ("offered", shares.offered, bars.min_offered)];
    let above = [
        ("another own entry", shares.another_own, bars.max_wrong),
        ("none answered", shares.none_answered, bars.max_oos),
    ];
    let missed: Vec<String> = (below.iter().filter(|(_, share, bar)| bar.is_some_and(|bar| *share < bar)))
        .chain(above.iter().filter(|(_, share, bar)| bar.is_some_and(|bar| *share > bar)))
        .map(|(what, share, bar)| format!("{what} {share:.4}, the bar is {}", bar.unwrap_or_default()))
        .collect();
    for line in &missed {
        print(line)?;
    }
    Ok(code(&missed))
}

/// Each owner's entries with one or three wordings.
fn owners(file: &Path, wordings: u8) -> anyhow::Result<Vec<(String, Additions)>> {
    let table = Table::read(file)?;
    let column = |name: &str| table.column(&[name], file);
    let (owner, id, question, answer) =
        (column("owner")?, column("id")?, column("question")?, column("answer")?);
    let extras: Vec<usize> = EXTRAS.iter().filter_map(|name| table.find(&[name])).collect();
    let mut owners: Vec<(String, Additions)> = Vec::new();
    for (line, cells) in (2..).zip(table.lines()) {
        let cell = |at: usize| cells.get(at).cloned().unwrap_or_default();
        let Ok(id) = cell(id).parse() else {
            bail!("{}:{line}: “{}” is no id", file.display(), cell(id))
        };
        let extra = extras.iter().map(|at| cell(*at)).filter(|text| wordings > 1 && !text.is_empty());
        let entry = Entry {
            id,
            question: cell(question),
            label: String::new(),
            section: None,
            answer: cell(answer),
            related: Vec::new(),
            phrasings: extra.collect(),
            picture: None,
        };
        if let Some((_, taught)) = owners.iter_mut().find(|(name, _)| *name == cell(owner)) {
            taught.entry(entry);
        } else {
            let mut taught = Additions::default();
            taught.entry(entry);
            owners.push((cell(owner), taught));
        }
    }
    Ok(owners)
}

fn printed(first: &str, rows: &BTreeMap<&str, Counts>, all: &Counts) -> Printed {
    const COLUMNS: [&str; 9] =
        ["in", "first", "right", "another own", "guide", "offered", "none", "answered", "suggested"];
    let mut table = Printed::new();
    table.load_preset(comfy_table::presets::ASCII_MARKDOWN);
    table.set_header([first].into_iter().chain(COLUMNS));
    for (name, counts) in rows.iter().map(|(name, counts)| (*name, counts)).chain([("all", all)]) {
        let shares = counts.shares();
        let share = |share: f64, of: usize| if of == 0 { "-".to_owned() } else { format!("{share:.3}") };
        table.add_row([
            name.to_owned(),
            shares.in_scope.to_string(),
            share(shares.first, shares.in_scope),
            share(shares.right, shares.in_scope),
            share(shares.another_own, shares.in_scope),
            share(shares.guide, shares.in_scope),
            share(shares.offered, shares.in_scope),
            shares.out_of_scope.to_string(),
            share(shares.none_answered, shares.out_of_scope),
            share(shares.none_offered, shares.out_of_scope),
        ]);
    }
    table
}
