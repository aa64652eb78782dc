//! `/mine`: the lessons of a group, or of all, in a list with buttons to remove, bring back or open each.

use std::sync::Arc;

use super::button::{LessonAct, Part};
use super::lessons::{Lessons, line};
use super::session::{Session, Sessions, key};
use crate::channel::telegram::keyboard::{Screen, pages};
use crate::faq::Entry;
use crate::reply::pager::Page;
use crate::store::{Lesson, Teaching, TeachingId};

/// Lessons on a page.
const PAGE_SIZE: usize = 8;

/// Lists lessons.
pub struct OwnLessons {
    lessons: Arc<Lessons>,
    sessions: Arc<Sessions>,
}

impl OwnLessons {
    /// Lists what `lessons` taught.
    pub fn new(lessons: Arc<Lessons>, sessions: Arc<Sessions>) -> Self {
        Self { lessons, sessions }
    }

    /// The first page, with new numbers.
    pub async fn first_page(&self, chat: Option<i64>, person: i64) -> Screen {
        let say = self.lessons.wording();
        let session = Session { chat, ..Session::default() };
        let Ok(teachings) = self.lessons.of(&session.scope()).await else {
            return (say.not_now().to_owned(), Vec::new());
        };
        if teachings.is_empty() {
            return (say.nothing_of_own().to_owned(), Vec::new());
        }
        // The newest first: those are the ones that somebody wants to correct.
        let mine = teachings.iter().rev().map(|teaching| teaching.id.0).collect();
        self.page(Session { mine, ..session }, 0, person).await
    }

    /// The page `number` of the list that `session` holds, from 0, for this person. The numbers stay: what was removed
    /// stands there as removed, and can be brought back.
    pub async fn page(&self, mut session: Session, number: usize, person: i64) -> Screen {
        let say = self.lessons.wording();
        let Ok(in_force) = self.lessons.of(&session.scope()).await else {
            return (say.not_now().to_owned(), Vec::new());
        };
        let is_group = session.chat.is_some();
        let page = Page::of((1..).zip(session.mine.clone()), number, PAGE_SIZE);
        let view = self.lessons.view(&session.scope()).await;
        let mut text = say.mine(is_group, page.number + 1, page.count);
        let mut acts = Vec::new();
        for (number, id) in &page.items {
            let current = self.lessons.current(&in_force, *id).await;
            let label = say.number(*number);
            let shown = match &current {
                Some(teaching) if teaching.undone.is_none() => line(&view, &teaching.lesson),
                _ => say.removed().to_owned(),
            };
            text.extend(["\n\n", label.as_str(), ". ", shown.as_str()]);
            let Some(Teaching { id: TeachingId(teaching), lesson, undone, .. }) = current else { continue };
            if let Some(listed) = session.mine.get_mut(number - 1) {
                *listed = teaching;
            }
            let page = page.number;
            let mut row = Vec::new();
            if undone.is_some() {
                row.push((format!("↩️ {label}"), LessonAct::Restore { teaching, page }));
            } else {
                row.push((format!("🗑 {label}"), LessonAct::Remove { teaching, page }));
                if matches!(lesson, Lesson::Entry(_)) {
                    row.push((format!("✏️ {label}"), LessonAct::Open { teaching, page }));
                }
            }
            acts.push(row);
        }
        let token = self.sessions.keep(session, person).await;
        let row = |row: Vec<(String, LessonAct)>| {
            row.into_iter().map(|(label, act)| key(&label, token, act)).collect()
        };
        let mut rows: Vec<Vec<_>> = acts.into_iter().map(row).collect();
        rows.extend(pages(&say, &page, |label, page| key(label, token, LessonAct::Own(page))));
        if is_group {
            rows.push(vec![key(say.copy_entries(), token, LessonAct::Copy)]);
        }
        (text, rows)
    }

    /// One entry whole, with what can be changed of it.
    pub async fn opened(&self, session: &Session, token: u64, id: i64, page: usize) -> Option<Screen> {
        let say = self.lessons.wording();
        let in_force = self.lessons.of(&session.scope()).await.ok()?;
        let teaching = self.lessons.current(&in_force, id).await?;
        let Lesson::Entry(entry) = &teaching.lesson else { return None };
        let mut text = shown(entry);
        if entry.picture.is_some() {
            text.push_str(say.with_picture());
        }
        let TeachingId(id) = teaching.id;
        let mut rows = vec![
            vec![
                key(say.edit_question_button(), token, LessonAct::Edit(Part::Question, id)),
                key(say.edit_answer_button(), token, LessonAct::Edit(Part::Answer, id)),
            ],
            vec![key(say.add_wordings(), token, LessonAct::Edit(Part::Wordings, id))],
        ];
        if entry.picture.is_some() {
            rows.push(vec![key(say.no_picture(), token, LessonAct::NoPicture { teaching: id, page })]);
        }
        rows.push(vec![key(say.back_to_list(), token, LessonAct::Own(page))]);
        Some((text, rows))
    }
}

/// An own entry, whole.
fn shown(entry: &Entry) -> String {
    let mut text = format!("*{}*", entry.question);
    for wording in entry.phrasings.iter().filter(|wording| **wording != entry.question) {
        text.extend(["\n- ", wording.as_str()]);
    }
    format!("{text}\n\n{}", entry.answer)
}
