//! Messenger: a Facebook Page's inbox, and the comments below its posts.
//!
//! ```text
//! webhook      Meta's JSON, signed   -> Event, claimed and kept in the store, then acknowledged
//! lanes        Event                 -> a worker, in a person's order
//! bot          Event                 -> Message -> Reply        (the responder)
//! quick        Reply                 -> messages with quick replies
//! send         messages              -> the Graph API, part by part, through the circuit breaker
//! ```
//!
//! What a crash can lose or double: docs/delivery.md.

mod answer;
mod bot;
pub mod check;
mod circuit_breaker;
mod comments;
pub mod failure;
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
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;

use self::answer::Kept;
use self::bot::{Bot, Caps};
use self::graph::Graph;
use self::lanes::{Job, Lanes};
use self::send::Sender;
use super::pending::{Pending, TAKEOVER_INTERVAL};
use super::staff::Staff;
use crate::config::{Config, Messenger as Configured};
use crate::memory::Cipher;
use crate::responder::Responder;
use crate::store::{Step, Store, Waiting};
use crate::telemetry::Metrics;

/// The channel's name.
pub const CHANNEL: &str = "messenger";

/// How long events under way may run after the signal to stop; less than the whole program has.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(8);

/// How often the platform is asked for the app's id until it is known, and whether it accepts a refused token again.
const IDENTIFY_INTERVAL: Duration = Duration::from_secs(30);

/// Every so many takeovers this process also looks for events of its own that were lost on their way to a worker.
const TAKEOVERS_PER_RECOVERY: u32 = 6;

/// What the channel is built from.
#[derive(Clone)]
pub struct Parts {
    /// Answers messages.
    pub responder: Arc<Responder>,
    /// Where things are counted.
    pub metrics: Metrics,
    /// Who is told that a person is wanted.
    pub staff: Staff,
}

/// The channel.
pub struct Messenger {
    shared: Arc<Shared>,
    graph: Arc<Graph>,
    handover: Duration,
    max_age: Option<Duration>,
    is_linkless: bool,
    retention_days: u64,
}

/// What the webhook shares with the channel.
struct Shared {
    parts: Parts,
    configured: Configured,
    cipher: Arc<Cipher>,
    /// The app's id, once the platform has told it.
    app: OnceLock<String>,
    /// Set once the store is connected.
    running: OnceLock<Running>,
    /// Whether deliveries are accepted.
    accepting: AtomicBool,
}

/// What handles events once the store is connected.
struct Running {
    bot: Arc<Bot>,
    lanes: Arc<Lanes<Bot>>,
}

impl Shared {
    fn is_accepting(&self) -> bool {
        self.accepting.load(Ordering::Acquire)
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
            cipher: Arc::new(Cipher::new(&configured.app_secret)?),
            app: OnceLock::new(),
            running: OnceLock::new(),
            accepting: AtomicBool::new(false),
        };
        Ok(Self {
            shared: Arc::new(shared),
            graph: Arc::new(Graph::new(configured)?),
            handover: config.handover,
            max_age: config.max_age,
            is_linkless: config.links_stay_here(),
            retention_days: config.retention_days(),
        })
    }

    /// The webhook's route.
    pub fn routes(&self) -> Router {
        webhook::routes(Arc::clone(&self.shared))
    }

    /// What keeps it from sending until an operator acts, with the remedy.
    pub fn fault(&self) -> Option<String> {
        self.shared.running.get()?.bot.sender.breaker().fault()
    }

    /// Accepts events and answers them until `stop` is cancelled, then drains.
    pub async fn run(&self, stop: CancellationToken) {
        let memory = self.shared.parts.responder.memory();
        let Some(store) = stop.run_until_cancelled(memory.wait_for_store()).await else { return };
        let Some(Running { bot, lanes }) = self.start(store.clone()) else { return };
        // Events of a process that is gone go before new ones.
        self.take_up(bot, lanes, bot.pending.take_over().await).await;
        self.shared.accepting.store(true, Ordering::Release);
        tokio::select! {
            () = self.identify_app(bot) => {}
            () = self.take_over(bot, lanes) => {}
            () = stop.cancelled() => {}
        }
        self.shared.accepting.store(false, Ordering::Release);
        lanes.stop();
        if timeout(DRAIN_TIMEOUT, lanes.drained()).await.is_err() {
            let left = lanes.under_way();
            tracing::warn!("{left} events were not handled in time; they are handled after the next start");
            lanes.abort();
            lanes.drained().await;
        }
        bot.pending.release().await;
    }

    fn start(&self, store: Store) -> Option<&Running> {
        let pending = Pending::start(store.clone(), CHANNEL)
            .inspect_err(|error| tracing::error!("Messenger: no events can be accepted: {error}"))
            .ok()?;
        let Parts { responder, metrics, staff } = self.shared.parts.clone();
        let page = &self.shared.configured.page_id;
        let (graph, cipher) = (Arc::clone(&self.graph), Arc::clone(&self.shared.cipher));
        let bot = Arc::new(Bot {
            sender: Sender::new(graph, page, Arc::clone(&pending), cipher, metrics.clone()),
            pending,
            metrics: metrics.clone(),
            responder,
            staff,
            page: page.clone(),
            store,
            comments: self.shared.configured.comments,
            handover: self.handover,
            max_age: self.max_age,
            is_linkless: self.is_linkless,
            retention_days: self.retention_days,
            caps: Caps::default(),
        });
        let lanes = lanes::start(Arc::clone(&bot), metrics);
        Some(self.shared.running.get_or_init(|| Running { bot, lanes }))
    }

    /// Asks which app the token is of, and keeps asking while the circuit breaker reports a fault.
    async fn identify_app(&self, bot: &Bot) {
        let mut ticks = interval(IDENTIFY_INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let breaker = bot.sender.breaker();
            if self.shared.app.get().is_some() && breaker.fault().is_none() {
                continue;
            }
            match self.graph.get("app", &[("fields", "id")]).await {
                Ok(app) => {
                    if let Some(id) = app["id"].as_str() {
                        self.shared.app.get_or_init(|| id.to_owned());
                    }
                    breaker.repaired();
                }
                Err(failure) => breaker.failed(&failure),
            }
        }
    }

    /// Takes over events whose lease has expired, and picks up events of this process that no worker has.
    async fn take_over(&self, bot: &Bot, lanes: &Arc<Lanes<Bot>>) {
        let mut ticks = interval(TAKEOVER_INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut takeovers: u32 = 0;
        loop {
            ticks.tick().await;
            let mut waiting = bot.pending.take_over().await;
            takeovers = takeovers.wrapping_add(1);
            if takeovers.is_multiple_of(TAKEOVERS_PER_RECOVERY) {
                waiting.extend(bot.pending.lost().await);
                bot.caps.tidy();
            }
            self.take_up(bot, lanes, waiting).await;
            self.shared.parts.metrics.messenger_pending(lanes.under_way());
        }
    }

    async fn take_up(&self, bot: &Bot, lanes: &Arc<Lanes<Bot>>, waiting: Vec<Waiting>) {
        let mut unreadable = Vec::new();
        for Waiting { message, body, over, is_doubtful } in waiting {
            if let Some(Kept { event, answer }) = Kept::open(&self.shared.cipher, &body) {
                lanes.submit(Job { message, event, answer, over, is_doubtful });
            } else {
                unreadable.push(Step::Done(message));
            }
        }
        if !unreadable.is_empty() {
            let number = unreadable.len();
            tracing::warn!(
                "{number} events that were encrypted with another app secret cannot be read, and are dropped"
            );
            // Where the store does not take this, the next takeover finds them again.
            bot.pending.carry_out(unreadable).await;
        }
    }
}
