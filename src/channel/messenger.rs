//! Messenger: a Facebook Page's inbox, and the comments below its posts.
//!
//! ```text
//! webhook      Meta's JSON, signed   -> Event, claimed and kept in the store, then acknowledged
//! lanes        Event                 -> a worker, in a person's order
//! bot          Event                 -> Message -> Reply        (the responder)
//! quick        Reply                 -> messages with quick replies
//! send         messages              -> the Graph API, part by part, never twice
//! ```
//!
//! An event stays in the store until its answer has gone out, so a crash loses nothing; from the moment that a part of
//! an answer may have gone out that part is not sent again, and the parts after it are.

mod answer;
mod bot;
pub mod check;
mod comments;
pub mod failure;
mod gate;
pub mod graph;
mod handover;
mod lanes;
pub mod profile;
mod quick;
mod send;
mod signature;
pub mod webhook;
mod wire;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval, timeout};

use self::answer::Kept;
use self::bot::{Bot, Caps};
use self::graph::Graph;
use self::lanes::{Job, Lanes};
use self::send::Sender;
use super::ledger::{LOOK, Ledger};
use super::seal::Seal;
use crate::config::{Config, Messenger as Configured};
use crate::responder::Responder;
use crate::store::{Step, Store, Waiting};
use crate::telemetry::Metrics;

/// The channel's name.
pub const CHANNEL: &str = "messenger";

/// How long events under way may go on after the signal to stop; less than the whole program has.
const DRAIN: Duration = Duration::from_secs(8);

/// How often it is looked whether the store has come.
const STORE: Duration = Duration::from_millis(200);

/// How often the platform is asked who the bot is, until it says so, and whether a dead token lives again.
const INTRODUCE: Duration = Duration::from_secs(30);

/// After so many looks what has been ours for a while is looked through.
const OLD: u32 = 6;

/// What the channel answers from.
#[derive(Clone)]
pub struct Parts {
    /// Answers messages, and remembers.
    pub responder: Arc<Responder>,
    /// Where things are counted.
    pub metrics: Metrics,
}

/// The channel.
pub struct Messenger {
    shared: Arc<Shared>,
    graph: Arc<Graph>,
    handover: Duration,
    max_age: Option<Duration>,
    is_linkless: bool,
}

/// What the webhook needs.
struct Shared {
    parts: Parts,
    configured: Configured,
    seal: Arc<Seal>,
    /// The app's id, once the platform has said it.
    app: OnceLock<String>,
    /// Once the store is there.
    running: OnceLock<Running>,
    taking: AtomicBool,
}

/// What takes events.
struct Running {
    bot: Arc<Bot>,
    lanes: Arc<Lanes<Bot>>,
}

impl Shared {
    fn is_taking(&self) -> bool {
        self.taking.load(Ordering::Acquire)
    }
}

impl Messenger {
    /// Ready to run.
    ///
    /// # Errors
    /// The system gives no TLS.
    pub fn new(config: &Config, configured: &Configured, parts: Parts) -> anyhow::Result<Self> {
        let shared = Shared {
            parts,
            configured: configured.clone(),
            seal: Arc::new(Seal::new(&configured.app_secret)?),
            app: OnceLock::new(),
            running: OnceLock::new(),
            taking: AtomicBool::new(false),
        };
        Ok(Self {
            shared: Arc::new(shared),
            graph: Arc::new(Graph::new(configured)?),
            handover: config.handover,
            max_age: config.max_age,
            is_linkless: config.links_stay_here(),
        })
    }

    /// The webhook's route.
    pub fn routes(&self) -> Router {
        webhook::routes(Arc::clone(&self.shared))
    }

    /// What keeps it from sending until somebody mends it; with what to do.
    pub fn trouble(&self) -> Option<String> {
        self.shared.running.get()?.bot.sender.gate().trouble()
    }

    /// Takes in events and answers them until `stop` says so, and then finishes what is under way.
    pub async fn run(&self, mut stop: watch::Receiver<bool>) {
        let store = tokio::select! {
            store = self.store() => store,
            _ = stop.wait_for(|stop| *stop) => return,
        };
        let Some(Running { bot, lanes }) = self.start(store) else { return };
        // What was left before comes before whatever comes now.
        self.take_up(bot, lanes, bot.ledger.take_over().await).await;
        self.shared.taking.store(true, Ordering::Release);
        tokio::select! {
            () = self.introduce(bot) => {}
            () = self.look_after(bot, lanes) => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
        self.shared.taking.store(false, Ordering::Release);
        lanes.stop();
        if timeout(DRAIN, lanes.drained()).await.is_err() {
            let left = lanes.under_way();
            tracing::warn!("{left} events were not finished in time; they are taken up at the next start");
            lanes.cut();
            lanes.drained().await;
        }
        bot.ledger.leave().await;
    }

    fn start(&self, store: Store) -> Option<&Running> {
        let ledger = Ledger::start(store.clone(), CHANNEL)
            .inspect_err(|error| tracing::error!("Messenger: nothing can be taken in: {error}"))
            .ok()?;
        let Parts { responder, metrics } = self.shared.parts.clone();
        let page = &self.shared.configured.page_id;
        let (graph, seal) = (Arc::clone(&self.graph), Arc::clone(&self.shared.seal));
        let bot = Arc::new(Bot {
            sender: Sender::new(graph, page, Arc::clone(&ledger), seal, metrics.clone()),
            ledger,
            metrics: metrics.clone(),
            responder,
            store,
            comments: self.shared.configured.comments,
            handover: self.handover,
            max_age: self.max_age,
            is_linkless: self.is_linkless,
            caps: Caps::default(),
        });
        let lanes = Lanes::new(Arc::clone(&bot), metrics);
        Some(self.shared.running.get_or_init(|| Running { bot, lanes }))
    }

    async fn store(&self) -> Store {
        let memory = self.shared.parts.responder.memory();
        let mut ticks = interval(STORE);
        loop {
            if let Some(store) = memory.store() {
                return store.clone();
            }
            ticks.tick().await;
        }
    }

    /// Learns which app the token is of, and goes on asking while the token is dead.
    async fn introduce(&self, bot: &Bot) {
        let mut ticks = interval(INTRODUCE);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let gate = bot.sender.gate();
            if self.shared.app.get().is_some() && gate.trouble().is_none() {
                continue;
            }
            match self.graph.get("app", &[("fields", "id")]).await {
                Ok(app) => {
                    if let Some(id) = app["id"].as_str() {
                        let _the_same = self.shared.app.set(id.to_owned());
                    }
                    gate.mended();
                }
                Err(failure) => gate.failed(&failure),
            }
        }
    }

    /// Takes over what other processes have left, and takes up again what had to wait.
    async fn look_after(&self, bot: &Bot, lanes: &Arc<Lanes<Bot>>) {
        let mut ticks = interval(LOOK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut looks: u32 = 0;
        loop {
            ticks.tick().await;
            let mut waiting = bot.ledger.take_over().await;
            looks = looks.wrapping_add(1);
            if looks.is_multiple_of(OLD) {
                waiting.extend(bot.ledger.old().await);
                bot.caps.tidy();
            }
            self.take_up(bot, lanes, waiting).await;
            self.shared.parts.metrics.messenger_pending(lanes.under_way());
        }
    }

    async fn take_up(&self, bot: &Bot, lanes: &Arc<Lanes<Bot>>, waiting: Vec<Waiting>) {
        let mut unreadable = Vec::new();
        for Waiting { message, body, over, is_doubtful } in waiting {
            if let Some(Kept { event, answer }) = Kept::open(&self.shared.seal, &body) {
                lanes.submit(Job { message, event, answer, over, is_doubtful });
            } else {
                unreadable.push(Step::Done(message));
            }
        }
        if !unreadable.is_empty() {
            let number = unreadable.len();
            tracing::warn!("{number} events that were taken with another app secret cannot be read any more");
            let _written = bot.ledger.carry_out(unreadable).await;
        }
    }
}
