//! `uttor new DIR`: a guide of one's own, which `check` passes and which answers before anything was edited.

use std::io::{self, BufRead as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

use super::folder::Plan;
use super::import::{self, Reading};
use super::{Ending, FALLS_SHORT, print};
use crate::faq::import::{Found, ImportError};
use crate::faq::starter::{self, Outset};
use crate::faq::utc_offset;

/// What `new` takes; without any of it, it asks.
#[derive(Debug, clap::Args)]
#[command(after_help = AFTER)]
pub struct Args {
    /// The folder; it must not hold a guide yet
    dir: PathBuf,
    /// The guide's title
    #[arg(long)]
    title: Option<String>,
    /// Language of the bot's own sentences: bn or en (another needs a wording.toml)
    #[arg(long)]
    language: Option<String>,
    /// What the guide is about, in one word; with commas, in each script that people type
    #[arg(long, value_delimiter = ',')]
    subject: Vec<String>,
    /// File or address that the questions come from; without one the folder holds an example
    #[arg(long, value_name = "SOURCE")]
    from: Option<String>,
    /// Whom people reach who want a person: @name, or an https:, mailto: or tel: address
    #[arg(long)]
    contact: Option<String>,
    /// Hours from Greenwich, such as +06:00
    #[arg(long, allow_hyphen_values = true)]
    timezone: Option<String>,
    #[command(flatten)]
    reading: Reading,
}

const AFTER: &str = "\
Examples:
  uttor new my-faq                                       asks what it needs to know
  uttor new my-faq --title পাঠাগার --subject পাঠাগার,library
  uttor new my-faq --from https://example.org/faq        with the questions of a page
  uttor serve --faq my-faq";

/// Writes the folder.
///
/// # Errors
/// The folder holds a guide, a flag or an answer that says nothing usable, a source that makes no entries.
pub fn run(args: &Args) -> Ending {
    if args.dir.join("guide.toml").exists() {
        bail!("{} holds a guide already; uttor import adds to it", args.dir.display());
    }
    let given =
        args.title.is_some() || args.from.is_some() || args.language.is_some() || !args.subject.is_empty();
    let name =
        args.dir.file_name().map_or_else(|| "FAQ".to_owned(), |name| name.to_string_lossy().into_owned());
    let (mut outset, from) = if given {
        let outset = Outset {
            title: args.title.clone().unwrap_or_default(),
            language: args.language.clone().unwrap_or_default(),
            subject: args.subject.clone(),
            ..Outset::default()
        };
        (outset, args.from.clone())
    } else {
        asked(&name)?
    };
    outset.contact = args.contact.clone().or(outset.contact);
    outset.timezone.clone_from(&args.timezone);
    let found = match &from {
        None => None,
        Some(source) => match import::read(source, &args.reading) {
            Ok(found) => Some((source.clone(), found)),
            Err(error) if error.downcast_ref::<ImportError>().is_some_and(ImportError::found_nothing) => {
                writeln!(io::stderr(), "{error:#}")?;
                return Ok(ExitCode::from(FALLS_SHORT));
            }
            Err(error) => return Err(error),
        },
    };
    complete(&mut outset, &name, found.as_ref());
    check(&outset)?;
    let mut plan = Plan::new(&args.dir, || outset.clone())?;
    if let Some(found) = found {
        import::write(plan, &args.dir, vec![found])?;
    } else {
        plan.entry(starter::example(&outset))?;
        plan.write(&[])?;
    }
    let dir = args.dir.display();
    print(&format!("{dir} is a guide now; {dir}/README.md says the next three steps"))?;
    print(&format!("uttor check --faq {dir}"))?;
    print(&format!("uttor serve --faq {dir}"))?;
    Ok(ExitCode::SUCCESS)
}

/// Fills in what nobody said: from the source, else from the folder's name.
fn complete(outset: &mut Outset, name: &str, found: Option<&(String, Found)>) {
    let own = found.map(|found| import::outset(std::slice::from_ref(found)));
    let untitled = outset.title.trim().is_empty();
    if untitled {
        outset.title = own.as_ref().map_or_else(|| name.to_owned(), |own| own.title.clone());
    }
    if outset.language.trim().is_empty() {
        let bengali = |text: &str| text.chars().any(|c| ('\u{0980}'..='\u{09FF}').contains(&c));
        let by_words =
            bengali(&outset.title) || (untitled && outset.subject.iter().any(|word| bengali(word)));
        outset.language =
            own.map_or_else(|| if by_words { "bn" } else { "en" }.to_owned(), |own| own.language);
    }
}

fn check(outset: &Outset) -> Result<()> {
    if outset.language.len() < 2 || !outset.language.chars().all(|c| c.is_ascii_alphabetic() || c == '-') {
        bail!("{:?} is no language; write bn, en, or the short name of another", outset.language);
    }
    if let Some(zone) = outset.timezone.as_ref().filter(|zone| utc_offset(zone).is_none()) {
        bail!("{zone:?} is no time zone; write the hours from Greenwich, such as +06:00");
    }
    let starts = ["@", "https://", "mailto:", "tel:"];
    if let Some(contact) =
        outset.contact.as_ref().filter(|contact| !starts.iter().any(|start| contact.starts_with(start)))
    {
        bail!("{contact:?} reaches nobody; write @name, or an https:, mailto: or tel: address");
    }
    Ok(())
}

/// Asks on the terminal; an empty line, or the end of what is typed, takes what stands in brackets.
fn asked(name: &str) -> Result<(Outset, Option<String>)> {
    let title = ask("Title of the guide", name)?.unwrap_or_else(|| name.to_owned());
    let language =
        ask("Language of the bot's own sentences, bn or en", "as the title's letters")?.unwrap_or_default();
    let subject = ask("What it is about, in one word (with commas: in each script)", "from the title")?;
    let from = ask("File or address that the questions come from", "none, an example")?;
    let contact = ask("Whom people reach who want a person (@name, https:, mailto:, tel:)", "nobody")?;
    let subject = subject.map(|words| words.split(',').map(|word| word.trim().to_owned()).collect());
    Ok((Outset { title, language, subject: subject.unwrap_or_default(), contact, timezone: None }, from))
}

fn ask(what: &str, otherwise: &str) -> Result<Option<String>> {
    let mut out = io::stdout().lock();
    write!(out, "{what} [{otherwise}]: ")?;
    out.flush()?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).context("what is typed cannot be read")?;
    let line = line.trim();
    Ok((!line.is_empty()).then(|| line.to_owned()))
}
