//! Learning from people: unanswered questions are kept and grouped, what people teach is in force at once.
//!
//! In: unanswered questions, and lessons. Out: the [`Library`]'s content with everything that was taught
//! for all, and each group's [`Overlay`].
//!
//! A message never waits for any of this: unanswered questions go through a bounded queue, overlays come from memory or within
//! [`OVERLAY_TIMEOUT`], and teachings reach every replica by the store's mark.

mod conflicts;
pub mod export;
mod follow;
mod intake;
mod lessons;
mod objections;
mod overlays;
mod similar;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::faq::EntryId;
use crate::library::Library;
use crate::matcher::overlay::Overlay;
use crate::store::{
    Author, ClusterId, Error, GroupId, Lesson, Mark, Scope, Store, Teaching, TeachingId, Undo, within,
};
use crate::text::mask::Masked;
use crate::view::View;

pub use conflicts::Conflict;
pub use intake::Asked;
pub use lessons::additions;
pub use objections::{Objection, PHRASING_CHARS};

use intake::UnansweredQuestion;
use overlays::Overlays;

/// The longest that a reply waits for a group's overlay which is not in memory.
pub const OVERLAY_TIMEOUT: Duration = Duration::from_millis(50);

/// Unanswered questions that wait to be written; more than an hour's worth of a busy bot's unanswered questions.
const MAX_QUEUED: usize = 1_024;

/// How long a stop waits for unanswered questions to be written.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(3);

/// What learns. Stops when it is dropped.
pub struct Learning {
    shared: Arc<Shared>,
    questions: Mutex<Option<mpsc::Sender<UnansweredQuestion>>>,
    tasks: Mutex<Tasks>,
}

/// What the parts of learning have in common.
struct Shared {
    store: Store,
    library: Arc<Library>,
    overlays: Overlays,
    /// How far this process has caught up; held while it does.
    known: tokio::sync::Mutex<Mark>,
}

/// What runs beside those who answer.
#[derive(Default)]
struct Tasks {
    writer: Option<JoinHandle<()>>,
    follower: Option<JoinHandle<()>>,
}

/// Why a lesson was not taught.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// It cannot be taught as it is.
    #[error(transparent)]
    Objection(#[from] Objection),
    /// It would make existing phrasings go elsewhere; taught all the same when accepted.
    #[error("{} existing phrasings would be understood otherwise", .0.len())]
    Conflicts(Vec<Conflict>),
    /// The store could not keep it.
    #[error(transparent)]
    Store(#[from] Error),
}

/// A lesson that somebody wants to teach.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// For whom it is to hold.
    pub scope: Scope,
    /// What is to be taught.
    pub lesson: Lesson,
    /// The unanswered questions that it answers, or ignores.
    pub clusters: Vec<ClusterId>,
    /// Who teaches.
    pub author: Author,
    /// Whether it is to be taught in spite of conflicts.
    pub accepted: bool,
}

impl Learning {
    /// Puts in place what was taught before, once; what others teach later is not noticed, and unanswered questions are not kept.
    /// For commands that look and teach, and end.
    ///
    /// # Errors
    ///
    /// The store cannot be read.
    pub async fn open(store: Store, library: Arc<Library>) -> Result<Self, Error> {
        let shared = Arc::new(Shared {
            store,
            library,
            overlays: Overlays::new(),
            known: tokio::sync::Mutex::new(Mark::default()),
        });
        follow::start(&shared).await?;
        Ok(Self { shared, questions: Mutex::default(), tasks: Mutex::default() })
    }

    /// The same, and from then on keeps unanswered questions and follows what any replica teaches. Where the store cannot be read
    /// yet, what was taught comes into force when it can.
    pub fn start(store: Store, library: Arc<Library>) -> Self {
        let (sender, receiver) = mpsc::channel(MAX_QUEUED);
        let shared = Arc::new(Shared {
            store,
            library,
            overlays: Overlays::new(),
            known: tokio::sync::Mutex::new(Mark::default()),
        });
        let tasks = Tasks {
            writer: Some(tokio::spawn(intake::work(Arc::clone(&shared), receiver))),
            follower: Some(tokio::spawn(follow::follow(Arc::clone(&shared)))),
        };
        Self { shared, questions: Mutex::new(Some(sender)), tasks: Mutex::new(tasks) }
    }

    /// Keeps a question that got no answer. Returns at once.
    pub fn keep_unanswered(&self, asked: &Asked<'_>) {
        self.keep(asked, None);
    }

    /// Keeps a question whose answer, that of `entry`, got 👎. Returns at once.
    pub fn keep_unhelpful(&self, asked: &Asked<'_>, entry: &EntryId) {
        self.keep(asked, Some(entry));
    }

    fn keep(&self, asked: &Asked<'_>, entry: Option<&EntryId>) {
        let questions = self.questions.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(questions) = questions.as_ref()
            && questions.try_send(UnansweredQuestion::new(asked, entry)).is_err()
        {
            tracing::warn!("an unanswered question was not kept: {MAX_QUEUED} are waiting to be written");
        }
    }

    /// What holds in `scope` besides the content; none for the base, for a group that was taught nothing, and where
    /// the store does not say within [`OVERLAY_TIMEOUT`].
    pub async fn overlay(&self, scope: &Scope) -> Option<Arc<Overlay>> {
        let Scope::Group(group) = scope else { return None };
        let overlay = if let Some(overlay) = self.shared.overlays.get(group) {
            overlay
        } else {
            let (shared, group) = (Arc::clone(&self.shared), group.clone());
            within(OVERLAY_TIMEOUT, async move { shared.overlay(&group).await }).await?.ok()?
        };
        (!overlay.is_empty()).then_some(overlay)
    }

    /// Keeps a lesson. When this returns it outlives a power cut; it is in force in every replica a moment later.
    ///
    /// # Errors
    ///
    /// The lesson cannot be taught as it is, conflicts, or cannot be stored; then nothing was taught.
    pub async fn teach(&self, proposal: &Proposal, now: i64) -> Result<TeachingId, Refusal> {
        let lesson = self.check(proposal).await?;
        let Proposal { scope, clusters, author, .. } = proposal;
        Ok(self.shared.store.teach(scope, &lesson, clusters, author, now).await?)
    }

    /// The lesson as it would be kept; nothing is taught.
    ///
    /// # Errors
    ///
    /// The lesson cannot be taught as it is, or conflicts and that was not accepted, or the store cannot be read.
    pub async fn check(&self, proposal: &Proposal) -> Result<Lesson, Refusal> {
        let Proposal { scope, lesson, accepted, .. } = proposal;
        let lesson = objections::tidy(lesson);
        objections::check(&self.shared, scope, &lesson, false).await?;
        if !accepted {
            // What was undone a moment ago is no conflict.
            follow::catch_up(&self.shared).await?;
            let conflicts = conflicts::find(&self.shared, scope, &lesson).await?;
            if !conflicts.is_empty() {
                return Err(Refusal::Conflicts(conflicts));
            }
        }
        Ok(lesson)
    }

    /// Makes what a group was taught hold for all; none where it was undone meanwhile or is the base's already.
    ///
    /// # Errors
    ///
    /// The lesson cannot be taught for all as it is, conflicts, or cannot be stored; then nothing has changed.
    pub async fn promote(
        &self,
        teaching: &Teaching,
        accepted: bool,
        author: &Author,
        now: i64,
    ) -> Result<Option<TeachingId>, Refusal> {
        objections::check(&self.shared, &Scope::Base, &teaching.lesson, false).await?;
        if !accepted {
            // What was undone a moment ago is no conflict.
            follow::catch_up(&self.shared).await?;
            let conflicts = conflicts::find(&self.shared, &Scope::Base, &teaching.lesson).await?;
            if !conflicts.is_empty() {
                return Err(Refusal::Conflicts(conflicts));
            }
        }
        Ok(self.shared.store.promote(teaching.id, author, now).await?)
    }

    /// Teaches another wording of the entry that `old` taught, in its place; none where `old` was undone meanwhile. The
    /// entry keeps its id, so that phrasings taught for it stay, and undoing brings `old` back. Conflicts count as
    /// accepted: a person has written it.
    ///
    /// # Errors
    ///
    /// The lesson cannot be taught as it is, or cannot be stored; then nothing has changed.
    pub async fn replace(
        &self,
        old: &Teaching,
        lesson: &Lesson,
        author: &Author,
        now: i64,
    ) -> Result<Option<TeachingId>, Refusal> {
        let lesson = objections::tidy(lesson);
        objections::check(&self.shared, &old.scope, &lesson, true).await?;
        Ok(self.shared.store.replace(old.id, &lesson, author, now).await?)
    }

    /// Undoes a teaching; it is out of force in every replica a moment later, and the questions that it had answered
    /// are open again.
    ///
    /// # Errors
    ///
    /// The store is busy, away, full or broken; then it still holds.
    pub async fn undo(&self, id: TeachingId, author: &Author, now: i64) -> Result<Undo, Error> {
        self.shared.store.undo(id, author, now).await
    }

    /// Puts in place what was taught or undone up to now, in any replica, and takes the questions that it answers off
    /// the list. Where [`Learning::start`] was called this happens by itself.
    ///
    /// # Errors
    ///
    /// The store cannot be read.
    pub async fn catch_up(&self) -> Result<(), Error> {
        follow::catch_up(&self.shared).await
    }

    /// Waits until the unanswered questions are written, a few seconds at most, and takes no more of them.
    pub async fn finish(&self) {
        self.questions.lock().unwrap_or_else(PoisonError::into_inner).take();
        let tasks = std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        let Tasks { writer, follower } = tasks;
        if let Some(follower) = follower {
            follower.abort();
        }
        if let Some(mut writer) = writer
            && tokio::time::timeout(FLUSH_TIMEOUT, &mut writer).await.is_err()
        {
            writer.abort();
        }
    }
}

impl Drop for Learning {
    fn drop(&mut self) {
        let tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.writer.iter().chain(&tasks.follower).for_each(JoinHandle::abort);
    }
}

impl Shared {
    /// The content as `scope` sees it.
    async fn view(&self, scope: &Scope) -> Result<View, Error> {
        let overlay = match scope {
            Scope::Base => None,
            Scope::Group(group) => Some(self.overlay(group).await?),
        };
        Ok(View::with(self.library.current(), overlay))
    }

    /// A group's overlay, from memory or made again.
    async fn overlay(&self, group: &GroupId) -> Result<Arc<Overlay>, Error> {
        self.overlays.load(group, &self.store, &self.library).await
    }
}

/// The words of a masked question, as a phrasing has them.
pub fn phrasing_of(masked: &str) -> String {
    Masked::new(masked).without_placeholders()
}
