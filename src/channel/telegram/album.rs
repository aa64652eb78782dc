//! Telegram delivers an album as one message per picture; only the first is answered.

use std::sync::Arc;
use std::time::Duration;

use super::intake::update::Incoming;
use super::resources::Resources;
use crate::memory::{Notebook, Notes};

/// How long the parts of one album are taken for one message.
const ALBUM_TTL: Duration = Duration::from_mins(1);

/// The albums that came.
pub struct Albums {
    notes: Arc<Notebook>,
    /// The first message of each.
    first: Notes<i64>,
}

impl Albums {
    /// None came yet.
    pub fn new(of: &Resources) -> Self {
        Self { notes: Arc::clone(&of.notes), first: Notes::new("album", 10_000, ALBUM_TTL) }
    }

    /// Whether this message is alone, or the first of an album; also when it is redelivered, since it may not have been
    /// answered.
    pub async fn is_first(&self, message: &Incoming) -> bool {
        let Some(album) = &message.album else { return true };
        let of = format!("{}:{album}", message.chat.id);
        if let Some(first) = self.notes.recall(&self.first, &of).await {
            return first == message.id;
        }
        let person = message.from.map_or(0, |from| from.id);
        self.notes.remember(&self.first, of, person, message.id).await;
        true
    }
}
