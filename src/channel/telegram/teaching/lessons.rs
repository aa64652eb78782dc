//! Lessons: who may teach, teaching them, taking them back, and how they read.

use std::sync::Arc;

use super::texts::shortened;
use crate::channel::telegram::group::admins::Admins;
use crate::channel::telegram::identity::{author, now};
use crate::channel::telegram::resources::Resources;
use crate::faq::Entry;
use crate::learning::{Learning, Proposal, Refusal};
use crate::reply::render::plain;
use crate::responder::Responder;
use crate::store::{ClusterId, Error, Lesson, Scope, Store, Teaching, TeachingId, Undo};
use crate::view::View;
use crate::wording::Wording;

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

    /// The bot's own sentences, as the current content has them.
    pub fn wording(&self) -> Arc<Wording> {
        self.responder.wording()
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

    /// Teaches another wording of an entry in the place of `old`, and has it in force when this returns; none where `old`
    /// was undone meanwhile.
    ///
    /// # Errors
    /// It may not be taught, or the store cannot be reached.
    pub async fn replace(
        &self,
        old: &Teaching,
        lesson: &Lesson,
        person: i64,
    ) -> Result<Option<TeachingId>, Refusal> {
        let learning = self.learning().ok_or_else(|| Error::Away(String::new()))?;
        let new = learning.replace(old, lesson, &author(&self.store, person), now()).await?;
        catch_up(learning).await;
        self.end_cooldown(&old.scope, lesson).await;
        Ok(new)
    }

    /// Removes a lesson, with what it had replaced.
    ///
    /// # Errors
    /// The store cannot be reached.
    pub async fn remove(&self, id: TeachingId, person: i64) -> Result<(), Error> {
        self.store.remove(id, &author(&self.store, person), now()).await?;
        if let Some(learning) = self.learning() {
            catch_up(learning).await;
        }
        Ok(())
    }

    /// Puts a removed lesson in force again.
    ///
    /// # Errors
    /// The store cannot be reached.
    pub async fn restore(&self, id: TeachingId) -> Result<(), Error> {
        self.store.revive(id).await?;
        if let Some(learning) = self.learning() {
            catch_up(learning).await;
        }
        Ok(())
    }

    /// Takes a lesson back; what it had replaced holds again.
    ///
    /// # Errors
    /// The store cannot be reached.
    pub async fn undo(&self, id: TeachingId, person: i64) -> Result<Undo, Error> {
        let learning = self.learning().ok_or_else(|| Error::Away(String::new()))?;
        let undone = learning.undo(id, &author(&self.store, person), now()).await?;
        catch_up(learning).await;
        if let Some(Teaching { scope, lesson, .. }) = self.find(id).await {
            self.end_cooldown(&scope, &lesson).await;
        }
        Ok(undone)
    }

    /// An entry whose answer has changed is answered again at once, and not by a link to the answer of before.
    async fn end_cooldown(&self, scope: &Scope, lesson: &Lesson) {
        if let (Scope::Group(group), Lesson::Entry(entry)) = (scope, lesson)
            && let Err(error) = self.store.end_cooldown(group, &entry.id).await
        {
            tracing::debug!("an entry's cooldown goes on until it expires: {error}");
        }
    }

    /// What was taught under this id.
    pub async fn find(&self, id: TeachingId) -> Option<Teaching> {
        self.store.teaching(id).await.ok().flatten()
    }

    /// What was taught under this id or stands in its place by now, of what is `in_force`; what was removed otherwise.
    pub async fn current(&self, in_force: &[Teaching], id: i64) -> Option<Teaching> {
        if let Some(teaching) = in_force.iter().find(|teaching| teaching.id.0 == id) {
            return Some(teaching.clone());
        }
        let listed = self.find(TeachingId(id)).await?;
        let Lesson::Entry(entry) = &listed.lesson else { return Some(listed) };
        let is_it =
            |teaching: &&Teaching| matches!(&teaching.lesson, Lesson::Entry(other) if other.id == entry.id);
        Some(in_force.iter().find(is_it).cloned().unwrap_or(listed))
    }

    /// The entry that was taught under this id in this scope, as it is now; none where it was removed.
    pub async fn entry_now(&self, scope: &Scope, id: i64) -> Option<(TeachingId, Entry)> {
        let current = self.current(&self.of(scope).await.ok()?, id).await?;
        match current.lesson {
            Lesson::Entry(entry) if current.undone.is_none() && current.scope == *scope => {
                Some((current.id, *entry))
            }
            _ => None,
        }
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
        let say = self.responder.wording();
        match lesson {
            Lesson::Phrasing { entry, text } => {
                let view = self.view(scope).await;
                say.taught(text, view.entry(entry).map_or("", |entry| &entry.question))
            }
            Lesson::Entry(entry) | Lesson::Edit(entry) => {
                say.added(&entry.question, &entry.answer, entry.phrasings.len().saturating_sub(1))
            }
            Lesson::CounterExample { text } | Lesson::Ignore { text } => say.ignored(text),
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
        Lesson::CounterExample { text } | Lesson::Ignore { text } => view.wording().left_out(&shown(text)),
    }
}

/// The store has the lesson; where it cannot be read back at once, it comes into force a moment later.
async fn catch_up(learning: &Learning) {
    if let Err(error) = learning.catch_up().await {
        tracing::debug!("a lesson comes into force later: {error}");
    }
}
