//! What the commands for teaching share: the store, and the content with what was taught.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, bail};
use secrecy::ExposeSecret as _;
use tokio::runtime::Runtime;

use crate::config::Config;
use crate::learning::Learning;
use crate::library::Library;
use crate::store::{self, GroupId, Scope, Store};
use crate::view::View;

/// `--group`: for whom something holds, or where it was asked.
#[derive(Debug, clap::Args)]
pub struct Group {
    /// For one group only, as its channel and its id there, such as telegram:-1001234
    #[arg(long, value_name = "CHANNEL:ID", value_parser = group)]
    group: Option<GroupId>,
}

impl Group {
    /// The group, or all.
    pub fn scope(&self) -> Scope {
        self.group.clone().map_or(Scope::Base, Scope::Group)
    }

    /// The group's name, where one is named.
    pub fn id(&self) -> Option<GroupId> {
        self.group.clone()
    }

    /// The group where one is named.
    pub fn named(&self) -> Option<Scope> {
        self.group.clone().map(Scope::Group)
    }
}

fn group(text: &str) -> Result<GroupId, String> {
    match text.split_once(':') {
        Some((channel, id)) if !channel.is_empty() && !id.is_empty() => Ok(GroupId::new(channel, id)),
        _ => Err("a group is its channel and its id there, such as telegram:-1001234".to_owned()),
    }
}

/// `--no-store`: whether what was taught counts.
#[derive(Debug, clap::Args)]
pub struct Taught {
    /// Leave out what was taught, which lies in the store
    #[arg(long)]
    no_store: bool,
}

impl Taught {
    /// Puts what was taught for all in force, where there is a store.
    ///
    /// # Errors
    /// The store cannot be used.
    pub fn apply(&self, library: &Arc<Library>, runtime: &Runtime, config: &Config) -> anyhow::Result<()> {
        let url = config.database_url.expose_secret();
        if self.no_store || !store::is_there(url) {
            return Ok(());
        }
        let learned = async {
            let store = Store::open(url).await?;
            let learned = Learning::open(store.clone(), Arc::clone(library)).await;
            store.close().await;
            learned
        };
        let remedy = "DATABASE_URL, which --no-store leaves out";
        runtime.block_on(learned).context(remedy).map(drop)
    }
}

/// The store, and the content with what was taught.
pub struct Desk {
    /// Runs what is asynchronous.
    pub runtime: Runtime,
    /// The store.
    pub store: Store,
    /// The content.
    pub library: Arc<Library>,
    /// What was taught.
    pub learning: Learning,
}

impl Desk {
    /// Opens the store and trains the matcher on the content.
    ///
    /// # Errors
    /// The store or the content cannot be used.
    pub fn open(config: &Config) -> anyhow::Result<Self> {
        let (runtime, store) = store(config)?;
        let library = super::library(config)?;
        let opening = Learning::open(store.clone(), Arc::clone(&library));
        let learning = runtime.block_on(opening).context("DATABASE_URL")?;
        Ok(Self { runtime, store, library, learning })
    }

    /// The content as `scope` sees it.
    pub fn view(&self, scope: &Scope) -> View {
        View::with(self.library.current(), self.runtime.block_on(self.learning.overlay(scope)))
    }
}

/// Opens the store alone.
///
/// # Errors
/// It cannot be used.
pub fn store(config: &Config) -> anyhow::Result<(Runtime, Store)> {
    let runtime = Runtime::new().context("no threads can be started")?;
    let store = runtime.block_on(Store::open(config.database_url.expose_secret())).context("DATABASE_URL")?;
    Ok((runtime, store))
}

/// The time, in Unix seconds.
///
/// # Errors
/// The system's clock is before 1970.
pub fn now() -> anyhow::Result<i64> {
    let Ok(since) = SystemTime::now().duration_since(UNIX_EPOCH) else {
        bail!("the system's clock is before 1970; set it");
    };
    Ok(i64::try_from(since.as_secs())?)
}

/// How long ago `then` was, as shown to people.
pub fn ago(then: i64, now: i64) -> String {
    const MINUTE: i64 = 60;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    match (now - then).max(0) {
        seconds if seconds < MINUTE => "just now".to_owned(),
        seconds if seconds < HOUR => format!("{} min ago", seconds / MINUTE),
        seconds if seconds < 2 * DAY => format!("{} h ago", seconds / HOUR),
        seconds => format!("{} days ago", seconds / DAY),
    }
}

/// For whom a teaching holds, as shown to people.
pub fn whom(scope: &Scope) -> String {
    match scope {
        Scope::Base => "all".to_owned(),
        Scope::Group(group) => group.to_string(),
    }
}

/// A table as wide as its texts: comfy-table would wrap Bengali in the middle of a syllable.
pub fn table(header: &[&str]) -> comfy_table::Table {
    let mut table = comfy_table::Table::new();
    table.load_preset(comfy_table::presets::ASCII_MARKDOWN).set_header(header);
    table
}

#[cfg(test)]
mod tests {
    use super::{ago, group};

    #[test]
    fn ages_are_rounded_down() {
        let ages = [(5, "just now"), (119, "1 min ago"), (90_000, "25 h ago"), (-3, "just now")];
        for (seconds, text) in ages {
            assert_eq!(ago(0, seconds), text);
        }
        assert_eq!(ago(0, 200_000), "2 days ago");
    }

    #[test]
    fn groups_have_a_channel_and_an_id() {
        assert!(group("telegram:-1001").is_ok_and(|group| group.as_str() == "telegram:-1001"));
        assert!(group("-1001").is_err());
        assert!(group("telegram:").is_err());
    }
}
