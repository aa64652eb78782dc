//! Answers in a group: within the cooldowns, linked when they are asked for again, and removed when the group wants that.

use std::sync::Arc;

use super::repeated::Repeated;
use super::settings::{HOURLY, PERSON, REMOVAL, Set, Settings};
use crate::channel::telegram::answer::{Answers, Question};
use crate::channel::telegram::identity::{CHANNEL, group, now, person, scope};
use crate::channel::telegram::outbox::Asked;
use crate::channel::telegram::resources::Resources;
use crate::id::EntryId;
use crate::message::Place;
use crate::reply::{Outcome, Reply};
use crate::responder::Response;
use crate::store::{Cooldown, Deletion, Store, Turn};

/// Sends answers to groups.
pub struct GroupAnswers {
    store: Store,
    settings: Arc<Settings>,
    answers: Arc<Answers>,
    repeated: Arc<Repeated>,
}

impl GroupAnswers {
    /// Sends through `answers`, and tells `repeated` about it.
    pub fn new(of: &Resources, answers: Arc<Answers>, repeated: Arc<Repeated>) -> Self {
        let Resources { settings, store, .. } = of.clone();
        Self { store, settings, answers, repeated }
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

    /// Starts the cooldowns of the person, of the entries and of the group; none where one of them has not ended yet.
    /// Without the store nobody is answered unprompted.
    pub async fn start_cooldowns(&self, asked: &Asked, reply: &Reply, set: &Set) -> Option<Vec<Turn>> {
        let group = group(asked.target.chat);
        let person = person(&self.store, asked.asker);
        let slots = u8::try_from(set.number(&HOURLY)).unwrap_or(1);
        let mut cooldowns = vec![(Cooldown::Person { group: &group, person: &person }, set.number(&PERSON))];
        if let Outcome::Answer(entries) = &reply.outcome {
            let entries = entries.iter().map(|entry| Cooldown::Entry { group: &group, entry });
            cooldowns.extend(entries.map(|cooldown| (cooldown, set.entry_cooldown())));
        }
        cooldowns.push((Cooldown::Group { group: &group, slots }, 3_600));
        let mut started = Vec::new();
        for (cooldown, seconds) in cooldowns.into_iter().filter(|(_, seconds)| *seconds > 0) {
            let Ok(Some(turn)) = self.store.try_take(&cooldown, seconds, now()).await else {
                self.end_unless_sent(&started, None).await;
                return None;
            };
            started.push(turn);
        }
        Some(started)
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

    /// Sends the reply to a question, and remembers it.
    pub async fn answer(
        &self,
        asked: &Asked,
        question: Question<'_>,
        response: &Response,
        cooldowns: &[Turn],
    ) {
        let Some(sent) = self.send(asked, &response.reply, cooldowns).await else { return };
        self.answers.remember(asked, question, response, sent);
        self.repeated.remember(asked, &response.reply.outcome, sent);
    }

    /// Sends a reply, and has it removed after a while where the group wants that. Returns the message's id.
    pub async fn send(&self, asked: &Asked, reply: &Reply, cooldowns: &[Turn]) -> Option<i64> {
        let sent = self.answers.reply(asked, reply).await;
        self.end_unless_sent(cooldowns, sent).await;
        let sent = sent?;
        let chat = asked.target.chat;
        let minutes = self.settings.of(&scope(chat)).number(&REMOVAL);
        if minutes > 0 && asked.place != Place::Private {
            let deletion =
                Deletion { channel: CHANNEL.to_owned(), chat: chat.to_string(), message: sent.to_string() };
            if let Err(error) = self.store.schedule(&deletion, now() + minutes * 60).await {
                tracing::warn!("an answer will not be removed: {error}");
            }
        }
        Some(sent)
    }
}
