//! Retries and timeouts of everything that the store is asked, and one log line for each outage.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};
use sqlx::Any;
use sqlx::any::AnyArguments;
use sqlx::query::Query;
use tokio::time::timeout;

use super::Store;
use super::error::Error;

/// Delays of 50 ms, 250 ms and a second before the three retries of a read or write.
const RETRIES: ExponentialBuilder = ExponentialBuilder::new()
    .with_factor(5.0)
    .with_min_delay(Duration::from_millis(50))
    .with_max_delay(Duration::from_secs(1))
    .with_max_times(3);

/// For one attempt. Nothing else notices a server that vanished without closing its connection.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(15);

/// The backoff while the store is not reachable at the start.
const CONNECT_RETRIES: ExponentialBuilder = ExponentialBuilder::new()
    .with_min_delay(Duration::from_millis(250))
    .with_max_delay(Duration::from_secs(15))
    .without_max_times();

/// Whether the last read (or write) failed; logs each change once.
#[derive(Default)]
pub(super) struct Outage(AtomicBool);

impl Outage {
    pub fn report<T>(&self, what: &str, result: &Result<T, Error>) {
        match result {
            Err(error) if !self.0.swap(true, Ordering::Relaxed) => {
                tracing::warn!("{what} fails: {error}");
            }
            Ok(_) if self.0.load(Ordering::Relaxed) && self.0.swap(false, Ordering::Relaxed) => {
                tracing::info!("{what} works again");
            }
            _ => {}
        }
    }

    fn is_on(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Store {
    /// Reads, with retries.
    pub(super) async fn reading<T, F>(&self, attempt: impl Fn() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let result = with_retries(attempt, &self.inner.reads).await;
        self.inner.reads.report("reading from the store", &result);
        result
    }

    /// Writes, with retries. When the connection is lost during the commit, the attempt may have succeeded: whatever must
    /// not happen twice has to detect the repetition itself.
    pub(super) async fn writing<T, F>(&self, attempt: impl Fn() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let result = with_retries(attempt, &self.inner.writes).await;
        self.inner.writes.report("writing to the store", &result);
        result
    }

    /// Writes by one statement, with retries; returns how many rows it changed.
    pub(super) async fn changing(
        &self,
        statement: impl Fn() -> Query<'static, Any, AnyArguments>,
    ) -> Result<u64, Error> {
        self.writing(|| async {
            let mut transaction = self.begin().await?;
            let changed = statement().execute(&mut *transaction).await?.rows_affected();
            transaction.commit().await?;
            Ok(changed)
        })
        .await
    }

    /// Whether the last read and the last write succeeded.
    pub fn is_well(&self) -> bool {
        !self.inner.reads.is_on() && !self.inner.writes.is_on()
    }

    /// Opens the store as [`Store::open`] does, and retries for as long as it is unreachable or busy. The log gets a line
    /// at the first failure and then ever more rarely.
    ///
    /// # Errors
    ///
    /// What retrying does not help: [`Error::Broken`] and [`Error::Full`], and any failure of an SQLite file but a lock.
    pub async fn connect_with_retries(url: &str) -> Result<Self, Error> {
        let is_file = url.starts_with("sqlite");
        let mut failures: u32 = 0;
        let store = (|| Self::open(url))
            .retry(CONNECT_RETRIES)
            .when(|error| error.passes() && !(is_file && matches!(error, Error::Away(_))))
            .notify(|error, _| {
                failures = failures.saturating_add(1);
                if failures.is_power_of_two() {
                    tracing::warn!("waiting for the store, attempt {failures}: {error}");
                }
            })
            .await?;
        if failures > 0 {
            tracing::info!("the store is reachable now");
        }
        Ok(store)
    }
}

/// No retries during an outage: callers that wait must not pile up.
async fn with_retries<T, F>(attempt: impl Fn() -> F, outage: &Outage) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    if outage.is_on() {
        return bounded(attempt()).await;
    }
    (|| bounded(attempt())).retry(RETRIES).when(Error::passes).await
}

/// One attempt, with its timeout.
pub(super) async fn bounded<T>(attempt: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let timed_out = || Err(Error::Away("it does not answer".to_owned()));
    timeout(ATTEMPT_TIMEOUT, attempt).await.unwrap_or_else(|_| timed_out())
}

/// Waits for `work` until the timeout. After that `work` still runs to its end, so that no statement is cut off midway.
pub async fn within<T: Send + 'static>(
    limit: Duration,
    work: impl Future<Output = T> + Send + 'static,
) -> Option<T> {
    timeout(limit, tokio::spawn(work)).await.ok()?.ok()
}
