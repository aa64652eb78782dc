//! What goes on beside the answering: the store is waited for, what is old is deleted, the store's numbers are
//! counted.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use crate::channel::web::Web;
use crate::library::Library;
use crate::memory::{Memory, Moment};
use crate::store::{Deletion, Error, Store};
use crate::telemetry::Metrics;

/// How long the start waits for the store. A store that takes longer is waited for beside the answering.
const START: Duration = Duration::from_secs(2);

/// How often what is old is deleted, and how soon after the start.
const RETENTION: Duration = Duration::from_hours(1);
const FIRST_RETENTION: Duration = Duration::from_mins(1);

/// How often the store's numbers are counted for `/metrics`.
const NUMBERS: Duration = Duration::from_secs(15);

/// How often messages that are to be removed are looked for, and how many at once.
const DELETIONS: Duration = Duration::from_secs(5);
const DELETIONS_AT_ONCE: u32 = 20;

/// A store that is waited for.
pub type Coming = JoinHandle<Result<Store, Error>>;

/// Puts the store at `url` behind `memory`. Where it does not come within a moment, it goes on coming.
///
/// # Errors
/// Waiting does not help: the address is wrong, the store newer than this program, its folder cannot be made …
pub async fn attach(
    memory: &Memory,
    library: &Arc<Library>,
    url: &SecretString,
) -> anyhow::Result<Option<Coming>> {
    let url = url.expose_secret().to_owned();
    let mut coming = tokio::spawn(async move { Store::connect_patiently(&url).await });
    let Ok(opened) = timeout(START, &mut coming).await else {
        tracing::warn!("the store is not there yet; answering without it");
        return Ok(Some(coming));
    };
    let store = opened.context("opening the store")?.map_err(unusable)?;
    memory.attach(store, Arc::clone(library)).await;
    Ok(None)
}

/// What an operator can do about it.
fn unusable(error: Error) -> anyhow::Error {
    anyhow::Error::new(error).context("DATABASE_URL")
}

/// What goes on beside the answering.
pub struct Upkeep {
    /// What the store is behind.
    pub memory: Arc<Memory>,
    /// What is taught.
    pub library: Arc<Library>,
    /// What is ready once the store is there.
    pub web: Arc<Web>,
    /// Where numbers go.
    pub metrics: Metrics,
    /// How many days unanswered questions and feedback are kept.
    pub days: u32,
}

impl Upkeep {
    /// Goes on until `stopping` says so.
    ///
    /// # Errors
    /// The store that was waited for has come and cannot be used.
    pub async fn run(
        self,
        coming: Option<Coming>,
        mut stopping: watch::Receiver<bool>,
    ) -> anyhow::Result<()> {
        self.metrics.store(false);
        if let Some(mut coming) = coming {
            tokio::select! {
                opened = &mut coming => {
                    let store = opened.context("opening the store")?.map_err(unusable)?;
                    self.memory.attach(store, Arc::clone(&self.library)).await;
                }
                () = stopped(&mut stopping) => {
                    coming.abort();
                    return Ok(());
                }
            }
        }
        let Some(store) = self.memory.store().cloned() else { return Ok(()) };
        if !*stopping.borrow() {
            self.web.set_ready(true);
        }
        let mut numbers = interval(NUMBERS);
        numbers.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut retention = interval(RETENTION);
        retention.reset_after(FIRST_RETENTION);
        retention.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = numbers.tick() => self.count(&store).await,
                _ = retention.tick() => self.expire(&store).await,
                () = stopped(&mut stopping) => return Ok(()),
            }
        }
    }

    /// Also finds out that a store which was away is back, where nobody asks it anything.
    async fn count(&self, store: &Store) {
        if let Ok(groups) = store.open_clusters().await {
            self.metrics.open_questions(groups);
        }
        self.metrics.store(store.is_well());
    }

    async fn expire(&self, store: &Store) {
        match store.expire(self.days, Moment::now().unix).await {
            Ok(expired) if expired.rows > 0 => tracing::info!(rows = expired.rows, "deleted what was old"),
            Ok(_) => {}
            Err(error) => tracing::warn!("what is old was not all deleted, it will be in an hour: {error}"),
        }
    }
}

/// Done when the program is told to stop.
async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // Whoever could say so is gone: that is a stop too.
    drop(stopping.wait_for(|stopping| *stopping).await);
}

/// Removes `channel`'s own messages when they are due, for as long as it is polled. `remove` says whether the message
/// is gone, or can never be removed; otherwise it is due again in a minute.
pub async fn remove_when_due<F>(memory: &Memory, channel: &'static str, remove: impl Fn(Deletion) -> F)
where
    F: Future<Output = bool>,
{
    loop {
        sleep(DELETIONS).await;
        let Some(store) = memory.store() else { continue };
        let due = store.claim_due(channel, DELETIONS_AT_ONCE, Moment::now().unix).await;
        // The store itself speaks of its failures.
        for deletion in due.unwrap_or_default() {
            if remove(deletion.clone()).await {
                let _ = store.deleted(&deletion).await;
            }
        }
    }
}
