//! Short dialogues: a new question and its answer, or a part of an entry that is to be changed. A dialogue belongs to one
//! person in one chat; it outlives a restart, and ends after a day.

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use serde::{Deserialize, Serialize};

use super::button::Part;
use super::draft::Draft;
use super::drafts::Drafts;
use super::lessons::Lessons;
use super::texts::{answer, refused, without_repeats, wordings};
use crate::channel::telegram::identity::scope_of;
use crate::channel::telegram::intake::update::Incoming;
use crate::channel::telegram::keyboard::{Rows, Screen};
use crate::channel::telegram::outbox::{Asked, Outbox};
use crate::channel::telegram::resources::Resources;
use crate::learning::{Objection, Refusal};
use crate::memory::{Notebook, Notes};
use crate::message::Place;
use crate::store::TeachingId;

/// How long the bot waits for the next step.
const STEP_TTL: Duration = Duration::from_hours(24);

/// What the next step is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Dialogue {
    /// The question of this draft, with other ways to ask it; its answer may be known already.
    Question(Draft),
    /// The answer of this draft.
    Answer(Draft),
    /// A part of one of the own entries.
    Edit {
        /// The group, or none for all.
        chat: Option<i64>,
        /// What it replaces.
        teaching: i64,
        /// What is to be changed.
        part: Part,
    },
    /// None; this was said at the end.
    Over(String, Rows),
}

/// Where a dialogue stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Step {
    /// The message that brought it there: its redelivery is not the next step.
    after: i64,
    next: Dialogue,
}

/// The dialogues of all who teach.
pub struct Dialogues {
    notes: Arc<Notebook>,
    outbox: Arc<Outbox>,
    lessons: Arc<Lessons>,
    drafts: Arc<Drafts>,
    /// By chat and person.
    open: Notes<Step>,
    /// Who a prompt in a group is for, by chat and message.
    prompts: Notes<i64>,
    /// Those in groups who were not yet told to reply, in this process: a hint more or less harms nobody.
    unhinted: Cache<(i64, i64), ()>,
}

impl Dialogues {
    /// None yet.
    pub fn new(of: &Resources, outbox: Arc<Outbox>, lessons: Arc<Lessons>, drafts: Arc<Drafts>) -> Self {
        Self {
            notes: Arc::clone(&of.notes),
            outbox,
            lessons,
            drafts,
            open: Notes::new("dialogue", 10_000, STEP_TTL).lasting(),
            prompts: Notes::new("prompt", 10_000, STEP_TTL).lasting(),
            unhinted: Cache::builder().max_capacity(10_000).time_to_live(STEP_TTL).build(),
        }
    }

    /// Begins a dialogue in place of another, and asks for its first step. `after` is the message that led there.
    pub async fn begin(&self, asked: &Asked, after: i64, next: Dialogue) {
        let text = self.prompt(&next).await;
        self.set(asked, after, next).await;
        self.ask(asked, &text).await;
    }

    /// What asks for a step.
    async fn prompt(&self, next: &Dialogue) -> String {
        let say = self.outbox.wording();
        match next {
            Dialogue::Question(draft) if draft.answer.is_empty() => say.write_question().to_owned(),
            Dialogue::Question(draft) => say.whose_answer(&draft.answer),
            Dialogue::Answer(draft) => {
                let known = self.drafts.existing(&draft.scope(), draft.question()).await;
                say.write_answer(draft.question(), known.as_ref().map(|entry| entry.answer.as_str()))
            }
            Dialogue::Edit { chat, teaching, part } => {
                let Some((_, entry)) = self.lessons.entry_now(&scope_of(*chat), *teaching).await else {
                    return say.topic_gone().to_owned();
                };
                match part {
                    Part::Question => say.edit_question(&entry.question),
                    Part::Answer => say.edit_answer(&entry.question, &entry.answer),
                    Part::Wordings => say.more_wordings(&entry.question),
                }
            }
            Dialogue::Over(said, _) => said.clone(),
        }
    }

    /// Asks for a step. In a group the reply field opens, and nobody else's reply to it counts.
    async fn ask(&self, asked: &Asked, text: &str) {
        if asked.place == Place::Private {
            return self.outbox.say_line(asked, text).await;
        }
        if let Some(sent) = self.outbox.prompt(asked, text).await {
            let of = format!("{}:{sent}", asked.target.chat);
            self.notes.remember(&self.prompts, of, asked.asker, asked.asker).await;
        }
    }

    async fn step(&self, asked: &Asked) -> Option<Step> {
        self.notes.recall(&self.open, &format!("{}:{}", asked.target.chat, asked.asker)).await
    }

    async fn set(&self, asked: &Asked, after: i64, next: Dialogue) {
        let who = (asked.target.chat, asked.asker);
        if matches!(next, Dialogue::Over(..)) {
            self.unhinted.invalidate(&who);
        } else if asked.place != Place::Private {
            self.unhinted.insert(who, ());
        }
        let step = Step { after, next };
        self.notes.remember(&self.open, format!("{}:{}", who.0, who.1), asked.asker, step).await;
    }

    /// Ends the dialogue and says so. It ends first: what waits for the rate limit may be withdrawn and redelivered.
    async fn end(&self, asked: &Asked, message: i64, (text, rows): Screen) {
        self.set(asked, message, Dialogue::Over(text.clone(), rows.clone())).await;
        self.outbox.say(asked, &text, rows).await;
    }

    async fn end_with(&self, asked: &Asked, message: i64, line: &str) {
        self.end(asked, message, (line.to_owned(), Vec::new())).await;
    }

    /// Cancels the dialogue; whether there was one.
    pub async fn cancel(&self, asked: &Asked, message: i64) -> bool {
        let say = self.outbox.wording();
        let Some(step) = self.step(asked).await else { return false };
        if matches!(step.next, Dialogue::Over(..)) && step.after != message {
            return false;
        }
        self.end_with(asked, message, say.cancelled()).await;
        true
    }

    /// A message of a group that is no reply to the bot: whoever has an open prompt is told once how to go on. Whether it
    /// was that.
    pub async fn hint(&self, asked: &Asked, message: &Incoming) -> bool {
        let say = self.outbox.wording();
        if self.unhinted.remove(&(asked.target.chat, asked.asker)).is_none() || asked.asker == 0 {
            return false;
        }
        match self.step(asked).await {
            Some(step) if step.after < message.id && !matches!(step.next, Dialogue::Over(..)) => {
                self.ask(asked, say.reply_to_go_on()).await;
                true
            }
            _ => false,
        }
    }

    /// Takes a message as the next step of a dialogue; whether it was one. `text` is none where it holds something else
    /// than words.
    pub async fn go_on(&self, asked: &Asked, message: &Incoming, text: Option<&str>) -> bool {
        if asked.place != Place::Private
            && let Some(prompt) = &message.reply_to
            && let Some(whose) =
                self.notes.recall(&self.prompts, &format!("{}:{}", asked.target.chat, prompt.id)).await
            && whose != asked.asker
        {
            // Somebody else's reply to the prompt: neither a step nor a question.
            return true;
        }
        let Some(step) = self.step(asked).await else { return false };
        let id = message.id;
        if id == step.after {
            // A redelivery: this may not have been said.
            match step.next {
                Dialogue::Over(said, rows) => {
                    self.outbox.say(asked, &said, rows).await;
                }
                next => self.ask(asked, &self.prompt(&next).await).await,
            }
            return true;
        }
        if id < step.after || matches!(step.next, Dialogue::Over(..)) {
            return false;
        }
        match self.taken(asked, message, &step.next, text).await {
            Ok(()) => {}
            Err(hint) => {
                // The step is still open.
                self.set(asked, id, step.next).await;
                self.ask(asked, &hint).await;
            }
        }
        true
    }

    /// Takes a step; what has to be said where it must be written again.
    async fn taken(
        &self,
        asked: &Asked,
        message: &Incoming,
        next: &Dialogue,
        text: Option<&str>,
    ) -> Result<(), String> {
        let say = self.outbox.wording();
        let id = message.id;
        match next {
            Dialogue::Over(..) => Ok(()),
            Dialogue::Question(draft) => {
                let draft = Draft { wordings: wordings(&say, text)?, ..draft.clone() };
                if draft.answer.is_empty() {
                    self.begin(asked, id, Dialogue::Answer(draft)).await;
                    return Ok(());
                }
                self.finish(asked, id, draft).await
            }
            Dialogue::Answer(draft) => {
                let (answer, picture) = answer(&say, message, text)?;
                self.finish(asked, id, Draft { answer, picture, ..draft.clone() }).await
            }
            Dialogue::Edit { chat, teaching, part } => {
                let now = self.lessons.entry_now(&scope_of(*chat), *teaching).await;
                let Some((TeachingId(teaching), entry)) = now else {
                    self.end_with(asked, id, say.topic_gone()).await;
                    return Ok(());
                };
                let mut draft = Draft::of(*chat, teaching, entry);
                match part {
                    Part::Answer if message.picture.is_some() && message.text.is_none() => {
                        draft.picture.clone_from(&message.picture);
                    }
                    Part::Answer => {
                        let (answer, picture) = answer(&say, message, text)?;
                        draft.answer = answer;
                        draft.picture = picture.or(draft.picture);
                    }
                    Part::Wordings => draft.wordings.extend(wordings(&say, text)?),
                    // How people asked until now they go on asking.
                    Part::Question => draft.wordings.splice(0..0, wordings(&say, text)?).for_each(drop),
                }
                without_repeats(&mut draft.wordings);
                self.finish(asked, id, draft).await
            }
        }
    }

    /// What was written in private is shown before it is published; in a group all have seen it.
    async fn finish(&self, asked: &Asked, message: i64, draft: Draft) -> Result<(), String> {
        let say = self.outbox.wording();
        let screen = if asked.place == Place::Private {
            self.drafts.offer(draft, asked.asker).await
        } else if asked.asker != 0 && !self.lessons.may_teach(asked.asker, draft.chat).await {
            // An admin may have been demoted between two steps. An anonymous one was checked when the message came; who
            // that is, nobody knows.
            (say.admins_only().to_owned(), Vec::new())
        } else {
            match self.drafts.publish(&draft, asked.asker).await {
                Ok(screen) => screen,
                Err(Refusal::Objection(objection @ (Objection::TooLong { .. } | Objection::Empty(_)))) => {
                    return Err(refused(&say, &Refusal::Objection(objection)).to_owned());
                }
                Err(refusal) => (refused(&say, &refusal).to_owned(), Vec::new()),
            }
        };
        self.end(asked, message, screen).await;
        Ok(())
    }

    /// `/add` with question and answer in one message.
    pub async fn add_at_once(&self, asked: &Asked, message: i64, draft: Draft) {
        if let Err(hint) = self.finish(asked, message, draft).await {
            self.outbox.say_line(asked, &hint).await;
        }
    }
}
