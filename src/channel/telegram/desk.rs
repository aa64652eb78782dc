//! Teaching in chat: `/unanswered`, `/teach`, `/mine`, and the buttons below them.
//!
//! What a button means is kept here under a token, since 64 bytes hold no group, question and entry. Whoever presses
//! must be an operator or, for a group's own lessons, an admin of that group; that is looked at anew at every press.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use moka::sync::Cache;
use teloxide::types::InlineKeyboardButton;

use super::answer::Asked;
use super::dialogue::Dialogue;
use super::keyboard::{Act, button};
use super::lessons::said;
use super::settings;
use super::update::{Incoming, Press};
use super::{Bot, CHANNEL, group};
use crate::id::EntryId;
use crate::learning::{Learning, PHRASING_CHARS, phrasing_of};
use crate::reply::wording;
use crate::store::{Author, ClusterId, ClusterState, Clusters, Lesson, Scope, TeachingId};
use crate::text::mask::Masked;

/// How long the buttons of a lesson work.
const KEPT: Duration = Duration::from_hours(1);

/// Entries offered at once.
const NEAREST: usize = 3;

/// Entries on a page of all, and a group's lessons in a list.
pub(super) const PAGE: usize = 8;

/// What the buttons of a lesson are about.
#[derive(Clone, Debug)]
pub struct Session {
    /// For whom it is taught.
    pub scope: Scope,
    /// The group whose admins may teach it; none: operators only.
    pub chat: Option<i64>,
    /// Its place in the list of unanswered questions, where it is from there.
    pub listed: Option<u32>,
    /// The questions that it settles.
    pub cluster: Option<ClusterId>,
    /// What was asked, masked.
    pub text: String,
    /// What came of it.
    pub taught: Option<TeachingId>,
    /// What is taught once conflicts are accepted.
    pub pending: Option<Lesson>,
}

/// The sessions of all who teach.
pub struct Desk {
    pub(super) sessions: Cache<u64, Session>,
    next: AtomicU64,
}

impl Default for Desk {
    fn default() -> Self {
        // Not from 0: a button from before a restart shall not mean something else.
        let start = RandomState::new().hash_one(0) & 0xFFFF_FFFF;
        let sessions = Cache::builder().max_capacity(10_000).time_to_live(KEPT).build();
        Self { sessions, next: AtomicU64::new(start) }
    }
}

impl Desk {
    pub(super) fn keep(&self, session: Session) -> u64 {
        let token = self.next.fetch_add(1, Ordering::Relaxed);
        self.sessions.insert(token, session);
        token
    }
}

/// A text and the rows of buttons below it.
pub type View = (String, Vec<Vec<InlineKeyboardButton>>);

/// A button of the session `token`.
pub(super) fn key(
    label: &str,
    token: u64,
    verb: &str,
    argument: impl std::fmt::Display,
) -> InlineKeyboardButton {
    button(label, 0, Act::Desk(format!("{token:x}.{verb}.{argument}")))
}

/// Stands for an entry in a button; ids may be too long for it.
fn short(id: &EntryId) -> String {
    // FNV-1a: the same in every process and version.
    let hash = id
        .as_str()
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("{hash:x}")
}

impl Bot {
    pub(super) fn learning(&self) -> Option<&Arc<Learning>> {
        self.responder.memory().learning()
    }

    /// Who teaches or sets something.
    pub(super) fn author(&self, person: i64) -> Author {
        Author::person(&self.store.secret().person(CHANNEL, &person.to_string()))
    }

    /// Whether this person may teach in this scope.
    pub(super) async fn may_teach(&self, person: i64, scope: &Scope, chat: Option<i64>) -> bool {
        if self.is_operator(person) {
            return true;
        }
        match (scope, chat) {
            (Scope::Group(_), Some(chat)) => self.is_admin(chat, person).await,
            _ => false,
        }
    }

    /// `/unanswered`: for operators what was asked anywhere, for a group's admins what was asked there.
    pub(super) async fn show_unanswered(&self, asked: &Asked, chat: Option<i64>) {
        let scope = chat.map_or(Scope::Base, settings::scope);
        if !self.may_teach(asked.asker, &scope, chat).await {
            self.say(asked, wording::UNANSWERED_WHERE, Vec::new()).await;
            return;
        }
        let (text, rows) = self.listed(&scope, chat, 0).await;
        self.say(asked, &text, rows).await;
    }

    /// The list's question at `position`.
    async fn listed(&self, scope: &Scope, chat: Option<i64>, position: u32) -> View {
        let within = chat.map(|_| scope);
        // One more tells whether there is a next one.
        let which = Clusters { state: ClusterState::Open, scope: within, limit: 2, skip: position };
        let Ok(clusters) = self.store.clusters(&which).await else {
            return (wording::NOT_NOW.to_owned(), Vec::new());
        };
        let Some(cluster) = clusters.first() else {
            let is_kept = chat.is_none() || self.settings.of(scope).is_on(&settings::UNANSWERED);
            let line = if is_kept { wording::NOTHING_UNANSWERED } else { wording::UNANSWERED_NOT_KEPT };
            return (line.to_owned(), Vec::new());
        };
        let session = Session {
            scope: scope.clone(),
            chat,
            listed: Some(position),
            cluster: Some(cluster.id),
            text: cluster.text.clone(),
            taught: None,
            pending: None,
        };
        let title = wording::unanswered_question(&cluster.text, cluster.asked);
        self.question(session, &title, clusters.len() > 1).await
    }

    /// `/teach` as a reply to a question in a group.
    pub(super) async fn teach_reply(&self, message: &Incoming, asked: &Asked) {
        if !self.is_from_admin(message).await {
            self.say(asked, wording::ADMINS_ONLY, Vec::new()).await;
            return;
        }
        let question = message.reply_to.as_ref().and_then(|meant| meant.text.as_deref());
        let Some(question) = question.filter(|text| !text.trim().is_empty()) else {
            self.say(asked, wording::TEACH_HOW, Vec::new()).await;
            return;
        };
        let session = Session {
            scope: settings::scope(message.chat.id),
            chat: Some(message.chat.id),
            listed: None,
            cluster: None,
            text: Masked::new(question).as_str().to_owned(),
            taught: None,
            pending: None,
        };
        let title = wording::teach_question(&session.text);
        let (text, rows) = self.question(session, &title, false).await;
        self.say(asked, &text, rows).await;
    }

    /// A question with the entries that it may belong to.
    pub(super) async fn question(&self, session: Session, title: &str, has_next: bool) -> View {
        let in_group = match &session.scope {
            Scope::Base => None,
            Scope::Group(group) => Some(group),
        };
        let ranking = self.responder.look(in_group, &phrasing_of(&session.text)).await;
        let listed = session.listed;
        let token = self.desk.keep(session.clone());
        let mut rows = Vec::new();
        for candidate in ranking.candidates.iter().take(NEAREST) {
            if let Some(entry) = self.responder.entry(in_group, &candidate.entry).await {
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
    pub(super) async fn on_desk(&self, press: &Press, message: &Incoming, what: &str) {
        let mut parts = what.splitn(3, '.');
        let token = parts.next().and_then(|token| u64::from_str_radix(token, 16).ok());
        let session = token.and_then(|token| Some((token, self.desk.sessions.get(&token)?)));
        let (Some((token, session)), Some(verb), Some(argument)) = (session, parts.next(), parts.next())
        else {
            return self.notice(&press.id, Some(wording::OLD_LESSON)).await;
        };
        if !self.may_teach(press.from.id, &session.scope, session.chat).await {
            return self.notice(&press.id, Some(wording::ADMINS_ONLY)).await;
        }
        self.notice(&press.id, None).await;
        let asked = group::asked(message, 0);
        let view = match verb {
            "a" => match self.named(&session.scope, argument).await {
                Some(entry) => {
                    let lesson = Lesson::Phrasing { entry, text: phrasing_of(&session.text) };
                    self.teach(token, session, lesson, false, press.from.id).await
                }
                None => (wording::TOPIC_GONE.to_owned(), Vec::new()),
            },
            "i" => {
                let text = phrasing_of(&session.text);
                let lesson = if text.is_empty() {
                    Lesson::Ignore { text: session.text.clone() }
                } else {
                    Lesson::CounterExample { text }
                };
                self.teach(token, session, lesson, false, press.from.id).await
            }
            "y" => match session.pending.clone() {
                Some(lesson) => self.teach(token, session, lesson, true, press.from.id).await,
                None => (wording::OLD_LESSON.to_owned(), Vec::new()),
            },
            "o" => self.others(token, argument.parse().unwrap_or(0)),
            "v" => self.listed(&session.scope, session.chat, argument.parse().unwrap_or(0)).await,
            "u" => self.untaught(session, press.from.id).await,
            "n" => self.new_question(session, message, press.from.id).await,
            "p" => match session.chat {
                Some(chat) => self.mine(chat, argument.parse().unwrap_or(0)).await,
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
            return self.question(session, &title, has_next).await;
        }
        let Session { chat, cluster, text, .. } = session;
        let person = self.speaks_as(message.chat.id, person).await;
        let dialogue = Dialogue::Answer { chat, question, cluster: cluster.map(|cluster| cluster.0) };
        self.begin((message.chat.id, person), message.id, dialogue).await;
        (wording::write_answer(&text), Vec::new())
    }

    /// The entry that a button stands for.
    async fn named(&self, scope: &Scope, name: &str) -> Option<EntryId> {
        let in_group = match scope {
            Scope::Base => None,
            Scope::Group(group) => Some(group),
        };
        self.responder.ids(in_group).await.into_iter().find(|id| short(id) == name)
    }

    /// A page of all entries that a question may belong to.
    fn others(&self, token: u64, page: usize) -> View {
        let content = self.library.current();
        let entries = &content.faq.entries;
        let pages = entries.len().div_ceil(PAGE).max(1);
        let page = page.min(pages - 1);
        let shown = entries.iter().skip(page * PAGE).take(PAGE);
        let mut rows: Vec<Vec<_>> =
            shown.map(|entry| vec![key(&entry.question, token, "a", short(&entry.id))]).collect();
        let mut turns = Vec::new();
        if page > 0 {
            turns.push(key(wording::PAGE_BEFORE, token, "o", page - 1));
        }
        if page + 1 < pages {
            turns.push(key(wording::PAGE_AFTER, token, "o", page + 1));
        }
        rows.push(turns);
        (wording::WHICH_ENTRY.to_owned(), rows)
    }
}
