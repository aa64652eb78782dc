//! Message in, reply out: the path of every message, whatever its channel.

use std::sync::Arc;
use std::time::{Duration, Instant};

use moka::sync::Cache;

use crate::conversation::{self, State};
use crate::faq::EntryId;
use crate::library::Library;
use crate::matcher::Ranking;
use crate::message::{Content, ConversationId, Message};
use crate::reply::Reply;
use crate::reply::links::Links;

/// How many conversations are remembered at once; the least recently used go first.
const CONVERSATIONS: u64 = 5_000;

/// How long a conversation is remembered.
const MEMORY: Duration = Duration::from_mins(10);

/// Answers messages.
pub struct Responder {
    library: Arc<Library>,
    links: Links,
    states: Cache<ConversationId, State>,
}

/// A reply and the ranking behind it.
pub struct Response {
    /// What is said.
    pub reply: Reply,
    /// What the matcher found; empty where nothing was looked for.
    pub ranking: Ranking,
}

impl Responder {
    /// Answers from `library`, linking the article by `links`.
    pub fn new(library: Arc<Library>, links: Links) -> Self {
        let states = Cache::builder().max_capacity(CONVERSATIONS).time_to_live(MEMORY).build();
        Self { library, links, states }
    }

    /// Whether there is an entry with this id.
    pub fn knows(&self, entry: &EntryId) -> bool {
        self.library.current().faq.entry(entry).is_some()
    }

    /// What `message` gets.
    pub fn respond(&self, message: &Message) -> Response {
        let content = self.library.current();
        let state = self.states.get(&message.conversation).unwrap_or_default();
        let now = Instant::now();
        let ranking = match &message.content {
            Content::Text(text) => content.matcher.find(text, state.subject(now, &content.faq)),
            Content::Press(_) | Content::Unreadable => Ranking::default(),
        };
        let (state, reply) = conversation::step(&state, message, &ranking, &content.faq, &self.links, now);
        self.states.insert(message.conversation.clone(), state);
        Response { reply, ranking }
    }
}
