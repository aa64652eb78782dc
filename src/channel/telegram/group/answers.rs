//! Answers in a group: within the cooldowns, linked when they are asked for again, and removed when the group wants that.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::repeated::Repeated;
use super::settings::{HOURLY, LENGTH, PERSON, REMOVAL, Set, Settings};
use super::teaser;
use crate::channel::telegram::answer::{Answers, Question};
use crate::channel::telegram::identity::{CHANNEL, Me, group, now, person, scope};
use crate::channel::telegram::outbox::Asked;
use crate::channel::telegram::resources::Resources;
use crate::id::EntryId;
use crate::message::Place;
use crate::reply::{Outcome, Reply};
use crate::responder::{Responder, Response};
use crate::store::{Cooldown, Deletion, Store, Turn};

/// What held an unprompted answer back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Held {
    /// The person got one a moment ago.
    Person,
    /// The entry was answered a moment ago.
    Entry,
    /// The group had its share of the hour.
    Hourly,
    /// Somebody else had replied.
    Replied,
}

/// Sends answers to groups.
pub struct GroupAnswers {
    me: Arc<Me>,
    responder: Arc<Responder>,
    store: Store,
    settings: Arc<Settings>,
    answers: Arc<Answers>,
    repeated: Arc<Repeated>,
}

impl GroupAnswers {
    /// Sends through `answers`, and tells `repeated` about it.
    pub fn new(of: &Resources, answers: Arc<Answers>, repeated: Arc<Repeated>) -> Self {
        let Resources { me, responder, settings, store, .. } = of.clone();
        Self { me, responder, store, settings, answers, repeated }
    }

    /// Starts the entry's cooldown in the group; none where it has not ended yet. Without the store there are no
    /// cooldowns.
    pub async fn start_cooldown(&self, chat: i64, entry: &EntryId, set: &Set) -> Option<Vec<Turn>> {
        let (group, seconds) = (group(chat), set.entry_cooldown());
        if seconds == 0 {
            return Some(Vec::new());
        }
        match self.store.try_take(&Cooldown::Entry { group: &group, entry }, seconds, now()).await {
            Ok(turn) => Some(vec![turn?]),
            Err(_) => Some(Vec::new()),
        }
    }

    /// Starts the cooldowns of the person, of the entries and of the group. Without the store nobody is answered
    /// unprompted.
    ///
    /// # Errors
    /// The first of them that has not ended yet, or cannot be started.
    pub async fn start_cooldowns(&self, asked: &Asked, reply: &Reply, set: &Set) -> Result<Vec<Turn>, Held> {
        let group = group(asked.target.chat);
        let person = person(&self.store, asked.asker);
        let slots = u8::try_from(set.number(&HOURLY)).unwrap_or(1);
        let of_person = Cooldown::Person { group: &group, person: &person };
        let mut cooldowns = vec![(Held::Person, of_person, set.number(&PERSON))];
        if let Outcome::Answer(entries) = &reply.outcome {
            let entries = entries.iter().map(|entry| Cooldown::Entry { group: &group, entry });
            cooldowns.extend(entries.map(|cooldown| (Held::Entry, cooldown, set.entry_cooldown())));
        }
        cooldowns.push((Held::Hourly, Cooldown::Group { group: &group, slots }, 3_600));
        let mut started = Vec::new();
        for (held, cooldown, seconds) in cooldowns.into_iter().filter(|(.., seconds)| *seconds > 0) {
            let Ok(Some(turn)) = self.store.try_take(&cooldown, seconds, now()).await else {
                self.end_unless_sent(&started, None).await;
                return Err(held);
            };
            started.push(turn);
        }
        Ok(started)
    }

    /// An answer that was not sent starts no cooldown.
    async fn end_unless_sent(&self, cooldowns: &[Turn], sent: Option<i64>) {
        if sent.is_none() {
            for turn in cooldowns {
                if let Err(error) = self.store.give_back(turn).await {
                    tracing::debug!("a cooldown goes on until it expires: {error}");
                }
            }
        }
    }

    /// How many unprompted answers a group got within the last hour; none where the store cannot say it.
    pub async fn of_last_hour(&self, chat: i64) -> Option<i64> {
        let group = group(chat);
        self.store.taken(&Cooldown::Group { group: &group, slots: 1 }, now()).await.ok()
    }

    /// Sends the reply to a question, and remembers it. Returns the message's id.
    pub async fn answer(
        &self,
        asked: &Asked,
        question: Question<'_>,
        response: &Response,
        cooldowns: &[Turn],
    ) -> Option<i64> {
        let reply = self.as_sent(asked, &response.reply).await;
        let sent = self.send(asked, &reply, cooldowns).await?;
        self.answers.remember(asked, question, response, sent);
        self.repeated.remember(asked, &reply.outcome, sent);
        Some(sent)
    }

    /// The reply as the group wants it: unprompted, only the beginning of an answer, with a link to the rest.
    pub async fn as_sent(&self, asked: &Asked, reply: &Reply) -> Reply {
        let set = self.settings.of(&scope(asked.target.chat));
        if asked.place != Place::Overheard || set.value(&LENGTH) == "full" {
            return reply.clone();
        }
        let view = self.responder.view(asked.group().as_ref()).await;
        teaser::shorten(reply, &view, &self.me.name)
    }

    /// Sends a reply, and has it removed after a while where the group wants that. Returns the message's id.
    pub async fn send(&self, asked: &Asked, reply: &Reply, cooldowns: &[Turn]) -> Option<i64> {
        let messages = self.answers.send(asked, reply).await;
        let sent = messages.last().copied();
        self.end_unless_sent(cooldowns, sent).await;
        let sent = sent?;
        let chat = asked.target.chat;
        let minutes = self.settings.of(&scope(chat)).number(&REMOVAL);
        if minutes > 0 && asked.place != Place::Private {
            for message in messages {
                let (chat, message) = (chat.to_string(), message.to_string());
                let deletion = Deletion { channel: CHANNEL.to_owned(), chat, message };
                if let Err(error) = self.store.schedule(&deletion, now() + minutes * 60).await {
                    tracing::warn!("an answer will not be removed: {error}");
                }
            }
        }
        Some(sent)
    }
}
