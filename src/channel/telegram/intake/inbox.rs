//! Claims updates, and keeps in the store what has to wait: updates of chats that the rate limit holds up, and unprompted
//! answers that give people time to answer first.
//!
//! ```text
//! poll, unprompted     update, answer                      -> encrypted, in the store
//! left                 updates that other processes hold   -> queued before newer ones of their chats
//! take_over            updates and answers of a process that is gone, after its lease
//! ```

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use moka::sync::Cache;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio::sync::RwLock;
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::update::Update;
use crate::channel::pending::{Pending, TAKEOVER_INTERVAL};
use crate::channel::telegram::identity::{CHANNEL, now};
use crate::memory::Cipher;
use crate::store::{MessageHash, REPLY_STORE_TIMEOUT, Step, Store, Waiting, within};

/// The delay before the store is asked again.
const RETRY_DELAY: Duration = Duration::from_millis(500);

/// How long what must happen once waits for the store; after that, what this process knows counts.
const ONCE_TIMEOUT: Duration = Duration::from_millis(300);

/// Every so many takeovers, this process's own rows are looked through for what no worker has.
const TAKEOVERS_PER_RECOVERY: u32 = 6;

/// An unprompted answer that gives people time to answer first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Delayed {
    /// When it is due, in Unix seconds.
    pub due: i64,
    /// The group.
    pub chat: i64,
    /// The forum's topic.
    pub topic: Option<i64>,
    /// The message with the question.
    pub question: i64,
    /// Who wrote that.
    pub asker: i64,
    /// Its text.
    pub text: String,
}

/// A row of the store.
#[derive(Serialize, Deserialize)]
enum Body {
    /// An update as it came.
    Update(Box<RawValue>),
    /// A delayed answer.
    Answer(Delayed),
}

/// What was taken over from another process, or recovered.
pub enum Taken {
    /// An update, to be handled.
    Update(Update),
    /// An answer, to be sent when it is due.
    Answer(MessageHash, Delayed),
}

/// Whether an update is to be handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// It is.
    New,
    /// It was handled before.
    Handled,
    /// The store did not say, or another process holds it.
    Unknown,
}

/// Claims updates and keeps what has to wait.
pub struct Inbox {
    /// Names the bot: several may share a store.
    bot: i64,
    store: Store,
    pending: Arc<Pending>,
    cipher: Cipher,
    /// Ids of updates that were handled, in case the store could not be told.
    handled: Cache<i64, ()>,
    /// What happened that must happen once.
    once: Cache<MessageHash, ()>,
    /// Ids of updates that this process keeps in the store.
    kept: Mutex<HashSet<i64>>,
    /// Updates that other processes hold, as far as is known.
    held_by_others: Mutex<HashSet<MessageHash>>,
    /// Answers that wait in this process.
    answers: Mutex<HashSet<MessageHash>>,
    /// Locked for writing while updates are being stored: only then it is known which are kept.
    storing: RwLock<()>,
}

fn locked<T>(set: &Mutex<T>) -> MutexGuard<'_, T> {
    set.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Inbox {
    /// For the bot with this id; writes through `pending`, encrypted with `cipher`.
    pub fn new(bot: i64, store: Store, pending: Arc<Pending>, cipher: Cipher) -> Self {
        Self {
            bot,
            store,
            pending,
            cipher,
            handled: Cache::builder().max_capacity(10_000).build(),
            once: Cache::builder().max_capacity(10_000).build(),
            kept: Mutex::default(),
            held_by_others: Mutex::default(),
            answers: Mutex::default(),
            storing: RwLock::default(),
        }
    }

    /// The name of an update in the store.
    fn name(&self, id: i64) -> MessageHash {
        self.store.secret().message(&format!("{CHANNEL}:{}", self.bot), &id.to_string())
    }

    /// The name of a delayed answer in the store.
    pub fn answer_name(&self, chat: i64, question: i64) -> MessageHash {
        self.store.secret().message(&format!("{CHANNEL}:{}:unasked", self.bot), &format!("{chat}:{question}"))
    }

    fn take(&self, message: MessageHash, position: i64, body: &Body) -> Option<Step> {
        let body = self.cipher.encrypt(body)?;
        Some(Step::Take { message, channel: CHANNEL, person: None, position, body })
    }

    /// Whether this process keeps the update; one that is just being stored is waited for.
    async fn is_kept(&self, id: i64) -> bool {
        let _guard = self.storing.read().await;
        locked(&self.kept).contains(&id)
    }

    /// Whether the update is to be handled. Without `needs_claim` the store is not asked. The claim itself is written by
    /// [`Inbox::handled`].
    pub async fn claim(&self, id: i64, needs_claim: bool) -> Claim {
        // An update is claimed when it is stored.
        let is_kept = self.is_kept(id).await;
        if self.handled.contains_key(&id) {
            self.done(id).await;
            return Claim::Handled;
        }
        if is_kept || !needs_claim {
            return Claim::New;
        }
        let name = self.name(id);
        if locked(&self.held_by_others).contains(&name) {
            return Claim::Unknown;
        }
        let store = self.store.clone();
        match within(REPLY_STORE_TIMEOUT, async move { store.is_claimed(&name, now()).await }).await {
            // It may have been stored this very moment.
            Some(Ok(true)) if !self.is_kept(id).await => Claim::Handled,
            Some(Ok(_)) => Claim::New,
            Some(Err(_)) | None => Claim::Unknown,
        }
    }

    /// An update was handled, or dropped. With `needs_claim` the store is told even if it was not kept there.
    pub async fn handled(&self, id: i64, needs_claim: bool) {
        self.handled.insert(id, ());
        if !self.done(id).await
            && needs_claim
            && let Err(error) = self.store.claim(&self.name(id), now()).await
        {
            // It is confirmed to Telegram all the same: only a crash before that would answer it twice.
            tracing::warn!("an update could not be claimed: {error}");
        }
    }

    /// Whether `what`, which must happen once however often it is delivered, has not happened yet. It counts as happened
    /// from now on.
    pub async fn is_first(&self, what: &str) -> bool {
        let name = self.store.secret().message(&format!("{CHANNEL}:{}:once", self.bot), what);
        if !self.once.entry(name.clone()).or_insert(()).is_fresh() {
            return false;
        }
        let store = self.store.clone();
        let claiming = async move { store.claim(&name, now()).await };
        !matches!(within(ONCE_TIMEOUT, claiming).await, Some(Ok(false)))
    }

    /// Removes an update from the store; whether it was kept there.
    async fn done(&self, id: i64) -> bool {
        let was_kept = {
            let _guard = self.storing.read().await;
            locked(&self.kept).remove(&id)
        };
        // Where this fails `handled` knows it; after a restart it is handled again.
        was_kept && self.step(Step::Done(self.name(id))).await == Some(true)
    }

    /// Keeps updates in the store; returns those that may be confirmed to Telegram.
    pub async fn keep(&self, updates: Vec<(i64, Box<RawValue>)>) -> Vec<i64> {
        let mut stored = Vec::new();
        let mut steps = Vec::new();
        {
            let _guard = self.storing.write().await;
            for (id, json) in updates {
                if let Some(step) =
                    self.take(self.name(id), self.pending.next_position(), &Body::Update(json))
                {
                    stored.push((id, locked(&self.kept).insert(id)));
                    steps.push(step);
                }
            }
            let changed = self.pending.carry_out(steps).await;
            let mut kept = locked(&self.kept);
            for (number, (id, is_new)) in stored.iter().enumerate() {
                // One that was claimed before is stored already, or was handled.
                let is_kept = changed.as_ref().is_some_and(|changed| changed.get(number) == Some(&true));
                if *is_new && !is_kept {
                    kept.remove(id);
                }
            }
            if changed.is_none() {
                return Vec::new();
            }
        }
        for (id, _) in &stored {
            if self.handled.contains_key(id) {
                self.done(*id).await;
            }
        }
        stored.into_iter().map(|(id, _)| id).collect()
    }

    /// Updates that other processes hold. They are to be queued before newer ones, and are handled once their lease has
    /// expired, unless the other process handles them.
    pub async fn left(&self) -> Vec<Update> {
        let rows = loop {
            // Without the store nothing could be handled now anyway.
            match self.pending.held_by_others().await {
                Some(rows) => break rows,
                None => sleep(RETRY_DELAY).await,
            }
        };
        let mut updates = Vec::new();
        for Waiting { message, body, .. } in rows {
            if let Some(Body::Update(json)) = self.cipher.decrypt(&body)
                && let Some(update) = Update::read(json.get().as_bytes())
            {
                locked(&self.held_by_others).insert(message);
                updates.push(update);
            }
        }
        updates
    }

    /// Takes over what processes that are gone have left, and recovers what no worker of this process has.
    pub async fn take_over(&self, handle: impl Fn(Taken)) {
        let mut ticks = interval(TAKEOVER_INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut takeovers: u32 = 0;
        loop {
            ticks.tick().await;
            let mut rows = self.pending.take_over().await;
            takeovers = takeovers.wrapping_add(1);
            if takeovers.is_multiple_of(TAKEOVERS_PER_RECOVERY) {
                rows.extend(self.pending.lost().await);
            }
            for row in rows {
                if let Some(taken) = self.taken(row).await {
                    handle(taken);
                }
            }
            if !locked(&self.held_by_others).is_empty()
                && let Some(left) = self.pending.held_by_others().await
            {
                let left: HashSet<_> = left.into_iter().map(|row| row.message).collect();
                locked(&self.held_by_others).retain(|message| left.contains(message));
            }
        }
    }

    async fn taken(&self, row: Waiting) -> Option<Taken> {
        let Waiting { message, body, is_doubtful, .. } = row;
        match self.cipher.decrypt(&body) {
            Some(Body::Update(json)) => {
                if let Some(update) = Update::read(json.get().as_bytes()) {
                    let _guard = self.storing.read().await;
                    locked(&self.kept).insert(update.id);
                    return Some(Taken::Update(update));
                }
            }
            Some(Body::Answer(answer)) if !is_doubtful => return Some(Taken::Answer(message, answer)),
            // It may have been sent, and nobody was promised one.
            Some(Body::Answer(_)) => {}
            None => tracing::warn!("an update that was encrypted with another token cannot be read"),
        }
        self.answer_done(message).await;
        None
    }

    /// Keeps an answer until it is due. Whether it is new; none where it could not be stored.
    pub async fn keep_answer(&self, message: &MessageHash, answer: &Delayed) -> Option<bool> {
        let position = answer.due.saturating_mul(1_000_000);
        self.step(self.take(message.clone(), position, &Body::Answer(answer.clone()))?).await
    }

    /// A kept answer is about to be sent; false where it was withdrawn or another process has it.
    pub async fn begin_answer(&self, message: &MessageHash) -> bool {
        self.step(Step::Sending(message.clone())).await == Some(true)
    }

    /// Nothing more is to be done about a kept answer. Where this fails, it is in doubt later and is not sent again.
    pub async fn answer_done(&self, message: MessageHash) {
        self.step(Step::Done(message)).await;
    }

    /// A person was faster than a kept answer, whichever process keeps it.
    pub async fn withdraw_answer(&self, message: &MessageHash) {
        if let Err(error) = self.store.withdraw(message).await {
            // The process that keeps it may have seen the person's message itself.
            tracing::debug!("an answer could not be withdrawn: {error}");
        }
    }

    /// Notes that this process waits with an answer; false where it does already.
    pub fn wait_with(&self, message: &MessageHash) -> bool {
        locked(&self.answers).insert(message.clone())
    }

    /// This process does not wait with the answer any more.
    pub fn waited_with(&self, message: &MessageHash) {
        locked(&self.answers).remove(message);
    }

    async fn step(&self, step: Step) -> Option<bool> {
        self.pending.carry_out(vec![step]).await?.first().copied()
    }

    /// At the end, leaves everything to other processes.
    pub async fn leave(&self) {
        self.pending.release().await;
    }
}
