//! Telegram: private chats, groups and inline queries.
//!
//! ```text
//! intake            Telegram's JSON    -> Update        polled or by webhook, claimed, in a chat's order
//! private, group    Update             -> Message
//! answer            Message            -> Reply         (the responder)
//! keyboard          Reply              -> buttons
//! client            Outgoing           -> Telegram      within the rate limit
//! teaching          commands, presses  -> lessons
//! ```
//!
//! The files are layers: none names one above it in the list of `bot.rs` and this file.

pub mod abilities;
mod album;
mod answer;
mod bot;
pub mod client;
mod command;
pub mod group;
mod guest;
mod identity;
mod inline;
pub mod intake;
mod keyboard;
mod mention;
mod mentioned;
mod mini_app;
mod origin;
mod outbox;
mod parts;
mod press;
mod private;
mod profile;
mod resources;
mod secretary;
mod supervise;
mod teaching;
mod topics;
mod why;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use backon::{ExponentialBuilder, Retryable as _};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use tokio::{sync::SetOnce, time::timeout};
use tokio_util::sync::CancellationToken;
use url::Url;

use self::bot::Bot;
use self::client::{api::Api, error::Failure, rate_limit::RateLimit, send::Sender};
use self::group::settings::Settings;
use self::identity::Me;
pub use self::identity::{CHANNEL, GUEST, SECRETARY};
use self::intake::inbox::{Inbox, Taken};
use self::intake::{dispatch::Dispatcher, health::Health, leader::poll_while_leading, poll::Poller, webhook};
use self::resources::Resources;
use self::supervise::{BackgroundTasks, supervise};
use crate::channel::pending::Pending;
use crate::config::{Config, Telegram as Configured, TelegramIntake};
use crate::faq::finding::Finding;
use crate::memory::Cipher;
use crate::reply::links::Links;
use crate::responder::Responder;
use crate::store::{Deletion, Store};
use crate::telemetry::Metrics;

/// How long updates under way may go on after the signal to stop; less than the whole program has.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(8);

/// The first and the longest delay between two attempts to reach Telegram at the start.
const MIN_BACKOFF: Duration = Duration::from_millis(500);
const MAX_BACKOFF: Duration = Duration::from_secs(30);

/// Findings of broken content that operators are shown.
const MAX_FINDINGS: usize = 5;

/// Of such an attempt.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// What the channel is built from.
#[derive(Clone)]
pub struct Parts {
    /// Answers messages.
    pub responder: Arc<Responder>,
    /// Links into the article.
    pub links: Links,
    /// Counters.
    pub metrics: Metrics,
}

/// The channel.
pub struct Telegram {
    parts: Parts,
    api: Arc<Api>,
    configured: Configured,
    operators: Vec<u64>,
    handoff_text: bool,
    max_age: Option<Duration>,
    handover: Duration,
    is_linkless: bool,
    retention_days: u64,
    console: Option<Url>,
    health: Arc<Health>,
    /// Set once the store is connected and Telegram has said who the bot is.
    running: SetOnce<Running>,
    /// The same one's, for the webhook.
    dispatcher: Arc<SetOnce<Dispatcher<Bot>>>,
}

/// What handles updates.
struct Running {
    resources: Resources,
    inbox: Arc<Inbox>,
    bot: Arc<Bot>,
    dispatcher: Dispatcher<Bot>,
}

impl Telegram {
    /// Ready to run.
    ///
    /// # Errors
    /// The token is not valid in a URL, or TLS cannot be set up.
    pub fn new(config: &Config, configured: &Configured, parts: Parts) -> anyhow::Result<Self> {
        Ok(Self {
            health: Arc::new(Health::new(parts.metrics.clone())),
            parts,
            api: Arc::new(Api::new(&configured.token, configured.api_url.as_ref())?),
            configured: configured.clone(),
            operators: config.operators.clone(),
            handoff_text: config.handoff_text,
            max_age: config.max_age,
            handover: config.handover,
            is_linkless: config.links_stay_here(),
            retention_days: config.retention_days(),
            console: mini_app::console(config),
            running: SetOnce::new(),
            dispatcher: Arc::default(),
        })
    }

    /// The webhook's route, in webhook mode.
    pub fn routes(&self) -> Router {
        match &self.configured.intake {
            TelegramIntake::Polling => Router::new(),
            TelegramIntake::Webhook(secret) => webhook::routes(
                Arc::clone(&self.dispatcher),
                Arc::clone(&self.health),
                self.parts.metrics.clone(),
                secret.clone(),
            ),
        }
    }

    /// The user id in a Mini App's `initData`, if Telegram signed it for this bot in the ten minutes before `now` (Unix
    /// seconds).
    pub fn signed_user(&self, data: &str, now: i64) -> Option<u64> {
        mini_app::user(data, self.configured.token.expose_secret(), now)
    }

    /// Whether Telegram can be reached and delivers updates.
    pub fn is_ready(&self) -> bool {
        self.health.is_reachable()
    }

    /// Whether there is anybody whom [`Telegram::tell_operators`] tells.
    pub fn has_operators(&self) -> bool {
        !self.operators.is_empty()
    }

    /// What operators are told when somebody wants a person; `at` is in Unix seconds.
    pub fn say_wanted(&self, channel: &str, at: i64, text: Option<&str>) -> String {
        let responder = &self.parts.responder;
        responder.wording().wanted(channel, at, responder.minutes_east(), text)
    }

    /// Sends `notice` to each operator, with a button that opens `link`; whether any got it.
    pub async fn tell_operators(&self, notice: &str, link: Option<Url>) -> bool {
        match self.running.get() {
            Some(running) => running.bot.answers.tell_operators(notice, link).await,
            None => false,
        }
    }

    /// Deletes one of the bot's messages. False where it has to be tried again.
    pub async fn remove(&self, deletion: Deletion) -> bool {
        match self.running.get() {
            Some(running) => running.bot.membership.remove(&deletion).await,
            None => false,
        }
    }

    /// Tells each operator in one message that the content cannot be used, and where it is wrong; waits until the bot runs.
    pub async fn tell_of_findings(&self, findings: &[Finding]) {
        let Running { bot, .. } = self.running.wait().await;
        let places: Vec<String> = findings.iter().take(MAX_FINDINGS).map(ToString::to_string).collect();
        let text = self
            .parts
            .responder
            .wording()
            .broken(&places.join("\n"), findings.len().saturating_sub(places.len()));
        // Who was not told finds it in the log.
        bot.answers.tell_operators(&text, None).await;
    }

    /// Accepts updates and answers them until `stop` is cancelled, then drains. A panic makes it unready and restarts it.
    pub async fn run(&self, stop: CancellationToken) {
        let failed = || {
            self.health.set_accepting(false);
            self.health.set_reachable(false);
            self.parts.metrics.telegram_poll_failure("panicked");
        };
        supervise("the Telegram channel", || self.run_once(stop.clone()).boxed(), failed).await;
    }

    async fn run_once(&self, stop: CancellationToken) {
        if self.running.get().is_none() {
            let started = stop.run_until_cancelled(self.start()).await;
            let Some(Ok(running)) = started.map(|started| {
                started.inspect_err(|error| tracing::error!("Telegram: no updates can be accepted: {error}"))
            }) else {
                return;
            };
            self.dispatcher.set(running.dispatcher.clone()).ok();
            self.running.set(running).ok();
        }
        let Some(Running { resources, inbox, bot, dispatcher }) = self.running.get() else { return };
        // Before the first message, which is to be handled by these settings.
        if let Err(error) = resources.settings.catch_up().await {
            tracing::warn!("the settings could not be read, which is tried again: {error}");
        }
        self.health.set_accepting(true);
        let tasks = background_tasks(resources, inbox, bot, dispatcher);
        let held = if matches!(self.configured.intake, TelegramIntake::Polling) {
            let mut poller = Poller::new(
                Arc::clone(&self.api),
                Arc::clone(&self.health),
                self.parts.metrics.clone(),
                Arc::clone(inbox),
                dispatcher.clone(),
            );
            let held = poll_while_leading(&mut poller, &resources.store, resources.me.id, stop).await;
            self.drain(dispatcher).await;
            poller.confirm().await;
            held
        } else {
            tokio::select! {
                () = webhook::check_registration(&self.api, &self.health, &self.parts.metrics) => {}
                () = resources.sender.rate_limit().follow_replicas() => {}
                () = stop.cancelled() => {}
            }
            self.drain(dispatcher).await;
            None
        };
        // Not before: the next leader would be delivered what is not confirmed, and answer it again.
        if let Some(held) = held {
            held.release().await;
        }
        tasks.end().await;
        inbox.leave().await;
    }

    async fn drain(&self, dispatcher: &Dispatcher<Bot>) {
        self.health.set_accepting(false);
        if timeout(DRAIN_TIMEOUT, dispatcher.drained()).await.is_err() {
            let left = dispatcher.under_way();
            tracing::warn!("{left} updates were not handled in time, and will be redelivered");
        }
    }

    /// The bot, once Telegram has said who it is and the store is connected.
    async fn start(&self) -> anyhow::Result<Running> {
        let me = self.identify().await;
        let memory = self.parts.responder.memory();
        let store: Store = memory.wait_for_store().await.clone();
        let Parts { responder, links, metrics } = self.parts.clone();
        let is_limited = self.configured.limits;
        let is_shared = matches!(self.configured.intake, TelegramIntake::Webhook(_));
        let rate_limit = RateLimit::new(is_limited, is_shared.then(|| store.clone()));
        let pending = Pending::start(store.clone(), CHANNEL)?;
        let cipher = Cipher::new(&self.configured.token)?;
        let inbox = Arc::new(Inbox::new(me.id, store.clone(), pending, cipher));
        let notebook = memory.notebook(CHANNEL, &me.id.to_string(), is_shared);
        let notes = Arc::new(notebook.context("the store is not there")?);
        let resources = Resources {
            me: Arc::new(me),
            sender: Arc::new(Sender::new(Arc::clone(&self.api), rate_limit, metrics.clone())),
            api: Arc::clone(&self.api),
            settings: Arc::new(Settings::new(store.clone())),
            store,
            notes,
            is_shared,
            responder,
            links,
            is_linkless: self.is_linkless,
            retention_days: self.retention_days,
            console: self.console.clone(),
            is_limited,
            operators: self.operators.clone(),
            handoff_text: self.handoff_text,
            max_age: self.max_age,
            handover: self.handover,
            metrics: metrics.clone(),
        };
        let bot = Arc::new(Bot::new(&resources, Arc::clone(&inbox)));
        let dispatcher = Dispatcher::new(Arc::clone(&bot), metrics);
        Ok(Running { resources, inbox, bot, dispatcher })
    }

    /// Asks who the bot is until Telegram says it.
    async fn identify(&self) -> Me {
        let backoff = ExponentialBuilder::new()
            .with_min_delay(MIN_BACKOFF)
            .with_max_delay(MAX_BACKOFF)
            .without_max_times();
        let mut attempts: u32 = 0;
        let ask = || async {
            let me = self.api.call_within::<Value>("GetMe", &json!({}), REQUEST_TIMEOUT).await?;
            Ok::<_, Failure>(Me {
                id: me["id"].as_i64().unwrap_or_default(),
                name: me["username"].as_str().unwrap_or_default().to_owned(),
                hears_all: me["can_read_all_group_messages"] == true,
                is_secretary: me["can_connect_to_business"] == true,
            })
        };
        loop {
            let told = |failure: &Failure, _| {
                attempts = attempts.saturating_add(1);
                self.health.set_reachable(false);
                self.parts.metrics.telegram_poll_failure(failure.name());
                match failure {
                    Failure::Unauthorized if attempts == 1 => tracing::error!("Telegram: {failure}"),
                    _ if attempts.is_power_of_two() => {
                        tracing::warn!("Telegram cannot be reached, attempt {attempts}: {failure}");
                    }
                    _ => {}
                }
            };
            // It ends with an error only where the retries do, and these have no end.
            if let Ok(me) = ask.retry(backoff).notify(told).await {
                tracing::info!("Telegram knows the bot as @{}", me.name);
                self.health.set_reachable(true);
                return me;
            }
        }
    }
}

/// What is done beside the updates.
fn background_tasks(
    resources: &Resources,
    inbox: &Arc<Inbox>,
    bot: &Arc<Bot>,
    dispatcher: &Dispatcher<Bot>,
) -> BackgroundTasks {
    type Task = fn(Arc<Bot>) -> BoxFuture<'static, ()>;
    const OF_THE_BOT: [(&str, Task); 3] = [
        ("dropping the state of idle chats", |bot| async move { bot.prune().await }.boxed()),
        ("moving the data of migrated groups", |bot| {
            async move { bot.membership.follow_migrations().await }.boxed()
        }),
        ("deleting the data of groups", |bot| async move { bot.membership.delete_old_data().await }.boxed()),
    ];
    let mut tasks = BackgroundTasks::default();
    for (what, task) in OF_THE_BOT {
        let bot = Arc::clone(bot);
        tasks.spawn(what, move || task(Arc::clone(&bot)));
    }
    let (api, responder) = (Arc::clone(&resources.api), Arc::clone(&resources.responder));
    let is_secretary = resources.me.is_secretary;
    tasks.spawn("setting the bot's commands and description", move || {
        let (api, responder) = (Arc::clone(&api), Arc::clone(&responder));
        async move {
            let view = responder.view(None).await;
            profile::set(&api, view.guide(), view.wording(), is_secretary).await;
        }
        .boxed()
    });
    let settings = Arc::clone(&resources.settings);
    tasks.spawn("following the settings", move || {
        let settings = Arc::clone(&settings);
        async move { settings.follow().await }.boxed()
    });
    let (inbox, bot, dispatcher) = (Arc::clone(inbox), Arc::clone(bot), dispatcher.clone());
    tasks.spawn("taking over updates", move || {
        let (inbox, bot, dispatcher) = (Arc::clone(&inbox), Arc::clone(&bot), dispatcher.clone());
        let handle = move |taken| match taken {
            Taken::Update(update) => dispatcher.take_up(update),
            Taken::Answer(name, answer) => bot.unprompted.take_over(name, answer),
        };
        async move { inbox.take_over(handle).await }.boxed()
    });
    tasks
}
