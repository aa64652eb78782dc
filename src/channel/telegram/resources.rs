//! What the parts of the bot are built from; each part keeps only what it needs.

use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::client::api::Api;
use super::client::send::Sender;
use super::group::settings::Settings;
use super::identity::Me;
use crate::memory::Notebook;
use crate::reply::links::Links;
use crate::responder::Responder;
use crate::store::Store;
use crate::telemetry::Metrics;

/// What the parts of the bot are built from.
#[derive(Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
pub struct Resources {
    /// Who the bot is.
    pub me: Arc<Me>,
    /// The Bot API.
    pub api: Arc<Api>,
    /// Sends messages.
    pub sender: Arc<Sender>,
    /// What survives a restart.
    pub store: Store,
    /// Of groups and of the bot.
    pub settings: Arc<Settings>,
    /// Short-lived state.
    pub notes: Arc<Notebook>,
    /// Whether replicas share the work.
    pub is_shared: bool,
    /// Answers messages.
    pub responder: Arc<Responder>,
    /// Links into the article.
    pub links: Links,
    /// Whether links would lead to this machine only.
    pub is_linkless: bool,
    /// Whether what one person may ask is limited.
    pub is_limited: bool,
    /// After how many days what is kept is deleted.
    pub retention_days: u64,
    /// Where the console can be opened within Telegram: only over https.
    pub console: Option<Url>,
    /// User ids of those who may manage the base.
    pub operators: Vec<u64>,
    /// Whether they are told what somebody said who wants a person.
    pub handoff_text: bool,
    /// Older messages are not answered.
    pub max_age: Option<Duration>,
    /// How long the bot is silent in a chat after its owner has written there.
    pub handover: Duration,
    /// Counters.
    pub metrics: Metrics,
}
