//! Teaching in chat: `/unanswered`, `/teach`, `/mine`, and the buttons below them.
//!
//! What a button is about is kept under a token, since 64 bytes hold no group, question and entry. Whoever presses
//! must be an operator or, for a group's own lessons, an admin of that group; that is looked at anew at every press.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use teloxide::types::InlineKeyboardButton;

use super::dialogue::Dialogue;
use super::lessons::said;
use crate::channel::telegram::answer::Asked;
use crate::channel::telegram::group;
use crate::channel::telegram::group::settings;
use crate::channel::telegram::intake::update::{Incoming, Press};
use crate::channel::telegram::keyboard::{Act, button, turns};
use crate::channel::telegram::{Bot, CHANNEL};
use crate::id::EntryId;
use crate::learning::{Learning, PHRASING_CHARS, phrasing_of};
use crate::memory::Notes;
use crate::reply::pager::Page;
use crate::reply::wording;
use crate::store::{Author, ClusterState, Clusters, Lesson, Scope};
use crate::text::mask::Masked;
use crate::view;

/// How long the buttons of a lesson work.
const KEPT: Duration = Duration::from_hours(1);

/// Entries offered at once.
const NEAREST: usize = 3;

/// Entries on a page of all, and a group's lessons in a list.
pub const PAGE: usize = 8;

/// What the buttons of a lesson are about. It never changes: a press may find it in another process.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Session {
    /// The group for which and by whose admins it is taught; none: for all, by operators.
    pub chat: Option<i64>,
    /// Its place in the list of unanswered questions, where it is from there.
    pub listed: Option<u32>,
    /// The questions that it settles.
    pub cluster: Option<i64>,
    /// What was asked, masked.
    pub text: String,
    /// What came of it.
    pub taught: Option<i64>,
}

impl Session {
    /// For whom it is taught.
    pub fn scope(&self) -> Scope {
        self.chat.map_or(Scope::Base, settings::scope)
    }
}

/// The sessions of all who teach.
pub struct Desk {
    sessions: Notes<Session>,
    next: AtomicU64,
}

impl Default for Desk {
    fn default() -> Self {
        // Not from 0: a button of another process shall not mean something else.
        let start = RandomState::new().hash_one(0) & 0xFFFF_FFFF_FFFF;
        // There are few, and a list that was looked through half-way is worth keeping over a restart.
        Self { sessions: Notes::new("desk", 10_000, KEPT).lasting(), next: AtomicU64::new(start) }
    }
}

/// A text and the rows of buttons below it.
pub type View = (String, Vec<Vec<InlineKeyboardButton>>);

/// A button of the session `token`.
pub fn key(label: &str, token: u64, verb: &str, argument: impl std::fmt::Display) -> InlineKeyboardButton {
    button(label, 0, Act::Desk(format!("{token:x}.{verb}.{argument}")))
}

/// Stands for an entry in a button; ids may be too long for it.
pub fn short(id: &EntryId) -> String {
    // FNV-1a: the same in every process and version.
    let hash = id
        .as_str()
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("{hash:x}")
}

impl Bot {
    /// Keeps what the buttons of this person's lesson are about; the token that stands for it.
    pub async fn keep_session(&self, session: Session, person: i64) -> u64 {
        let token = self.desk.next.fetch_add(1, Ordering::Relaxed);
        self.notes.remember(&self.desk.sessions, format!("{token:x}"), person, session).await;
        token
    }

    pub fn learning(&self) -> Option<&Arc<Learning>> {
        self.responder.memory().learning()
    }

    /// Who teaches or sets something.
    pub fn author(&self, person: i64) -> Author {
        Author::person(&self.store.secret().person(CHANNEL, &person.to_string()))
    }

    /// Whether this person may teach in this scope.
    pub async fn may_teach(&self, person: i64, scope: &Scope, chat: Option<i64>) -> bool {
        if self.is_operator(person) {
            return true;
        }
        match (scope, chat) {
            (Scope::Group(_), Some(chat)) => self.is_admin(chat, person).await,
            _ => false,
        }
    }

    /// `/unanswered`: for operators what was asked anywhere, for a group's admins what was asked there.
    pub async fn show_unanswered(&self, asked: &Asked, chat: Option<i64>) {
        let scope = chat.map_or(Scope::Base, settings::scope);
        if !self.may_teach(asked.asker, &scope, chat).await {
            self.say(asked, wording::UNANSWERED_WHERE, Vec::new()).await;
            return;
        }
        let (text, rows) = self.listed(chat, 0, asked.asker).await;
        self.say(asked, &text, rows).await;
    }

    /// The list's question at `position`.
    async fn listed(&self, chat: Option<i64>, position: u32, person: i64) -> View {
        let scope = chat.map_or(Scope::Base, settings::scope);
        let within = chat.map(|_| &scope);
        // One more tells whether there is a next one.
        let which = Clusters { state: ClusterState::Open, scope: within, limit: 2, skip: position };
        let Ok(clusters) = self.store.clusters(&which).await else {
            return (wording::NOT_NOW.to_owned(), Vec::new());
        };
        let Some(cluster) = clusters.first() else {
            let is_kept = chat.is_none() || self.settings.of(&scope).is_on(&settings::UNANSWERED);
            let line = if is_kept { wording::NOTHING_UNANSWERED } else { wording::UNANSWERED_NOT_KEPT };
            return (line.to_owned(), Vec::new());
        };
        let session = Session {
            chat,
            listed: Some(position),
            cluster: Some(cluster.id.0),
            text: cluster.text.clone(),
            taught: None,
        };
        let title = wording::unanswered_question(&cluster.text, cluster.asked);
        self.question(session, &title, clusters.len() > 1, person).await
    }

    /// `/teach` as a reply to a question in a group.
    pub async fn teach_reply(&self, message: &Incoming, asked: &Asked) {
        if !self.is_from_admin(message).await {
            self.say(asked, wording::ADMINS_ONLY, Vec::new()).await;
            return;
        }
        let question = message.reply_to.as_ref().and_then(|meant| meant.text.as_deref());
        let Some(question) = question.filter(|text| !text.trim().is_empty()) else {
            self.say(asked, wording::TEACH_HOW, Vec::new()).await;
            return;
        };
        let text = Masked::new(question).as_str().to_owned();
        let session = Session { chat: Some(message.chat.id), text, ..Session::default() };
        let title = wording::teach_question(&session.text);
        let (text, rows) = self.question(session, &title, false, asked.asker).await;
        self.say(asked, &text, rows).await;
    }

    /// A question with the entries that it may belong to.
    pub async fn question(&self, session: Session, title: &str, has_next: bool, person: i64) -> View {
        let view = self.view_of(session.chat).await;
        let ranking = view.find(&phrasing_of(&session.text), None);
        let listed = session.listed;
        let token = self.keep_session(session, person).await;
        let mut rows = Vec::new();
        for candidate in ranking.candidates.iter().take(NEAREST) {
            if let Some(entry) = view.entry(&candidate.entry) {
                let label = wording::belongs_to(&entry.question);
                rows.push(vec![key(&label, token, "a", short(&entry.id))]);
            }
        }
        rows.push(vec![key(wording::OTHER_ENTRY, token, "o", 0), key(wording::NEW_QUESTION, token, "n", "")]);
        rows.push(vec![key(wording::IGNORE, token, "i", "")]);
        let mut turns = Vec::new();
        if let Some(position) = listed.filter(|position| *position > 0) {
            turns.push(key(wording::PAGE_BEFORE, token, "v", position - 1));
        }
        if let Some(position) = listed.filter(|_| has_next) {
            turns.push(key(wording::PAGE_AFTER, token, "v", position + 1));
        }
        if !turns.is_empty() {
            rows.push(turns);
        }
        (title.to_owned(), rows)
    }

    /// A button of a lesson was pressed.
    pub async fn on_desk(&self, press: &Press, message: &Incoming, what: &str) {
        let mut parts = what.splitn(3, '.');
        let token = parts.next().and_then(|token| u64::from_str_radix(token, 16).ok());
        let (Some(token), Some(verb), Some(argument)) = (token, parts.next(), parts.next()) else {
            return self.notice(&press.id, Some(wording::OLD_LESSON)).await;
        };
        let Some(session) = self.notes.recall(&self.desk.sessions, &format!("{token:x}")).await else {
            return self.notice(&press.id, Some(wording::OLD_LESSON)).await;
        };
        let person = press.from.id;
        if !self.may_teach(person, &session.scope(), session.chat).await {
            return self.notice(&press.id, Some(wording::ADMINS_ONLY)).await;
        }
        self.notice(&press.id, None).await;
        let asked = group::asked(message, 0);
        let view = match verb {
            // `y`: again, now that it is known what else it changes.
            "a" | "i" | "y" => match self.meant(&session, argument).await {
                Some(lesson) => self.teach(token, session, lesson, verb == "y", person).await,
                None => (wording::TOPIC_GONE.to_owned(), Vec::new()),
            },
            "o" => self.others(&session, token, argument.parse().unwrap_or(0)).await,
            "v" => self.listed(session.chat, argument.parse().unwrap_or(0), person).await,
            "u" => self.untaught(session, person).await,
            "n" => self.new_question(session, message, person).await,
            "p" => match session.chat {
                Some(chat) => self.mine(chat, argument.parse().unwrap_or(0), person).await,
                None => (wording::OLD_LESSON.to_owned(), Vec::new()),
            },
            "m" | "e" => return self.on_mine(press, message, &session, verb, argument).await,
            _ => (wording::OLD_LESSON.to_owned(), Vec::new()),
        };
        self.change(&asked, message.id, &view.0, view.1).await;
    }

    /// Asks for the answer to a question that the guide does not have.
    async fn new_question(&self, session: Session, message: &Incoming, person: i64) -> View {
        let question = phrasing_of(&session.text);
        if said(Some(&question), PHRASING_CHARS).is_err() {
            let has_next = session.listed.is_some();
            let title = wording::no_new_question(&session.text, PHRASING_CHARS);
            return self.question(session, &title, has_next, person).await;
        }
        let Session { chat, cluster, text, .. } = session;
        let person = self.speaks_as(message.chat.id, person).await;
        let dialogue = Dialogue::Answer { chat, question, cluster };
        self.begin((message.chat.id, person), message.id, dialogue).await;
        (wording::write_answer(&text), Vec::new())
    }

    /// What a button teaches: that the question belongs to this entry, or, without one, to none.
    async fn meant(&self, session: &Session, entry: &str) -> Option<Lesson> {
        let text = phrasing_of(&session.text);
        if entry.is_empty() && text.is_empty() {
            return Some(Lesson::Ignore { text: session.text.clone() });
        }
        if entry.is_empty() {
            return Some(Lesson::CounterExample { text });
        }
        let view = self.view_of(session.chat).await;
        let entry = view.entries().find(|known| short(&known.id) == entry)?.id.clone();
        Some(Lesson::Phrasing { entry, text })
    }

    /// A page of all entries that a question may belong to.
    async fn others(&self, session: &Session, token: u64, page: usize) -> View {
        let view = self.view_of(session.chat).await;
        let page = Page::of(view.entries(), page, PAGE);
        let mut rows: Vec<Vec<_>> = (page.items.iter())
            .map(|entry| vec![key(&entry.question, token, "a", short(&entry.id))])
            .collect();
        rows.extend(turns(&page, |label, number| key(label, token, "o", number)));
        (wording::WHICH_ENTRY.to_owned(), rows)
    }

    /// The content as a group sees it, or as all do.
    pub async fn view_of(&self, chat: Option<i64>) -> view::View {
        self.responder.view(chat.map(settings::group).as_ref()).await
    }
}
