//! The bot as it answers: what it has at hand, and how an update is handled once.

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use serde_json::{Value, json};
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::answer::Answered;
use super::client::api::Api;
use super::client::send::Sender;
use super::group::Talk;
use super::group::admins::Admins;
use super::group::flood::Members;
use super::group::settings::Settings;
use super::group::unprompted::Later;
use super::intake::dispatch::{Ending, Handle};
use super::intake::inbox::Inbox;
use super::intake::update::{Event, Update};
use super::private::Caps;
use super::teaching::dialogue::Dialogues;
use super::teaching::session::Desk;
use super::why::Whys;
use super::{CONTACT, Health, LONGEST_WAIT, now};
use crate::memory::{Notebook, Writes};
use crate::reply::links::Links;
use crate::reply::wording;
use crate::responder::Responder;
use crate::store::{CLAIM, HeldLock, Scope, Store, within};
use crate::telemetry::Metrics;

/// How often it is looked whether the webhook is there, and how often while it is not.
const WEBHOOK: Duration = Duration::from_mins(1);
const WEBHOOK_AGAIN: Duration = Duration::from_secs(5);

/// How often replicas count each other.
const SHARES: Duration = Duration::from_secs(5);

/// Handles updates.
pub(crate) struct Bot {
    pub(super) api: Arc<Api>,
    pub(super) sender: Sender,
    pub(super) metrics: Metrics,
    pub(super) health: Arc<Health>,
    pub(super) responder: Arc<Responder>,
    pub(super) store: Store,
    pub(super) settings: Settings,
    pub(super) operators: Vec<u64>,
    pub(super) max_age: Option<Duration>,
    /// Whether other replicas may be brought the next update.
    pub(super) is_shared: bool,
    /// Whether links would lead to this machine only.
    pub(super) is_linkless: bool,
    pub(super) me: Me,
    /// Updates that were handled, in case the store could not be told.
    pub(super) handled: Cache<i64, ()>,
    pub(super) answered: Answered,
    pub(super) caps: Caps,
    pub(super) members: Members,
    pub(super) notes: Notebook,
    /// What lies in the store until it is dealt with.
    pub(super) inbox: Inbox,
    pub(super) admins: Admins,
    pub(super) talk: Talk,
    pub(super) later: Later,
    pub(super) desk: Desk,
    pub(super) dialogues: Dialogues,
    pub(super) whys: Whys,
    pub(super) links: Links,
}

/// Who the bot is.
#[derive(Clone, Debug)]
pub(crate) struct Me {
    pub(super) id: i64,
    /// The name without `@`.
    pub(super) name: String,
    /// Whether privacy mode is off.
    pub(super) hears_all: bool,
}

impl Handle for Bot {
    async fn handle(&self, update: Update) -> Ending {
        let id = update.id;
        let is_kept = self.inbox.has(id).await;
        if self.handled.contains_key(&id) {
            self.metrics.telegram_update("again");
            self.done_with(id).await;
            return Ending::Handled;
        }
        // An inline query is over in a moment; answering it twice harms nobody.
        let needs_claim = !matches!(update.event, Event::Inline(_));
        let claim = self.name_of(id);
        // What is kept was claimed as it was.
        if needs_claim && !is_kept {
            if self.inbox.is_left(&claim) {
                return Ending::Unclaimed;
            }
            let look = {
                let (store, claim) = (self.store.clone(), claim.clone());
                within(CLAIM, async move { store.is_claimed(&claim, now()).await })
            };
            match look.await {
                // It may have been kept this very moment.
                Some(Ok(true)) if !self.inbox.has(id).await => {
                    self.metrics.telegram_update("again");
                    return Ending::Handled;
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Ending::Unclaimed,
            }
        }
        let writes = Writes::of(Box::pin(self.on_event(update.event))).await;
        self.handled.insert(id, ());
        if !self.done_with(id).await && needs_claim {
            // Where this fails the update is confirmed all the same; only a crash in between would answer it twice.
            let _store_has_said_so = self.store.claim(&claim, now()).await;
        }
        writes.finished().await;
        Ending::Handled
    }

    async fn shed(&self, update: Update) {
        if let Event::Press(press) = &update.event {
            self.notice(&press.id, Some(wording::SLOW_DOWN)).await;
        }
        self.handled.insert(update.id, ());
        self.done_with(update.id).await;
    }
}

impl Bot {
    /// Now and then, throws out what is over.
    pub(super) async fn tidy(self: Arc<Self>) {
        let mut ticks = interval(Duration::from_mins(1));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            self.sender.pace().tidy();
            self.caps.tidy();
            self.members.tidy();
        }
    }

    /// Moves what belongs to groups of which a refusal said that they are supergroups now.
    pub(super) async fn follow_migrations(self: Arc<Self>) {
        while let Some((old, new)) = self.sender.migration().await {
            while !self.on_migration(old, new).await {
                sleep(SHARES).await;
            }
        }
    }

    pub(super) async fn follow_settings(self: Arc<Self>) {
        self.settings.follow().await;
    }

    /// The name of a person to talk to, where an operator has set one.
    pub(super) fn contact(&self) -> Option<String> {
        self.settings.of(&Scope::Base).get(CONTACT).map(str::to_owned)
    }

    /// Names this bot among those that share a store.
    pub(super) fn lead_name(&self) -> i32 {
        i32::try_from(self.me.id & 0x7F_FFFF).unwrap_or(0)
    }

    /// In webhook mode every replica sends; the budget is the token's, so they share it.
    pub(super) async fn share_budget(&self) {
        let mut seat = None;
        let mut ticks = interval(SHARES);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let is_seated = match &mut seat {
                Some(held) => HeldLock::is_held(held).await,
                None => false,
            };
            if !is_seated {
                seat = self.store.take_seat().await.ok();
            }
            if let Ok(replicas) = self.store.replicas().await {
                self.sender.pace().share(replicas);
            }
        }
    }

    /// In webhook mode, looks now and then whether the webhook is there and well.
    pub(super) async fn watch_webhook(&self) {
        let mut was_well = true;
        loop {
            let info = self.api.call_within::<Value>("GetWebhookInfo", &json!({}), LONGEST_WAIT).await;
            let trouble = match &info {
                Err(failure) => Some(failure.to_string()),
                Ok(info) if info["url"].as_str().unwrap_or_default().is_empty() => {
                    Some("no webhook is set; set it with `uttor telegram webhook set`".to_owned())
                }
                Ok(_) => None,
            };
            if let Ok(info) = &info {
                self.metrics.telegram_pending(info["pending_update_count"].as_u64().unwrap_or(0));
            }
            self.health.set_reachable(trouble.is_none());
            if let Some(trouble) = &trouble
                && was_well
            {
                tracing::error!("Telegram brings no updates: {trouble}");
            }
            was_well = trouble.is_none();
            sleep(if was_well { WEBHOOK } else { WEBHOOK_AGAIN }).await;
        }
    }

    pub(super) async fn on_event(&self, event: Event) {
        match event {
            Event::Message(message) => {
                self.withdraw_answer(&message).await;
                self.on_message(*message, false).await;
            }
            Event::Edited(message) => self.on_message(*message, true).await,
            Event::Press(press) => self.on_press(*press).await,
            Event::Inline(inline) => self.on_inline(inline).await,
            Event::Standing(standing) => self.on_standing(standing).await,
            Event::Member { chat } => self.admins_changed(chat).await,
            Event::Other => {}
        }
    }
}
