//! `uttor stats`: messages by channel and outcome, entries, judgements and unanswered questions, over some days.

use std::io;
use std::process::ExitCode;

use clap::Args as Arguments;

use super::{Ending, desk, print};
use crate::config::Config;
use crate::library::source::Source;
use crate::statistics::{Asked, Judgements, Outcomes, Statistics, csv, iso};

/// What `stats` takes.
#[derive(Debug, Arguments)]
#[command(after_help = AFTER)]
pub struct Args {
    /// How many days, today included
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=3_660))]
    days: u32,
    /// One JSON object
    #[arg(long)]
    json: bool,
    /// The counts as CSV, a row for each day, channel, outcome and entry
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

const AFTER: &str = "\
Days begin at midnight by the guide's `timezone`. A running bot writes its counts every few seconds.
The share answered is the answers' share of answers, suggestions and fallbacks (the article's link).
Columns of --csv: measure (messages, helpful, unhelpful, open), day, channel, outcome, entry, count.

Examples:
  uttor stats
  uttor stats --days 30 --csv > stats.csv";

/// How many entries a table shows.
const MAX_ENTRIES: usize = 15;

/// How many days a table shows.
const MAX_DAYS: usize = 14;

/// Prints them.
///
/// # Errors
/// The store cannot be used.
pub fn run(args: &Args, config: &Config) -> Ending {
    let (runtime, store) = desk::store(config)?;
    let now = desk::now()?;
    // The counts can be read whatever state the content is in.
    let faq = Source::choose(config.faq_dir.clone()).load();
    let offset = faq.map_or(0, |faq| faq.guide.utc_offset);
    let statistics = runtime.block_on(Statistics::read(&store, args.days, now, offset))?;
    if args.json {
        print(&serde_json::to_string(&statistics)?)?;
    } else if args.csv {
        let tallies = runtime.block_on(store.tallies(statistics.from, statistics.to))?;
        let verdicts = runtime.block_on(store.verdicts(statistics.from.start(offset)))?;
        csv(io::stdout().lock(), &tallies, &verdicts, statistics.unanswered.groups)?;
    } else {
        tables(&statistics)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn tables(statistics: &Statistics) -> io::Result<()> {
    let Statistics { from, to, messages, channels, days, entries, unanswered, feedback, disliked } =
        statistics;
    print(&format!("{} to {}", iso(*from), iso(*to)))?;
    print(&format!("{} messages, {} answered", messages.total(), percent(*messages)))?;
    print(&format!("{} 👍, {} 👎\n", feedback.helpful, feedback.unhelpful))?;

    let outcomes = [
        "messages",
        "answer",
        "suggest",
        "handoff",
        "distress",
        "small talk",
        "fallback",
        "silent",
        "answered",
    ];
    let header = |first| [&[first], &outcomes[..]].concat();
    if !channels.is_empty() {
        let mut table = desk::table(&header("channel"));
        for channel in channels {
            table.add_row(row(channel.channel.clone(), channel.messages));
        }
        print(&format!("{table}\n"))?;
        let mut table = desk::table(&header("day"));
        for day in days.iter().rev().take(MAX_DAYS) {
            table.add_row(row(iso(day.day), day.messages));
        }
        print(&format!("{table}\n"))?;
    }
    if !entries.is_empty() {
        let mut table = desk::table(&["entry", "answers", "👍", "👎"]);
        for entry in entries.iter().take(MAX_ENTRIES) {
            let Judgements { helpful, unhelpful } = entry.judgements;
            table.add_row([
                entry.entry.to_string(),
                entry.answers.to_string(),
                helpful.to_string(),
                unhelpful.to_string(),
            ]);
        }
        print(&format!("{table}\n"))?;
    }
    for disliked in disliked {
        let Judgements { helpful, unhelpful } = disliked.judgements;
        print(&format!("many 👎: {} ({unhelpful} 👎, {helpful} 👍), the answer to", disliked.entry))?;
        questions(&disliked.questions)?;
    }
    print(&format!("unanswered: {} open (uttor unanswered lists them all)", unanswered.groups))?;
    questions(&unanswered.questions)
}

fn row(first: String, messages: Outcomes) -> Vec<String> {
    let Outcomes { answer, suggest, handoff, distress, smalltalk, fallback, silent } = messages;
    let counts = [messages.total(), answer, suggest, handoff, distress, smalltalk, fallback, silent];
    let counts = counts.map(|count| count.to_string());
    [first].into_iter().chain(counts).chain([percent(messages)]).collect()
}

fn percent(messages: Outcomes) -> String {
    messages.share_answered().map_or_else(|| "–".to_owned(), |share| format!("{:.0} %", 100.0 * share))
}

fn questions(questions: &[Asked]) -> io::Result<()> {
    for Asked { number, text, asked } in questions {
        print(&format!("  {asked} × {text} (no. {number})"))?;
    }
    Ok(())
}
