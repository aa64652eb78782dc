//! `/settings` and `/status`: a group's settings as one message with buttons, and what the bot can hear there.

use serde_json::{Value, json};
use teloxide::types::InlineKeyboardButton;

use super::settings::{self, CHOICES, Choice, NO_TOPIC, Set, TOPICS, UNASKED};
use crate::channel::telegram::answer::Asked;
use crate::channel::telegram::group::{self, topic};
use crate::channel::telegram::intake::update::{Incoming, Press};
use crate::channel::telegram::keyboard::{Act, button};
use crate::channel::telegram::private::private_target;
use crate::channel::telegram::{Bot, CHANNEL, now};
use crate::message::Place;
use crate::reply::wording;
use crate::store::Author;

/// The press that closes the menu.
const CLOSE: &str = "close";

/// The press that lets the bot speak in the menu's topic, or not.
const TOPIC: &str = "topic";

/// The topic of a press that lets the bot speak in all.
const ALL: &str = "all";

/// More topics than anybody lists, and than fit into a setting.
const LISTED: usize = 50;

impl Bot {
    pub async fn show_settings(&self, message: &Incoming, asked: &Asked) {
        if !self.is_from_admin(message).await {
            self.say(asked, wording::ADMINS_ONLY, Vec::new()).await;
            return;
        }
        let set = self.settings.of(&settings::scope(message.chat.id));
        self.say(asked, &wording::settings_title(set.listed_topics()), rows(&set, here(message, &set))).await;
    }

    pub async fn on_setting(&self, press: &Press, message: &Incoming, what: &str) {
        let chat = message.chat.id;
        if !self.is_admin(chat, press.from.id).await {
            return self.notice(&press.id, Some(wording::ADMINS_ONLY)).await;
        }
        if what == CLOSE {
            self.notice(&press.id, None).await;
            if let Err(failure) = self.sender.delete(chat, message.id).await {
                tracing::info!("a menu was not removed: {failure}");
            }
            return;
        }
        let before = self.settings.of(&settings::scope(chat));
        let Some((name, value)) = change(what, &before) else {
            return self.notice(&press.id, Some(wording::OLD_SETTING)).await;
        };
        let author = Author::person(&self.store.secret().person(CHANNEL, &press.from.id.to_string()));
        let set = self.settings.set(&settings::scope(chat), name, value.as_deref(), &author, now()).await;
        if set.is_err() {
            return self.notice(&press.id, Some(wording::NOT_NOW)).await;
        }
        let is_deaf = name == UNASKED.name && value.is_some() && !self.hears(chat).await.0;
        let saved = if is_deaf { wording::SAVED_BUT_DEAF } else { wording::SAVED };
        self.notice(&press.id, Some(saved)).await;
        let set = self.settings.of(&settings::scope(chat));
        let asked = group::asked(message, 0);
        let title = wording::settings_title(set.listed_topics());
        self.change(&asked, message.id, &title, rows(&set, here(message, &set))).await;
    }

    /// Whether the bot hears what is not said to it in this group; and its standing there, as Telegram has it.
    async fn hears(&self, chat: i64) -> (bool, Value) {
        let about = json!({ "chat_id": chat, "user_id": self.me.id });
        let standing: Value = self.call("GetChatMember", about).await.unwrap_or_default();
        (standing["status"] == "administrator" || self.hears_all().await, standing)
    }

    pub async fn show_status(&self, message: &Incoming, asked: &Asked, set: &Set) {
        let (hears, standing) = self.hears(message.chat.id).await;
        let mut text =
            if hears { wording::HEARS_ALL.to_owned() } else { wording::hears_little(&self.me.name) };
        let unasked = if set.is_on(&UNASKED) {
            if hears { wording::UNASKED_ON } else { wording::UNASKED_DEAF }
        } else {
            wording::UNASKED_OFF
        };
        for line in [unasked, if set.speaks_in(topic(message)) { "" } else { wording::SILENT_TOPIC }] {
            if !line.is_empty() {
                text.push_str("\n\n");
                text.push_str(line);
            }
        }
        if standing["can_send_messages"] != false {
            self.say(asked, &text, Vec::new()).await;
        } else if asked.asker != 0 {
            // Whoever asked is told where the bot may write; nobody stands behind a group's name.
            let text = format!("{}\n\n{text}", wording::may_not_write(&message.chat.title));
            let target = private_target(asked.asker, None);
            self.say(&Asked { target, place: Place::Private, ..*asked }, &text, Vec::new()).await;
        }
    }
}

/// The topic that the menu stands in, 0 for General: in a forum, and where a list is left from when it was one.
fn here(message: &Incoming, set: &Set) -> Option<i64> {
    let had_topic = message.presses.iter().any(|data| data.contains(":topic="));
    let has_topics = message.chat.is_forum || had_topic || set.get(TOPICS).is_some();
    has_topics.then(|| topic(message).unwrap_or(0))
}

/// What a press changes: the setting and its new value. None for what is no setting of ours.
fn change(what: &str, before: &Set) -> Option<(&'static str, Option<String>)> {
    let (name, value) = what.split_once('=')?;
    if name == TOPIC {
        let (id, on) = value.split_once(':')?;
        if id == ALL {
            return Some((TOPICS, None));
        }
        let id: i64 = id.parse().ok().filter(|id| *id >= 0)?;
        let listed = before.get(TOPICS);
        if listed.is_none() && on != "on" {
            // There is no list any more to take it from.
            return None;
        }
        let listed = listed.unwrap_or_default().split(',');
        let mut listed: Vec<i64> =
            listed.filter_map(|id| id.parse().ok()).filter(|known| *known != id).collect();
        if on == "on" && listed.len() < LISTED {
            listed.push(id);
        }
        let list = listed.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        // An empty list is no list: whoever takes the last topic off it wants silence there.
        return Some((TOPICS, Some(if list.is_empty() { NO_TOPIC.to_owned() } else { list })));
    }
    let choice = CHOICES.iter().find(|choice| choice.name == name)?;
    let value = choice.values.iter().find(|known| **known == value)?;
    Some((choice.name, (*value != choice.default).then(|| (*value).to_owned())))
}

/// The menu's buttons: a press sets the next value. They are for any admin, so they name nobody.
fn rows(set: &Set, topic: Option<i64>) -> Vec<Vec<InlineKeyboardButton>> {
    let mut rows: Vec<Vec<_>> = CHOICES.iter().map(|choice| vec![row(choice, set)]).collect();
    if let Some(topic) = topic {
        let is_listed = set.get(TOPICS).is_some() && set.speaks_in(Some(topic).filter(|topic| *topic > 0));
        let (label, on) = match (set.get(TOPICS), is_listed) {
            (None, _) => (wording::ONLY_THIS_TOPIC, "on"),
            (Some(_), true) => (wording::NOT_THIS_TOPIC, "off"),
            (Some(_), false) => (wording::THIS_TOPIC_TOO, "on"),
        };
        rows.push(vec![button(label, 0, Act::Setting(format!("{TOPIC}={topic}:{on}")))]);
        if set.get(TOPICS).is_some() {
            rows.push(vec![button(wording::EVERY_TOPIC, 0, Act::Setting(format!("{TOPIC}={ALL}:on")))]);
        }
    }
    rows.push(vec![button(wording::CLOSE_MENU, 0, Act::Setting(CLOSE.to_owned()))]);
    rows
}

fn row(choice: &Choice, set: &Set) -> InlineKeyboardButton {
    let value = set.value(choice);
    let label =
        format!("{}: {}", wording::setting_name(choice.name), wording::setting_value(choice.name, value));
    button(&label, 0, Act::Setting(format!("{}={}", choice.name, choice.after(value))))
}
