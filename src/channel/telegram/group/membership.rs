//! Whether the bot is in a group, what it hears there, and what happens to the data of groups it is no longer in.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::admins::Admins;
use super::settings::{IN_USE, LEFT, Set, Settings};
use crate::channel::telegram::client::api::Api;
use crate::channel::telegram::client::error::Failure;
use crate::channel::telegram::client::send::Sender;
use crate::channel::telegram::identity::{Me, author, group, now, scope};
use crate::channel::telegram::intake::update::{ChatKind, Incoming, Standing};
use crate::channel::telegram::resources::Resources;
use crate::store::{Deletion, Scope, Store};
use crate::telemetry::Metrics;

/// How long the data of a group is kept after the bot was removed, in seconds.
const DATA_TTL: i64 = 30 * 24 * 3_600;

/// The delay before a migration that failed is tried again.
const RETRY_DELAY: Duration = Duration::from_secs(5);

/// How often such groups are looked for.
const DELETION_PERIOD: Duration = Duration::from_hours(1);

/// Knows in which groups the bot is.
pub struct Membership {
    me: Arc<Me>,
    api: Arc<Api>,
    sender: Arc<Sender>,
    settings: Arc<Settings>,
    admins: Arc<Admins>,
    store: Store,
    metrics: Metrics,
}

impl Membership {
    /// Keeps what it knows in the settings.
    pub fn new(of: &Resources, admins: Arc<Admins>) -> Self {
        let Resources { api, me, metrics, sender, settings, store, .. } = of.clone();
        Self { me, api, sender, settings, admins, store, metrics }
    }

    /// The bot was added, promoted, restricted or removed. Whether it is new in a group and may write there.
    pub async fn changed(&self, standing: &Standing) -> bool {
        let chat = standing.chat.id;
        self.admins.invalidate(chat);
        let is_in = |status: &str| matches!(status, "member" | "administrator" | "restricted" | "creator");
        let (was_in, is_in) = (is_in(&standing.old), is_in(&standing.new));
        let may_write = is_in && standing.may_write;
        if may_write {
            self.sender.open(chat);
        } else {
            self.sender.close(chat);
        }
        if standing.chat.kind != ChatKind::Group {
            return false;
        }
        self.set_left(chat, (!is_in).then(now), standing.by.map_or(0, |by| by.id)).await;
        !was_in && may_write
    }

    /// An admin has given a command in the group: it is one of his.
    pub async fn used(&self, chat: i64, set: &Set, by: i64) {
        if set.get(IN_USE).is_some() {
            return;
        }
        let author = author(&self.store, by);
        if let Err(error) = self.settings.set(&scope(chat), IN_USE, Some("1"), &author, now()).await {
            tracing::debug!("the next command of an admin stores that the group is in use: {error}");
        }
    }

    /// Stores since when the bot is out of the group; none: it is in.
    async fn set_left(&self, chat: i64, since: Option<i64>, by: i64) {
        let since = since.map(|since| since.to_string());
        let author = author(&self.store, by);
        if let Err(error) = self.settings.set(&scope(chat), LEFT, since.as_deref(), &author, now()).await {
            tracing::warn!("whether the bot is in a group could not be stored: {error}");
        }
    }

    /// A message of a group proves that the bot is in it, whatever was stored before: updates are lost after a day.
    pub async fn heard_again(&self, message: &Incoming, set: &Set) {
        let Some(since) = set.get(LEFT) else { return };
        // An older message may only have been delayed.
        if since.parse().is_ok_and(|since: i64| message.date > since) {
            self.sender.open(message.chat.id);
            self.set_left(message.chat.id, None, self.me.id).await;
        }
    }

    /// A request to a group failed: the bot may be out of it without having been told.
    pub async fn refused(&self, chat: i64, failure: &Failure) {
        let is_known = self.settings.of(&scope(chat)).get(LEFT).is_some();
        if failure.is_out() && !is_known {
            self.set_left(chat, Some(now()), self.me.id).await;
        }
    }

    /// A group became a supergroup: everything of it moves. Both chats say so, and a refused request too; doing it again
    /// changes nothing. Whether it is done.
    pub async fn migrated(&self, old: i64, new: i64) -> bool {
        self.sender.moved(old, new);
        self.admins.invalidate(old);
        let moved = self.store.move_group(&group(old), &group(new)).await;
        let read = self.settings.catch_up().await;
        let is_done = moved.and(read).is_ok();
        if !is_done {
            tracing::error!("a group became a supergroup, but its settings could not be moved");
        }
        is_done
    }

    /// Moves the data of groups that a refused request reported as migrated.
    pub async fn follow_migrations(&self) {
        while let Some((old, new)) = self.sender.next_migration().await {
            while !self.migrated(old, new).await {
                sleep(RETRY_DELAY).await;
            }
        }
    }

    /// Whether the bot hears everything that is said in this group, and the chat member that Telegram says it is.
    pub async fn hears(&self, chat: i64) -> (bool, Value) {
        let about = json!({ "chat_id": chat, "user_id": self.me.id });
        let member: Value = self.api.call_named("GetChatMember", &about).await.unwrap_or_default();
        (member["status"] == "administrator" || self.hears_all().await, member)
    }

    /// Whether privacy mode is off now: people turn it off while the bot runs, and then ask for `/status`.
    pub async fn hears_all(&self) -> bool {
        let me = self.api.call_named::<Value>("GetMe", &json!({})).await;
        me.map_or(self.me.hears_all, |me| me["can_read_all_group_messages"] == true)
    }

    /// Deletes one of the bot's messages. False where it has to be tried again.
    pub async fn remove(&self, deletion: &Deletion) -> bool {
        let (Ok(chat), Ok(message)) = (deletion.chat.parse(), deletion.message.parse()) else { return true };
        match self.sender.delete(chat, message).await {
            Ok(()) => self.metrics.telegram_send("removed"),
            Err(failure) if failure.is_transient() => return false,
            Err(failure) => {
                tracing::info!("an answer could not be deleted: {failure}");
                self.refused(chat, &failure).await;
            }
        }
        true
    }

    /// Every hour, deletes the data of groups that the bot left more than 30 days ago.
    pub async fn delete_old_data(&self) {
        let mut ticks = interval(DELETION_PERIOD);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            for (scope, since) in self.settings.with(LEFT) {
                let Scope::Group(group) = scope else { continue };
                if since.parse().is_ok_and(|since: i64| now() - since > DATA_TTL) {
                    match self.store.forget_group(&group).await {
                        Ok(()) => {
                            tracing::info!(
                                "the data of a group was deleted, 30 days after the bot was removed"
                            );
                        }
                        Err(error) => tracing::warn!("the data of a group could not be deleted: {error}"),
                    }
                }
            }
            if let Err(error) = self.settings.catch_up().await {
                tracing::debug!("the settings could not be read, the next tick tries again: {error}");
            }
        }
    }
}
