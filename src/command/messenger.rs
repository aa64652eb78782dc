//! `uttor messenger setup|check`: installs profile, subscriptions and webhook of the Page, and checks them.

use std::process::ExitCode;

use anyhow::{Context as _, anyhow, bail};
use clap::{Args as Arguments, Subcommand};
use secrecy::ExposeSecret as _;

use super::{Ending, FALLS_SHORT, load, print, runtime};
use crate::channel::messenger::check::{Check, Finding, stranger};
use crate::channel::messenger::graph::Graph;
use crate::channel::messenger::profile::{self, MAX_ICE_BREAKERS, Webhook};
use crate::channel::messenger::webhook::callback;
use crate::config::{Comments, Config, Messenger};
use crate::faq::{EntryId, Faq};
use crate::library::source::Source;
use crate::memory::Moment;
use crate::statistics::Statistics;
use crate::store::Store;

/// The days whose questions decide what is asked most.
const STATISTICS_DAYS: u32 = 90;

/// What `messenger` takes.
#[derive(Debug, Arguments)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

/// The subcommands.
#[derive(Clone, Copy, Debug, Subcommand)]
enum What {
    /// Install greeting, start button, ice breakers and menu, and subscribe the app to the Page and this server to the app
    Setup,
    /// Say what the set-up lacks, with the remedy; exit code 1 when something is wrong
    Check,
}

/// Carries it out.
///
/// # Errors
/// A setting is missing, the content cannot be used, or the platform refuses what is installed.
pub fn run(args: &Args, config: &Config) -> Ending {
    let Some(messenger) = &config.messenger else {
        bail!(
            "MESSENGER_PAGE_ID, MESSENGER_PAGE_TOKEN, MESSENGER_APP_SECRET and MESSENGER_VERIFY_TOKEN are unset; the \
             README says where to get them"
        );
    };
    let graph = Graph::new(messenger)?;
    let runtime = runtime()?;
    match args.what {
        What::Setup => runtime.block_on(setup(config, messenger, &graph)),
        What::Check => {
            let is_local = config.public_url_is_here();
            let public = config.public_url.as_deref();
            let check = Check::new(&graph, messenger, public, is_local, Moment::now().unix);
            report(&runtime.block_on(check.run()))
        }
    }
}

fn report(findings: &[Finding]) -> Ending {
    let mut wrong = 0;
    for finding in findings {
        match finding {
            Finding::Good(line) => print(line)?,
            Finding::Careful(line) => print(&format!("careful: {line}"))?,
            Finding::Wrong(line) => {
                wrong += 1;
                print(&format!("wrong: {line}"))?;
            }
        }
    }
    print(&format!("{wrong} wrong"))?;
    Ok(ExitCode::from(if wrong > 0 { FALLS_SHORT } else { 0 }))
}

async fn setup(config: &Config, messenger: &Messenger, graph: &Graph) -> Ending {
    let faq = load(&Source::choose(config.faq_dir.clone()))?;
    let asked = asked_most(config, &faq).await;
    let fields = profile::fields(messenger.comments != Comments::Off);
    let profile = profile::profile(&faq, &asked);
    let me = graph.get("me", &[("fields", "id")]).await.map_err(|failure| anyhow!("Messenger: {failure}"))?;
    if let Some(line) = stranger(&me, &messenger.page_id) {
        bail!("{line}");
    }
    if let Err((what, failure)) = profile::install(graph, &messenger.page_id, &profile, &fields).await {
        return Err(anyhow!("{what} cannot be installed: {failure}")).context("Messenger");
    }
    let shown = profile["ice_breakers"][0]["call_to_actions"].as_array().cloned().unwrap_or_default();
    print(&"installed: greeting, start button, menu, and as ice breakers")?;
    for breaker in &shown {
        print(&format!("- {}", breaker["question"].as_str().unwrap_or_default()))?;
    }
    print(&format!("the app is subscribed to the Page's {}", fields.join(", ")))?;
    webhook(config, messenger, graph, &fields).await?;
    print(&"`uttor messenger check` says whether anything is still missing")?;
    Ok(ExitCode::SUCCESS)
}

/// Subscribes this server to the app, where `PUBLIC_URL` is set.
async fn webhook(
    config: &Config,
    messenger: &Messenger,
    graph: &Graph,
    fields: &[&str],
) -> anyhow::Result<()> {
    let Some(public) = &config.public_url else {
        print(&"the app's webhook was left as it is: PUBLIC_URL is unset; set it and run this again")?;
        return Ok(());
    };
    let callback = callback(public);
    match profile::install_webhook(graph, &callback, &messenger.verify_token, fields).await {
        Ok(Webhook::Here) => print(&format!("the app's webhook leads to {callback}"))?,
        Ok(Webhook::Elsewhere(other)) => print(&format!(
            "the app's webhook was left as it is: it leads to {other}, and an app has one only; where that is not \
             wanted, enter {callback} and the verify token in its place, in the app's Messenger API Settings"
        ))?,
        Err(failure) => return Err(anyhow!(
            "the app's webhook cannot be installed: {failure}; everything else is. Meta calls {callback} at once: \
             `uttor serve` has to be running there, with the same MESSENGER_VERIFY_TOKEN and a trusted certificate"
        ))
        .context("Messenger"),
    }
    Ok(())
}

/// The entries that were asked most, then the guide's own choice, then the first.
async fn asked_most(config: &Config, faq: &Faq) -> Vec<EntryId> {
    let url = config.database_url.expose_secret();
    let mut asked = Vec::new();
    if matches!(Store::is_there(url), Ok(true))
        && let Ok(store) = Store::open(url).await
    {
        if let Ok(statistics) =
            Statistics::read(&store, STATISTICS_DAYS, Moment::now().unix, faq.guide.utc_offset).await
        {
            let mut entries = statistics.entries;
            entries.sort_by_key(|entry| std::cmp::Reverse(entry.answers));
            asked.extend(entries.into_iter().filter(|entry| entry.answers > 0).map(|entry| entry.entry));
        }
        store.close().await;
    }
    asked.truncate(MAX_ICE_BREAKERS);
    for id in faq.guide.popular.iter().chain(faq.entries.iter().map(|entry| &entry.id)) {
        if !asked.contains(id) {
            asked.push(id.clone());
        }
    }
    asked
}
