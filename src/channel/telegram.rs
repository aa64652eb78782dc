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
//! An update is confirmed only after its answer has gone out, so a crash loses no question; one that was answered and
//! comes again is known by its claim in the store.

mod admins;
mod answer;
pub mod api;
mod bot;
mod command;
mod desk;
mod dialogue;
mod dispatch;
pub mod failure;
mod group;
mod inline;
mod keyboard;
mod lessons;
mod members;
mod mention;
mod menu;
mod overheard;
mod pace;
mod poll;
mod press;
mod private;
mod profile;
pub mod registration;
mod send;
pub mod settings;
mod topics;
mod turn;
pub mod update;
mod webhook;
mod why;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use moka::sync::Cache;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::{interval, sleep, timeout};

use self::admins::Admins;
use self::answer::Answered;
use self::api::Api;
pub(crate) use self::bot::{Bot, Me};
use self::desk::Desk;
use self::dialogue::Dialogues;
use self::dispatch::Dispatcher;
use self::failure::Failure;
use self::group::Talk;
use self::overheard::Later;
use self::pace::Pace;
use self::poll::Poller;
use self::private::Caps;
use self::send::Sender;
use self::settings::Settings;
use self::why::Whys;
use crate::config::{Config, Telegram as Configured, TelegramIntake};
use crate::library::Library;
use crate::reply::links::Links;
use crate::responder::Responder;
use crate::store::{Deletion, Held};
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

/// How often a replica looks whether it leads, still or at last.
const LEAD: Duration = Duration::from_secs(2);

/// How often it is looked whether the store has come.
const STORE: Duration = Duration::from_millis(200);

/// What the channel answers from.
#[derive(Clone)]
pub struct Parts {
    /// Answers messages, and remembers.
    pub responder: Arc<Responder>,
    /// The content, for topics and inline queries.
    pub library: Arc<Library>,
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

    /// Takes in updates and answers them until `stop` says so, and then finishes what is under way.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) {
        let made = tokio::select! {
            bot = self.bot() => bot,
            _ = stop.wait_for(|stop| *stop) => return,
        };
        let dispatcher = Dispatcher::new(Arc::clone(&made), self.parts.metrics.clone());
        let Running { bot, dispatcher } = self.running.get_or_init(|| Running { bot: made, dispatcher });
        // Before the first message, so that it meets what is set. A failure is told by the store, and tried again.
        let _tried_again = bot.settings.catch_up().await;
        self.health.taking.store(true, Ordering::Release);
        let chores = [
            tokio::spawn(Arc::clone(bot).describe_itself()),
            tokio::spawn(Arc::clone(bot).tidy()),
            tokio::spawn(Arc::clone(bot).follow_settings()),
            tokio::spawn(Arc::clone(bot).forget_groups()),
        ];
        let mut poller = Poller::new(Arc::clone(bot), Arc::clone(dispatcher));
        let is_polling = matches!(self.configured.intake, TelegramIntake::Polling);
        let held = if is_polling {
            poll_while_leading(&mut poller, bot, stop).await
        } else {
            tokio::select! {
                () = bot.watch_webhook() => {}
                () = bot.share_budget() => {}
                _ = stop.wait_for(|stop| *stop) => {}
            }
            None
        };
        self.health.taking.store(false, Ordering::Release);
        if timeout(DRAIN, dispatcher.drained()).await.is_err() {
            let left = dispatcher.under_way();
            tracing::warn!("{left} updates were not finished in time; Telegram will bring them again");
        }
        if is_polling {
            poller.confirm().await;
        }
        // Not before: whoever leads next would be handed what is not confirmed, and answer it again.
        if let Some(held) = held {
            held.release().await;
        }
        for chore in chores {
            chore.abort();
        }
    }

    /// The bot, once Telegram says who it is and the store is there.
    async fn bot(&self) -> Arc<Bot> {
        let me = self.introduce().await;
        let memory = self.parts.responder.memory();
        let mut ticks = interval(STORE);
        let store = loop {
            if let Some(store) = memory.store() {
                break store.clone();
            }
            ticks.tick().await;
        };
        let Parts { responder, library, links, metrics } = self.parts.clone();
        let pace = Pace::new(self.configured.limits);
        let bot = Arc::new(Bot {
            api: Arc::clone(&self.api),
            sender: Sender::new(Arc::clone(&self.api), pace, metrics.clone()),
            metrics,
            health: Arc::clone(&self.health),
            responder,
            library,
            links,
            settings: Settings::new(store.clone()),
            store,
            operators: self.operators.clone(),
            max_age: self.max_age,
            is_linkless: self.is_linkless,
            me,
            handled: Cache::builder().max_capacity(10_000).build(),
            answered: Answered::default(),
            caps: Caps::new(self.configured.limits),
            admins: Admins::default(),
            talk: Talk::default(),
            later: Later::default(),
            desk: Desk::default(),
            dialogues: Dialogues::default(),
            whys: Whys::default(),
        });
        bot.later.belongs_to(&bot);
        bot
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

/// Of several replicas one polls; the others wait until it is gone. Whoever leads when told to stop still does.
async fn poll_while_leading(poller: &mut Poller, bot: &Bot, mut stop: watch::Receiver<bool>) -> Option<Held> {
    let mut is_waiting = false;
    while !*stop.borrow() {
        match bot.store.lead(bot.lead_name()).await {
            Ok(Some(mut held)) => {
                if is_waiting {
                    tracing::info!("this replica asks Telegram for updates now");
                    is_waiting = false;
                }
                let lost = async {
                    loop {
                        sleep(LEAD).await;
                        if !held.is_held().await {
                            return;
                        }
                    }
                };
                tokio::select! {
                    () = poller.run(stop.clone()) => return Some(held),
                    () = lost => tracing::warn!("the store does not say any more that this replica leads"),
                }
                held.release().await;
            }
            Ok(None) if !is_waiting => {
                is_waiting = true;
                tracing::info!("another replica asks Telegram for updates; this one waits");
            }
            // The store says itself what is wrong with it.
            Ok(None) | Err(_) => {}
        }
        tokio::select! {
            () = sleep(LEAD) => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
    }
    None
}
