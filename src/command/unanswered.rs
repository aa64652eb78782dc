//! `uttor unanswered`: unanswered questions, those that ask the same as one, with the entries nearest to it.

use std::process::ExitCode;

use clap::Args as Arguments;
use serde_json::json;

use super::desk::{self, Desk, Group, ago};
use super::{Ending, print};
use crate::config::Config;
use crate::learning::phrasing_of;
use crate::matcher::Candidate;
use crate::store::{Cluster, ClusterState, Clusters};
use crate::view::View;

/// What `unanswered` takes.
#[derive(Debug, Arguments)]
#[command(after_help = AFTER)]
pub struct Args {
    /// One JSON object a line, with every wording
    #[arg(long)]
    json: bool,
    /// Also those that were answered or ignored since
    #[arg(long)]
    all: bool,
    /// The most to list of each state
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: u32,
    #[command(flatten)]
    group: Group,
}

const AFTER: &str = "\
Those asked most come first. The numbers in the first column are what `uttor teach` takes.

Examples:
  uttor unanswered
  uttor unanswered --group telegram:-1001234
  uttor teach phrasing mobile --unanswered 12
  uttor teach ignore 13";

/// How many entries are named beside a question.
const MAX_NEAREST: usize = 3;

/// Lists them.
///
/// # Errors
/// The store or the content cannot be used.
pub fn run(args: &Args, config: &Config) -> Ending {
    let desk = Desk::open(config)?;
    let scope = args.group.named();
    let view = desk.view(&args.group.scope());
    let states: &[ClusterState] = if args.all {
        &[ClusterState::Open, ClusterState::Answered, ClusterState::Ignored]
    } else {
        &[ClusterState::Open]
    };
    let mut clusters = Vec::new();
    for state in states {
        let which = Clusters { state: *state, scope: scope.as_ref(), limit: args.limit, skip: 0 };
        clusters.extend(desk.runtime.block_on(desk.store.clusters(&which))?);
    }
    if args.json {
        for cluster in &clusters {
            object(&desk, cluster, &view)?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    if clusters.is_empty() {
        print(&"there are no unanswered questions")?;
        return Ok(ExitCode::SUCCESS);
    }
    let now = desk::now()?;
    let mut table = desk::table(&["no.", "asked", "last", "state", "question", "nearest entries"]);
    for cluster in &clusters {
        let nearest = nearest(cluster, &view);
        let nearest: Vec<String> =
            nearest.iter().map(|near| format!("{} {:.2}", near.entry, near.score)).collect();
        table.add_row([
            cluster.id.0.to_string(),
            asked(cluster),
            ago(cluster.last_at, now),
            cluster.state.to_string(),
            cluster.text.clone(),
            nearest.join(", "),
        ]);
    }
    print(&table)?;
    Ok(ExitCode::SUCCESS)
}

fn asked(cluster: &Cluster) -> String {
    match (cluster.asked, cluster.wordings) {
        (1, _) => "once".to_owned(),
        (asked, 1) => format!("{asked} times"),
        (asked, wordings) => format!("{asked} times, {wordings} wordings"),
    }
}

fn nearest(cluster: &Cluster, view: &View) -> Vec<Candidate> {
    let ranking = view.find(&phrasing_of(&cluster.text), None);
    ranking.candidates.into_iter().take(MAX_NEAREST).collect()
}

fn object(desk: &Desk, cluster: &Cluster, view: &View) -> anyhow::Result<()> {
    let wordings = desk.runtime.block_on(desk.store.questions(cluster.id))?;
    let wordings: Vec<_> = wordings
        .iter()
        .map(|one| {
            json!({"text": one.text, "channel": one.channel, "group": group(&one.scope),
                "unhelpful": one.entry.as_ref().map(ToString::to_string), "asked": one.asked,
                "first_at": one.first_at, "last_at": one.last_at})
        })
        .collect();
    let nearest: Vec<_> = nearest(cluster, view)
        .iter()
        .map(|near| json!({"entry": near.entry.as_str(), "score": near.score}))
        .collect();
    print(&json!({"number": cluster.id.0, "state": cluster.state.to_string(), "text": cluster.text,
        "asked": cluster.asked, "first_at": cluster.first_at, "last_at": cluster.last_at,
        "teaching": cluster.teaching.map(|id| id.0), "nearest": nearest, "wordings": wordings}))?;
    Ok(())
}

fn group(scope: &crate::store::Scope) -> Option<String> {
    match scope {
        crate::store::Scope::Base => None,
        crate::store::Scope::Group(group) => Some(group.to_string()),
    }
}
