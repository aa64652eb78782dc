//! Message in, reply out: the path of every message, whatever its channel.

use std::sync::Arc;

use crate::conversation;
use crate::faq::overlay::View;
use crate::faq::{Entry, EntryId};
use crate::library::{self, Library};
use crate::matcher::Ranking;
use crate::matcher::overlay::Overlay;
use crate::memory::{Deadline, Memory, Moment};
use crate::message::{Content, GroupId, Message, Payload};
use crate::reply::Reply;
use crate::reply::links::Links;
use crate::store::CLAIM;

/// Answers messages.
pub struct Responder {
    library: Arc<Library>,
    links: Links,
    memory: Arc<Memory>,
}

/// A reply and the ranking behind it.
pub struct Response {
    /// What is said.
    pub reply: Reply,
    /// What the matcher found; empty where nothing was looked for.
    pub ranking: Ranking,
}

impl Responder {
    /// Answers from `library`, linking the article by `links`, and remembers in `memory`.
    pub fn new(library: Arc<Library>, links: Links, memory: Arc<Memory>) -> Self {
        Self { library, links, memory }
    }

    /// Whether there is an entry with this id.
    pub fn knows(&self, entry: &EntryId) -> bool {
        self.library.current().faq.entry(entry).is_some()
    }

    /// What is remembered from one message to the next.
    pub fn memory(&self) -> &Arc<Memory> {
        &self.memory
    }

    /// What is found for `text` in a group or outside, where nothing is to be said or remembered.
    pub async fn look(&self, group: Option<&GroupId>, text: &str) -> Ranking {
        let overlay = self.overlay(group).await;
        find(&self.library.current(), overlay.as_deref(), text, None)
    }

    /// The entry with this id, a group's own ones included.
    pub async fn entry(&self, group: Option<&GroupId>, id: &EntryId) -> Option<Entry> {
        let overlay = self.overlay(group).await;
        let content = self.library.current();
        let view = overlay.as_ref().map_or_else(|| View::from(&*content.faq), |own| own.view(&content.faq));
        view.entry(id).cloned()
    }

    /// The ids of all entries, a group's own ones included.
    pub async fn ids(&self, group: Option<&GroupId>) -> Vec<EntryId> {
        let overlay = self.overlay(group).await;
        let content = self.library.current();
        let view = overlay.as_ref().map_or_else(|| View::from(&*content.faq), |own| own.view(&content.faq));
        view.entries().map(|entry| entry.id.clone()).collect()
    }

    /// The phrasing that made `text` understood as it is.
    pub fn nearest_phrasing(&self, text: &str) -> Option<String> {
        let content = self.library.current();
        content.matcher.explain(&content.faq, text, None).phrasing
    }

    async fn overlay(&self, group: Option<&GroupId>) -> Option<Arc<Overlay>> {
        self.memory.overlay(group, Deadline::after(Moment::now(), CLAIM)).await
    }

    /// What `message` gets. Waits for the store no longer than [`CLAIM`], whatever state it is in.
    pub async fn respond(&self, message: &Message) -> Response {
        let now = Moment::now();
        let deadline = Deadline::after(now, CLAIM);
        let overlay = self.memory.overlay(message.group.as_ref(), deadline).await;
        let state = self.memory.recall(&message.conversation, now, deadline).await;
        let content = self.library.current();
        let view = overlay.as_ref().map_or_else(|| View::from(&*content.faq), |own| own.view(&content.faq));
        let ranking = match &message.content {
            Content::Text(text) => {
                find(&content, overlay.as_deref(), text, state.subject(now.instant, &view))
            }
            Content::Press(_) | Content::Unreadable => Ranking::default(),
        };
        let (state, reply) = conversation::step(&state, message, &ranking, view, &self.links, now.instant);
        let judged = judged(message).is_some_and(|entry| view.entry(entry).is_some());
        self.memory.remember(message, &state, &reply, judged, now);
        Response { reply, ranking }
    }
}

/// The group's own entries and phrasings go before the guide's.
fn find(library: &library::Content, overlay: Option<&Overlay>, text: &str, subject: Option<&str>) -> Ranking {
    match overlay {
        Some(overlay) => library.matcher.find_with(overlay, text, subject),
        None => library.matcher.find(text, subject),
    }
}

/// The entry whose answer is judged.
fn judged(message: &Message) -> Option<&EntryId> {
    match &message.content {
        Content::Press(Payload::Feedback { entry, .. }) => Some(entry),
        _ => None,
    }
}
