//! A pressed button: every press is answered, whatever it says and whoever pressed.

use serde_json::Value;
use teloxide::payloads::{AnswerCallbackQuery, AnswerCallbackQuerySetters as _};

use super::answer::Asked;
use super::client::send::Target;
use super::group::settings;
use super::intake::update::{ChatKind, Incoming, Press};
use super::keyboard::{Act, Data};
use super::{Bot, topics};
use crate::message::{Content, Payload, Place};
use crate::reply::wording;

impl Bot {
    /// A button was pressed.
    pub async fn on_press(&self, press: Press) {
        let data = press.data.parse::<Data>();
        let (Ok(data), Some(message)) = (data, &press.message) else {
            return self.notice(&press.id, Some(wording::OLD_BUTTON)).await;
        };
        let is_private = message.chat.kind == ChatKind::Private;
        // A private chat has one person, whatever the data says. Judging is open to all who read.
        let is_theirs = is_private || data.asker == 0 || data.asker == press.from.id;
        if !is_theirs && !matches!(data.act, Act::Judge(..) | Act::Setting(_) | Act::Desk(_)) {
            return self.notice(&press.id, Some(wording::NOT_YOUR_BUTTON)).await;
        }
        // Data can be sent without a button. A setting is for admins anyway; all else counts in a group only below a
        // message that has the button, since it may change what others read there.
        let has_button = is_private || message.presses.contains(&press.data);
        if !has_button && !matches!(data.act, Act::Setting(_)) {
            return self.notice(&press.id, Some(old(&data.act))).await;
        }
        let place = if is_private { Place::Private } else { Place::Addressed };
        let asked = Asked { target: beside(message), asker: press.from.id, place };
        match data.act {
            Act::Entry(id) => {
                let here = self.settings.of(&settings::scope(message.chat.id));
                let mut turns = Vec::new();
                if !is_private {
                    let Some(taken) = self.take_turn_of(message.chat.id, &id, &here).await else {
                        return self.notice(&press.id, Some(wording::ANSWERED_ABOVE)).await;
                    };
                    turns = taken;
                }
                self.notice(&press.id, None).await;
                let response = self.ask(&asked, Content::Press(Payload::Entry(id))).await;
                let sent = self.reply(&asked, &response.reply, self.has_buttons(&asked)).await;
                self.keep_if_said(&turns, sent).await;
                self.schedule_removal(&asked, sent).await;
            }
            Act::Choose(id) => {
                self.notice(&press.id, None).await;
                let response = self.ask(&asked, Content::Press(Payload::Entry(id))).await;
                self.change_to(&asked, message.id, &response.reply, self.has_buttons(&asked)).await;
            }
            Act::NoneOfThese => {
                self.notice(&press.id, None).await;
                let response = self.ask(&asked, Content::Press(Payload::NoneOfThese)).await;
                self.change_to(&asked, message.id, &response.reply, true).await;
            }
            Act::Judge(entry, helpful) => {
                self.notice(
                    &press.id,
                    Some(if helpful { wording::THANKS_HELPFUL } else { wording::THANKS_NOTICE }),
                )
                .await;
                let response = self.ask(&asked, Content::Press(Payload::Feedback { entry, helpful })).await;
                // In a group the thanks are enough for those who did not ask.
                if !helpful && is_theirs {
                    let _told = self.reply(&asked, &response.reply, true).await;
                }
            }
            Act::Topics(page) => {
                self.notice(&press.id, None).await;
                self.show_topics(&asked, page).await;
            }
            Act::Turn(page) => {
                self.notice(&press.id, None).await;
                let view = self.responder.view(asked.group().as_ref()).await;
                let (text, rows) = topics::page(&view, page, asked.asker);
                self.change(&asked, message.id, &text, rows).await;
            }
            Act::Desk(what) => self.on_desk(&press, message, &what).await,
            Act::Setting(what) if !is_private => self.on_setting(&press, message, &what).await,
            Act::Setting(_) => self.notice(&press.id, Some(wording::OLD_SETTING)).await,
        }
    }

    /// Whether answers bear buttons here.
    fn has_buttons(&self, asked: &Asked) -> bool {
        asked.place == Place::Private
            || self.settings.of(&settings::scope(asked.target.chat)).is_on(&settings::BUTTONS)
    }

    /// Answers a press, with a notice or without a word. One that is too old is past answering.
    pub async fn notice(&self, press: &str, text: Option<&str>) {
        let mut payload = AnswerCallbackQuery::new(teloxide::types::CallbackQueryId(press.to_owned()));
        if let Some(text) = text {
            payload = payload.text(text);
        }
        if let Err(failure) = self.api.call::<_, Value>(&payload).await {
            tracing::debug!("a press was not answered: {failure}");
        }
    }
}

/// What is said of a button that is too old: what to do instead.
fn old(act: &Act) -> &'static str {
    match act {
        Act::Setting(_) => wording::OLD_SETTING,
        Act::Desk(_) => wording::OLD_LESSON,
        _ => wording::OLD_BUTTON,
    }
}

/// Where the answer to a press goes: below the message with the button, in its topic.
fn beside(message: &Incoming) -> Target {
    Target {
        chat: message.chat.id,
        topic: message.thread.filter(|_| message.is_topic_message),
        reply_to: (message.chat.kind != ChatKind::Private && message.id > 0).then_some(message.id),
    }
}
