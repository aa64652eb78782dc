//! Teaching in chat: `/unanswered`, `/teach`, `/add`, `/mine`, and the buttons below them.
//!
//! Whoever presses must be an operator or, for a group's own lessons, an admin of that group; that is checked at every
//! press.

pub mod button;
pub mod copies;
pub mod dialogue;
pub mod draft;
pub mod drafts;
pub mod formatted;
pub mod lessons;
pub mod log;
pub mod own;
mod press;
pub mod session;
pub mod texts;
pub mod unanswered;

use std::sync::Arc;

use teloxide::types::InlineKeyboardButton;
use url::Url;

use self::button::LessonAct;
use self::copies::Copies;
use self::dialogue::{Dialogue, Dialogues};
use self::draft::Draft;
use self::drafts::Drafts;
use self::formatted::formatted;
use self::lessons::Lessons;
use self::log::Log;
use self::own::OwnLessons;
use self::session::{Session, Sessions, key};
use self::texts::{as_typed, may_ask, wordings, words};
use self::unanswered::Unanswered;
use super::command::{Command, command};
use super::group::admins::Admins;
use super::identity::{Me, scope};
use super::intake::update::{Entity, Incoming};
use super::keyboard::Screen;
use super::mention;
use super::origin::Origins;
use super::outbox::{Asked, Outbox};
use super::resources::Resources;
use crate::faq::ANSWER_CHARS;

/// What a deep link to a group's unanswered questions begins with; no entry's id has a `_`.
pub const UNANSWERED_LINK: &str = "unanswered_";

/// Below this probability of asking something, a text that `/teach` replies to is taken for an answer.
const ASKS: f32 = 0.5;

/// What a deep link begins with that opens the lessons of a group in its admin's private chat.
pub const SETUP_LINK: &str = "setup_";

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
    copies: Copies,
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
            origins,
            unanswered: Unanswered::new(of, Arc::clone(&sessions)),
            copies: Copies::new(of, Arc::clone(&lessons), Arc::clone(&sessions), Arc::clone(&drafts)),
            log: Log::new(of, Arc::clone(&lessons), Arc::clone(&sessions)),
            own: OwnLessons::new(Arc::clone(&lessons), Arc::clone(&sessions)),
            outbox,
            admins,
            lessons,
            sessions,
            drafts,
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
        let say = self.outbox.wording();
        let (text, rows) = if self.lessons.may_teach(asked.asker, chat).await {
            self.unanswered.listed(chat, 0, asked.asker).await
        } else {
            line(say.unanswered_where())
        };
        self.outbox.say(asked, &text, rows).await;
    }

    /// A command of a group's admins.
    pub async fn on_admin_command(&self, message: &Incoming, asked: &Asked, command: &Command) {
        let say = self.outbox.wording();
        if !self.admins.sent(message).await {
            return self.outbox.say_line(asked, say.admins_only()).await;
        }
        let chat = message.chat.id;
        match command.name.as_str() {
            "teach" => self.teach_reply(message, asked).await,
            "add" => self.add(asked, message, Some(chat), &command.rest).await,
            "log" => self.show_log(asked, Some(chat)).await,
            _ => self.list(asked, Some(chat)).await,
        }
    }

    /// `/add` or `/mine` in private: of operators, for all.
    pub async fn on_operator_command(&self, asked: &Asked, message: &Incoming, command: &Command) {
        let say = self.outbox.wording();
        match command.name.as_str() {
            _ if !self.is_operator(asked.asker) => self.outbox.say_line(asked, say.operators_only()).await,
            "add" => self.add(asked, message, None, &command.rest).await,
            "log" => self.show_log(asked, None).await,
            _ => self.list(asked, None).await,
        }
    }

    async fn list(&self, asked: &Asked, chat: Option<i64>) {
        let say = self.outbox.wording();
        let (text, mut rows) = self.own.first_page(chat, asked.asker).await;
        if let Some(chat) = chat {
            let link = format!("https://t.me/{}?start={SETUP_LINK}{chat}", self.me.name);
            rows.extend(
                Url::parse(&link).map(|link| vec![InlineKeyboardButton::url(say.in_private(), link)]),
            );
        }
        self.outbox.say(asked, &text, rows).await;
    }

    async fn show_log(&self, asked: &Asked, chat: Option<i64>) {
        let (text, rows) = self.log.page(chat, 0, asked.asker).await;
        self.outbox.say(asked, &text, rows).await;
    }

    /// A group's lessons in the private chat of one of its admins. The right to teach is checked at each press.
    pub async fn set_up(&self, asked: &Asked, chat: i64) {
        let say = self.outbox.wording();
        if !self.lessons.may_teach(asked.asker, Some(chat)).await {
            return self.outbox.say_line(asked, say.operators_only()).await;
        }
        let session = Session { chat: Some(chat), ..Session::default() };
        let token = self.sessions.keep(session, asked.asker).await;
        let rows = vec![
            vec![key(say.add_entry(), token, LessonAct::Add)],
            vec![key(say.own_entries(), token, LessonAct::Own(0))],
            vec![key(say.open_unanswered(), token, LessonAct::Unanswered(0))],
            vec![key(say.what_was_taught(), token, LessonAct::Log(0))],
        ];
        self.outbox.say(asked, say.set_up(), rows).await;
    }

    /// `/add`, `/add question` or `/add question | answer`; further wordings of the question stand on lines of their own.
    async fn add(&self, asked: &Asked, message: &Incoming, chat: Option<i64>, rest: &str) {
        let say = self.outbox.wording();
        let (question, answer) = match rest.split_once('|') {
            Some((question, answer)) => (question, Some(answer)),
            None => (rest, None),
        };
        if question.trim().is_empty() {
            let next = Dialogue::Question(Draft { chat, ..Draft::default() });
            return self.dialogues.begin(asked, message.id, next).await;
        }
        let has_answer = answer.is_some();
        let draft = wordings(&say, Some(question)).and_then(|wordings| {
            let text = message.text.as_deref().unwrap_or_default();
            let from = text.find('|').map_or(0, |bar| bar + 1);
            let answer = answer.map(|_| formatted(text, from, &message.entities)).unwrap_or_default();
            if has_answer {
                words(&say, Some(&answer), ANSWER_CHARS)?;
            }
            Ok(Draft { chat, wordings, answer, picture: message.picture.clone(), ..Draft::default() })
        });
        match draft {
            Ok(draft) if !has_answer => {
                self.dialogues.begin(asked, message.id, Dialogue::Answer(draft)).await;
            }
            Ok(draft) => self.dialogues.add_at_once(asked, message.id, draft).await,
            Err(why) => self.outbox.say_line(asked, &why).await,
        }
    }

    /// `/teach` as a reply: to a question, to somebody's answer, or to the bot's own.
    async fn teach_reply(&self, message: &Incoming, asked: &Asked) {
        let say = self.outbox.wording();
        let chat = message.chat.id;
        let meant = message.reply_to.as_deref().filter(|meant| !message.is_topic_root(meant));
        let text = meant.and_then(|meant| Some((meant, meant.text.as_deref()?)));
        let Some((meant, text)) = text.filter(|(_, text)| !text.trim().is_empty()) else {
            return self.outbox.say_line(asked, say.teach_how()).await;
        };
        let as_answer = Draft {
            chat: Some(chat),
            answer: formatted(text, 0, &meant.entities),
            picture: meant.picture.clone(),
            ..Draft::default()
        };
        let is_ours = meant.from.is_some_and(|from| from.id == self.me.id);
        let origin = self.origins.of(chat, meant.id).await;
        let (text, rows) = match (is_ours, origin) {
            (true, None) => line(say.teach_how()),
            (true, Some(question)) => self.which_entry(chat, &question, None, asked).await,
            (false, Some(question)) => {
                let draft = wordings(&say, Some(&as_typed(&self.without_address(&question, &[]))));
                let draft = draft.and_then(|wordings| {
                    words(&say, Some(&as_answer.answer), ANSWER_CHARS)?;
                    Ok(Draft { wordings, ..as_answer })
                });
                match draft {
                    Ok(draft) => self.drafts.offer(draft, asked.asker).await,
                    Err(why) => line(&why),
                }
            }
            (false, None) => {
                let question = self.without_address(text, &meant.entities);
                if question.trim().is_empty() {
                    return self.outbox.say_line(asked, say.teach_how()).await;
                }
                let view = self.lessons.view(&scope(chat)).await;
                if !may_ask(&question)
                    && view.find(&question, None).asks < ASKS
                    && words(&say, Some(text), ANSWER_CHARS).is_ok()
                {
                    // Nothing is asked, so it is an answer whose question the bot did not hear.
                    let next = Dialogue::Question(as_answer);
                    return self.dialogues.begin(asked, message.id, next).await;
                }
                self.which_entry(chat, &question, Some(as_answer), asked).await
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

    /// A text with the entries that it may ask for; `draft` is what it would be as an answer.
    async fn which_entry(&self, chat: i64, question: &str, draft: Option<Draft>, asked: &Asked) -> Screen {
        let session = Session { chat: Some(chat), text: as_typed(question), draft, ..Session::default() };
        let title = self.outbox.wording().teach_question(&session.text);
        self.unanswered.question(session, &title, false, asked.asker).await
    }
}
