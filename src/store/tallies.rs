//! How many messages got which reply, by day: counts without people or texts.

use super::Store;
use super::error::Error;
use crate::faq::EntryId;

const SECONDS: i64 = 24 * 3_600;

/// A day in the guide's time zone, counted from 1 January 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i64);

impl Day {
    /// The day of the moment `now`, in Unix seconds, `offset` minutes east of Greenwich.
    ///
    /// ```
    /// use uttor::store::Day;
    /// assert_eq!(Day::of(18 * 3_600, 0), Day(0));
    /// assert_eq!(Day::of(18 * 3_600, 360), Day(1));
    /// assert_eq!(Day(1).start(360), 18 * 3_600);
    /// ```
    pub fn of(now: i64, offset: i32) -> Self {
        Self((now + i64::from(offset) * 60).div_euclid(SECONDS))
    }

    /// Its first second there.
    pub fn start(self, offset: i32) -> i64 {
        self.0 * SECONDS - i64::from(offset) * 60
    }
}

/// How many messages of a channel got such a reply.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tally {
    /// On that day.
    pub day: Day,
    /// The channel's name.
    pub channel: String,
    /// The outcome's name.
    pub outcome: String,
    /// The entry that was answered, if any.
    pub entry: Option<EntryId>,
    /// How many.
    pub messages: u64,
}

impl Store {
    /// Adds to the counts, all or none of them.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken.
    pub async fn count(&self, tallies: &[Tally]) -> Result<(), Error> {
        // In one order, so that two replicas never deadlock.
        let mut tallies: Vec<&Tally> = tallies.iter().collect();
        tallies.sort();
        self.writing(|| async {
            let mut transaction = self.begin().await?;
            for tally in &tallies {
                sqlx::query(
                    "INSERT INTO tallies (day, channel, outcome, entry, messages) VALUES ($1, $2, $3, $4, $5) \
                     ON CONFLICT (day, channel, outcome, entry) \
                     DO UPDATE SET messages = tallies.messages + excluded.messages",
                )
                .bind(tally.day.0)
                .bind(tally.channel.as_str())
                .bind(tally.outcome.as_str())
                .bind(tally.entry.as_ref().map_or("", EntryId::as_str))
                .bind(i64::try_from(tally.messages).unwrap_or(i64::MAX))
                .execute(&mut *transaction)
                .await?;
            }
            Ok(transaction.commit().await?)
        })
        .await
    }

    /// The counts of the days from `first` to `last`.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken.
    pub async fn tallies(&self, first: Day, last: Day) -> Result<Vec<Tally>, Error> {
        let rows: Vec<(i64, String, String, String, i64)> = self
            .reading(|| async {
                Ok(sqlx::query_as(
                    "SELECT day, channel, outcome, entry, messages FROM tallies WHERE day BETWEEN $1 AND $2",
                )
                .bind(first.0)
                .bind(last.0)
                .fetch_all(&self.inner.pools.read)
                .await?)
            })
            .await?;
        let mut tallies: Vec<Tally> = rows
            .into_iter()
            .map(|(day, channel, outcome, entry, messages)| Tally {
                day: Day(day),
                channel,
                outcome,
                entry: entry.parse().ok(),
                messages: messages.unsigned_abs(),
            })
            .collect();
        tallies.sort();
        Ok(tallies)
    }
}
