//! What was taken from Telegram and lies in the store until it is dealt with: updates whose chats make them wait for
//! long, and answers that wait for a person to be faster.
//!
//! ```text
//! poll, overheard   update, answer   -> encrypted, in the store    (then Telegram may forget it)
//! queue_left        what other processes hold        -> dispatch, before anything newer of its chat
//! look_after        what a process left that is gone -> may be handled now
//! ```

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio::sync::RwLock;
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::dispatch::Dispatcher;
use super::update::Update;
use crate::channel::pending::{Pending, TAKEOVER_INTERVAL};
use crate::channel::telegram::group::unprompted::Unasked;
use crate::channel::telegram::{Bot, CHANNEL};
use crate::memory::Cipher;
use crate::store::{MessageHash, Step, Waiting};

/// The wait before the store is asked again.
const AGAIN: Duration = Duration::from_millis(500);

/// After so many looks what has been ours for a while is looked through.
const OLD: u32 = 6;

/// What lies in the store.
#[derive(Serialize, Deserialize)]
enum Body {
    /// An update as it came.
    Update(Box<RawValue>),
    /// An answer that waits for a person to be faster.
    Answer(Unasked),
}

/// What this process keeps in the store.
pub struct Inbox {
    pending: Arc<Pending>,
    cipher: Cipher,
    /// The numbers of kept updates.
    updates: Mutex<HashSet<i64>>,
    /// Updates that other processes hold, as far as is known.
    left: Mutex<HashSet<MessageHash>>,
    /// Answers that wait in this process.
    answers: Mutex<HashSet<MessageHash>>,
    /// Held for writing while nobody knows yet which updates are kept.
    keeping: RwLock<()>,
}

fn locked<T>(set: &Mutex<T>) -> MutexGuard<'_, T> {
    set.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Inbox {
    /// Keeps what `pending` writes, encrypted.
    pub fn new(pending: Arc<Pending>, cipher: Cipher) -> Self {
        let (updates, left, answers) = (Mutex::default(), Mutex::default(), Mutex::default());
        Self { pending, cipher, updates, left, answers, keeping: RwLock::default() }
    }

    fn take(&self, message: MessageHash, place: i64, body: &Body) -> Option<Step> {
        let body = self.cipher.encrypt(body)?;
        Some(Step::Take { message, channel: CHANNEL, person: None, position: place, body })
    }

    /// Whether the update is kept; one that is just being written is waited for.
    pub async fn has(&self, id: i64) -> bool {
        let _known = self.keeping.read().await;
        locked(&self.updates).contains(&id)
    }

    /// Whether another process holds it, which may be gone: nobody else may handle it yet.
    pub fn is_left(&self, message: &MessageHash) -> bool {
        locked(&self.left).contains(message)
    }

    /// Keeps an answer until it is due, in Unix seconds. Whether it came for the first time; none when it is not kept.
    pub async fn keep_answer(&self, message: &MessageHash, answer: &Unasked) -> Option<bool> {
        let place = answer.due.saturating_mul(1_000_000);
        let step = self.take(message.clone(), place, &Body::Answer(answer.clone()))?;
        self.step(step).await
    }

    /// Carries out one step: whether it changed anything, if that is known.
    pub async fn step(&self, step: Step) -> Option<bool> {
        self.pending.carry_out(vec![step]).await?.first().copied()
    }

    /// Notes that this process waits with an answer; false when it does already.
    pub fn waits(&self, message: &MessageHash) -> bool {
        locked(&self.answers).insert(message.clone())
    }

    /// It does not any more.
    pub fn waits_no_more(&self, message: &MessageHash) {
        locked(&self.answers).remove(message);
    }

    /// Leaves everything to whoever comes next.
    pub async fn leave(&self) {
        self.pending.release().await;
    }
}

impl Bot {
    /// Names an update in the store.
    pub fn name_of(&self, id: i64) -> MessageHash {
        self.store.secret().message(&format!("{CHANNEL}:{}", self.me.id), &id.to_string())
    }

    /// Keeps updates in the store; says which of them Telegram may forget.
    pub async fn keep(&self, updates: Vec<(i64, Box<RawValue>)>) -> Vec<i64> {
        let inbox = &self.inbox;
        let mut kept = Vec::new();
        let mut steps = Vec::new();
        {
            let _unknown = inbox.keeping.write().await;
            for (id, json) in updates {
                let place = inbox.pending.next_position();
                if let Some(step) = inbox.take(self.name_of(id), place, &Body::Update(json)) {
                    kept.push((id, locked(&inbox.updates).insert(id)));
                    steps.push(step);
                }
            }
            let changed = inbox.pending.carry_out(steps).await;
            let mut all = locked(&inbox.updates);
            for (number, (id, is_new)) in kept.iter().enumerate() {
                // What was claimed before lies there already, or was answered.
                let is_kept = changed.as_ref().is_some_and(|changed| changed.get(number) == Some(&true));
                if *is_new && !is_kept {
                    all.remove(id);
                }
            }
            if changed.is_none() {
                return Vec::new();
            }
        }
        for (id, _) in &kept {
            if self.handled.contains_key(id) {
                self.done_with(*id).await;
            }
        }
        kept.into_iter().map(|(id, _)| id).collect()
    }

    /// Nothing more is to be done about an update; says whether it was kept.
    pub async fn done_with(&self, id: i64) -> bool {
        let was_kept = {
            let _known = self.inbox.keeping.read().await;
            locked(&self.inbox.updates).remove(&id)
        };
        // Where this is not written it is known by `handled`, and after a restart handled again.
        was_kept && self.inbox.step(Step::Done(self.name_of(id))).await == Some(true)
    }

    /// Queues what other processes have taken, so that it comes before all that Telegram hands out from now on. It is
    /// handled once its lease is over, unless they do it after all.
    pub async fn queue_left(&self, dispatcher: &Arc<Dispatcher<Self>>) {
        let left = loop {
            // Without the store nothing could be handled now anyway.
            match self.inbox.pending.held_by_others().await {
                Some(left) => break left,
                None => sleep(AGAIN).await,
            }
        };
        let updates = left.into_iter().filter_map(|waiting| match self.inbox.cipher.decrypt(&waiting.body) {
            Some(Body::Update(json)) => Some((waiting.message, Update::read(json.get().as_bytes())?)),
            Some(Body::Answer(_)) | None => None,
        });
        for (message, update) in updates {
            locked(&self.inbox.left).insert(message);
            self.take_on(dispatcher, update);
        }
    }

    fn take_on(&self, dispatcher: &Arc<Dispatcher<Self>>, update: Update) {
        if let Ok(ticket) = dispatcher.submit(update) {
            self.metrics.telegram_update("taken_up");
            tokio::spawn(async move { drop(ticket.await) });
        }
    }

    /// Takes up what other processes have left, and what was lost on its way here.
    pub async fn look_after(self: Arc<Self>, dispatcher: Arc<Dispatcher<Self>>) {
        let mut ticks = interval(TAKEOVER_INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut looks: u32 = 0;
        loop {
            ticks.tick().await;
            let mut waiting = self.inbox.pending.take_over().await;
            looks = looks.wrapping_add(1);
            if looks.is_multiple_of(OLD) {
                waiting.extend(self.inbox.pending.lost().await);
            }
            for waiting in waiting {
                self.take_up(&dispatcher, waiting).await;
            }
            if !locked(&self.inbox.left).is_empty()
                && let Some(left) = self.inbox.pending.held_by_others().await
            {
                let left: HashSet<_> = left.into_iter().map(|waiting| waiting.message).collect();
                locked(&self.inbox.left).retain(|message| left.contains(message));
            }
        }
    }

    async fn take_up(self: &Arc<Self>, dispatcher: &Arc<Dispatcher<Self>>, waiting: Waiting) {
        let Waiting { message, body, is_doubtful, .. } = waiting;
        match self.inbox.cipher.decrypt(&body) {
            Some(Body::Update(json)) => {
                if let Some(update) = Update::read(json.get().as_bytes()) {
                    {
                        let _known = self.inbox.keeping.read().await;
                        locked(&self.inbox.updates).insert(update.id);
                    }
                    return self.take_on(dispatcher, update);
                }
            }
            Some(Body::Answer(answer)) if !is_doubtful => {
                return self.wait_on(message, answer);
            }
            // It may have gone out, and nobody was promised one.
            Some(Body::Answer(_)) => {}
            None => tracing::warn!("an update that was taken with another token cannot be read any more"),
        }
        let _written = self.inbox.step(Step::Done(message)).await;
    }
}
