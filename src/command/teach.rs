//! `uttor teach`: phrasings, entries and counter-examples, in effect at once in every running bot.

mod draft;

use std::process::ExitCode;

use anyhow::{bail, ensure};
use clap::{Args as Arguments, Subcommand};

use super::desk::{self, Desk, Group, whom};
use super::teachings::summary;
use super::{Ending, FALLS_SHORT, print};
use crate::config::Config;
use crate::faq::EntryId;
use crate::learning::{Conflict, Proposal, Refusal, phrasing_of};
use crate::message::Place;
use crate::reply::Outcome;
use crate::store::{Author, ClusterId, Lesson, Scope, TeachingId};

/// What `teach` takes.
#[derive(Debug, Arguments)]
#[command(after_help = AFTER)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

const AFTER: &str = "\
A lesson that would lead known phrasings to another entry is not taught but its conflicts are shown (exit code 1);
--force teaches it all the same. `uttor undo` undoes every teaching.

Examples:
  uttor teach phrasing mobile \"phone diye ki kaj kora jabe\"
  uttor teach phrasing mobile --unanswered 12
  uttor teach entry payoneer.toml --unanswered 14
  uttor teach counter-example \"passport korte koto lage\"
  uttor teach ignore 13
  uttor teach promote 7";

#[derive(Debug, Subcommand)]
enum What {
    /// Another way to ask for an entry
    Phrasing {
        /// The entry's id
        entry: EntryId,
        /// How people ask; not needed with --unanswered
        #[arg(required_unless_present = "unanswered")]
        text: Option<String>,
        #[command(flatten)]
        how: How,
    },
    /// A new entry, from a file in the format of faq/ or from flags
    Entry(draft::Args),
    /// A question that no entry answers
    CounterExample {
        /// What people ask; not needed with --unanswered
        #[arg(required_unless_present = "unanswered")]
        text: Option<String>,
        #[command(flatten)]
        how: How,
    },
    /// An unanswered question that is not one for the bot; it is not listed again
    Ignore {
        /// Its number, as `uttor unanswered` shows it
        number: i64,
        #[command(flatten)]
        how: How,
    },
    /// Make a teaching of one group hold for all
    Promote {
        /// The number of the teaching, as `uttor teachings` shows it
        number: i64,
        /// Teach it despite conflicts
        #[arg(long)]
        force: bool,
    },
}

#[derive(Debug, Arguments)]
struct How {
    /// The number of an unanswered question that this answers, which leaves the list; may be given several times
    #[arg(long, value_name = "NUMBER")]
    unanswered: Vec<i64>,
    /// Teach it despite conflicts
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    group: Group,
}

/// Teaches it.
///
/// # Errors
/// The lesson is refused, or the store or the content cannot be used.
pub fn run(args: &Args, config: &Config) -> Ending {
    let desk = Desk::open(config)?;
    match &args.what {
        What::Phrasing { entry, text, how } => {
            let text = desk.text(text.as_deref(), &how.unanswered)?;
            desk.teach(Lesson::Phrasing { entry: entry.clone(), text }, how, &how.unanswered)
        }
        What::Entry(draft) => {
            desk.teach(Lesson::Entry(Box::new(draft.entry()?)), draft.how(), &draft.how().unanswered)
        }
        What::CounterExample { text, how } => {
            let text = desk.text(text.as_deref(), &how.unanswered)?;
            desk.teach(Lesson::CounterExample { text }, how, &how.unanswered)
        }
        What::Ignore { number, how } => {
            let clusters = [&[*number], how.unanswered.as_slice()].concat();
            let text = desk.text(None, &clusters)?;
            desk.teach(Lesson::Ignore { text }, how, &clusters)
        }
        What::Promote { number, force } => desk.promote(TeachingId(*number), *force),
    }
}

impl Desk {
    /// The typed text, or else the most frequent wording of the first unanswered question without its masks.
    fn text(&self, typed: Option<&str>, clusters: &[i64]) -> anyhow::Result<String> {
        let mut asked = None;
        for number in clusters {
            let questions = self.runtime.block_on(self.store.questions(ClusterId(*number)))?;
            let Some(most) = questions.first() else {
                bail!("{number}: there is no such unanswered question; `uttor unanswered` lists them");
            };
            asked.get_or_insert_with(|| phrasing_of(&most.text));
        }
        Ok(typed.map(str::to_owned).or(asked).unwrap_or_default())
    }

    fn teach(&self, lesson: Lesson, how: &How, clusters: &[i64]) -> Ending {
        let proposal = Proposal {
            scope: how.group.scope(),
            lesson,
            clusters: clusters.iter().copied().map(ClusterId).collect(),
            author: Author::terminal(),
            accepted: how.force,
        };
        let now = desk::now()?;
        let taught = self.runtime.block_on(async {
            let id = self.learning.teach(&proposal, now).await?;
            self.learning.catch_up().await?;
            Ok::<_, Refusal>(id)
        });
        let id = match taught {
            Ok(id) => id,
            Err(Refusal::Conflicts(conflicts)) => return refused(&conflicts),
            Err(error) => return Err(error.into()),
        };
        let (what, text) = summary(&proposal.lesson);
        let scope = whom(&proposal.scope);
        print(&format_args!("taught {} for {scope}: {what}: “{text}”; `uttor undo {0}` undoes it", id.0))?;
        self.remark(&proposal)
    }

    /// Tells when a taught phrasing is still not answered with its entry, because it is too near to others.
    fn remark(&self, proposal: &Proposal) -> Ending {
        let Lesson::Phrasing { entry, text } = &proposal.lesson else { return Ok(ExitCode::SUCCESS) };
        let view = self.view(&proposal.scope);
        let found = view.decide(&view.find(text, None), Place::Private);
        if !matches!(found, Outcome::Answer(entries) if entries.contains(entry)) {
            print(&format_args!("note: it is not yet answered with {entry}; teach more ways to ask it"))?;
        }
        Ok(ExitCode::SUCCESS)
    }

    fn promote(&self, id: TeachingId, accepted: bool) -> Ending {
        let Some(teaching) = self.runtime.block_on(self.store.teaching(id))? else {
            bail!("{}: there is no such teaching; `uttor teachings` lists them", id.0);
        };
        ensure!(teaching.scope != Scope::Base, "{}: this teaching holds for all already", id.0);
        ensure!(teaching.undone.is_none(), "{}: this teaching was undone; teach it again", id.0);
        let now = desk::now()?;
        let promoted = self.runtime.block_on(async {
            let promoted = self.learning.promote(&teaching, accepted, &Author::terminal(), now).await?;
            self.learning.catch_up().await?;
            Ok::<_, Refusal>(promoted)
        });
        match promoted {
            Ok(Some(new)) => {
                let (what, text) = summary(&teaching.lesson);
                print(&format_args!("teaching {} is now {} for all: {what}: “{text}”", id.0, new.0))?;
                Ok(ExitCode::SUCCESS)
            }
            Ok(None) => bail!("{}: this teaching was undone meanwhile", id.0),
            Err(Refusal::Conflicts(conflicts)) => refused(&conflicts),
            Err(error) => Err(error.into()),
        }
    }
}

/// Prints the conflicts.
fn refused(conflicts: &[Conflict]) -> Ending {
    for conflict in conflicts {
        print(&format_args!("conflict: {conflict}"))?;
    }
    print(&format_args!(
        "nothing was taught: {} known phrasings conflict with it; --force teaches it all the same",
        conflicts.len()
    ))?;
    Ok(ExitCode::from(FALLS_SHORT))
}
