//! Teaching in chat: `/unanswered`, `/teach`, `/add`, `/mine`, and the buttons below them.
//!
//! Whoever presses must be an operator or, for a group's own lessons, an admin of that group; that is checked at every
//! press.

pub mod button;
pub mod dialogue;
pub mod lessons;
pub mod own;
pub mod session;
pub mod texts;
pub mod unanswered;

use std::sync::Arc;

use self::button::{LessonAct, LessonButton};
use self::dialogue::{Dialogue, Dialogues};
use self::lessons::Lessons;
use self::own::OwnLessons;
use self::session::{Session, Sessions, key};
use self::texts::{refused, words};
use self::unanswered::Unanswered;
use super::group::admins::Admins;
use super::intake::update::{Incoming, Press};
use super::keyboard::Screen;
use super::outbox::{Asked, Outbox};
use super::resources::Resources;
use crate::learning::{PHRASING_CHARS, Refusal, phrasing_of};
use crate::reply::wording;
use crate::store::{ClusterId, Lesson, TeachingId, Undo};
use crate::text::mask::Masked;

/// What a deep link to a group's unanswered questions begins with; no entry's id has a `_`.
pub const UNANSWERED_LINK: &str = "unanswered_";

/// Conflicts that are shown.
const MAX_CONFLICTS: usize = 3;

/// What operators and the admins of groups teach with.
pub struct Teaching {
    outbox: Arc<Outbox>,
    admins: Arc<Admins>,
    lessons: Arc<Lessons>,
    sessions: Arc<Sessions>,
    dialogues: Dialogues,
    unanswered: Unanswered,
    own: OwnLessons,
}

fn line(text: &str) -> Screen {
    (text.to_owned(), Vec::new())
}

impl Teaching {
    /// Nothing is being taught yet.
    pub fn new(of: &Resources, admins: Arc<Admins>, outbox: Arc<Outbox>) -> Self {
        let lessons = Arc::new(Lessons::new(of, Arc::clone(&admins)));
        let sessions = Arc::new(Sessions::new(of));
        Self {
            dialogues: Dialogues::new(of, Arc::clone(&outbox), Arc::clone(&lessons)),
            unanswered: Unanswered::new(of, Arc::clone(&sessions)),
            own: OwnLessons::new(Arc::clone(&lessons), Arc::clone(&sessions)),
            outbox,
            admins,
            lessons,
            sessions,
        }
    }

    /// Whether this person may manage the base.
    pub fn is_operator(&self, person: i64) -> bool {
        self.lessons.is_operator(person)
    }

    /// Takes a message as the next step of a dialogue; whether it was one. `text` is none where it holds something else
    /// than words.
    pub async fn go_on(&self, asked: &Asked, message: i64, text: Option<&str>) -> bool {
        self.dialogues.go_on(asked, message, text).await
    }

    /// `/cancel`; whether there was anything to cancel.
    pub async fn cancel(&self, asked: &Asked, message: i64) -> bool {
        self.dialogues.cancel(asked, message).await
    }

    /// `/unanswered`: for operators the questions of all, for a group's admins those of the group.
    pub async fn show_unanswered(&self, asked: &Asked, chat: Option<i64>) {
        let (text, rows) = if self.lessons.may_teach(asked.asker, chat).await {
            self.unanswered.listed(chat, 0, asked.asker).await
        } else {
            line(wording::UNANSWERED_WHERE)
        };
        self.outbox.say(asked, &text, rows).await;
    }

    /// A command of a group's admins.
    pub async fn on_admin_command(&self, message: &Incoming, asked: &Asked, command: &str) {
        let chat = message.chat.id;
        let (text, rows) = match command {
            _ if !self.admins.sent(message).await => line(wording::ADMINS_ONLY),
            "teach" => self.teach_reply(message, asked).await,
            "add" => {
                self.dialogues.begin((chat, asked.asker), message.id, Dialogue::Question { chat }).await;
                line(wording::WRITE_QUESTION)
            }
            _ => self.own.page(chat, 0, asked.asker).await,
        };
        self.outbox.say(asked, &text, rows).await;
    }

    /// `/teach` as a reply to a question in a group.
    async fn teach_reply(&self, message: &Incoming, asked: &Asked) -> Screen {
        let question = message.reply_to.as_ref().and_then(|meant| meant.text.as_deref());
        let Some(question) = question.filter(|text| !text.trim().is_empty()) else {
            return line(wording::TEACH_HOW);
        };
        let text = Masked::new(question).as_str().to_owned();
        let session = Session { chat: Some(message.chat.id), text, ..Session::default() };
        let title = wording::teach_question(&session.text);
        self.unanswered.question(session, &title, false, asked.asker).await
    }

    /// A button of a lesson was pressed.
    pub async fn on_press(&self, press: &Press, message: &Incoming, button: LessonButton) {
        let (token, person) = (button.session, press.from.id);
        let Some(session) = self.sessions.find(token).await else {
            return self.outbox.notice(&press.id, Some(wording::OLD_LESSON)).await;
        };
        if !self.lessons.may_teach(person, session.chat).await {
            return self.outbox.notice(&press.id, Some(wording::ADMINS_ONLY)).await;
        }
        self.outbox.notice(&press.id, None).await;
        let shown = match button.act {
            LessonAct::BelongsTo(_) | LessonAct::Ignore | LessonAct::Confirm(_) => {
                self.teach(token, session, button.act, person).await
            }
            LessonAct::AllEntries(page) => self.unanswered.all_entries(&session, token, page).await,
            LessonAct::Unanswered(position) => self.unanswered.listed(session.chat, position, person).await,
            LessonAct::Undo => self.undo(session, person).await,
            LessonAct::NewQuestion => self.new_question(session, message, person).await,
            LessonAct::Own(page) => match session.chat {
                Some(chat) => self.own.page(chat, page, person).await,
                None => line(wording::OLD_LESSON),
            },
            LessonAct::Edit { teaching, .. } => return self.edit(message, &session, teaching, person).await,
            LessonAct::Remove { teaching, page } => match self.own_lesson(&session, teaching).await {
                Some((chat, _)) => {
                    if let Err(error) = self.lessons.undo(TeachingId(teaching), person).await {
                        tracing::warn!("a lesson could not be removed: {error}");
                    }
                    self.own.page(chat, page, person).await
                }
                None => return,
            },
        };
        self.outbox.change(&Asked::in_group(message, 0), message.id, &shown.0, shown.1).await;
    }

    /// Teaches what a button says, and shows what came of it.
    async fn teach(&self, token: u64, session: Session, act: LessonAct, person: i64) -> Screen {
        let (hash, accepted) = match act {
            LessonAct::BelongsTo(hash) => (Some(hash), false),
            LessonAct::Confirm(hash) => (hash, true),
            _ => (None, false),
        };
        let text = phrasing_of(&session.text);
        let lesson = match hash {
            Some(hash) => match self.unanswered.entry(&session, hash).await {
                Some(entry) => Lesson::Phrasing { entry, text },
                None => return line(wording::TOPIC_GONE),
            },
            None if text.is_empty() => Lesson::Ignore { text: session.text.clone() },
            None => Lesson::CounterExample { text },
        };
        let clusters = session.cluster.map(ClusterId).into_iter().collect();
        let (scope, listed) = (session.scope(), session.listed);
        let to_list = |label| listed.map(|position| vec![key(label, token, LessonAct::Unanswered(position))]);
        match self.lessons.teach(&scope, lesson.clone(), clusters, person, accepted).await {
            Ok(id) => {
                let told = self.lessons.told(&scope, &lesson).await;
                let token = self.sessions.keep(Session { taught: Some(id.0), ..session }, person).await;
                let mut rows = vec![vec![key(wording::UNDO, token, LessonAct::Undo)]];
                // What was settled has left the list, and the next stands at its position.
                rows.extend(
                    listed.map(|position| {
                        vec![key(wording::PAGE_AFTER, token, LessonAct::Unanswered(position))]
                    }),
                );
                (told, rows)
            }
            Err(Refusal::Conflicts(conflicts)) => {
                let mut text = wording::WOULD_CHANGE.to_owned();
                for conflict in conflicts.iter().take(MAX_CONFLICTS) {
                    text.extend(["\n- «", conflict.phrasing.as_str(), "»"]);
                }
                let mut rows = vec![vec![key(wording::TEACH_ANYWAY, token, LessonAct::Confirm(hash))]];
                rows.extend(to_list(wording::CANCEL));
                (text, rows)
            }
            Err(refusal) => (refused(&refusal).to_owned(), to_list(wording::CANCEL).into_iter().collect()),
        }
    }

    async fn undo(&self, session: Session, person: i64) -> Screen {
        let Some(id) = session.taught else { return line(wording::OLD_LESSON) };
        match self.lessons.undo(TeachingId(id), person).await {
            Ok(Undo::Done | Undo::Already) => {
                let has_next = session.listed.is_some();
                let title = wording::undone(&session.text);
                self.unanswered.question(Session { taught: None, ..session }, &title, has_next, person).await
            }
            Ok(Undo::Unknown) => line(wording::OLD_LESSON),
            Err(_) => line(wording::NOT_NOW),
        }
    }

    /// Asks for the answer to a question that the guide does not have.
    async fn new_question(&self, session: Session, message: &Incoming, person: i64) -> Screen {
        let question = phrasing_of(&session.text);
        if words(Some(&question), PHRASING_CHARS).is_err() {
            let has_next = session.listed.is_some();
            let title = wording::no_new_question(&session.text, PHRASING_CHARS);
            return self.unanswered.question(session, &title, has_next, person).await;
        }
        let Session { chat, cluster, text, .. } = session;
        let chat_of_dialogue = message.chat.id;
        let person = self.admins.speaks_as(chat_of_dialogue, person).await;
        let dialogue = Dialogue::Answer { chat, question, cluster };
        self.dialogues.begin((chat_of_dialogue, person), message.id, dialogue).await;
        line(&wording::write_answer(&text))
    }

    /// Asks for the new answer of one of the group's own entries.
    async fn edit(&self, message: &Incoming, session: &Session, teaching: i64, person: i64) {
        let Some((chat, Lesson::Entry(entry))) = self.own_lesson(session, teaching).await else { return };
        let title = wording::edit_answer(&entry.question, &entry.answer);
        let person = self.admins.speaks_as(message.chat.id, person).await;
        self.dialogues.begin((message.chat.id, person), message.id, Dialogue::Edit { chat, teaching }).await;
        self.outbox.say_line(&Asked::in_group(message, 0), &title).await;
    }

    /// The session's group and its lesson with this id; the id in a button may be forged.
    async fn own_lesson(&self, session: &Session, teaching: i64) -> Option<(i64, Lesson)> {
        let chat = session.chat?;
        let teaching = self.lessons.find(TeachingId(teaching)).await?;
        (teaching.scope == session.scope()).then_some((chat, teaching.lesson))
    }
}
