//! The bot is added, promoted, restricted, removed; and what is left of a group that it is out of.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{MissedTickBehavior, interval};

use super::answer::Asked;
use super::failure::Failure;
use super::send::Target;
use super::settings::{self, LEFT};
use super::update::{ChatKind, Incoming, Standing};
use super::{Bot, now};
use crate::message::Place;
use crate::reply::wording;
use crate::store::{Deletion, Scope};

/// How long the data of a group is kept after the bot was removed, in seconds.
const KEPT: i64 = 30 * 24 * 3_600;

/// How often such groups are looked for.
const OLD_GROUPS: Duration = Duration::from_hours(1);

impl Bot {
    pub(super) async fn on_standing(&self, standing: Standing) {
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
        self.set_left(chat, standing.by.map_or(0, |by| by.id), !is_in).await;
        if !was_in && is_in && standing.may_write {
            self.greet(chat, standing.new == "administrator").await;
        }
    }

    /// Writes down that the bot is out of the group since now, or that it is in it.
    async fn set_left(&self, chat: i64, by: i64, is_out: bool) {
        let left = is_out.then(|| now().to_string());
        let scope = settings::scope(chat);
        // The store says itself why it cannot; then the data goes later than it should, or the next message tells.
        let _stays = self.settings.set(&scope, LEFT, left.as_deref(), &self.author(by), now()).await;
    }

    /// Something was said in a group: the bot is in it, though nobody may have told so.
    pub(super) async fn on_heard(&self, message: &Incoming) {
        let set = self.settings.of(&settings::scope(message.chat.id));
        let left = set.get(LEFT).and_then(|since| since.parse::<i64>().ok());
        // What was said before comes late now and then.
        if left.is_some_and(|since| message.date > since) {
            self.set_left(message.chat.id, 0, false).await;
        }
    }

    /// A chat refused the bot: where it is out of a group, that may be all it ever hears of it.
    pub(super) async fn on_refusal(&self, chat: i64, failure: &Failure) {
        // Groups have negative ids.
        if chat < 0 && failure.is_out() && self.settings.of(&settings::scope(chat)).get(LEFT).is_none() {
            self.set_left(chat, 0, true).await;
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
    pub(super) async fn hears_all(&self) -> bool {
        let me = self.call::<Value>("GetMe", json!({})).await;
        me.map_or(self.me.hears_all, |me| me["can_read_all_group_messages"] == true)
    }

    /// Whether the message is gone, or can never be removed.
    pub(super) async fn remove(&self, deletion: &Deletion) -> bool {
        let (Ok(chat), Ok(message)) = (deletion.chat.parse(), deletion.message.parse()) else { return true };
        match self.sender.delete(chat, message).await {
            Ok(()) => self.metrics.telegram_send("removed"),
            Err(failure) if failure.passes() => return false,
            Err(failure) => {
                tracing::info!("an answer could not be removed: {failure}");
                self.on_refusal(chat, &failure).await;
            }
        }
        true
    }

    /// Now and then, deletes what is left of groups that the bot is long out of.
    pub(super) async fn forget_groups(self: Arc<Self>) {
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
