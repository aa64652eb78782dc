//! Telegram: private chats, groups and inline queries.
//!
//! ```text
//! poll, webhook     Telegram's JSON        -> Update
//! dispatch          Update                 -> a worker, in a chat's order
//! private, group    Update                 -> Message
//! answer            Message                -> Reply         (the responder)
//! keyboard          Reply                  -> buttons
//! send              Outgoing               -> Telegram, at its pace
//! ```
//!
//! An update is confirmed only after its answer has gone out, or once it lies in the store where its chat has to wait, so
//! a crash loses no question; one that was answered and comes again is known by its claim in the store.

mod answer;
mod bot;
pub mod client;
mod command;
pub mod group;
mod inline;
pub mod intake;
mod keyboard;
mod mention;
mod press;
mod private;
mod profile;
mod supervise;
mod teaching;
mod topics;
mod why;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use moka::sync::Cache;
use serde_json::{Value, json};
use tokio::time::{interval, sleep, timeout};
use tokio_util::sync::CancellationToken;

use self::answer::Answered;
pub(crate) use self::bot::{Bot, Me};
use self::client::api::Api;
use self::client::error::Failure;
use self::client::rate_limit::Pace;
use self::client::send::Sender;
use self::group::Talk;
use self::group::admins::Admins;
use self::group::flood::Members;
use self::group::settings::Settings;
use self::group::unprompted::Later;
use self::intake::dispatch::Dispatcher;
use self::intake::inbox::Inbox;
use self::intake::leader::poll_while_leading;
use self::intake::poll::Poller;
use self::intake::webhook;
use self::private::Caps;
use self::supervise::{Chores, tirelessly};
use self::teaching::dialogue::Dialogues;
use self::teaching::session::Desk;
use self::why::Whys;
use crate::channel::pending::Pending;
use crate::config::{Config, Telegram as Configured, TelegramIntake};
use crate::memory::Cipher;
use crate::reply::links::Links;
use crate::responder::Responder;
use crate::store::Deletion;
use crate::telemetry::Metrics;

/// The channel's name.
pub const CHANNEL: &str = "telegram";

/// The base's setting with the name of a person to talk to.
const CONTACT: &str = "contact";

/// How long updates under way may go on after the signal to stop; less than the whole program has.
const DRAIN: Duration = Duration::from_secs(8);

/// The first and the longest wait between two attempts to reach Telegram at the start.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// How often it is looked whether the store has come.
const STORE: Duration = Duration::from_millis(200);

type Chore = fn(Arc<Bot>) -> BoxFuture<'static, ()>;

/// What is done beside the updates.
const CHORES: [(&str, Chore); 5] = [
    ("setting what Telegram shows of the bot", |bot| bot.describe_itself().boxed()),
    ("throwing out what is over", |bot| bot.tidy().boxed()),
    ("following the settings", |bot| bot.follow_settings().boxed()),
    ("moving what belongs to groups", |bot| bot.follow_migrations().boxed()),
    ("deleting what is left of groups", |bot| bot.forget_groups().boxed()),
];

/// What the channel answers from.
#[derive(Clone)]
pub struct Parts {
    /// Answers messages, and remembers.
    pub responder: Arc<Responder>,
    /// Links into the article.
    pub links: Links,
    /// Where things are counted.
    pub metrics: Metrics,
}

/// The channel.
pub struct Telegram {
    parts: Parts,
    api: Arc<Api>,
    configured: Configured,
    operators: Vec<u64>,
    max_age: Option<Duration>,
    is_linkless: bool,
    health: Arc<Health>,
    /// Once the store is there and Telegram has said who the bot is.
    running: Arc<OnceLock<Running>>,
}

/// What takes updates.
pub(crate) struct Running {
    bot: Arc<Bot>,
    dispatcher: Arc<Dispatcher<Bot>>,
}

/// Whether Telegram can be reached, and whether updates are taken in.
pub(crate) struct Health {
    reachable: AtomicBool,
    taking: AtomicBool,
    metrics: Metrics,
}

impl Health {
    fn set_reachable(&self, reachable: bool) {
        self.reachable.store(reachable, Ordering::Release);
        self.metrics.telegram_reachable(reachable);
    }

    fn is_taking(&self) -> bool {
        self.taking.load(Ordering::Acquire)
    }
}

/// Now, in Unix seconds.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

impl Telegram {
    /// Ready to run.
    ///
    /// # Errors
    /// The token cannot be used, or the system gives no TLS.
    pub fn new(config: &Config, configured: &Configured, parts: Parts) -> anyhow::Result<Self> {
        let health = Health {
            reachable: AtomicBool::new(false),
            taking: AtomicBool::new(false),
            metrics: parts.metrics.clone(),
        };
        Ok(Self {
            parts,
            api: Arc::new(Api::new(&configured.token, configured.api_url.as_ref())?),
            configured: configured.clone(),
            operators: config.operators.clone(),
            max_age: config.max_age,
            is_linkless: config.links_stay_here(),
            health: Arc::new(health),
            running: Arc::default(),
        })
    }

    /// The webhook's route, in webhook mode.
    pub fn routes(&self) -> Router {
        match &self.configured.intake {
            TelegramIntake::Polling => Router::new(),
            TelegramIntake::Webhook(secret) => webhook::routes(
                Arc::clone(&self.running),
                Arc::clone(&self.health),
                self.parts.metrics.clone(),
                secret.clone(),
            ),
        }
    }

    /// Whether Telegram is there and hands out updates.
    pub fn is_ready(&self) -> bool {
        self.health.reachable.load(Ordering::Acquire)
    }

    /// Removes one of the bot's messages; says whether it is gone, or can never be removed.
    pub async fn remove(&self, deletion: Deletion) -> bool {
        match self.running.get() {
            Some(running) => running.bot.remove(&deletion).await,
            None => false,
        }
    }

    /// Takes in updates and answers them until `stop` says so, and then finishes what is under way. A mistake in the
    /// program turns it unready and lets it begin anew.
    pub async fn run(&self, stop: CancellationToken) {
        let failed = || {
            self.health.taking.store(false, Ordering::Release);
            self.health.set_reachable(false);
            self.parts.metrics.telegram_poll_failure("panicked");
        };
        let work = || self.run_once(stop.clone()).boxed();
        tirelessly("taking in Telegram's updates", work, failed).await;
    }

    async fn run_once(&self, stop: CancellationToken) {
        if self.running.get().is_none() {
            let made = tokio::select! {
                bot = self.bot() => bot,
                () = stop.cancelled() => return,
            };
            let Some(bot) = made else { return };
            let dispatcher = Dispatcher::new(Arc::clone(&bot), self.parts.metrics.clone());
            let _the_only_one = self.running.set(Running { bot, dispatcher });
        }
        let Some(Running { bot, dispatcher }) = self.running.get() else { return };
        // Before the first message, so that it meets what is set. A failure is told by the store, and tried again.
        let _tried_again = bot.settings.catch_up().await;
        self.health.taking.store(true, Ordering::Release);
        // They end with it.
        let mut chores = Chores::default();
        for (what, chore) in CHORES {
            let bot = Arc::clone(bot);
            chores.begin(what, move || chore(Arc::clone(&bot)));
        }
        let (of, to) = (Arc::clone(bot), Arc::clone(dispatcher));
        let look_after = move || Arc::clone(&of).look_after(Arc::clone(&to)).boxed();
        chores.begin("looking after what is kept", look_after);
        let mut poller = Poller::new(Arc::clone(bot), Arc::clone(dispatcher));
        let is_polling = matches!(self.configured.intake, TelegramIntake::Polling);
        let held = if is_polling {
            poll_while_leading(&mut poller, bot, stop).await
        } else {
            tokio::select! {
                () = bot.watch_webhook() => {}
                () = bot.share_budget() => {}
                () = stop.cancelled() => {}
            }
            None
        };
        self.health.taking.store(false, Ordering::Release);
        if timeout(DRAIN, dispatcher.drained()).await.is_err() {
            let left = dispatcher.under_way();
            tracing::warn!("{left} updates were not finished in time, and come again");
        }
        if is_polling {
            poller.confirm().await;
        }
        // Not before: whoever leads next would be handed what is not confirmed, and answer it again.
        if let Some(held) = held {
            held.release().await;
        }
        chores.end().await;
        bot.inbox.leave().await;
    }

    /// The bot, once Telegram says who it is and the store is there.
    async fn bot(&self) -> Option<Arc<Bot>> {
        let me = self.introduce().await;
        let memory = self.parts.responder.memory();
        let mut ticks = interval(STORE);
        let store = loop {
            if let Some(store) = memory.store() {
                break store.clone();
            }
            ticks.tick().await;
        };
        let Parts { responder, links, metrics } = self.parts.clone();
        let is_shared = matches!(self.configured.intake, TelegramIntake::Webhook(_));
        let pace = Pace::new(self.configured.limits, is_shared.then(|| store.clone()));
        let pending = Pending::start(store.clone(), CHANNEL);
        let cipher = Cipher::new(&self.configured.token);
        let (pending, cipher) = match (pending, cipher) {
            (Ok(pending), Ok(cipher)) => (pending, cipher),
            (Err(error), _) => {
                tracing::error!("Telegram: nothing can be taken in: {error}");
                return None;
            }
            (_, Err(error)) => {
                tracing::error!("Telegram: nothing can be taken in: {error}");
                return None;
            }
        };
        let notes = memory.notebook(CHANNEL, &me.id.to_string(), is_shared)?;
        let bot = Arc::new(Bot {
            api: Arc::clone(&self.api),
            sender: Sender::new(Arc::clone(&self.api), pace, metrics.clone()),
            metrics,
            health: Arc::clone(&self.health),
            responder,
            links,
            settings: Settings::new(store.clone()),
            store,
            operators: self.operators.clone(),
            max_age: self.max_age,
            is_shared,
            is_linkless: self.is_linkless,
            me,
            handled: Cache::builder().max_capacity(10_000).build(),
            answered: Answered::default(),
            caps: Caps::new(self.configured.limits),
            members: Members::new(self.configured.limits),
            notes,
            inbox: Inbox::new(pending, cipher),
            admins: Admins::default(),
            talk: Talk::default(),
            later: Later::default(),
            desk: Desk::default(),
            dialogues: Dialogues::default(),
            whys: Whys::default(),
        });
        bot.later.belongs_to(&bot);
        Some(bot)
    }

    /// Learns who the bot is, however long it takes to reach Telegram.
    async fn introduce(&self) -> Me {
        let mut wait = FIRST_WAIT;
        let mut attempts: u32 = 0;
        loop {
            let failure = match self.api.call_within::<Value>("GetMe", &json!({}), LONGEST_WAIT).await {
                Ok(me) => {
                    let me = Me {
                        id: me["id"].as_i64().unwrap_or_default(),
                        name: me["username"].as_str().unwrap_or_default().to_owned(),
                        hears_all: me["can_read_all_group_messages"] == true,
                    };
                    tracing::info!("Telegram knows the bot as @{}", me.name);
                    self.health.set_reachable(true);
                    return me;
                }
                Err(failure) => failure,
            };
            attempts = attempts.saturating_add(1);
            self.health.set_reachable(false);
            self.parts.metrics.telegram_poll_failure(failure.name());
            match &failure {
                Failure::Unauthorized if attempts == 1 => tracing::error!("Telegram: {failure}"),
                _ if attempts.is_power_of_two() => {
                    tracing::warn!("Telegram cannot be reached, attempt {attempts}: {failure}");
                }
                _ => {}
            }
            sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }
}
