//! Short dialogues: a new question and its answer, an answer's new wording. Only for whoever began one, and not for
//! long.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::lessons::{refused, said, shortened};
use crate::channel::telegram::answer::Asked;
use crate::channel::telegram::group::settings;
use crate::channel::telegram::intake::update::Incoming;
use crate::channel::telegram::{Bot, now};
use crate::faq::{ANSWER_CHARS, Entry, LABEL_CHARS};
use crate::id::EntryId;
use crate::learning::{Objection, PHRASING_CHARS, Refusal};
use crate::memory::Notes;
use crate::reply::wording;
use crate::store::{ClusterId, Lesson, Scope, TeachingId};

/// How long the bot waits for what comes next.
const KEPT: Duration = Duration::from_mins(15);

/// What comes next.
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
    /// Nothing; this was said at the end.
    Over(String),
}

impl Dialogue {
    /// The most characters of what is waited for.
    fn most(&self) -> usize {
        match self {
            Self::Question { .. } => PHRASING_CHARS,
            Self::Answer { .. } | Self::Edit { .. } => ANSWER_CHARS,
            Self::Over(_) => usize::MAX,
        }
    }
}

/// Where a dialogue stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Turn {
    /// The message that brought it there. The same one again is no answer to itself.
    after: i64,
    next: Dialogue,
}

/// What a new entry settles.
#[derive(Clone, Copy)]
enum Settles {
    Nothing,
    /// What was asked in vain.
    Question(ClusterId),
    /// An older wording of it.
    Teaching(TeachingId),
}

impl Settles {
    fn of(cluster: Option<i64>) -> Self {
        cluster.map_or(Self::Nothing, |cluster| Self::Question(ClusterId(cluster)))
    }
}

/// A chat and a person.
type Who = (i64, i64);

/// Who is in the middle of which dialogue.
pub struct Dialogues(Notes<Turn>);

impl Default for Dialogues {
    fn default() -> Self {
        Self(Notes::new("dialogue", 10_000, KEPT))
    }
}

impl Bot {
    /// Begins a dialogue, or goes on with one, in place of another.
    pub async fn begin(&self, (chat, person): Who, after: i64, next: Dialogue) {
        let turn = Turn { after, next };
        self.notes.remember(&self.dialogues.0, format!("{chat}:{person}"), person, turn).await;
    }

    async fn turn(&self, (chat, person): Who) -> Option<Turn> {
        self.notes.recall(&self.dialogues.0, &format!("{chat}:{person}")).await
    }

    /// `/add`: a group's own question and answer.
    pub async fn begin_adding(&self, message: &Incoming, asked: &Asked) {
        if !self.is_from_admin(message).await {
            self.say(asked, wording::ADMINS_ONLY, Vec::new()).await;
            return;
        }
        let chat = message.chat.id;
        self.begin((chat, asked.asker), message.id, Dialogue::Question { chat }).await;
        self.say(asked, wording::WRITE_QUESTION, Vec::new()).await;
    }

    /// Ends a dialogue without anything taught; whether there was one.
    pub async fn cancel(&self, asked: &Asked, message: i64) -> bool {
        let who = (asked.target.chat, asked.asker);
        let turn = self.turn(who).await;
        let Some(turn) = turn else { return false };
        if matches!(turn.next, Dialogue::Over(_)) && turn.after != message {
            return false;
        }
        self.begin(who, message, Dialogue::Over(wording::CANCELLED.to_owned())).await;
        self.say(asked, wording::CANCELLED, Vec::new()).await;
        true
    }

    /// Takes a message as the next turn of a dialogue, where `text` is none one that is not in words alone; whether
    /// it was one.
    pub async fn goes_on(&self, asked: &Asked, message: i64, text: Option<&str>) -> bool {
        let who = (asked.target.chat, asked.asker);
        let Some(turn) = self.turn(who).await else { return false };
        if message == turn.after {
            // It came again, since nobody knew whether this was said.
            match &turn.next {
                Dialogue::Over(said) => self.say(asked, said, Vec::new()).await,
                Dialogue::Answer { question, .. } => {
                    self.say(asked, &wording::write_answer(question), Vec::new()).await
                }
                Dialogue::Question { .. } | Dialogue::Edit { .. } => None,
            };
            return true;
        }
        if message < turn.after || matches!(turn.next, Dialogue::Over(_)) {
            return false;
        }
        let text = match said(text, turn.next.most()) {
            Ok(text) => text,
            Err(hint) => {
                // It is still waited for.
                self.begin(who, message, turn.next).await;
                self.say(asked, &hint, Vec::new()).await;
                return true;
            }
        };
        let done = match &turn.next {
            Dialogue::Over(_) => return false,
            Dialogue::Question { chat } => {
                let next = Dialogue::Answer { chat: Some(*chat), question: text.to_owned(), cluster: None };
                self.begin(who, message, next).await;
                self.say(asked, &wording::write_answer(text), Vec::new()).await;
                return true;
            }
            Dialogue::Answer { chat, question, cluster } => {
                let scope = chat.map_or(Scope::Base, settings::scope);
                if !self.still_may(asked, message, &scope, *chat).await {
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
                self.add(asked, message, &scope, entry, Settles::of(*cluster)).await
            }
            Dialogue::Edit { chat, teaching } => {
                let (scope, teaching) = (settings::scope(*chat), TeachingId(*teaching));
                if !self.still_may(asked, message, &scope, Some(*chat)).await {
                    return true;
                }
                let old = self.store.teaching(teaching).await.ok().flatten();
                let (Some(id), Some(Lesson::Entry(entry))) = (fresh_id(), old.map(|old| old.lesson)) else {
                    return true;
                };
                let entry = Entry { id, answer: text.to_owned(), ..*entry };
                self.add(asked, message, &scope, entry, Settles::Teaching(teaching)).await
            }
        };
        if let Err(Refusal::Objection(Objection::TooLong { .. } | Objection::Empty(_))) = done {
            // It can be written again.
            self.begin(who, message, turn.next).await;
        }
        true
    }

    /// An admin may have been demoted between two turns. Who stands behind an anonymous one nobody knows; it was
    /// looked at when the message came in.
    async fn still_may(&self, asked: &Asked, message: i64, scope: &Scope, chat: Option<i64>) -> bool {
        let may = asked.asker == 0 || self.may_teach(asked.asker, scope, chat).await;
        if !may {
            let over = Dialogue::Over(wording::ADMINS_ONLY.to_owned());
            self.begin((asked.target.chat, asked.asker), message, over).await;
            self.say(asked, wording::ADMINS_ONLY, Vec::new()).await;
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
        let mut taught = self.learn(scope, lesson.clone(), clusters.clone(), asked.asker, false).await;
        if matches!(taught, Err(Refusal::Conflicts(_))) {
            // Somebody has written question and answer; `/mine` takes it back.
            taught = self.learn(scope, lesson, clusters, asked.asker, true).await;
        }
        let mut line = match &taught {
            Ok(_) => told.as_str(),
            Err(refusal) => refused(refusal),
        };
        // The old one goes only once the new one is there.
        if let (Ok(_), Settles::Teaching(old), Some(learning)) = (&taught, settles, self.learning()) {
            if learning.undo(old, &self.author(asked.asker), now()).await.is_err() {
                line = wording::NOT_NOW;
            }
            let _a_moment_later = learning.catch_up().await;
        }
        // Before it is said: what waits for its turn may be taken back, and comes again.
        let over = Dialogue::Over(line.to_owned());
        self.begin((asked.target.chat, asked.asker), message, over).await;
        self.say(asked, line, Vec::new()).await;
        taught
    }
}

/// An id that no entry has: `own-` and the time.
fn fresh_id() -> Option<EntryId> {
    static LAST: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    let turn = LAST.fetch_add(1, std::sync::atomic::Ordering::Relaxed) & 0xFFF;
    format!("own-{:x}-{turn:x}", now()).parse().ok()
}
