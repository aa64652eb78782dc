//! Short dialogues: a new question and its answer, or the new answer of an entry. A dialogue belongs to one person in one
//! chat, and ends after a while.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::lessons::Lessons;
use super::texts::{refused, shortened, words};
use crate::channel::telegram::identity::{now, scope};
use crate::channel::telegram::outbox::{Asked, Outbox};
use crate::channel::telegram::resources::Resources;
use crate::faq::{ANSWER_CHARS, Entry, LABEL_CHARS};
use crate::id::EntryId;
use crate::learning::{Objection, PHRASING_CHARS, Refusal};
use crate::memory::{Notebook, Notes};
use crate::reply::wording;
use crate::store::{ClusterId, Lesson, Scope, TeachingId};

/// How long the bot waits for the next step.
const STEP_TTL: Duration = Duration::from_mins(15);

/// What the next step is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Dialogue {
    /// The question of a new entry of a group.
    Question {
        /// The group.
        chat: i64,
    },
    /// The answer to it.
    Answer {
        /// The group for which and by whose admins it is taught; none: for all, by operators.
        chat: Option<i64>,
        /// The question.
        question: String,
        /// The unanswered questions that it settles.
        cluster: Option<i64>,
    },
    /// The new answer of a group's own entry.
    Edit {
        /// The group.
        chat: i64,
        /// What it replaces.
        teaching: i64,
    },
    /// None; this was said at the end.
    Over(String),
}

impl Dialogue {
    /// The most characters that are accepted.
    fn max_chars(&self) -> usize {
        match self {
            Self::Question { .. } => PHRASING_CHARS,
            Self::Answer { .. } | Self::Edit { .. } => ANSWER_CHARS,
            Self::Over(_) => usize::MAX,
        }
    }
}

/// Where a dialogue stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Step {
    /// The message that brought it there: its redelivery is not the next step.
    after: i64,
    next: Dialogue,
}

/// What a new entry settles.
#[derive(Clone, Copy)]
enum Settles {
    Nothing,
    /// Unanswered questions.
    Question(ClusterId),
    /// An older wording of it.
    Teaching(TeachingId),
}

/// The dialogues of all who teach.
pub struct Dialogues {
    notes: Arc<Notebook>,
    outbox: Arc<Outbox>,
    lessons: Arc<Lessons>,
    /// By chat and person.
    open: Notes<Step>,
}

impl Dialogues {
    /// None yet.
    pub fn new(of: &Resources, outbox: Arc<Outbox>, lessons: Arc<Lessons>) -> Self {
        let open = Notes::new("dialogue", 10_000, STEP_TTL);
        Self { notes: Arc::clone(&of.notes), outbox, lessons, open }
    }

    /// Begins a dialogue, or takes its next step, in place of another. `after` is the message that led there.
    pub async fn begin(&self, (chat, person): (i64, i64), after: i64, next: Dialogue) {
        let step = Step { after, next };
        self.notes.remember(&self.open, format!("{chat}:{person}"), person, step).await;
    }

    async fn step(&self, asked: &Asked) -> Option<Step> {
        self.notes.recall(&self.open, &format!("{}:{}", asked.target.chat, asked.asker)).await
    }

    async fn set(&self, asked: &Asked, after: i64, next: Dialogue) {
        self.begin((asked.target.chat, asked.asker), after, next).await;
    }

    /// Ends the dialogue and says so. It ends first: what waits for the rate limit may be withdrawn and redelivered.
    async fn end(&self, asked: &Asked, message: i64, line: &str) {
        self.set(asked, message, Dialogue::Over(line.to_owned())).await;
        self.outbox.say_line(asked, line).await;
    }

    /// Cancels the dialogue; whether there was one.
    pub async fn cancel(&self, asked: &Asked, message: i64) -> bool {
        let Some(step) = self.step(asked).await else { return false };
        if matches!(step.next, Dialogue::Over(_)) && step.after != message {
            return false;
        }
        self.end(asked, message, wording::CANCELLED).await;
        true
    }

    /// Takes a message as the next step of a dialogue; whether it was one. `text` is none where it holds something else
    /// than words.
    pub async fn go_on(&self, asked: &Asked, message: i64, text: Option<&str>) -> bool {
        let Some(step) = self.step(asked).await else { return false };
        if message == step.after {
            // A redelivery: this may not have been said.
            match &step.next {
                Dialogue::Over(said) => self.outbox.say_line(asked, said).await,
                Dialogue::Answer { question, .. } => {
                    self.outbox.say_line(asked, &wording::write_answer(question)).await;
                }
                Dialogue::Question { .. } | Dialogue::Edit { .. } => {}
            }
            return true;
        }
        if message < step.after || matches!(step.next, Dialogue::Over(_)) {
            return false;
        }
        let text = match words(text, step.next.max_chars()) {
            Ok(text) => text,
            Err(hint) => {
                // The step is still open.
                self.set(asked, message, step.next).await;
                self.outbox.say_line(asked, &hint).await;
                return true;
            }
        };
        let taught = match &step.next {
            Dialogue::Over(_) => return false,
            Dialogue::Question { chat } => {
                let next = Dialogue::Answer { chat: Some(*chat), question: text.to_owned(), cluster: None };
                self.set(asked, message, next).await;
                self.outbox.say_line(asked, &wording::write_answer(text)).await;
                return true;
            }
            Dialogue::Answer { chat, question, cluster } => {
                if !self.still_may(asked, message, *chat).await {
                    return true;
                }
                let Some(id) = fresh_id() else { return true };
                let entry = Entry {
                    id,
                    label: shortened(question, LABEL_CHARS),
                    phrasings: vec![question.clone()],
                    question: question.clone(),
                    section: None,
                    answer: text.to_owned(),
                    related: Vec::new(),
                };
                let settles =
                    cluster.map_or(Settles::Nothing, |cluster| Settles::Question(ClusterId(cluster)));
                self.add(asked, message, &chat.map_or(Scope::Base, scope), entry, settles).await
            }
            Dialogue::Edit { chat, teaching } => {
                if !self.still_may(asked, message, Some(*chat)).await {
                    return true;
                }
                let teaching = TeachingId(*teaching);
                let old = self.lessons.find(teaching).await;
                let (Some(id), Some(Lesson::Entry(entry))) = (fresh_id(), old.map(|old| old.lesson)) else {
                    return true;
                };
                let entry = Entry { id, answer: text.to_owned(), ..*entry };
                self.add(asked, message, &scope(*chat), entry, Settles::Teaching(teaching)).await
            }
        };
        if let Err(Refusal::Objection(Objection::TooLong { .. } | Objection::Empty(_))) = taught {
            // It can be written again.
            self.set(asked, message, step.next).await;
        }
        true
    }

    /// An admin may have been demoted between two steps. An anonymous one was checked when the message came; who that is,
    /// nobody knows.
    async fn still_may(&self, asked: &Asked, message: i64, chat: Option<i64>) -> bool {
        let may = asked.asker == 0 || self.lessons.may_teach(asked.asker, chat).await;
        if !may {
            self.end(asked, message, wording::ADMINS_ONLY).await;
        }
        may
    }

    async fn add(
        &self,
        asked: &Asked,
        message: i64,
        scope: &Scope,
        entry: Entry,
        settles: Settles,
    ) -> Result<TeachingId, Refusal> {
        let told = wording::taught_entry(&entry.question, &entry.answer);
        let lesson = Lesson::Entry(Box::new(entry));
        let clusters = match settles {
            Settles::Question(cluster) => vec![cluster],
            Settles::Nothing | Settles::Teaching(_) => Vec::new(),
        };
        let mut taught =
            self.lessons.teach(scope, lesson.clone(), clusters.clone(), asked.asker, false).await;
        if matches!(taught, Err(Refusal::Conflicts(_))) {
            // A person has written question and answer; `/mine` takes it back.
            taught = self.lessons.teach(scope, lesson, clusters, asked.asker, true).await;
        }
        let mut line = match &taught {
            Ok(_) => told.as_str(),
            Err(refusal) => refused(refusal),
        };
        // The old one is removed only after the new one was stored.
        if let (Ok(_), Settles::Teaching(old)) = (&taught, settles)
            && self.lessons.undo(old, asked.asker).await.is_err()
        {
            line = wording::NOT_NOW;
        }
        self.end(asked, message, line).await;
        taught
    }
}

/// An id that no entry has: `own-` and the time.
fn fresh_id() -> Option<EntryId> {
    static LAST: AtomicU64 = AtomicU64::new(0);
    let number = LAST.fetch_add(1, Ordering::Relaxed) & 0xFFF;
    format!("own-{:x}-{number:x}", now()).parse().ok()
}
