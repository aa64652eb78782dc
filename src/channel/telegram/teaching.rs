//! Teaching in chat: `/unanswered`, `/teach`, `/add`, `/mine`, and the buttons below them.
//!
//! Whoever presses must be an operator or, for a group's own lessons, an admin of that group; that is checked at every
//! press.

pub mod button;
pub mod dialogue;
pub mod draft;
pub mod lessons;
pub mod log;
pub mod own;
pub mod session;
pub mod texts;
pub mod unanswered;

use std::sync::Arc;

use teloxide::types::InlineKeyboardButton;
use url::Url;

use self::button::{LessonAct, LessonButton};
use self::dialogue::{Dialogue, Dialogues, Part};
use self::draft::{Draft, Drafts};
use self::lessons::Lessons;
use self::log::Log;
use self::own::OwnLessons;
use self::session::{Session, Sessions, key};
use self::texts::{as_typed, refused, wordings, words};
use self::unanswered::Unanswered;
use super::command::{Command, command};
use super::group::admins::Admins;
use super::identity::{Me, scope};
use super::intake::update::{ChatKind, Entity, Incoming, Press};
use super::keyboard::Screen;
use super::mention;
use super::origin::Origins;
use super::outbox::{Asked, Outbox};
use super::resources::Resources;
use crate::faq::ANSWER_CHARS;
use crate::id::EntryId;
use crate::learning::{PHRASING_CHARS, Refusal, phrasing_of};
use crate::message::Place;
use crate::reply::wording;
use crate::store::{ClusterId, Lesson, TeachingId, Undo};

/// What a deep link to a group's unanswered questions begins with; no entry's id has a `_`.
pub const UNANSWERED_LINK: &str = "unanswered_";

/// Below this probability of asking something, a text that `/teach` replies to is taken for an answer.
const ASKS: f32 = 0.5;

/// What a deep link begins with that opens the lessons of a group in its admin's private chat.
pub const SETUP_LINK: &str = "setup_";

/// Conflicts that are shown.
const MAX_CONFLICTS: usize = 3;

/// What operators and the admins of groups teach with.
pub struct Teaching {
    me: Arc<Me>,
    outbox: Arc<Outbox>,
    admins: Arc<Admins>,
    lessons: Arc<Lessons>,
    sessions: Arc<Sessions>,
    drafts: Arc<Drafts>,
    origins: Arc<Origins>,
    dialogues: Dialogues,
    unanswered: Unanswered,
    own: OwnLessons,
    log: Log,
}

fn line(text: &str) -> Screen {
    (text.to_owned(), Vec::new())
}

impl Teaching {
    /// Nothing is being taught yet.
    pub fn new(of: &Resources, admins: Arc<Admins>, outbox: Arc<Outbox>, origins: Arc<Origins>) -> Self {
        let lessons = Arc::new(Lessons::new(of, Arc::clone(&admins)));
        let sessions = Arc::new(Sessions::new(of));
        let drafts = Arc::new(Drafts::new(Arc::clone(&lessons), Arc::clone(&sessions)));
        let (said, taught) = (Arc::clone(&outbox), Arc::clone(&lessons));
        Self {
            me: Arc::clone(&of.me),
            dialogues: Dialogues::new(of, said, taught, Arc::clone(&drafts)),
            drafts,
            origins,
            unanswered: Unanswered::new(of, Arc::clone(&sessions)),
            log: Log::new(of, Arc::clone(&lessons), Arc::clone(&sessions)),
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
    pub async fn go_on(&self, asked: &Asked, message: &Incoming, text: Option<&str>) -> bool {
        self.dialogues.go_on(asked, message, text).await
    }

    /// A message of a group that is no reply to the bot: tells once whoever has an open prompt how to go on. Whether it did.
    pub async fn hint(&self, asked: &Asked, message: &Incoming) -> bool {
        self.dialogues.hint(asked, message).await
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
    pub async fn on_admin_command(&self, message: &Incoming, asked: &Asked, command: &Command) {
        if !self.admins.sent(message).await {
            return self.outbox.say_line(asked, wording::ADMINS_ONLY).await;
        }
        let chat = message.chat.id;
        match command.name.as_str() {
            "teach" => self.teach_reply(message, asked).await,
            "add" => self.add(asked, message.id, Some(chat), &command.rest).await,
            "log" => self.show_log(asked, Some(chat)).await,
            _ => self.list(asked, Some(chat)).await,
        }
    }

    /// `/add` or `/mine` in private: of operators, for all.
    pub async fn on_operator_command(&self, asked: &Asked, message: i64, command: &Command) {
        match command.name.as_str() {
            _ if !self.is_operator(asked.asker) => self.outbox.say_line(asked, wording::OPERATORS_ONLY).await,
            "add" => self.add(asked, message, None, &command.rest).await,
            "log" => self.show_log(asked, None).await,
            _ => self.list(asked, None).await,
        }
    }

    async fn list(&self, asked: &Asked, chat: Option<i64>) {
        let (text, mut rows) = self.own.first_page(chat, asked.asker).await;
        if let Some(chat) = chat {
            let link = format!("https://t.me/{}?start={SETUP_LINK}{chat}", self.me.name);
            rows.extend(Url::parse(&link).map(|link| vec![InlineKeyboardButton::url(wording::IN_PRIVATE, link)]));
        }
        self.outbox.say(asked, &text, rows).await;
    }

    async fn show_log(&self, asked: &Asked, chat: Option<i64>) {
        let (text, rows) = self.log.page(chat, 0, asked.asker).await;
        self.outbox.say(asked, &text, rows).await;
    }

    /// A group's lessons in the private chat of one of its admins. The right to teach is checked at each press.
    pub async fn set_up(&self, asked: &Asked, chat: i64) {
        if !self.lessons.may_teach(asked.asker, Some(chat)).await {
            return self.outbox.say_line(asked, wording::OPERATORS_ONLY).await;
        }
        let session = Session { chat: Some(chat), ..Session::default() };
        let token = self.sessions.keep(session, asked.asker).await;
        let rows = vec![
            vec![key(wording::ADD_ENTRY, token, LessonAct::Add)],
            vec![key(wording::OWN_ENTRIES, token, LessonAct::Own(0))],
            vec![key(wording::OPEN_UNANSWERED, token, LessonAct::Unanswered(0))],
            vec![key(wording::WHAT_WAS_TAUGHT, token, LessonAct::Log(0))],
        ];
        self.outbox.say(asked, wording::SET_UP, rows).await;
    }

    /// `/add`, `/add question` or `/add question | answer`; further wordings of the question stand on lines of their own.
    async fn add(&self, asked: &Asked, message: i64, chat: Option<i64>, rest: &str) {
        let (question, answer) = match rest.split_once('|') {
            Some((question, answer)) => (question, Some(answer)),
            None => (rest, None),
        };
        if question.trim().is_empty() {
            let next = Dialogue::Question { chat, answer: None };
            return self.dialogues.begin(asked, message, next).await;
        }
        let draft = wordings(Some(question)).and_then(|wordings| {
            let answer = answer.map(|answer| words(Some(answer), ANSWER_CHARS)).transpose()?;
            let answer = answer.unwrap_or_default().to_owned();
            Ok(Draft { chat, wordings, answer, ..Draft::default() })
        });
        match draft {
            Ok(draft) if answer.is_none() => {
                self.dialogues.begin(asked, message, Dialogue::Answer(draft)).await;
            }
            Ok(draft) => self.dialogues.add_at_once(asked, message, draft).await,
            Err(why) => self.outbox.say_line(asked, &why).await,
        }
    }

    /// `/teach` as a reply: to a question, to somebody's answer, or to the bot's own.
    async fn teach_reply(&self, message: &Incoming, asked: &Asked) {
        let chat = message.chat.id;
        let meant = message.reply_to.as_deref().filter(|meant| !message.is_topic_root(meant));
        let text = meant.and_then(|meant| Some((meant, meant.text.as_deref()?)));
        let Some((meant, text)) = text.filter(|(_, text)| !text.trim().is_empty()) else {
            return self.outbox.say_line(asked, wording::TEACH_HOW).await;
        };
        let is_ours = meant.from.is_some_and(|from| from.id == self.me.id);
        let origin = self.origins.of(chat, meant.id).await;
        let (text, rows) = match (is_ours, origin) {
            (true, None) => line(wording::TEACH_HOW),
            (true, Some(question)) => self.which_entry(chat, &question, asked).await,
            (false, Some(question)) => {
                let draft = wordings(Some(&as_typed(&self.without_address(&question, &[]))));
                let draft = draft.and_then(|wordings| {
                    let answer = words(Some(text), ANSWER_CHARS)?.to_owned();
                    Ok(Draft { chat: Some(chat), wordings, answer, ..Draft::default() })
                });
                match draft {
                    Ok(draft) => self.drafts.offer(draft, asked.asker).await,
                    Err(why) => line(&why),
                }
            }
            (false, None) => {
                let question = self.without_address(text, &meant.entities);
                if question.trim().is_empty() {
                    return self.outbox.say_line(asked, wording::TEACH_HOW).await;
                }
                let view = self.lessons.view(&scope(chat)).await;
                if view.find(&question, None).asks < ASKS && words(Some(text), ANSWER_CHARS).is_ok() {
                    // Nothing is asked, so it is an answer whose question the bot did not hear.
                    let next = Dialogue::Question { chat: Some(chat), answer: Some(text.trim().to_owned()) };
                    return self.dialogues.begin(asked, message.id, next).await;
                }
                self.which_entry(chat, &question, asked).await
            }
        };
        self.outbox.say(asked, &text, rows).await;
    }

    /// What somebody asked the bot, without the command or the mention.
    fn without_address(&self, text: &str, entities: &[Entity]) -> String {
        if let Some(command) = command(text).filter(|command| command.name == "ask") {
            return command.rest;
        }
        mention::strip(text, entities, &self.me.name, self.me.id).unwrap_or_else(|| text.to_owned())
    }

    async fn which_entry(&self, chat: i64, question: &str, asked: &Asked) -> Screen {
        let session = Session { chat: Some(chat), text: as_typed(question), ..Session::default() };
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
            LessonAct::NewQuestion => match self.new_question(session, person).await {
                Ok(draft) => {
                    let said = line(&wording::new_question(draft.question()));
                    self.outbox.change(&below(message), message.id, &said.0, said.1).await;
                    return self.ask_below(message, person, Dialogue::Answer(draft)).await;
                }
                Err(screen) => screen,
            },
            LessonAct::AsAnswer => {
                let next = Dialogue::Question { chat: session.chat, answer: Some(session.text) };
                return self.ask_below(message, person, next).await;
            }
            LessonAct::Cancel => line(wording::CANCELLED),
            LessonAct::Publish => match session.draft {
                Some(draft) => match self.drafts.publish(&draft, person).await {
                    Ok(screen) => screen,
                    Err(refusal) => line(refused(&refusal)),
                },
                None => line(wording::OLD_LESSON),
            },
            LessonAct::Add => {
                let next = Dialogue::Question { chat: session.chat, answer: None };
                return self.ask_below(message, person, next).await;
            }
            LessonAct::Log(page) => {
                self.log.page(session.chat, u32::try_from(page).unwrap_or(0), person).await
            }
            LessonAct::TakeBack { teaching, page } => {
                if self.own_lesson(&session, teaching).await.is_none() {
                    return;
                }
                if let Err(error) = self.lessons.undo(TeachingId(teaching), person).await {
                    tracing::warn!("a lesson could not be taken back: {error}");
                }
                self.log.page(session.chat, u32::try_from(page).unwrap_or(0), person).await
            }
            LessonAct::Own(_) if session.mine.is_empty() => self.own.first_page(session.chat, person).await,
            LessonAct::Own(page) => self.own.page(session, page, person).await,
            LessonAct::Open { teaching, page } => {
                match self.own.opened(&session, token, teaching, page).await {
                    Some(screen) => screen,
                    None => self.own.page(session, page, person).await,
                }
            }
            LessonAct::Edit(part, teaching) => {
                return self.edit(message, &session, teaching, part, person).await;
            }
            LessonAct::Remove { teaching, page } | LessonAct::Restore { teaching, page } => {
                if self.own_lesson(&session, teaching).await.is_none() {
                    return;
                }
                let done = if matches!(button.act, LessonAct::Remove { .. }) {
                    self.lessons.remove(TeachingId(teaching), person).await
                } else {
                    self.lessons.restore(TeachingId(teaching)).await
                };
                if let Err(error) = done {
                    tracing::warn!("a lesson could not be removed or brought back: {error}");
                }
                self.own.page(session, page, person).await
            }
        };
        self.outbox.change(&below(message), message.id, &shown.0, shown.1).await;
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
                let view = self.lessons.view(&scope).await;
                let name = |id: &Option<EntryId>| {
                    id.as_ref()
                        .map(|id| view.entry(id).map_or(id.as_str(), |entry| &entry.question).to_owned())
                };
                let mut text = wording::WOULD_CHANGE.to_owned();
                for conflict in conflicts.iter().take(MAX_CONFLICTS) {
                    let (before, after) = (name(&conflict.own), name(&conflict.after));
                    text.push_str(&wording::would_change(
                        &conflict.phrasing,
                        before.as_deref(),
                        after.as_deref(),
                    ));
                }
                let mut rows = vec![vec![key(wording::TEACH_ANYWAY, token, LessonAct::Confirm(hash))]];
                rows.push(
                    to_list(wording::CANCEL)
                        .unwrap_or_else(|| vec![key(wording::CANCEL, token, LessonAct::Cancel)]),
                );
                (text, rows)
            }
            Err(refusal) => (refused(&refusal).to_owned(), to_list(wording::CANCEL).into_iter().collect()),
        }
    }

    async fn undo(&self, session: Session, person: i64) -> Screen {
        let Some(id) = session.taught.map(TeachingId) else { return line(wording::OLD_LESSON) };
        let replaces = self.lessons.find(id).await.and_then(|taught| taught.replaces);
        match self.lessons.undo(id, person).await {
            Ok(Undo::Done | Undo::Already) if replaces.is_some() => line(wording::AS_BEFORE),
            Ok(Undo::Done | Undo::Already) => {
                let has_next = session.listed.is_some();
                let title = wording::undone(&session.text);
                self.unanswered.question(Session { taught: None, ..session }, &title, has_next, person).await
            }
            Ok(Undo::Unknown) => line(wording::OLD_LESSON),
            Err(_) => line(wording::NOT_NOW),
        }
    }

    /// The draft of a question that the guide does not have; what is shown where it cannot become one.
    async fn new_question(&self, session: Session, person: i64) -> Result<Draft, Screen> {
        // Placeholders are no words of a question.
        let question =
            if session.text.contains('[') { phrasing_of(&session.text) } else { session.text.clone() };
        if words(Some(&question), PHRASING_CHARS).is_err() {
            let has_next = session.listed.is_some();
            let title = wording::no_new_question(&session.text, PHRASING_CHARS);
            return Err(self.unanswered.question(session, &title, has_next, person).await);
        }
        let Session { chat, cluster, listed, .. } = session;
        Ok(Draft { chat, wordings: vec![question], cluster, listed, ..Draft::default() })
    }

    /// Asks for a change of one of the own entries.
    async fn edit(&self, message: &Incoming, session: &Session, teaching: i64, part: Part, person: i64) {
        let Some(Lesson::Entry(_)) = self.own_lesson(session, teaching).await else { return };
        let next = Dialogue::Edit { chat: session.chat, teaching, part };
        self.ask_below(message, person, next).await;
    }

    /// Asks whoever pressed a button of `message` for the next step, in reply to the command that had led there.
    async fn ask_below(&self, message: &Incoming, person: i64, next: Dialogue) {
        let asker = self.admins.speaks_as(message.chat.id, person).await;
        let command = message.reply_to.as_deref().filter(|command| command.speaker() == Some(person));
        let mut asked = Asked { asker, ..below(message) };
        if asked.place != Place::Private {
            asked.target.reply_to = command.map(|command| command.id);
        }
        self.dialogues.begin(&asked, message.id, next).await;
    }

    /// The lesson with this id, where it is one of the session's scope; the id in a button may be forged.
    async fn own_lesson(&self, session: &Session, teaching: i64) -> Option<Lesson> {
        let teaching = self.lessons.find(TeachingId(teaching)).await?;
        (teaching.scope == session.scope()).then_some(teaching.lesson)
    }
}

/// What is said where a button of `message` was pressed.
fn below(message: &Incoming) -> Asked {
    let asked = Asked::in_group(message, 0);
    if message.chat.kind == ChatKind::Private { Asked { place: Place::Private, ..asked } } else { asked }
}
