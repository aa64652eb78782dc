//! Settings of groups and of the bot: which there are, their values, and how a process follows the store.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::Mutex;

use crate::id::EntryId;
use crate::store::{Author, Error, Mark, Scope, Store};

/// The delay before a failed read of the store is retried.
const RETRY_DELAY: Duration = Duration::from_secs(5);

/// A setting that a group's admins can change, by its name in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its name, which is also what its button says.
    pub name: &'static str,
    /// What holds when nothing is set.
    pub default: &'static str,
    /// What can be chosen, in the order of the list.
    pub values: &'static [&'static str],
}

/// Whether the bot answers questions that are not addressed to it.
pub const UNPROMPTED: Choice = Choice { name: "unasked", default: "off", values: &["off", "on"] };
/// How sure such an answer must be: as measured for groups, or surer still.
pub const SURENESS: Choice = Choice { name: "sure", default: "sure", values: &["sure", "very"] };
/// Minutes before an entry is answered again, unprompted or not.
pub const COOLDOWN: Choice =
    Choice { name: "cooldown", default: "10", values: &["0", "5", "10", "30", "60", "360", "1440"] };
/// Seconds before a person gets another unprompted answer.
pub const PERSON: Choice = Choice { name: "person", default: "60", values: &["0", "30", "60", "300", "900"] };
/// Unprompted answers an hour.
pub const HOURLY: Choice =
    Choice { name: "hourly", default: "6", values: &["1", "2", "3", "4", "5", "6", "10", "20", "30", "60"] };
/// How much of an answer is sent unprompted: its beginning with a link to the rest, or all of it.
pub const LENGTH: Choice = Choice { name: "length", default: "short", values: &["short", "full"] };
/// Minutes to wait for a person's answer before an unprompted one.
pub const WAIT: Choice = Choice { name: "wait", default: "0", values: &["0", "1", "2", "5", "10"] };
/// Hours of the guide's time without unprompted answers: a night's, or those of the day when people answer themselves.
pub const QUIET: Choice =
    Choice { name: "quiet", default: "off", values: &["off", "22-6", "23-7", "0-6", "0-8", "8-22"] };
/// Minutes before the bot removes its answer; below Telegram's 48 hours.
pub const REMOVAL: Choice =
    Choice { name: "removal", default: "off", values: &["off", "1", "5", "15", "60", "360", "1440"] };
/// Minutes before commands, what the bot says to them and the menus are removed; below Telegram's 48 hours.
pub const TIDYING: Choice =
    Choice { name: "tidying", default: "60", values: &["off", "1", "5", "15", "60", "360", "1440"] };
/// Whether the group's own entries go before the guide's.
pub const OWN_FIRST: Choice = Choice { name: "own", default: "on", values: &["on", "off"] };
/// Whether answers bear buttons.
pub const BUTTONS: Choice = Choice { name: "buttons", default: "on", values: &["on", "off"] };
/// Whether questions without an answer are kept.
pub const UNANSWERED: Choice = Choice { name: "unanswered", default: "on", values: &["on", "off"] };

/// All of them, in the order of the menu.
pub const CHOICES: [Choice; 13] = [
    UNPROMPTED, SURENESS, LENGTH, COOLDOWN, PERSON, HOURLY, WAIT, QUIET, REMOVAL, TIDYING, BUTTONS,
    OWN_FIRST, UNANSWERED,
];

/// The topics of a forum in which the bot speaks: ids with commas, 0 for General, or [`NO_TOPIC`]; unset: all.
pub const TOPICS: &str = "topics";

/// The value of [`TOPICS`] once the last one was taken off the list.
pub const NO_TOPIC: &str = "none";

/// The guide's entries that are not answered in the group: ids with commas.
pub const HIDDEN: &str = "hidden";

/// The base's setting with the name of a person to talk to.
pub const CONTACT: &str = "contact";

/// Set once an admin has given a command in the group: his other groups are told from it.
pub const IN_USE: &str = "in_use";

/// Since when the bot is out of the group, in Unix seconds.
pub const LEFT: &str = "left";

/// The settings of one scope.
#[derive(Clone, Debug, Default)]
pub struct Set(Arc<BTreeMap<String, String>>);

impl Set {
    /// The value of a setting that is no [`Choice`].
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The value in force.
    pub fn value(&self, choice: &Choice) -> &str {
        let set = self.get(choice.name).filter(|value| choice.values.contains(value));
        set.unwrap_or(choice.default)
    }

    /// Whether it is on.
    pub fn is_on(&self, choice: &Choice) -> bool {
        self.value(choice) == "on"
    }

    /// A number; 0 for `off`.
    pub fn number(&self, choice: &Choice) -> i64 {
        self.value(choice).parse().unwrap_or(0)
    }

    /// Seconds before an entry is answered again: not longer than its answer stays, as a removed one cannot be linked.
    pub fn entry_cooldown(&self) -> i64 {
        let cooldown = self.number(&COOLDOWN);
        60 * match self.number(&REMOVAL) {
            0 => cooldown,
            removal => removal.min(cooldown),
        }
    }

    /// The guide's entries that are not answered in the group.
    pub fn hidden(&self) -> Vec<EntryId> {
        self.get(HIDDEN).into_iter().flat_map(|ids| ids.split(',')).filter_map(|id| id.parse().ok()).collect()
    }

    /// How many topics are listed; none where the bot speaks in all.
    pub fn listed_topics(&self) -> Option<usize> {
        Some(self.get(TOPICS)?.split(',').filter(|topic| topic.parse::<i64>().is_ok()).count())
    }

    /// Whether the bot speaks in this topic; none is General.
    pub fn speaks_in(&self, topic: Option<i64>) -> bool {
        let Some(topics) = self.get(TOPICS) else { return true };
        topics.split(',').any(|allowed| allowed.parse() == Ok(topic.unwrap_or(0)))
    }

    /// Whether it is quiet at this hour, 0..24.
    pub fn is_quiet(&self, hour: i64) -> bool {
        let Some((from, to)) = self.value(&QUIET).split_once('-') else { return false };
        let (Ok(from), Ok(to)) = (from.parse::<i64>(), to.parse::<i64>()) else { return false };
        if from <= to { (from..to).contains(&hour) } else { hour >= from || hour < to }
    }
}

/// All settings, as in the store.
pub struct Settings {
    store: Store,
    sets: RwLock<HashMap<Scope, Set>>,
    /// The last change that was read.
    read: Mutex<Mark>,
}

impl Settings {
    /// Nothing is read yet.
    pub fn new(store: Store) -> Self {
        Self { store, sets: RwLock::default(), read: Mutex::default() }
    }

    /// The settings of a scope.
    pub fn of(&self, scope: &Scope) -> Set {
        self.sets.read().unwrap_or_else(PoisonError::into_inner).get(scope).cloned().unwrap_or_default()
    }

    /// The scopes in which `name` is set, with its value.
    pub fn with(&self, name: &str) -> Vec<(Scope, String)> {
        let sets = self.sets.read().unwrap_or_else(PoisonError::into_inner);
        sets.iter().filter_map(|(scope, set)| Some((scope.clone(), set.get(name)?.to_owned()))).collect()
    }

    /// Sets `name`, or removes it, and reads it back at once.
    ///
    /// # Errors
    /// The store cannot be reached, or refuses.
    pub async fn set(
        &self,
        scope: &Scope,
        name: &str,
        value: Option<&str>,
        author: &Author,
        now: i64,
    ) -> Result<bool, Error> {
        let changed = self.store.set(scope, name, value, author, now).await?;
        self.catch_up().await?;
        Ok(changed)
    }

    /// Reads the changes since the last time.
    ///
    /// # Errors
    /// The store cannot be reached.
    pub async fn catch_up(&self) -> Result<(), Error> {
        let mut read = self.read.lock().await;
        let mark = *self.store.subscribe().borrow();
        let is_new = mark.generation != read.generation;
        let since = if is_new { 0 } else { read.revision };
        let changes = self.store.settings_since(since).await?;
        let mut sets = self.sets.write().unwrap_or_else(PoisonError::into_inner);
        if is_new {
            sets.clear();
        }
        let mut revision = since.max(mark.revision);
        for change in changes {
            revision = revision.max(change.revision);
            let set = sets.entry(change.scope).or_default();
            let values = Arc::make_mut(&mut set.0);
            match change.value {
                Some(value) => values.insert(change.name, value),
                None => values.remove(&change.name),
            };
        }
        sets.retain(|_, set| !set.0.is_empty());
        *read = Mark { generation: mark.generation, revision };
        Ok(())
    }

    /// Follows the store's changes; ends with the store.
    pub async fn follow(&self) {
        let mut marks = self.store.subscribe();
        loop {
            // The store logs the error.
            if self.catch_up().await.is_err() {
                tokio::time::sleep(RETRY_DELAY).await;
                continue;
            }
            if marks.changed().await.is_err() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(pairs: &[(&str, &str)]) -> Set {
        Set(Arc::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()))
    }

    #[test]
    fn what_is_set_holds_and_else_the_default() {
        assert!(!set(&[]).is_on(&UNPROMPTED));
        assert!(set(&[("unasked", "on")]).is_on(&UNPROMPTED));
        assert_eq!(set(&[("cooldown", "7")]).number(&COOLDOWN), 10, "not one that can be chosen");
        for choice in CHOICES {
            assert!(choice.values.contains(&choice.default), "{}", choice.name);
        }
    }

    #[test]
    fn quiet_hours_may_pass_midnight() {
        let quiet = set(&[("quiet", "22-6")]);
        assert!([22, 23, 0, 5].into_iter().all(|hour| quiet.is_quiet(hour)));
        assert!([6, 12, 21].into_iter().all(|hour| !quiet.is_quiet(hour)));
        assert!(!set(&[]).is_quiet(3));
    }

    #[test]
    fn topics_are_all_or_those_listed() {
        assert!(set(&[]).speaks_in(Some(7)));
        let listed = set(&[("topics", "0,7")]);
        assert!(listed.speaks_in(None) && listed.speaks_in(Some(7)) && !listed.speaks_in(Some(8)));
        assert_eq!((set(&[]).listed_topics(), listed.listed_topics()), (None, Some(2)));
        let none = set(&[("topics", NO_TOPIC)]);
        assert!(!none.speaks_in(None) && !none.speaks_in(Some(7)));
        assert_eq!(none.listed_topics(), Some(0));
    }
}
