//! What is remembered from one message to the next: in this process, and in the store behind it once that is there.
//!
//! In: what a message wants to know (what was said before, what its group was taught) and what came of it. No reply waits
//! for the store beyond a [`Deadline`]; what comes in is written afterwards, by the journal, by [`Learning`], and as
//! [`Notes`].

mod cipher;
mod early;
mod journal;
mod moment;
mod notes;
mod remembered;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::{Semaphore, SetOnce};
use tokio::task::JoinHandle;

use crate::conversation::State;
use crate::faq::EntryId;
use crate::learning::{Asked, Learning};
use crate::library::Library;
use crate::matcher::overlay::Overlay;
use crate::message::{Content, ConversationId, GroupId, Message, Payload, PersonId};
use crate::reply::{Outcome, Reply};
use crate::store::{Day, Error, Scope, Store};

pub use cipher::Cipher;
use early::Early;
use journal::{Journal, Judgement};
pub use moment::{Deadline, Moment};
use notes::MAX_WRITES;
pub use notes::{NOTE_TIMEOUT, Notebook, Notes, Writes};
pub use remembered::Remembered;

/// How much of conversations this process holds, in bytes, some two thousand of them; the least recently used go first, and
/// come back from the store.
const MAX_BYTES: u64 = 3 << 19;

/// How long a conversation is remembered after its last answer.
const CONVERSATION_TTL: Duration = Duration::from_mins(10);

/// The longest wait for what was taught before, when the store comes.
const CATCH_UP_TIMEOUT: Duration = Duration::from_secs(10);

/// The longest wait for what is still to be written, when the program stops.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(5);

/// When a message came.
#[derive(Clone, Copy, Debug)]
pub struct When {
    /// The moment.
    pub now: Moment,
    /// The day under which it is counted.
    pub day: Day,
}

/// What is remembered from one message to the next.
pub struct Memory {
    conversations: Notes<Remembered>,
    /// By channel.
    secrets: HashMap<&'static str, SecretString>,
    /// None where no store is expected.
    journal: Option<Arc<Journal>>,
    /// Unanswered questions from before the store was there.
    early: Early,
    behind: SetOnce<Behind>,
}

/// What stands behind this process's memory.
struct Behind {
    store: Store,
    learning: Arc<Learning>,
    writer: Mutex<Option<JoinHandle<()>>>,
    /// A permit for each note that is being written.
    note_writes: Arc<Semaphore>,
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
        let conversations = Notes::weighed("conversation", MAX_BYTES, CONVERSATION_TTL, Remembered::weight);
        Self {
            conversations: conversations.lasting(),
            secrets: HashMap::new(),
            journal,
            early: Early::default(),
            behind: SetOnce::new(),
        }
    }

    /// Encrypts the notes of `channel` with its `secret`. Those of a channel without one can be read by whoever knows the
    /// conversation's id.
    #[must_use]
    pub fn with_secret(mut self, channel: &'static str, secret: SecretString) -> Self {
        self.secrets.insert(channel, secret);
        self
    }

    /// Puts `store` behind this memory, and in force what was taught before. The first one stays.
    pub async fn attach(&self, store: Store, library: Arc<Library>) {
        let Some(journal) = &self.journal else { return };
        let learning = Arc::new(Learning::start(store.clone(), library));
        if !matches!(tokio::time::timeout(CATCH_UP_TIMEOUT, learning.catch_up()).await, Ok(Ok(()))) {
            tracing::warn!("what was taught could not be read yet; it comes into force once it can");
        }
        let writer = tokio::spawn(Arc::clone(journal).write_on(store.clone()));
        let note_writes = Arc::new(Semaphore::new(MAX_WRITES as usize));
        let behind = Behind { store, learning, writer: Mutex::new(Some(writer)), note_writes };
        if self.behind.set(behind).is_err() {
            tracing::warn!("a second store was offered and not taken");
        }
        self.early.hand_over(|asked, unhelpful| {
            self.hand_to_learning(asked, unhelpful);
        });
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

    /// Writes and reads the notes of an `account` of `channel`, with the channel's secret; none before the store is there.
    pub fn notebook(&self, channel: &'static str, account: &str, is_shared: bool) -> Option<Notebook> {
        let Behind { store, note_writes, .. } = self.behind.get()?;
        let secret = self.secrets.get(channel).cloned().unwrap_or_else(|| SecretString::from(""));
        let (store, account, writes) = (store.clone(), account.to_owned(), Arc::clone(note_writes));
        Some(Notebook { store, channel, account, secret, is_shared, writes })
    }

    /// That of conversations, which any replica may go on with.
    fn conversations_of(&self, channel: &'static str) -> Option<Notebook> {
        self.notebook(channel, "", self.store()?.is_shared())
    }

    /// What was said before in this conversation; nothing where the store does not say in time.
    pub async fn recall(&self, conversation: &ConversationId, deadline: Deadline) -> Remembered {
        let key = key(conversation);
        let recalled = match self.conversations_of(conversation.channel()) {
            Some(notebook) => notebook.recall_within(&self.conversations, &key, deadline.left()).await,
            None => self.conversations.get(&key),
        };
        recalled.unwrap_or_default()
    }

    /// Remembers what came of `message`: where its conversation stood `before`, and its `state` now. `judged` is
    /// whether it judges an entry that there is.
    pub fn remember(
        &self,
        message: &Message,
        before: &Remembered,
        state: State,
        reply: &Reply,
        judged: bool,
        When { now, day }: When,
    ) {
        let mut after = before.clone();
        after.state = state;
        self.learn_from(message, reply, &mut after, now);
        if after != *before {
            self.write(message, after);
        }
        let Some(journal) = &self.journal else { return };
        match &message.content {
            Content::Press(Payload::Feedback { entry, helpful }) => {
                if judged {
                    let judgement = Judgement { helpful: *helpful, at: now.unix };
                    journal.judge(&message.person, entry, judgement);
                }
            }
            _ => journal.count(message.channel(), &reply.outcome, day),
        }
    }

    fn write(&self, message: &Message, after: Remembered) {
        let (key, notes, person) = (key(&message.conversation), &self.conversations, &message.person);
        match self.conversations_of(message.channel()) {
            Some(notebook) => notebook.jot(notes, key, person.id(), after, notes.end()),
            None => {
                notes.keep(key, name(person), after);
            }
        }
    }

    /// Hands unanswered questions to learning, and holds the others until they are judged.
    fn learn_from(&self, message: &Message, reply: &Reply, after: &mut Remembered, now: Moment) {
        if !message.may_be_kept {
            return;
        }
        match (&message.content, &reply.outcome) {
            (Content::Text(text), Outcome::Fallback(_)) => self.keep(message, text, None, now),
            (Content::Text(text), Outcome::Answer(entries)) => {
                entries.iter().for_each(|entry| after.hold(Some(entry), text));
            }
            (Content::Text(text), Outcome::Suggest(_)) => after.hold(None, text),
            (Content::Press(Payload::NoneOfThese), _) => {
                if let Some(text) = after.take(None) {
                    self.keep(message, &text, None, now);
                }
            }
            (Content::Press(Payload::Feedback { entry, helpful: false }), _) => {
                if let Some(text) = after.take(Some(entry)) {
                    self.keep(message, &text, Some(entry), now);
                }
            }
            _ => {}
        }
    }

    fn keep(&self, message: &Message, text: &str, unhelpful: Option<&EntryId>, now: Moment) {
        let scope = message.group.clone().map_or(Scope::Base, Scope::Group);
        let asked = Asked { text, channel: message.channel(), scope: &scope, at: now.unix };
        self.early.unless(|| self.hand_to_learning(&asked, unhelpful), message.channel(), &asked, unhelpful);
    }

    /// Says whether anybody was there to take it.
    fn hand_to_learning(&self, asked: &Asked<'_>, unhelpful: Option<&EntryId>) -> bool {
        let Some(learning) = self.learning() else { return false };
        match unhelpful {
            None => learning.keep_unanswered(asked),
            Some(entry) => learning.keep_unhelpful(asked, entry),
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
        self.conversations.forget(&name(person));
        // No note of this person may arrive in the store after it has forgotten.
        self.written().await;
        let hash = store.secret().person(person.channel(), person.id());
        journal.forget(person, store.forget(&hash)).await
    }

    /// Waits until the notes are written that are on their way, a few seconds at most.
    async fn written(&self) {
        let Some(Behind { note_writes, .. }) = self.behind.get() else { return };
        if tokio::time::timeout(FLUSH_TIMEOUT, note_writes.acquire_many(MAX_WRITES)).await.is_err() {
            tracing::warn!("the store did not take the last notes in time");
        }
    }

    /// Writes what is still to be written, a few seconds at most, and lets go of the store.
    pub async fn finish(&self) {
        let Some(Behind { store, learning, writer, .. }) = self.behind.get() else { return };
        learning.finish().await;
        self.written().await;
        let writer = writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let (Some(journal), Some(mut writer)) = (&self.journal, writer) {
            journal.stop();
            if tokio::time::timeout(FLUSH_TIMEOUT, &mut writer).await.is_err() {
                writer.abort();
                tracing::warn!("the store did not take the last counts and judgements in time");
            }
        }
        if tokio::time::timeout(FLUSH_TIMEOUT, store.close()).await.is_err() {
            tracing::warn!("the store was not closed in time");
        }
    }
}

fn key(conversation: &ConversationId) -> String {
    format!("{}:{}", conversation.channel(), conversation.id())
}

fn name(person: &PersonId) -> String {
    format!("{}:{}", person.channel(), person.id())
}
