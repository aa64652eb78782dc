//! `/mine`: a group's own lessons in a list, each with buttons to remove or edit it.

use std::sync::Arc;

use super::button::LessonAct;
use super::lessons::{Lessons, line};
use super::session::{Session, Sessions, key};
use crate::channel::telegram::identity::scope;
use crate::channel::telegram::keyboard::{Screen, pages};
use crate::reply::pager::Page;
use crate::reply::wording;
use crate::store::Lesson;

/// Lessons on a page.
const PAGE_SIZE: usize = 8;

/// Lists a group's own lessons.
pub struct OwnLessons {
    lessons: Arc<Lessons>,
    sessions: Arc<Sessions>,
}

impl OwnLessons {
    /// Lists what `lessons` taught.
    pub fn new(lessons: Arc<Lessons>, sessions: Arc<Sessions>) -> Self {
        Self { lessons, sessions }
    }

    /// The page `number` of them, from 0, for this person.
    pub async fn page(&self, chat: i64, number: usize, person: i64) -> Screen {
        let scope = scope(chat);
        let Ok(teachings) = self.lessons.of(&scope).await else {
            return (wording::NOT_NOW.to_owned(), Vec::new());
        };
        if teachings.is_empty() {
            return (wording::NOTHING_OF_OWN.to_owned(), Vec::new());
        }
        // The newest first: those are the ones that somebody wants to correct.
        let page = Page::of((1..).zip(teachings.iter().rev()), number, PAGE_SIZE);
        let session = Session { chat: Some(chat), ..Session::default() };
        let token = self.sessions.keep(session, person).await;
        let mut text = wording::mine(page.number + 1, page.count);
        let mut rows = Vec::new();
        let view = self.lessons.view(&scope).await;
        for (number, teaching) in &page.items {
            let line = line(&view, &teaching.lesson);
            let number = wording::bengali_number(*number);
            text.extend(["\n\n", number.as_str(), ". ", line.as_str()]);
            let (teaching, page, is_entry) =
                (teaching.id.0, page.number, matches!(teaching.lesson, Lesson::Entry(_)));
            let mut row = vec![key(&format!("🗑 {number}"), token, LessonAct::Remove { teaching, page })];
            if is_entry {
                row.push(key(&format!("✏️ {number}"), token, LessonAct::Edit { teaching, page }));
            }
            rows.push(row);
        }
        rows.extend(pages(&page, |label, page| key(label, token, LessonAct::Own(page))));
        (text, rows)
    }
}
