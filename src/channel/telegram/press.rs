//! A pressed button: every press is answered, whatever its data is and whoever pressed.

use std::sync::Arc;
use std::time::Duration;

use super::answer::Answers;
use super::client::send::Target;
use super::group::answers::GroupAnswers;
use super::group::menu::Menu;
use super::group::settings::Settings;
use super::identity::scope;
use super::intake::update::{ChatKind, Incoming, Press};
use super::keyboard::{Act, Data};
use super::outbox::{Asked, Outbox};
use super::parts::Parts;
use super::resources::Resources;
use super::teaching::Teaching;
use super::topics;
use crate::memory::{Notebook, Notes};
use crate::message::{Content, Payload, Place};
use crate::responder::Responder;
use crate::view::View;
use crate::wording::Wording;

/// Handles presses.
pub struct Presses {
    settings: Arc<Settings>,
    responder: Arc<Responder>,
    outbox: Arc<Outbox>,
    answers: Arc<Answers>,
    group_answers: Arc<GroupAnswers>,
    menu: Arc<Menu>,
    teaching: Arc<Teaching>,
    notes: Arc<Notebook>,
    /// Whose 👎 was replied to, by chat, message and user id.
    unhelpful: Notes<()>,
}

/// How long another 👎 below the same answer gets no reply.
const UNHELPFUL_TTL: Duration = Duration::from_hours(24);

impl Presses {
    /// Hands them to these parts.
    pub fn new(of: &Resources, parts: &Parts) -> Self {
        let Resources { notes, settings, responder, .. } = of.clone();
        let Parts { outbox, answers, group_answers, menu, teaching, .. } = parts.clone();
        Self {
            settings,
            responder,
            outbox,
            answers,
            group_answers,
            menu,
            teaching,
            notes,
            unhelpful: Notes::new("unhelpful", 10_000, UNHELPFUL_TTL),
        }
    }

    async fn notice(&self, press: &Press, text: Option<&str>) {
        self.outbox.notice(&press.id, text).await;
    }

    /// The content as it is seen where the button is.
    async fn view(&self, asked: &Asked) -> View {
        let Some(group) = asked.group() else { return self.responder.view(None).await };
        let set = self.settings.of(&scope(asked.target.chat));
        self.responder.view(Some(&group)).await.without(set.hidden())
    }

    /// Answers a press that is dropped because too many came.
    pub async fn refuse(&self, press: &Press) {
        let say = self.responder.wording();
        self.notice(press, Some(say.slow_down())).await;
    }

    /// A button was pressed.
    pub async fn on_press(&self, press: &Press) {
        let say = self.responder.wording();
        let data = press.data.parse::<Data>();
        let (Ok(data), Some(message)) = (data, &press.message) else {
            return self.notice(press, Some(say.old_button())).await;
        };
        let is_private = message.chat.kind == ChatKind::Private;
        // A private chat has one person, whatever the data says. Everybody who reads an answer may say whether it helped.
        let is_theirs = is_private || data.asker == 0 || data.asker == press.from.id;
        if !is_theirs && !matches!(data.act, Act::Judge(..) | Act::Setting(_) | Act::Teach(_)) {
            return self.notice(press, Some(say.not_your_button())).await;
        }
        // Data can be sent without a button. A setting is for admins anyway; all else counts in a group only below a
        // message that has the button, since it may change what others read there.
        let has_button = is_private || message.presses.contains(&press.data);
        if !has_button && !matches!(data.act, Act::Setting(_)) {
            return self.notice(press, Some(outdated(&say, &data.act))).await;
        }
        let place = if is_private { Place::Private } else { Place::Addressed };
        let asked = Asked { target: beside(message), asker: press.from.id, place };
        let ask = async |payload| self.answers.ask(&asked, Content::Press(payload)).await.reply;
        match data.act {
            Act::Entry(id) => {
                let mut cooldowns = Vec::new();
                if !is_private {
                    let chat = message.chat.id;
                    let set = self.settings.of(&scope(chat));
                    let Some(started) = self.group_answers.start_cooldown(chat, &id, &set).await else {
                        return self.notice(press, Some(say.answered_above())).await;
                    };
                    cooldowns = started;
                }
                self.notice(press, None).await;
                let reply = ask(Payload::Entry(id)).await;
                self.group_answers.send(&asked, &reply, &cooldowns).await;
            }
            Act::Choose(id) => {
                self.notice(press, None).await;
                self.answers.change(&asked, message.id, &ask(Payload::Entry(id)).await).await;
            }
            Act::NoneOfThese => {
                self.notice(press, None).await;
                self.answers.change(&asked, message.id, &ask(Payload::NoneOfThese).await).await;
            }
            Act::Judge(entry, helpful) => {
                let thanks = if helpful { say.thanks_helpful() } else { say.thanks_notice() };
                self.notice(press, Some(thanks)).await;
                let reply = ask(Payload::Feedback { entry, helpful }).await;
                let of = format!("{}:{}:{}", message.chat.id, message.id, press.from.id);
                // In a group the thanks are enough for those who did not ask; said again, for all.
                if !helpful && is_theirs && self.notes.recall(&self.unhelpful, &of).await.is_none() {
                    self.notes.remember(&self.unhelpful, of, press.from.id, ()).await;
                    self.answers.reply(&asked, &reply).await;
                }
            }
            Act::Topics(page) => {
                self.notice(press, None).await;
                let view = self.view(&asked).await;
                let (text, rows) = topics::page(&view, page, asked.asker);
                self.outbox.say(&asked, &text, rows).await;
            }
            Act::Turn(page) => {
                self.notice(press, None).await;
                let view = self.view(&asked).await;
                let (text, rows) = topics::page(&view, page, asked.asker);
                self.outbox.change(&asked, message.id, &text, rows).await;
            }
            Act::Teach(button) => self.teaching.on_press(press, message, button).await,
            Act::Setting(what) if !is_private => self.menu.on_press(press, message, &what).await,
            Act::Setting(_) => self.notice(press, Some(say.old_setting())).await,
        }
    }
}

/// What is said of a button that is too old: what to do instead.
fn outdated<'a>(say: &'a Wording, act: &Act) -> &'a str {
    match act {
        Act::Setting(_) => say.old_setting(),
        Act::Teach(_) => say.old_lesson(),
        _ => say.old_button(),
    }
}

/// Where the answer to a press goes: below the message with the button, in its topic.
fn beside(message: &Incoming) -> Target {
    Target {
        chat: message.chat.id,
        topic: message.topic(),
        reply_to: (message.chat.kind != ChatKind::Private && message.id > 0).then_some(message.id),
    }
}
