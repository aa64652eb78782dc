//! `uttor import SOURCE --to DIR`: entries of articles, pages, sheets and documents, in a folder that loads and answers.

mod fetch;

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use url::Url;

use super::folder::{Added, Plan};
use super::{Ending, FALLS_SHORT, runtime};
use crate::faq::import::report::Report;
use crate::faq::import::{self, Found, ImportError, MAX_BYTES, Origin};
use crate::faq::starter::Outset;

/// What `import` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER)]
pub struct Args {
    /// Files (text, Markdown, HTML, CSV, TSV, JSON, .xlsx, .ods, .docx, .odt) or addresses of pages (https://…)
    #[arg(required = true, value_name = "SOURCE")]
    sources: Vec<String>,
    /// Folder for the new entries; nothing in it is written over, and what a guide lacks is added
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    #[command(flatten)]
    reading: Reading,
}

/// How sources are read.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Reading {
    /// Address that a file's relative links start from
    #[arg(long, value_name = "URL")]
    base: Option<Url>,
    /// Fetch pages of private networks too
    #[arg(long)]
    allow_private: bool,
}

const AFTER: &str = "\
DIR/IMPORT.md tells what became of everything. Exit code 1 where a source holds no question.

Examples:
  uttor import faq.html --base https://example.org/help/ --to my-faq
  uttor import questions.xlsx https://example.org/faq --to my-faq
  uttor check --faq my-faq";

/// Writes the entries and lists them.
///
/// # Errors
/// A source that cannot be read or makes no entry, a folder that cannot be written or holds one of the files already:
/// then nothing is written.
pub fn run(args: &Args) -> Ending {
    let mut all = Vec::new();
    for source in &args.sources {
        match read(source, &args.reading) {
            Ok(found) => all.push((source.clone(), found)),
            Err(error) if error.downcast_ref::<ImportError>().is_some_and(ImportError::found_nothing) => {
                writeln!(io::stderr(), "{error:#}")?;
                return Ok(ExitCode::from(FALLS_SHORT));
            }
            Err(error) => return Err(error),
        }
    }
    let outset = outset(&all);
    let plan = Plan::new(&args.to, || outset).context("nothing was written")?;
    write(plan, &args.to, all)?;
    Ok(ExitCode::SUCCESS)
}

/// Adds what was found to `plan`, writes it, and tells what became of everything.
///
/// # Errors
/// See [`run`].
pub fn write(mut plan: Plan, folder: &Path, all: Vec<(String, Found)>) -> Result<()> {
    let mut added: Vec<(String, Added)> = Vec::new();
    for (source, found) in all {
        added.push((source, plan.add(found).context("nothing was written")?));
    }
    let reports: Vec<Report<'_>> = added
        .iter()
        .map(|(source, added)| Report {
            source,
            entries: added.entries.iter().map(|(id, draft)| (id.as_str(), draft)).collect(),
            known: added.known.clone(),
            notes: &added.notes,
        })
        .collect();
    plan.write(&reports).context("nothing was written")?;
    let mut out = io::stdout().lock();
    for report in &reports {
        for (id, draft) in &report.entries {
            let remarks = draft.remarks();
            let review =
                if remarks.is_empty() { String::new() } else { format!(" (review: {})", remarks.join("; ")) };
            writeln!(out, "{}: {}{review}", folder.join(format!("{id}.toml")).display(), draft.question)?;
        }
        for (id, question) in &report.known {
            writeln!(out, "{}: {question} (there already)", folder.join(format!("{id}.toml")).display())?;
        }
        for line in report.lines() {
            writeln!(out, "{line}")?;
        }
        let mut table = comfy_table::Table::new();
        table.set_header([report.source, "how many"]);
        for (name, count) in report.counts() {
            table.add_row([name.to_owned(), count.to_string()]);
        }
        writeln!(out, "{table}")?;
    }
    let drafts: Vec<_> = added.iter().flat_map(|(_, added)| &added.entries).collect();
    let review = drafts.iter().filter(|(_, draft)| !draft.remarks().is_empty()).count();
    writeln!(
        out,
        "{} tells it all; uttor check --faq {} goes on",
        folder.join("IMPORT.md").display(),
        folder.display()
    )?;
    writeln!(out, "{} entries, {review} marked “# review:”", drafts.len())?;
    Ok(())
}

/// What a new guide of these sources is about.
pub fn outset(all: &[(String, Found)]) -> Outset {
    let title = all.iter().find_map(|(_, found)| found.title.clone()).unwrap_or_else(|| {
        let source = all.first().map_or("", |(source, _)| source.trim_end_matches('/'));
        let name = source.rsplit(['/', '\\']).next().unwrap_or_default();
        name.split('.').next().filter(|name| !name.is_empty()).unwrap_or("FAQ").to_owned()
    });
    let (mut bengali, mut latin) = (0, 0);
    for draft in all.iter().flat_map(|(_, found)| &found.drafts) {
        for c in draft.question.chars().chain(draft.answer.chars()) {
            bengali += usize::from(('\u{0980}'..='\u{09FF}').contains(&c));
            latin += usize::from(c.is_ascii_alphabetic());
        }
    }
    let language = if bengali >= latin { "bn" } else { "en" };
    Outset { title, language: language.to_owned(), ..Outset::default() }
}

/// What a file or a page makes.
///
/// # Errors
/// It cannot be read or fetched, or makes no entry: place, reason and remedy.
pub fn read(source: &str, reading: &Reading) -> Result<Found> {
    let none = || format!("{source} makes no entries");
    let address = Url::parse(source).ok().filter(|url| source.contains("://") && !url.cannot_be_a_base());
    let (origin, bytes) = if let Some(url) = address {
        let fetched = runtime()?.block_on(fetch::fetch(url, reading.allow_private)).with_context(none)?;
        let says = if fetched.kind.is_empty() { "what it does not say" } else { &fetched.kind };
        writeln!(io::stderr(), "took {} bytes of {says} from {}", fetched.bytes.len(), fetched.url)?;
        let origin = Origin {
            name: name(&fetched.url, &fetched.kind),
            base: Some(reading.base.clone().unwrap_or(fetched.url)),
            encoding: fetched.encoding,
        };
        (origin, fetched.bytes)
    } else {
        let bytes = from_file(Path::new(source)).with_context(none)?;
        (Origin { name: source.to_owned(), base: reading.base.clone(), encoding: None }, bytes)
    };
    import::read(&origin, &bytes).with_context(none)
}

/// A name whose ending says what was fetched: the server's word counts more than the address.
fn name(url: &Url, kind: &str) -> String {
    let ending = match kind {
        "text/html" | "application/xhtml+xml" => ".html",
        "text/csv" => ".csv",
        "text/markdown" => ".md",
        "application/json" | "application/ld+json" => ".json",
        "text/tab-separated-values" => ".tsv",
        _ => "",
    };
    format!("{}{ending}", url.path())
}

fn from_file(file: &Path) -> Result<Vec<u8>> {
    let about = fs::metadata(file)?;
    if about.is_dir() {
        bail!("it is a folder");
    }
    if about.len() > MAX_BYTES {
        return Err(ImportError::TooBig(about.len()).into());
    }
    // Devices and pipes say nothing of their length.
    let mut bytes = Vec::new();
    File::open(file)?.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
