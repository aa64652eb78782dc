//! Short dialogues: a new question and its answer, an answer's new wording. Only for whoever began one, and not for
//! long.

use std::time::Duration;

use moka::sync::Cache;

use super::answer::Asked;
use super::lessons::{refused, shortened, turn};
use super::settings;
use super::update::Incoming;
use super::{Bot, now};
use crate::faq::{ANSWER_CHARS, Entry, LABEL_CHARS};
use crate::id::EntryId;
use crate::learning::{Objection, PHRASING_CHARS, Refusal};
use crate::reply::wording;
use crate::store::{ClusterId, Lesson, Scope, TeachingId};

/// How long the bot waits for what comes next.
const KEPT: Duration = Duration::from_mins(15);

/// What comes next.
#[derive(Clone, Debug)]
pub enum Dialogue {
    /// The question of a new entry of a group.
    Question {
        /// The group.
        chat: i64,
    },
    /// The answer to it.
    Answer {
        /// For whom it is taught.
        scope: Scope,
        /// The group whose admins may teach it.
        chat: Option<i64>,
        /// The question.
        question: String,
        /// The unanswered questions that it settles.
        cluster: Option<ClusterId>,
    },
    /// The new answer of a group's own entry.
    Edit {
        /// For whom it is taught.
        scope: Scope,
        /// The group.
        chat: i64,
        /// What it replaces.
        teaching: TeachingId,
        /// The entry as it is.
        entry: Box<Entry>,
    },
}

impl Dialogue {
    /// The most characters of what is waited for.
    fn most(&self) -> usize {
        match self {
            Self::Question { .. } => PHRASING_CHARS,
            Self::Answer { .. } | Self::Edit { .. } => ANSWER_CHARS,
        }
    }
}

/// Who is in the middle of which dialogue, by chat and person.
pub struct Dialogues(Cache<(i64, i64), Dialogue>);

impl Default for Dialogues {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(10_000).time_to_live(KEPT).build())
    }
}

impl Dialogues {
    /// Begins one, in place of another.
    pub fn begin(&self, chat: i64, person: i64, dialogue: Dialogue) {
        self.0.insert((chat, person), dialogue);
    }
}

impl Bot {
    /// `/add`: a group's own question and answer.
    pub(super) async fn begin_adding(&self, message: &Incoming, asked: &Asked) {
        if !self.is_from_admin(message).await {
            self.say(asked, wording::ADMINS_ONLY, Vec::new()).await;
            return;
        }
        let chat = message.chat.id;
        self.dialogues.begin(chat, asked.asker, Dialogue::Question { chat });
        self.say(asked, wording::WRITE_QUESTION, Vec::new()).await;
    }

    /// Ends a dialogue without anything taught; whether there was one.
    pub(super) async fn cancel(&self, asked: &Asked) -> bool {
        let was_there = self.dialogues.0.remove(&(asked.target.chat, asked.asker)).is_some();
        if was_there {
            self.say(asked, wording::CANCELLED, Vec::new()).await;
        }
        was_there
    }

    /// Takes a message as the next turn of a dialogue, where `text` is none one that is not in words alone; whether
    /// it was one.
    pub(super) async fn goes_on(&self, asked: &Asked, text: Option<&str>) -> bool {
        let key = (asked.target.chat, asked.asker);
        let Some(dialogue) = self.dialogues.0.remove(&key) else { return false };
        let again = dialogue.clone();
        let text = match turn(text, dialogue.most()) {
            Ok(text) => text,
            Err(hint) => {
                // It is still waited for.
                self.dialogues.begin(key.0, key.1, again);
                self.say(asked, &hint, Vec::new()).await;
                return true;
            }
        };
        let done = match dialogue {
            Dialogue::Question { chat } => {
                let next = Dialogue::Answer {
                    scope: settings::scope(chat),
                    chat: Some(chat),
                    question: text.to_owned(),
                    cluster: None,
                };
                self.dialogues.begin(key.0, key.1, next);
                self.say(asked, &wording::write_answer(text), Vec::new()).await;
                return true;
            }
            Dialogue::Answer { scope, chat, question, cluster } => {
                if !self.still_may(asked, &scope, chat).await {
                    return true;
                }
                let Some(id) = fresh_id() else { return true };
                let entry = Entry {
                    id,
                    label: shortened(&question, LABEL_CHARS),
                    phrasings: vec![question.clone()],
                    question,
                    section: None,
                    answer: text.to_owned(),
                    related: Vec::new(),
                };
                self.add(asked, &scope, entry, cluster).await
            }
            Dialogue::Edit { scope, chat, teaching, entry } => {
                if !self.still_may(asked, &scope, Some(chat)).await {
                    return true;
                }
                let (Some(learning), Some(id)) = (self.learning(), fresh_id()) else { return true };
                let entry = Entry { id, answer: text.to_owned(), ..*entry };
                // The old one goes only once the new one is there.
                let added = self.add(asked, &scope, entry, None).await;
                if added.is_ok() {
                    if learning.undo(teaching, &self.author(asked.asker), now()).await.is_err() {
                        self.say(asked, wording::NOT_NOW, Vec::new()).await;
                    }
                    let _a_moment_later = learning.catch_up().await;
                }
                added
            }
        };
        if let Err(Refusal::Objection(Objection::TooLong { .. } | Objection::Empty(_))) = done {
            // It can be written again.
            self.dialogues.begin(key.0, key.1, again);
        }
        true
    }

    /// An admin may have been demoted between two turns. Who stands behind an anonymous one nobody knows; it was
    /// looked at when the message came in.
    async fn still_may(&self, asked: &Asked, scope: &Scope, chat: Option<i64>) -> bool {
        let may = asked.asker == 0 || self.may_teach(asked.asker, scope, chat).await;
        if !may {
            self.say(asked, wording::ADMINS_ONLY, Vec::new()).await;
        }
        may
    }

    async fn add(
        &self,
        asked: &Asked,
        scope: &Scope,
        entry: Entry,
        cluster: Option<ClusterId>,
    ) -> Result<TeachingId, Refusal> {
        let told = wording::taught_entry(&entry.question, &entry.answer);
        let lesson = Lesson::Entry(Box::new(entry));
        let clusters: Vec<ClusterId> = cluster.into_iter().collect();
        let mut taught = self.learn(scope, lesson.clone(), clusters.clone(), asked.asker, false).await;
        if matches!(taught, Err(Refusal::Conflicts(_))) {
            // Somebody has written question and answer; `/mine` takes it back.
            taught = self.learn(scope, lesson, clusters, asked.asker, true).await;
        }
        let line = match &taught {
            Ok(_) => told.as_str(),
            Err(refusal) => refused(refusal),
        };
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
