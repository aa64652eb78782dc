//! A group's own entries in another group of the same admin. Whether somebody is admin of both is asked of Telegram when
//! the groups are listed, and again when one is chosen.

use std::sync::Arc;

use serde_json::{Value, json};

use super::button::LessonAct;
use super::draft::Draft;
use super::drafts::Drafts;
use super::lessons::Lessons;
use super::session::{Session, Sessions, key};
use crate::channel::telegram::client::api::Api;
use crate::channel::telegram::group::settings::{IN_USE, LEFT, Settings};
use crate::channel::telegram::identity::{CHANNEL, scope};
use crate::channel::telegram::keyboard::Screen;
use crate::channel::telegram::resources::Resources;
use crate::faq::overlay::spelled;
use crate::store::{Lesson, Scope};

/// Groups that are listed at most: each takes a request or two.
const MAX_GROUPS: usize = 10;

/// Copies entries.
pub struct Copies {
    api: Arc<Api>,
    settings: Arc<Settings>,
    lessons: Arc<Lessons>,
    sessions: Arc<Sessions>,
    drafts: Arc<Drafts>,
}

impl Copies {
    /// Teaches through `drafts`.
    pub fn new(of: &Resources, lessons: Arc<Lessons>, sessions: Arc<Sessions>, drafts: Arc<Drafts>) -> Self {
        Self { api: Arc::clone(&of.api), settings: Arc::clone(&of.settings), lessons, sessions, drafts }
    }

    /// The other groups of this person, to choose one.
    pub async fn groups(&self, session: Session, person: i64) -> Screen {
        let token = self.sessions.keep(session.clone(), person).await;
        let mut rows = Vec::new();
        for (of, _) in self.settings.with(IN_USE) {
            let Some(chat) = chat_of(&of).filter(|chat| Some(*chat) != session.chat) else { continue };
            if self.settings.of(&of).get(LEFT).is_some() || !self.lessons.may_teach(person, Some(chat)).await
            {
                continue;
            }
            rows.push(vec![key(&self.title(chat).await, token, LessonAct::CopyTo(chat))]);
            if rows.len() == MAX_GROUPS {
                break;
            }
        }
        let say = self.lessons.wording();
        let text = if rows.is_empty() { say.no_other_group() } else { say.copy_where() };
        rows.push(vec![key(say.back_to_list(), token, LessonAct::Own(0))]);
        (text.to_owned(), rows)
    }

    async fn title(&self, chat: i64) -> String {
        let about: Value =
            self.api.call_named("GetChat", &json!({ "chat_id": chat })).await.unwrap_or_default();
        about["title"]
            .as_str()
            .filter(|title| !title.is_empty())
            .map_or_else(|| chat.to_string(), str::to_owned)
    }

    /// Copies all own entries of the session's group to `chat`, but those that it has.
    pub async fn copy(&self, session: &Session, chat: i64, person: i64) -> Screen {
        let say = self.lessons.wording();
        if !self.lessons.may_teach(person, Some(chat)).await {
            return (say.admins_only().to_owned(), Vec::new());
        }
        let (from, to) = (self.lessons.of(&session.scope()).await, self.lessons.of(&scope(chat)).await);
        let (Ok(from), Ok(to)) = (from, to) else { return (say.not_now().to_owned(), Vec::new()) };
        let known: Vec<String> = to
            .iter()
            .filter_map(|teaching| match &teaching.lesson {
                Lesson::Entry(entry) => Some(spelled(&entry.question)),
                _ => None,
            })
            .collect();
        let (mut copied, mut left) = (0_usize, 0_usize);
        for teaching in from {
            let Lesson::Entry(entry) = teaching.lesson else { continue };
            if known.contains(&spelled(&entry.question)) {
                left += 1;
                continue;
            }
            let draft = Draft { replaces: None, ..Draft::of(Some(chat), 0, *entry) };
            match self.drafts.publish(&draft, person).await {
                Ok(_) => copied += 1,
                Err(refusal) => {
                    tracing::info!("an entry was not copied: {refusal}");
                    left += 1;
                }
            }
        }
        let mut text = say.entries_copied(copied);
        if left > 0 {
            text.extend(["\n".to_owned(), say.entries_not_copied(left)]);
        }
        (text, Vec::new())
    }
}

/// The chat of a group's scope on Telegram.
fn chat_of(of: &Scope) -> Option<i64> {
    let Scope::Group(group) = of else { return None };
    group.as_str().strip_prefix(CHANNEL)?.strip_prefix(':')?.parse().ok()
}
