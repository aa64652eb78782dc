//! Drafts: shown first where nobody has agreed to them, and taught.

use std::sync::Arc;

use super::button::LessonAct;
use super::draft::Draft;
use super::lessons::Lessons;
use super::session::{Session, Sessions, key};
use crate::channel::telegram::keyboard::Screen;
use crate::faq::Entry;
use crate::faq::overlay::spelled;
use crate::learning::Refusal;
use crate::store::{ClusterId, Lesson, Scope, Teaching, TeachingId};

/// Shows and teaches drafts.
pub struct Drafts {
    lessons: Arc<Lessons>,
    sessions: Arc<Sessions>,
}

impl Drafts {
    /// Teaches through `lessons`.
    pub fn new(lessons: Arc<Lessons>, sessions: Arc<Sessions>) -> Self {
        Self { lessons, sessions }
    }

    /// The draft as it would be published, with buttons to do so or not.
    pub async fn offer(&self, draft: Draft, person: i64) -> Screen {
        let say = self.lessons.wording();
        let mut text = say.preview(draft.question(), &draft.answer, draft.wordings.len().saturating_sub(1));
        if draft.picture.is_some() {
            text.push_str(say.with_picture());
        }
        let session = Session { chat: draft.chat, draft: Some(draft), ..Session::default() };
        let token = self.sessions.keep(session, person).await;
        let row =
            vec![key(say.publish(), token, LessonAct::Publish), key(say.cancel(), token, LessonAct::Cancel)];
        (text, vec![row])
    }

    /// Teaches the draft. What is said of it, with a button that takes it back.
    ///
    /// # Errors
    /// It may not be taught as it is, or the store cannot be reached.
    pub async fn publish(&self, draft: &Draft, person: i64) -> Result<Screen, Refusal> {
        let say = self.lessons.wording();
        let scope = draft.scope();
        let old = match draft.replaces {
            Some(id) => self.lessons.find(TeachingId(id)).await.filter(|old| old.scope == scope),
            None => self.own(&scope, draft.question()).await,
        };
        let old_entry = old.as_ref().and_then(|old| match &old.lesson {
            Lesson::Entry(entry) => Some(entry.as_ref()),
            _ => None,
        });
        let was_answered = old.is_some() || self.existing(&scope, draft.question()).await.is_some();
        // The clock is before 1970, or the id of the entry that it replaces is damaged: neither can be helped here.
        let Some(entry) = draft.entry(old_entry) else {
            return Ok((say.not_now().to_owned(), Vec::new()));
        };
        let mut told = say.added(&entry.question, &entry.answer, entry.phrasings.len().saturating_sub(1));
        if entry.picture.is_some() {
            told.push_str(say.with_picture());
        }
        let lesson = Lesson::Entry(Box::new(entry));
        let id = if let Some(old) = old {
            self.lessons.replace(&old, &lesson, person).await?
        } else {
            let clusters = draft.cluster.map(ClusterId).into_iter().collect();
            // A person has written question and answer, and the button takes it back.
            Some(self.lessons.teach(&scope, lesson, clusters, person, true).await?)
        };
        let Some(id) = id else { return Ok((say.topic_gone().to_owned(), Vec::new())) };
        let session = Session {
            chat: draft.chat,
            listed: draft.listed,
            cluster: draft.cluster,
            text: draft.question().to_owned(),
            taught: Some(id.0),
            ..Session::default()
        };
        let token = self.sessions.keep(session, person).await;
        let label = if was_answered { say.undo_replaced() } else { say.undo() };
        let mut row = vec![key(label, token, LessonAct::Undo)];
        // What was settled has left the list, and the next stands at its position.
        row.extend(draft.listed.map(|at| key(say.page_after(), token, LessonAct::Unanswered(at))));
        Ok((told, vec![row]))
    }

    /// The entry that answers exactly this question now.
    pub async fn existing(&self, scope: &Scope, question: &str) -> Option<Entry> {
        let wanted = spelled(question);
        let asks = |entry: &&Entry| {
            std::iter::once(&entry.question).chain(&entry.phrasings).any(|text| spelled(text) == wanted)
        };
        self.lessons.view(scope).await.entries().find(asks).cloned()
    }

    /// What was taught in this scope for exactly this question.
    async fn own(&self, scope: &Scope, question: &str) -> Option<Teaching> {
        let wanted = spelled(question);
        let teachings = self.lessons.of(scope).await.ok()?;
        teachings.into_iter().rev().find(|teaching| match &teaching.lesson {
            Lesson::Entry(entry) => spelled(&entry.question) == wanted,
            _ => false,
        })
    }
}
