//! `uttor eval`: how good the matcher is on labelled questions.

pub mod fit;
pub(super) mod folds;
mod measure;
mod pairs;
mod report;
mod rows;
mod taught;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args as Arguments;

use super::{Ending, FALLS_SHORT};
use crate::command::desk::Taught;
use crate::command::place::Where;
use crate::config::Config;
use crate::faq::Faq;
use crate::library::Content;
use crate::library::source::Source;
use measure::Measured;

/// What `eval` takes.
#[derive(Debug, Arguments)]
#[command(after_help = AFTER)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub struct Args {
    /// Labelled questions: columns `expect` (ids joined by |, or none), `query` or `text`, and `style`
    #[arg(value_name = "FILE.tsv", required_unless_present_any = ["pairs", "folds", "by_script", "taught"])]
    files: Vec<PathBuf>,
    /// Where the messages were said
    #[arg(long = "in", value_enum, default_value_t = Where::Private)]
    place: Where,
    /// The same messages in two scripts: columns `latin`, `bengali`
    #[arg(long, value_name = "FILE", conflicts_with_all = ["files", "fit"])]
    pairs: Option<PathBuf>,
    /// Entries of owners and the questions that their groups ask: how well a group's own entries are found
    #[arg(long, value_names = ["ENTRIES.tsv", "QUERIES.tsv"], num_args = 2, conflicts_with_all = ["files", "pairs", "fit"])]
    taught: Option<Vec<PathBuf>>,
    /// With --taught: how many wordings of each entry are taught
    #[arg(long, value_name = "1|3", default_value_t = 1, value_parser = wordings, requires = "taught")]
    wordings: u8,
    /// Measure on the content itself: train on all but one of N parts, try that one, N times
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=50), conflicts_with_all = ["files", "pairs", "fit"])]
    folds: Option<u32>,
    /// The same, leaving out the phrasings of one script at a time
    #[arg(long, conflicts_with_all = ["files", "pairs", "fit", "folds"])]
    by_script: bool,
    /// One JSON object instead of tables
    #[arg(long)]
    json: bool,
    /// Fit calibration and this place's thresholds to FILE, within --max-wrong and the like, and write fit.toml
    #[arg(long)]
    fit: bool,
    /// Also list every row that went wrong
    #[arg(long)]
    wrong: bool,
    #[command(flatten)]
    bars: Bars,
    #[command(flatten)]
    store: Taught,
}

const AFTER: &str = "\
Bars (0..1) make the exit code 1 when they are missed. With --fit they bound what the thresholds may let through.

Examples:
  uttor eval tests/eval/dev.tsv --max-wrong 0.02
  uttor eval tests/eval/dev_group.tsv --in group --min-precision 0.9
  uttor eval --folds 5
  uttor eval --taught entries.tsv queries.tsv --in addressed --min-right 0.4";

/// What is asked of the shares; each 0..=1.
#[derive(Clone, Copy, Debug, Default, Arguments)]
pub(super) struct Bars {
    /// First candidate right, of the questions in scope
    #[arg(long, value_name = "SHARE", value_parser = share)]
    min_top1: Option<f64>,
    /// Answered right, of the questions in scope
    #[arg(long, value_name = "SHARE", value_parser = share)]
    min_right: Option<f64>,
    /// Answered wrong, of the questions in scope
    #[arg(long, value_name = "SHARE", value_parser = share)]
    max_wrong: Option<f64>,
    /// Answered right, or right among the suggestions, of the questions in scope
    #[arg(long, value_name = "SHARE", value_parser = share)]
    min_offered: Option<f64>,
    /// Answered, of the messages out of scope
    #[arg(long, value_name = "SHARE", value_parser = share)]
    max_oos: Option<f64>,
    /// Given suggestions, of the messages out of scope
    #[arg(long, value_name = "SHARE", value_parser = share)]
    max_oos_suggest: Option<f64>,
    /// Right, of the answers given
    #[arg(long, value_name = "SHARE", value_parser = share)]
    min_precision: Option<f64>,
    /// Answered right, of the questions in scope (of a group's messages)
    #[arg(long, value_name = "SHARE", value_parser = share)]
    min_recall: Option<f64>,
    /// With --pairs: answered at all, of all messages
    #[arg(long, value_name = "SHARE", value_parser = share)]
    max_answered: Option<f64>,
    /// With --pairs: the same outcome and entry in both scripts
    #[arg(long, value_name = "SHARE", value_parser = share)]
    min_agree: Option<f64>,
}

fn wordings(text: &str) -> Result<u8, String> {
    match text.parse() {
        Ok(wordings @ (1 | 3)) => Ok(wordings),
        _ => Err("1 or 3 wordings are taught".to_owned()),
    }
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("a share is a number from 0 to 1".to_owned()),
    }
}

/// Measures, and compares with the bars.
///
/// # Errors
/// A file that cannot be read or has not the columns; content that does not load.
pub fn run(args: &Args, config: &Config) -> Ending {
    let source = Source::choose(config.faq_dir.clone());
    let library = super::library(config)?;
    if !args.fit {
        args.store.apply(&library, &super::runtime()?, config)?;
    }
    let content = library.current();
    let faq = Faq::clone(&content.faq);
    if let Some(file) = &args.pairs {
        return pairs::run(file, &content, args);
    }
    if let Some([entries, queries]) = args.taught.as_deref() {
        return taught::run(entries, queries, &content, args);
    }
    if args.folds.is_some() || args.by_script {
        let measured = folds::cross_validate(&faq, args.folds, args.place.place());
        return report::finish(&[("cross-validation", &measured)], args);
    }
    let files = args.files.iter().map(|file| rows::read(file, &faq)).collect::<anyhow::Result<Vec<_>>>()?;
    let content =
        if args.fit { Arc::new(Content::learn(fit::run(faq, &files, args, &source)?)) } else { content };
    let measured: Vec<Measured> =
        files.iter().map(|rows| Measured::of(rows, &content, args.place.place())).collect();
    let named: Vec<(&str, &Measured)> = args.files.iter().map(|file| name(file)).zip(&measured).collect();
    report::finish(&named, args)
}

fn name(file: &Path) -> &str {
    file.file_name().and_then(|name| name.to_str()).unwrap_or("questions")
}

/// 0 when every bar holds, else 1.
fn code(missed: &[String]) -> ExitCode {
    if missed.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(FALLS_SHORT) }
}
