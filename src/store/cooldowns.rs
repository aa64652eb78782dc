//! How often a group is answered: what was taken cannot be taken again until it has expired.

use super::error::Error;
use super::secret::PersonHash;
use super::{GroupId, Store};
use crate::faq::EntryId;

/// What has to rest between two answers.
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
    /// A group's unasked answers; each of them takes one of so many slots.
    Group {
        /// The group.
        group: &'a GroupId,
        /// How many there may be at once.
        slots: u8,
    },
}

/// What was taken and can be given back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    name: String,
    /// In Unix seconds.
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
    /// Takes `cooldown` for so many seconds, unless it is taken. Six slots taken for an hour each are at most six
    /// in any hour.
    ///
    /// # Errors
    ///
    /// As [`Error`] says.
    pub async fn try_take(&self, cooldown: &Cooldown<'_>, seconds: i64, now: i64) -> Result<bool, Error> {
        Ok(self.take(cooldown, seconds, now).await?.is_some())
    }

    /// As [`Store::try_take`]: what was taken, so that it can be given back; none where it rests.
    ///
    /// # Errors
    ///
    /// As [`Error`] says.
    pub async fn take(
        &self,
        cooldown: &Cooldown<'_>,
        seconds: i64,
        now: i64,
    ) -> Result<Option<Taken>, Error> {
        let name = cooldown.name();
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
                .bind(now + seconds)
                .bind(now)
                .execute(&mut *transaction)
                .await?
                .rows_affected();
                if taken > 0 {
                    transaction.commit().await?;
                    return Ok(Some(Taken { name: name.clone(), until: now + seconds }));
                }
            }
            Ok(None)
        })
        .await
    }

    /// Gives back what was taken, since nothing came of it. What was taken anew meanwhile stays so.
    ///
    /// # Errors
    ///
    /// As [`Error`] says; then it rests until its time.
    pub async fn give_back(&self, taken: &Taken) -> Result<(), Error> {
        self.changing(|| {
            // Slots that end together are as good as each other.
            sqlx::query(
                "DELETE FROM cooldowns WHERE name = $1 \
                 AND slot = (SELECT MIN(slot) FROM cooldowns WHERE name = $1 AND until = $2)",
            )
            .bind(taken.name.clone())
            .bind(taken.until)
        })
        .await?;
        Ok(())
    }
}
