//! Lessons: who may teach, teaching them, taking them back, and how they read.

use std::sync::Arc;

use super::texts::shortened;
use crate::channel::telegram::group::admins::Admins;
use crate::channel::telegram::identity::{author, now};
use crate::channel::telegram::resources::Resources;
use crate::learning::{Learning, Proposal, Refusal};
use crate::reply::render::plain;
use crate::reply::wording;
use crate::responder::Responder;
use crate::store::{ClusterId, Error, Lesson, Scope, Store, Teaching, TeachingId, Undo};
use crate::view::View;

/// Characters of a question, and of an answer, in a list.
const LINE_CHARS: usize = 120;

/// Teaches lessons.
pub struct Lessons {
    store: Store,
    responder: Arc<Responder>,
    admins: Arc<Admins>,
    operators: Vec<u64>,
}

impl Lessons {
    /// For operators and the admins of groups.
    pub fn new(of: &Resources, admins: Arc<Admins>) -> Self {
        let (store, responder) = (of.store.clone(), Arc::clone(&of.responder));
        Self { store, responder, admins, operators: of.operators.clone() }
    }

    /// Whether this person may manage the base.
    pub fn is_operator(&self, person: i64) -> bool {
        u64::try_from(person).is_ok_and(|person| self.operators.contains(&person))
    }

    /// Whether this person may teach a group, or, where that is none, the base.
    pub async fn may_teach(&self, person: i64, chat: Option<i64>) -> bool {
        if self.is_operator(person) {
            return true;
        }
        match chat {
            Some(chat) => self.admins.include(chat, person).await,
            None => false,
        }
    }

    fn learning(&self) -> Option<&Arc<Learning>> {
        self.responder.memory().learning()
    }

    /// Teaches a lesson, and has it in force when this returns. `accepted` where its conflicts are known.
    ///
    /// # Errors
    /// It may not be taught, it conflicts with others, or the store cannot be reached.
    pub async fn teach(
        &self,
        scope: &Scope,
        lesson: Lesson,
        clusters: Vec<ClusterId>,
        person: i64,
        accepted: bool,
    ) -> Result<TeachingId, Refusal> {
        let away = || Refusal::Store(Error::Away(String::new()));
        let learning = self.learning().ok_or_else(away)?;
        let author = author(&self.store, person);
        let proposal = Proposal { scope: scope.clone(), lesson, clusters, author, accepted };
        let id = learning.teach(&proposal, now()).await?;
        catch_up(learning).await;
        Ok(id)
    }

    /// Takes a lesson back.
    ///
    /// # Errors
    /// The store cannot be reached.
    pub async fn undo(&self, id: TeachingId, person: i64) -> Result<Undo, Error> {
        let learning = self.learning().ok_or_else(|| Error::Away(String::new()))?;
        let undone = learning.undo(id, &author(&self.store, person), now()).await?;
        catch_up(learning).await;
        Ok(undone)
    }

    /// What was taught under this id.
    pub async fn find(&self, id: TeachingId) -> Option<Teaching> {
        self.store.teaching(id).await.ok().flatten()
    }

    /// What was taught in this scope, the oldest first.
    ///
    /// # Errors
    /// The store cannot be reached.
    pub async fn of(&self, scope: &Scope) -> Result<Vec<Teaching>, Error> {
        self.store.teachings_of(scope).await
    }

    /// The content as those see it for whom it is taught.
    pub async fn view(&self, scope: &Scope) -> View {
        let group = match scope {
            Scope::Base => None,
            Scope::Group(group) => Some(group),
        };
        self.responder.view(group).await
    }

    /// What is said of a lesson that was taught.
    pub async fn told(&self, scope: &Scope, lesson: &Lesson) -> String {
        match lesson {
            Lesson::Phrasing { entry, text } => {
                let view = self.view(scope).await;
                wording::taught(text, view.entry(entry).map_or("", |entry| &entry.question))
            }
            Lesson::Entry(entry) | Lesson::Edit(entry) => {
                wording::taught_entry(&entry.question, &entry.answer)
            }
            Lesson::CounterExample { text } | Lesson::Ignore { text } => wording::ignored(text),
        }
    }
}

/// A lesson in a list, so short that a page of them is one message.
pub fn line(view: &View, lesson: &Lesson) -> String {
    let shown = |text: &str| shortened(text, LINE_CHARS);
    match lesson {
        Lesson::Phrasing { entry, text } => {
            let name = view.entry(entry).map_or(entry.as_str(), |entry| &entry.question);
            format!("«{}» ➡️ {}", shown(text), shown(name))
        }
        Lesson::Entry(entry) | Lesson::Edit(entry) => {
            format!("«{}»\n{}", shown(&entry.question), shown(&plain(&entry.answer)))
        }
        Lesson::CounterExample { text } | Lesson::Ignore { text } => wording::left_out(&shown(text)),
    }
}

/// The store has the lesson; where it cannot be read back at once, it comes into force a moment later.
async fn catch_up(learning: &Learning) {
    if let Err(error) = learning.catch_up().await {
        tracing::debug!("a lesson comes into force later: {error}");
    }
}
