//! Background work beside answering: waits for the store, deletes what is older than the retention period, counts the
//! store's numbers for `/metrics`, removes messages that groups want removed.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::channel::web::Web;
use crate::library::Library;
use crate::memory::{Memory, Moment};
use crate::store::{Deletion, Error, Store};
use crate::telemetry::Metrics;

/// How long the start waits for the store. After that the program answers without it while the connection attempts go
/// on.
const STORE_START_TIMEOUT: Duration = Duration::from_secs(2);

/// How often rows older than the retention period are deleted, and the delay of the first run after the start.
const RETENTION_INTERVAL: Duration = Duration::from_hours(1);
const RETENTION_DELAY: Duration = Duration::from_mins(1);

/// How often the store's numbers are counted for `/metrics`.
const COUNT_INTERVAL: Duration = Duration::from_secs(15);

/// How often the store is asked for messages that are due to be removed, and how many it hands out at once.
const REMOVAL_INTERVAL: Duration = Duration::from_secs(5);
const MAX_REMOVALS: u32 = 20;

/// The attempts to connect to a store that was not reachable at the start.
pub type Connecting = JoinHandle<Result<Store, Error>>;

/// Connects `memory` to the store at `url`. Returns the connection attempts that go on where the store is not reachable
/// within `STORE_START_TIMEOUT`.
///
/// # Errors
/// The address is invalid, the store was written by a newer version, its folder cannot be created, or another failure
/// that retrying does not help.
pub async fn attach(
    memory: &Memory,
    library: &Arc<Library>,
    url: &SecretString,
) -> anyhow::Result<Option<Connecting>> {
    let url = url.expose_secret().to_owned();
    let mut connecting = tokio::spawn(async move { Store::connect_with_retries(&url).await });
    let Ok(opened) = timeout(STORE_START_TIMEOUT, &mut connecting).await else {
        tracing::warn!("the store is not reachable yet; answering without it");
        return Ok(Some(connecting));
    };
    let store = opened.context("opening the store")?.map_err(unusable)?;
    memory.attach(store, Arc::clone(library)).await;
    Ok(None)
}

/// Names the setting that an operator has to look at.
fn unusable(error: Error) -> anyhow::Error {
    anyhow::Error::new(error).context("DATABASE_URL")
}

/// Background work that needs the store.
pub struct Upkeep {
    /// Gets the store once it is connected.
    pub memory: Arc<Memory>,
    /// Gets what was taught.
    pub library: Arc<Library>,
    /// Reports ready once the store is connected.
    pub web: Arc<Web>,
    /// Where numbers go.
    pub metrics: Metrics,
    /// How many days unanswered questions and feedback are kept.
    pub days: u32,
}

impl Upkeep {
    /// Runs until `stop` is cancelled.
    ///
    /// # Errors
    /// The store that was not reachable at the start is reachable now and cannot be used.
    pub async fn run(self, connecting: Option<Connecting>, stop: CancellationToken) -> anyhow::Result<()> {
        self.metrics.store(false);
        if let Some(mut connecting) = connecting {
            let Some(opened) = stop.run_until_cancelled(&mut connecting).await else {
                connecting.abort();
                return Ok(());
            };
            let store = opened.context("opening the store")?.map_err(unusable)?;
            self.memory.attach(store, Arc::clone(&self.library)).await;
        }
        let Some(store) = self.memory.store().cloned() else { return Ok(()) };
        if !stop.is_cancelled() {
            self.web.set_ready(true);
        }
        let mut count = interval(COUNT_INTERVAL);
        count.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut retention = interval(RETENTION_INTERVAL);
        retention.reset_after(RETENTION_DELAY);
        retention.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = count.tick() => self.count(&store).await,
                _ = retention.tick() => self.expire(&store).await,
                () = stop.cancelled() => return Ok(()),
            }
        }
    }

    /// Reading also notices that the store is reachable again while nothing else reads from it.
    async fn count(&self, store: &Store) {
        if let Ok(groups) = store.open_clusters().await {
            self.metrics.open_questions(groups);
        }
        self.metrics.store(store.is_well());
    }

    async fn expire(&self, store: &Store) {
        match store.expire(self.days, Moment::now().unix).await {
            Ok(expired) if expired.rows > 0 => tracing::info!(rows = expired.rows, "deleted expired rows"),
            Ok(_) => {}
            Err(error) => {
                tracing::warn!("not all expired rows were deleted, trying again in an hour: {error}");
            }
        }
    }
}

/// Removes `channel`'s own messages when they are due; never returns. `remove` returns whether the message is gone or can
/// never be removed; otherwise the store hands it out again after a minute.
pub async fn remove_when_due<F>(memory: &Memory, channel: &'static str, remove: impl Fn(Deletion) -> F)
where
    F: Future<Output = bool>,
{
    let store = memory.wait_for_store().await;
    loop {
        sleep(REMOVAL_INTERVAL).await;
        // The store logs its own failures.
        let due = store.claim_due(channel, MAX_REMOVALS, Moment::now().unix).await;
        for deletion in due.unwrap_or_default() {
            if remove(deletion.clone()).await
                && let Err(error) = store.deleted(&deletion).await
            {
                tracing::warn!(
                    "a removed message stays scheduled for removal, trying again in a minute: {error}"
                );
            }
        }
    }
}
