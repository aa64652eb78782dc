//! Message in, reply out: the path of every message, whatever its channel.

use std::sync::Arc;

use crate::conversation;
use crate::faq::EntryId;
use crate::library::Library;
use crate::matcher::Ranking;
use crate::memory::{Deadline, Memory, Moment, When};
use crate::message::{Content, GroupId, Message, Payload};
use crate::reply::Reply;
use crate::reply::links::Links;
use crate::store::{Day, REPLY_STORE_TIMEOUT};
use crate::view::View;
use crate::wording::Wording;

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

    /// What is remembered from one message to the next.
    pub fn memory(&self) -> &Arc<Memory> {
        &self.memory
    }

    /// The bot's own sentences, as the current content has them.
    pub fn wording(&self) -> Arc<Wording> {
        Arc::clone(&self.library.current().faq.wording)
    }

    /// The guide's time in minutes east of Greenwich.
    pub fn minutes_east(&self) -> i32 {
        self.library.current().faq.guide.utc_offset
    }

    /// The content as `group` sees it, or as everybody outside of groups does. Where the store does not say in time
    /// what the group was taught, the group's own entries are missing from it.
    pub async fn view(&self, group: Option<&GroupId>) -> View {
        self.view_by(group, Deadline::after(Moment::now(), REPLY_STORE_TIMEOUT)).await
    }

    async fn view_by(&self, group: Option<&GroupId>, deadline: Deadline) -> View {
        let overlay = self.memory.overlay(group, deadline).await;
        View::with(self.library.current(), overlay)
    }

    /// What `message` gets. Waits for the store no longer than [`REPLY_STORE_TIMEOUT`], whatever state it is in.
    pub async fn respond(&self, message: &Message) -> Response {
        let now = Moment::now();
        let deadline = Deadline::after(now, REPLY_STORE_TIMEOUT);
        let view = self.view_by(message.group.as_ref(), deadline).await;
        let view = view.without(message.hidden.clone()).guide_first(message.guide_first);
        let before = self.memory.recall(&message.conversation, deadline).await;
        let ranking = match &message.content {
            Content::Text(text) => view.find(text, before.state.after(now.unix)),
            Content::Press(_) | Content::Unreadable => Ranking::default(),
        };
        let (state, reply) =
            conversation::step(&before.state, message, &ranking, &view, &self.links, now.unix);
        let day = Day::of(now.unix, view.guide().utc_offset);
        let judged = judged(message).is_some_and(|entry| view.entry(entry).is_some());
        self.memory.remember(message, &before, state, &reply, judged, When { now, day });
        Response { reply, ranking }
    }
}

/// The entry whose answer is judged.
fn judged(message: &Message) -> Option<&EntryId> {
    match &message.content {
        Content::Press(Payload::Feedback { entry, .. }) => Some(entry),
        _ => None,
    }
}
