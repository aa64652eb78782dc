//! The bot is added, promoted, restricted, removed; and what is left of a group that it is out of.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{MissedTickBehavior, interval};

use super::settings::{self, LEFT, Set};
use crate::channel::telegram::answer::Asked;
use crate::channel::telegram::client::error::Failure;
use crate::channel::telegram::client::send::Target;
use crate::channel::telegram::intake::update::{ChatKind, Incoming, Standing};
use crate::channel::telegram::{Bot, CHANNEL, now};
use crate::message::Place;
use crate::reply::wording;
use crate::store::{Author, Deletion, Scope};

/// How long the data of a group is kept after the bot was removed, in seconds.
const KEPT: i64 = 30 * 24 * 3_600;

/// How often such groups are looked for.
const OLD_GROUPS: Duration = Duration::from_hours(1);

impl Bot {
    pub async fn on_standing(&self, standing: Standing) {
        let chat = standing.chat.id;
        self.admins.forget(chat);
        let is_in = |status: &str| matches!(status, "member" | "administrator" | "restricted" | "creator");
        let (was_in, is_in) = (is_in(&standing.old), is_in(&standing.new));
        if !is_in || !standing.may_write {
            self.sender.close(chat);
        } else {
            self.sender.opened(chat);
        }
        if standing.chat.kind != ChatKind::Group {
            return;
        }
        self.set_left(chat, (!is_in).then(now), standing.by.map_or(0, |by| by.id)).await;
        if !was_in && is_in && standing.may_write {
            self.greet(chat, standing.new == "administrator").await;
        }
    }

    /// Remembers since when the bot is out of the group; none: it is in.
    async fn set_left(&self, chat: i64, since: Option<i64>, by: i64) {
        let author = Author::person(&self.store.secret().person(CHANNEL, &by.to_string()));
        let since = since.map(|since| since.to_string());
        // The store says itself why it cannot; then the data stays longer than it should.
        let _stays = self.settings.set(&settings::scope(chat), LEFT, since.as_deref(), &author, now()).await;
    }

    /// Where a group is heard, the bot is in it, whatever it was told before: updates are lost after a day.
    pub async fn heard_again(&self, message: &Incoming, set: &Set) {
        let Some(since) = set.get(LEFT) else { return };
        // What was said before may still have waited.
        if since.parse().is_ok_and(|since: i64| message.date > since) {
            self.sender.opened(message.chat.id);
            self.set_left(message.chat.id, None, self.me.id).await;
        }
    }

    /// A request to a group failed: the bot may be out of it without having been told.
    pub async fn refused_by_group(&self, chat: i64, failure: &Failure) {
        let is_known = self.settings.of(&settings::scope(chat)).get(LEFT).is_some();
        if failure.is_out() && !is_known {
            self.set_left(chat, Some(now()), self.me.id).await;
        }
    }

    /// One short message: what the bot can hear, and how to ask.
    async fn greet(&self, chat: i64, is_admin: bool) {
        let target = Target { chat, topic: None, reply_to: None };
        let asked = Asked { target, asker: 0, place: Place::Addressed };
        let hears_all = is_admin || self.hears_all().await;
        self.say(&asked, &wording::group_welcome(&self.me.name, hears_all), Vec::new()).await;
    }

    /// Whether privacy mode is off now: it is turned off while the bot runs, and then somebody asks for `/status`.
    pub async fn hears_all(&self) -> bool {
        let me = self.call::<Value>("GetMe", json!({})).await;
        me.map_or(self.me.hears_all, |me| me["can_read_all_group_messages"] == true)
    }

    /// Whether the message is gone, or can never be removed.
    pub async fn remove(&self, deletion: &Deletion) -> bool {
        let (Ok(chat), Ok(message)) = (deletion.chat.parse(), deletion.message.parse()) else { return true };
        match self.sender.delete(chat, message).await {
            Ok(()) => self.metrics.telegram_send("removed"),
            Err(failure) if failure.passes() => return false,
            Err(failure) => {
                tracing::info!("an answer could not be removed: {failure}");
                self.refused_by_group(chat, &failure).await;
            }
        }
        true
    }

    /// Now and then, deletes what is left of groups that the bot is long out of.
    pub async fn forget_groups(self: Arc<Self>) {
        let mut ticks = interval(OLD_GROUPS);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            self.forget_old_groups().await;
        }
    }

    async fn forget_old_groups(&self) {
        for (scope, since) in self.settings.with(LEFT) {
            let Scope::Group(group) = scope else { continue };
            if since.parse().is_ok_and(|since: i64| now() - since > KEPT) {
                match self.store.forget_group(&group).await {
                    Ok(()) => {
                        tracing::info!("the data of a group was deleted, 30 days after the bot was removed");
                    }
                    Err(error) => tracing::warn!("the data of a group could not be deleted: {error}"),
                }
            }
        }
        let _tried_again = self.settings.catch_up().await;
    }
}
