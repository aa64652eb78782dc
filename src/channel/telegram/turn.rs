//! Turns in a group: an entry, a person and the group itself rest after an answer, and what did not go out costs no
//! turn.

use super::answer::Asked;
use super::settings::{self, HOURLY, PERSON, Set};
use super::{Bot, CHANNEL, now};
use crate::id::EntryId;
use crate::reply::{Outcome, Reply};
use crate::store::{Cooldown, Taken};

/// It is too soon for another answer.
pub struct Resting;

impl Bot {
    /// Takes the entry's turn to be answered in the group to whoever asks the bot. Without the store it has one.
    pub(super) async fn takes_turn_of(
        &self,
        chat: i64,
        entry: &EntryId,
        set: &Set,
    ) -> Result<Option<Taken>, Resting> {
        let group = settings::group(chat);
        let seconds = set.rest();
        if seconds == 0 {
            return Ok(None);
        }
        match self.store.take(&Cooldown::Entry { group: &group, entry }, seconds, now()).await {
            Ok(Some(taken)) => Ok(Some(taken)),
            Ok(None) => Err(Resting),
            Err(_) => Ok(None),
        }
    }

    /// Takes the person's, the entry's and the group's turn. Without the store nobody is answered unasked.
    pub(super) async fn takes_turns(
        &self,
        asked: &Asked,
        reply: &Reply,
        set: &Set,
    ) -> Result<Vec<Taken>, Resting> {
        let group = settings::group(asked.target.chat);
        let person = self.store.secret().person(CHANNEL, &asked.asker.to_string());
        let slots = u8::try_from(set.number(&HOURLY)).unwrap_or(1);
        let mut wanted = vec![(Cooldown::Person { group: &group, person: &person }, set.number(&PERSON))];
        if let Outcome::Answer(entries) = &reply.outcome {
            wanted.extend(entries.iter().map(|entry| (Cooldown::Entry { group: &group, entry }, set.rest())));
        }
        wanted.push((Cooldown::Group { group: &group, slots }, 3_600));
        let mut turns = Vec::new();
        for (cooldown, seconds) in wanted.into_iter().filter(|(_, seconds)| *seconds > 0) {
            let Ok(Some(taken)) = self.store.take(&cooldown, seconds, now()).await else {
                self.gives_back(turns).await;
                return Err(Resting);
            };
            turns.push(taken);
        }
        Ok(turns)
    }

    /// Gives turns back, since nothing went out.
    pub(super) async fn gives_back(&self, turns: impl IntoIterator<Item = Taken> + Send) {
        let turns: Vec<Taken> = turns.into_iter().collect();
        for taken in &turns {
            // The store says itself why it cannot; then it rests for nothing.
            let _rests = self.store.give_back(taken).await;
        }
    }
}
