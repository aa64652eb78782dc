//! What is done about a store that is busy or away: a few more attempts, and one line in the log.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::Any;
use sqlx::any::AnyArguments;
use sqlx::query::Query;
use tokio::time::{sleep, timeout};

use super::Store;
use super::error::Error;

/// Waits before the second, third … attempt.
const RETRIES: [Duration; 3] =
    [Duration::from_millis(50), Duration::from_millis(250), Duration::from_secs(1)];

/// The longest attempt. A peer that vanished without a word is noticed by nothing else.
const ATTEMPT: Duration = Duration::from_secs(15);

/// The first and the longest wait between two attempts to reach a store that is away at the start.
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(15);

/// Whether the last thing failed; says each change once.
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
    /// Reads, with a few attempts.
    pub(super) async fn reading<T, F>(&self, attempt: impl Fn() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let result = patiently(attempt, &self.inner.reads).await;
        self.inner.reads.report("reading from the store", &result);
        result
    }

    /// Writes, with a few attempts. Where a connection is lost in the very moment of the commit the attempt before
    /// may have succeeded unseen; what must not happen twice has to see that for itself.
    pub(super) async fn writing<T, F>(&self, attempt: impl Fn() -> F) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let result = patiently(attempt, &self.inner.writes).await;
        self.inner.writes.report("writing to the store", &result);
        result
    }

    /// Writes by one statement, with a few attempts; says how many rows it changed.
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

    /// Opens the store as [`Store::open`] does, and waits as long as it takes where it is only away or busy. The
    /// log gets a line at the first failure and then ever more rarely.
    ///
    /// # Errors
    ///
    /// What waiting does not mend: [`Error::Broken`] and [`Error::Full`], and any fault of an SQLite file but a
    /// lock.
    pub async fn connect_patiently(url: &str) -> Result<Self, Error> {
        let mut wait = FIRST_WAIT;
        let mut attempts: u32 = 0;
        loop {
            let error = match Self::open(url).await {
                Ok(store) => {
                    if attempts > 0 {
                        tracing::info!("the store is there now");
                    }
                    return Ok(store);
                }
                Err(error) => error,
            };
            let is_file = url.starts_with("sqlite");
            if !error.passes() || (is_file && matches!(error, Error::Away(_))) {
                return Err(error);
            }
            attempts = attempts.saturating_add(1);
            if attempts.is_power_of_two() {
                tracing::warn!("waiting for the store, attempt {attempts}: {error}");
            }
            sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }
}

/// One attempt is enough where the one before failed too: those who wait shall not pile up.
async fn patiently<T, F>(attempt: impl Fn() -> F, outage: &Outage) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    let mut waits = if outage.is_on() { [].iter() } else { RETRIES.iter() };
    loop {
        let error = match bounded(attempt()).await {
            Ok(done) => return Ok(done),
            Err(error) => error,
        };
        match waits.next() {
            Some(wait) if error.passes() => sleep(*wait).await,
            _ => return Err(error),
        }
    }
}

/// One attempt, which comes to an end.
pub(super) async fn bounded<T>(attempt: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    timeout(ATTEMPT, attempt).await.unwrap_or_else(|_| Err(Error::Away("it does not answer".to_owned())))
}

/// Waits no longer than `limit` for `work`, which goes on to its end unwatched: a statement is never cut off in the
/// middle.
pub async fn within<T: Send + 'static>(
    limit: Duration,
    work: impl Future<Output = T> + Send + 'static,
) -> Option<T> {
    timeout(limit, tokio::spawn(work)).await.ok()?.ok()
}
