//! What is remembered from one message to the next: in this process, and in the store behind it once that is there.
//!
//! In: what a message wants to know (what was said before, what its group was taught) and what
//! came of it. Nothing that goes out waits for the store beyond a [`Deadline`]; what comes in is written behind the
//! reply's back, by the journal and by [`Learning`].

mod early;
mod journal;
mod moment;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use tokio::sync::SetOnce;
use tokio::task::JoinHandle;

use crate::conversation::State;
use crate::faq::EntryId;
use crate::learning::{Asked, Learning};
use crate::library::Library;
use crate::matcher::overlay::Overlay;
use crate::message::{Content, ConversationId, GroupId, Message, Payload, PersonId};
use crate::reply::{Outcome, Reply};
use crate::store::{Error, Remembered, Scope, Store, within};

use early::Early;
use journal::{Journal, Judgement};
pub use moment::{Deadline, Moment};

/// How much of conversations is held, in bytes, some two thousand of them; the least recently used go first, and come
/// back from the store.
const BYTES: u64 = 3 << 19;

/// What the cache needs for a conversation beside its texts, in bytes.
const OVERHEAD: usize = 600;

/// How long a conversation is remembered.
const KEPT: Duration = Duration::from_mins(10);

/// How many of a conversation's questions are held, for the 👎 that may follow.
const ASKED: usize = 8;

/// The longest wait for what was taught before, when the store comes.
const TAUGHT: Duration = Duration::from_secs(10);

/// The longest wait for what is still to be written, when the program stops.
const LAST_WRITE: Duration = Duration::from_secs(5);

/// What is remembered from one message to the next.
pub struct Memory {
    conversations: Cache<ConversationId, Conversation>,
    /// None where no store is expected.
    journal: Option<Arc<Journal>>,
    /// What was asked in vain before the store was there.
    early: Early,
    behind: SetOnce<Behind>,
}

/// A conversation, and who is in it.
#[derive(Clone)]
struct Conversation {
    person: PersonId,
    state: State,
    /// What was asked lately, and the entry that answered it; none where several were offered. The latest is last.
    asked: Vec<(Option<EntryId>, Arc<str>)>,
}

impl Conversation {
    /// Holds what was asked until it shows whether `entry` was what was meant.
    fn ask(&mut self, entry: Option<&EntryId>, text: &str) {
        self.asked.retain(|(other, _)| other.as_ref() != entry);
        self.asked.push((entry.cloned(), text.into()));
        if self.asked.len() > ASKED {
            self.asked.remove(0);
        }
    }

    /// What was asked when `entry` answered it: it was not what was meant.
    fn take(&mut self, entry: Option<&EntryId>) -> Option<Arc<str>> {
        let at = self.asked.iter().position(|(other, _)| other.as_ref() == entry)?;
        Some(self.asked.remove(at).1)
    }

    /// Its size in the cache, in bytes.
    fn weight(&self) -> u32 {
        let texts: usize = self.asked.iter().map(|(_, text)| text.len() + 60).sum();
        u32::try_from(OVERHEAD + texts).unwrap_or(u32::MAX)
    }
}

/// What stands behind this process's memory.
struct Behind {
    store: Store,
    learning: Arc<Learning>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl Memory {
    /// Of this process alone; it ends with it.
    pub fn alone() -> Self {
        Self::new(None)
    }

    /// With a store that comes, or has come, by [`Memory::attach`]; what is to be written waits for it.
    pub fn awaiting_store() -> Self {
        Self::new(Some(Arc::default()))
    }

    fn new(journal: Option<Arc<Journal>>) -> Self {
        let conversations = Cache::builder()
            .weigher(|_, conversation: &Conversation| conversation.weight())
            .max_capacity(BYTES)
            .eviction_policy(EvictionPolicy::lru())
            .time_to_live(KEPT)
            .build();
        Self { conversations, journal, early: Early::default(), behind: SetOnce::new() }
    }

    /// Puts `store` behind this memory, and in force what was taught before. The first one stays.
    pub async fn attach(&self, store: Store, library: Arc<Library>) {
        let Some(journal) = &self.journal else { return };
        let learning = Arc::new(Learning::start(store.clone(), library));
        // Where this takes too long, learning goes on trying by itself.
        let _in_time = tokio::time::timeout(TAUGHT, learning.catch_up()).await;
        let writer = tokio::spawn(Arc::clone(journal).write_on(store.clone()));
        let behind = Behind { store, learning, writer: Mutex::new(Some(writer)) };
        if self.behind.set(behind).is_err() {
            tracing::warn!("a second store was offered and not taken");
        }
        self.early.hand_over(|asked, unhelpful| self.note(asked, unhelpful));
    }

    /// The store, once it is there.
    pub fn store(&self) -> Option<&Store> {
        self.behind.get().map(|behind| &behind.store)
    }

    /// The store; waits until it is there.
    pub async fn wait_for_store(&self) -> &Store {
        &self.behind.wait().await.store
    }

    /// What learns, once the store is there.
    pub fn learning(&self) -> Option<&Arc<Learning>> {
        self.behind.get().map(|behind| &behind.learning)
    }

    /// What `group` was taught for itself; none where the store does not say in time.
    pub async fn overlay(&self, group: Option<&GroupId>, deadline: Deadline) -> Option<Arc<Overlay>> {
        let (group, learning) = (group?, self.learning()?);
        let scope = Scope::Group(group.clone());
        tokio::time::timeout(deadline.left(), learning.overlay(&scope)).await.ok()?
    }

    /// What was said before in this conversation; nothing where the store does not say in time.
    pub async fn recall(&self, conversation: &ConversationId, now: Moment, deadline: Deadline) -> State {
        if let Some(known) = self.conversations.get(conversation) {
            return known.state;
        }
        let Some(store) = self.store().cloned() else { return State::default() };
        let hash = store.secret().conversation(conversation.channel(), conversation.id());
        let recall = async move { store.recall(&hash, now.unix).await.ok().flatten() };
        let recalled = within(deadline.left(), recall).await.flatten();
        let state = recalled.map(|Remembered { entry, near, at }| State::recalled(entry, at, near));
        state.unwrap_or_default()
    }

    /// Remembers what came of `message`. `judged` is the entry that it judges, where there is such an entry.
    pub fn remember(&self, message: &Message, state: &State, reply: &Reply, judged: bool, now: Moment) {
        let before = self.conversations.get(&message.conversation);
        let mut conversation = Conversation {
            person: message.person.clone(),
            state: state.clone(),
            asked: before.map(|before| before.asked).unwrap_or_default(),
        };
        self.learn_from(message, reply, &mut conversation, now);
        self.conversations.insert(message.conversation.clone(), conversation);
        let Some(journal) = &self.journal else { return };
        if let (Outcome::Answer(_), Some(entry)) = (&reply.outcome, state.last()) {
            let what = Remembered { entry: entry.clone(), near: state.near().to_vec(), at: now.unix };
            journal.conversation(&message.conversation, &message.person, what);
        }
        match &message.content {
            Content::Press(Payload::Feedback { entry, helpful }) => {
                if judged {
                    let judgement = Judgement { helpful: *helpful, at: now.unix };
                    journal.judge(&message.person, entry, judgement);
                }
            }
            _ => journal.count(message.channel(), &reply.outcome, now.unix),
        }
    }

    /// Hands what was asked in vain to learning.
    fn learn_from(&self, message: &Message, reply: &Reply, conversation: &mut Conversation, now: Moment) {
        match (&message.content, &reply.outcome) {
            (Content::Text(text), Outcome::Fallback(_)) => self.keep(message, text, None, now),
            (Content::Text(text), Outcome::Answer(entries)) => {
                entries.iter().for_each(|entry| conversation.ask(Some(entry), text));
            }
            (Content::Text(text), Outcome::Suggest(_)) => conversation.ask(None, text),
            (Content::Press(Payload::NoneOfThese), _) => {
                if let Some(text) = conversation.take(None) {
                    self.keep(message, &text, None, now);
                }
            }
            (Content::Press(Payload::Feedback { entry, helpful: false }), _) => {
                if let Some(text) = conversation.take(Some(entry)) {
                    self.keep(message, &text, Some(entry), now);
                }
            }
            _ => {}
        }
    }

    fn keep(&self, message: &Message, text: &str, unhelpful: Option<&EntryId>, now: Moment) {
        if !message.may_be_kept {
            return;
        }
        let scope = message.group.clone().map_or(Scope::Base, Scope::Group);
        let asked = Asked { text, channel: message.channel(), scope: &scope, at: now.unix };
        self.early.unless(|| self.note(&asked, unhelpful), message.channel(), &asked, unhelpful);
    }

    /// Says whether anybody was there to take it.
    fn note(&self, asked: &Asked<'_>, unhelpful: Option<&EntryId>) -> bool {
        let Some(learning) = self.learning() else { return false };
        match unhelpful {
            None => learning.note_unanswered(asked),
            Some(entry) => learning.note_unhelpful(asked, entry),
        }
        true
    }

    /// Forgets what is tied to `person`: conversations, judgements, cooldowns. What a person taught or set stays,
    /// and questions that were kept are nobody's. Says how many things went from the store.
    ///
    /// # Errors
    ///
    /// The store is not there or cannot be written; then it has forgotten nothing.
    pub async fn forget(&self, person: &PersonId) -> Result<u64, Error> {
        let away = || Error::Away("it has not been there since the start".to_owned());
        let (store, journal) = self.store().zip(self.journal.as_ref()).ok_or_else(away)?;
        let theirs: Vec<Arc<ConversationId>> = self
            .conversations
            .iter()
            .filter(|(_, known)| known.person == *person)
            .map(|(id, _)| id)
            .collect();
        theirs.iter().for_each(|id| self.conversations.invalidate(&**id));
        let hash = store.secret().person(person.channel(), person.id());
        journal.forget(person, store.forget(&hash)).await
    }

    /// Writes what is still to be written, a few seconds at most, and lets go of the store.
    pub async fn finish(&self) {
        let Some(Behind { store, learning, writer }) = self.behind.get() else { return };
        learning.finish().await;
        let writer = writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let (Some(journal), Some(mut writer)) = (&self.journal, writer) {
            journal.stop();
            if tokio::time::timeout(LAST_WRITE, &mut writer).await.is_err() {
                writer.abort();
                tracing::warn!("the store did not take the last counts and judgements in time");
            }
        }
        let _in_time = tokio::time::timeout(LAST_WRITE, store.close()).await;
    }
}
