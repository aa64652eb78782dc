//! Cooldowns and the shared rate limit of a group: what was taken cannot be taken again until it has expired.

use super::error::Error;
use super::secret::PersonHash;
use super::{GroupId, Store};
use crate::faq::EntryId;

/// What has a cooldown between two answers.
#[derive(Clone, Copy, Debug)]
pub enum Cooldown<'a> {
    /// An entry in a group.
    Entry {
        /// The group.
        group: &'a GroupId,
        /// The entry.
        entry: &'a EntryId,
    },
    /// A person in a group.
    Person {
        /// The group.
        group: &'a GroupId,
        /// The person.
        person: &'a PersonHash,
    },
    /// A group's unprompted answers; each takes one of so many slots.
    Group {
        /// The group.
        group: &'a GroupId,
        /// How many there may be at once.
        slots: u8,
    },
}

/// A cooldown that was taken; it stays taken until it expires or is given back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    name: String,
    slot: i64,
    until: i64,
}

impl Cooldown<'_> {
    fn name(&self) -> String {
        match self {
            Self::Entry { group, entry } => format!("entry:{entry}@{group}"),
            Self::Person { group, person } => format!("person:{}@{group}", person.as_str()),
            Self::Group { group, .. } => format!("group@{group}"),
        }
    }

    fn person(&self) -> &str {
        match self {
            Self::Person { person, .. } => person.as_str(),
            _ => "",
        }
    }

    fn slots(&self) -> u8 {
        match self {
            Self::Group { slots, .. } => *slots,
            _ => 1,
        }
    }
}

impl Store {
    /// Takes `cooldown` for so many seconds; none while it is taken. Six slots taken for an hour each are at most six
    /// in any hour.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken.
    pub async fn try_take(
        &self,
        cooldown: &Cooldown<'_>,
        seconds: i64,
        now: i64,
    ) -> Result<Option<Turn>, Error> {
        let name = cooldown.name();
        let until = now + seconds;
        self.writing(|| async {
            let mut transaction = self.begin().await?;
            for slot in 0..cooldown.slots() {
                let taken = sqlx::query(
                    "INSERT INTO cooldowns (name, slot, person, until) VALUES ($1, $2, $3, $4) \
                     ON CONFLICT (name, slot) DO UPDATE SET until = excluded.until \
                     WHERE cooldowns.until <= $5",
                )
                .bind(name.as_str())
                .bind(i64::from(slot))
                .bind(cooldown.person())
                .bind(until)
                .bind(now)
                .execute(&mut *transaction)
                .await?
                .rows_affected();
                if taken > 0 {
                    transaction.commit().await?;
                    return Ok(Some(Turn { name: name.clone(), slot: i64::from(slot), until }));
                }
            }
            Ok(None)
        })
        .await
    }

    /// How many slots of `cooldown` are taken now.
    ///
    /// # Errors
    ///
    /// The store is busy, away or broken.
    pub async fn taken(&self, cooldown: &Cooldown<'_>, now: i64) -> Result<i64, Error> {
        let name = cooldown.name();
        let (taken,): (i64,) = self
            .reading(|| async {
                Ok(sqlx::query_as("SELECT COUNT(*) FROM cooldowns WHERE name = $1 AND until > $2")
                    .bind(name.as_str())
                    .bind(now)
                    .fetch_one(&self.inner.pools.read)
                    .await?)
            })
            .await?;
        Ok(taken)
    }

    /// Takes a token of the rate limit that all processes share for `group`: `burst` at once and one more every `period`
    /// seconds; false when there is none now.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken.
    pub async fn take_place(
        &self,
        group: &GroupId,
        (burst, period): (i64, i64),
        now: i64,
    ) -> Result<bool, Error> {
        // `until` is when all tokens are back; there is one now unless all of them are out.
        let taken = self
            .changing(|| {
                sqlx::query(
                    "INSERT INTO cooldowns (name, slot, person, until) VALUES ($1, 0, '', $2) \
                     ON CONFLICT (name, slot) DO UPDATE SET until = CASE WHEN cooldowns.until > $3 \
                     THEN cooldowns.until + $4 ELSE $2 END WHERE cooldowns.until <= $5",
                )
                .bind(format!("place@{group}"))
                .bind(now + period)
                .bind(now)
                .bind(period)
                .bind(now + (burst - 1) * period)
            })
            .await?;
        Ok(taken > 0)
    }

    /// Ends an entry's cooldown in a group: its answer is another one now.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken.
    pub async fn end_cooldown(&self, group: &GroupId, entry: &EntryId) -> Result<(), Error> {
        let name = Cooldown::Entry { group, entry }.name();
        self.changing(|| sqlx::query("DELETE FROM cooldowns WHERE name = $1").bind(name.clone())).await?;
        Ok(())
    }

    /// Gives a cooldown back for which nothing was sent, unless it has expired and was taken by another.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken.
    pub async fn give_back(&self, turn: &Turn) -> Result<(), Error> {
        self.changing(|| {
            sqlx::query("DELETE FROM cooldowns WHERE name = $1 AND slot = $2 AND until = $3")
                .bind(turn.name.clone())
                .bind(turn.slot)
                .bind(turn.until)
        })
        .await?;
        Ok(())
    }
}
