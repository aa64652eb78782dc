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
mod command;
mod desk;
mod dialogue;
mod dispatch;
pub mod failure;
mod group;
mod inline;
mod keyboard;
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
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use self::admins::Admins;
use self::answer::Answered;
use self::api::Api;
use self::desk::Desk;
use self::dialogue::Dialogues;
use self::dispatch::{Dispatcher, Ending, Handle};
use self::failure::Failure;
use self::group::Talk;
use self::overheard::Later;
use self::pace::Pace;
use self::poll::Poller;
use self::private::Caps;
use self::send::Sender;
use self::settings::Settings;
use self::update::{Event, Update};
use self::why::Whys;
use crate::config::{Config, Telegram as Configured, TelegramIntake};
use crate::library::Library;
use crate::reply::links::Links;
use crate::responder::Responder;
use crate::store::{CLAIM, Deletion, Scope, Store, within};
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

/// Handles updates.
pub(crate) struct Bot {
    api: Arc<Api>,
    sender: Sender,
    metrics: Metrics,
    health: Arc<Health>,
    responder: Arc<Responder>,
    library: Arc<Library>,
    store: Store,
    settings: Settings,
    operators: Vec<u64>,
    max_age: Option<Duration>,
    /// Whether links would lead to this machine only.
    is_linkless: bool,
    me: Me,
    /// Updates that were handled, in case the store could not be told.
    handled: Cache<i64, ()>,
    answered: Answered,
    caps: Caps,
    admins: Admins,
    talk: Talk,
    later: Later,
    desk: Desk,
    dialogues: Dialogues,
    whys: Whys,
    links: Links,
}

/// Who the bot is.
#[derive(Clone, Debug)]
pub(crate) struct Me {
    id: i64,
    /// The name without `@`.
    name: String,
    /// Whether privacy mode is off.
    hears_all: bool,
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
        if is_polling {
            poller.run(stop).await;
        } else {
            tokio::select! {
                () = bot.watch_webhook() => {}
                _ = stop.wait_for(|stop| *stop) => {}
            }
        }
        self.health.taking.store(false, Ordering::Release);
        if timeout(DRAIN, dispatcher.drained()).await.is_err() {
            let left = dispatcher.under_way();
            tracing::warn!("{left} updates were not finished in time; Telegram will bring them again");
        }
        if is_polling {
            poller.confirm().await;
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

impl Handle for Bot {
    async fn handle(&self, update: Update) -> Ending {
        let id = update.id;
        if self.handled.contains_key(&id) {
            self.metrics.telegram_update("again");
            return Ending::Handled;
        }
        // An inline query is over in a moment; answering it twice harms nobody.
        if let Event::Inline(_) = update.event {
            self.on_event(update.event).await;
            return Ending::Handled;
        }
        let claim = self.store.secret().message(&format!("{CHANNEL}:{}", self.me.id), &id.to_string());
        let look = {
            let (store, claim) = (self.store.clone(), claim.clone());
            within(CLAIM, async move { store.is_claimed(&claim, now()).await })
        };
        match look.await {
            Some(Ok(true)) => {
                self.metrics.telegram_update("again");
                return Ending::Handled;
            }
            Some(Ok(false)) => {}
            Some(Err(_)) | None => return Ending::Unclaimed,
        }
        self.on_event(update.event).await;
        self.handled.insert(id, ());
        // Where this fails the update is confirmed all the same; only a crash in between would answer it twice.
        let _store_has_said_so = self.store.claim(&claim, now()).await;
        Ending::Handled
    }
}

impl Bot {
    /// Now and then, throws out what is over.
    async fn tidy(self: Arc<Self>) {
        let mut ticks = interval(Duration::from_mins(1));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            self.sender.pace().tidy();
            self.caps.tidy();
        }
    }

    async fn follow_settings(self: Arc<Self>) {
        self.settings.follow().await;
    }

    /// The name of a person to talk to, where an operator has set one.
    fn contact(&self) -> Option<String> {
        self.settings.of(&Scope::Base).get(CONTACT).map(str::to_owned)
    }

    /// In webhook mode, looks now and then whether the webhook is there and well.
    async fn watch_webhook(&self) {
        let mut ticks = interval(Duration::from_mins(1));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut was_well = true;
        loop {
            ticks.tick().await;
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
        }
    }

    async fn on_event(&self, event: Event) {
        match event {
            Event::Message(message) => self.on_message(*message, false).await,
            Event::Edited(message) => self.on_message(*message, true).await,
            Event::Press(press) => self.on_press(*press).await,
            Event::Inline(inline) => self.on_inline(inline).await,
            Event::Standing(standing) => self.on_standing(standing).await,
            Event::Member { chat } => self.admins.forget(chat),
            Event::Other => {}
        }
    }
}
