//! `/settings` and `/status`: a group's settings as one message with buttons, and what the bot can hear there.

use std::sync::Arc;

use teloxide::types::InlineKeyboardButton;

use super::admins::Admins;
use super::membership::Membership;
use super::settings::{CHOICES, Choice, HIDDEN, NO_TOPIC, Set, Settings, TOPICS, UNPROMPTED};
use super::unprompted::Unprompted;
use crate::channel::telegram::identity::{Me, author, now, scope};
use crate::channel::telegram::intake::update::{Incoming, Press};
use crate::channel::telegram::keyboard::{Act, Rows, button, pages};
use crate::channel::telegram::outbox::{Asked, Outbox};
use crate::channel::telegram::resources::Resources;
use crate::faq::Entry;
use crate::reply::pager::Page;
use crate::responder::Responder;
use crate::store::Store;
use crate::wording::Wording;

/// The press that closes the menu.
const CLOSE: &str = "close";

/// The press that leads back to the list of settings.
const LIST: &str = "list";

/// The press that shows a page of the guide's entries, or turns one off or on.
const ENTRIES: &str = "entries";

/// Entries on a page.
const PAGE_SIZE: usize = 30;

/// The press that lets the bot speak in the menu's topic, or not.
const TOPIC: &str = "topic";

/// The topic of a press that lets the bot speak in all.
const ALL: &str = "all";

/// More than anybody lists; more would not fit into a setting.
const MAX_TOPICS: usize = 50;

/// Shows and changes the settings of groups.
pub struct Menu {
    me: Arc<Me>,
    store: Store,
    settings: Arc<Settings>,
    admins: Arc<Admins>,
    membership: Arc<Membership>,
    outbox: Arc<Outbox>,
    unprompted: Arc<Unprompted>,
    responder: Arc<Responder>,
}

impl Menu {
    /// For the admins of groups.
    pub fn new(
        of: &Resources,
        admins: Arc<Admins>,
        membership: Arc<Membership>,
        outbox: Arc<Outbox>,
        unprompted: Arc<Unprompted>,
    ) -> Self {
        let (me, settings) = (Arc::clone(&of.me), Arc::clone(&of.settings));
        Self {
            me,
            store: of.store.clone(),
            settings,
            admins,
            membership,
            outbox,
            unprompted,
            responder: Arc::clone(&of.responder),
        }
    }

    /// `/settings` of an admin.
    pub async fn show(&self, message: &Incoming, asked: &Asked, set: &Set) {
        let say = self.responder.wording();
        let title = say.settings(set.listed_topics());
        self.outbox.say(asked, &title, rows(&say, set, here(message, set))).await;
    }

    /// A button of the menu was pressed.
    pub async fn on_press(&self, press: &Press, message: &Incoming, what: &str) {
        let say = self.responder.wording();
        let chat = message.chat.id;
        if !self.admins.include(chat, press.from.id).await {
            return self.outbox.notice(&press.id, Some(say.admins_only())).await;
        }
        if what == CLOSE {
            self.outbox.notice(&press.id, None).await;
            return self.outbox.delete(chat, message.id).await;
        }
        let before = self.settings.of(&scope(chat));
        let (asked, topic) = (Asked::in_group(message, 0), here(message, &before));
        if let Some(what) = what.strip_prefix(ENTRIES) {
            return self.on_entries(press, message, what, &before, topic).await;
        }
        let choice = CHOICES.iter().find(|choice| choice.name == what);
        if choice.is_some() || what.starts_with(LIST) {
            self.outbox.notice(&press.id, None).await;
            let rows = choice
                .map_or_else(|| rows(&say, &before, topic), |choice| values(&say, choice, &before, topic));
            let title = choice.map_or_else(
                || say.settings(before.listed_topics()),
                |choice| say.setting_title(say.setting_name(choice.name)),
            );
            self.outbox.change(&asked, message.id, &title, rows).await;
            return;
        }
        let Some((name, value)) = change(what, &before) else {
            return self.outbox.notice(&press.id, Some(say.old_setting())).await;
        };
        let author = author(&self.store, press.from.id);
        if self.settings.set(&scope(chat), name, value.as_deref(), &author, now()).await.is_err() {
            return self.outbox.notice(&press.id, Some(say.not_now())).await;
        }
        let is_deaf = name == UNPROMPTED.name && value.is_some() && !self.membership.hears(chat).await.0;
        let saved = if is_deaf { say.saved_but_deaf() } else { say.saved() };
        self.outbox.notice(&press.id, Some(saved)).await;
        let set = self.settings.of(&scope(chat));
        let title = say.settings(set.listed_topics());
        self.outbox.change(&asked, message.id, &title, rows(&say, &set, topic)).await;
    }

    /// The page of the guide's entries after `:PAGE` was pressed; `:PAGE:ID` turns an entry off or on first.
    async fn on_entries(
        &self,
        press: &Press,
        message: &Incoming,
        what: &str,
        before: &Set,
        topic: Option<i64>,
    ) {
        let say = self.responder.wording();
        let chat = message.chat.id;
        let mut parts = what.splitn(3, ':').skip(1);
        let page = parts.next().and_then(|page| page.parse().ok()).unwrap_or(0);
        let mut hidden = before.hidden();
        let mut saved = None;
        if let Some(id) = parts.next().and_then(|id| id.parse().ok()) {
            match hidden.iter().position(|known| *known == id) {
                Some(at) => _ = hidden.remove(at),
                None => hidden.push(id),
            }
            let list = hidden.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
            let value = Some(list.as_str()).filter(|list| !list.is_empty());
            let author = author(&self.store, press.from.id);
            if self.settings.set(&scope(chat), HIDDEN, value, &author, now()).await.is_err() {
                return self.outbox.notice(&press.id, Some(say.not_now())).await;
            }
            saved = Some(say.saved());
        }
        self.outbox.notice(&press.id, saved).await;
        let view = self.responder.view(None).await;
        let page = Page::of(view.entries(), page, PAGE_SIZE);
        let toggle = |entry: &&Entry| {
            let mark = if hidden.contains(&entry.id) { "✗" } else { "✓" };
            let act = Act::Setting(format!("{ENTRIES}:{}:{}", page.number, entry.id));
            button(&format!("{mark} {}", entry.label), 0, act)
        };
        let buttons: Vec<_> = page.items.iter().map(toggle).collect();
        let mut rows: Rows = buttons.chunks(2).map(<[_]>::to_vec).collect();
        let turn = |label: &str, to: usize| button(label, 0, Act::Setting(format!("{ENTRIES}:{to}")));
        rows.extend(pages(&say, &page, turn));
        rows.push(vec![back(&say, topic)]);
        self.outbox.change(&Asked::in_group(message, 0), message.id, say.which_entries(), rows).await;
    }

    /// `/status`
    pub async fn show_status(&self, message: &Incoming, asked: &Asked, set: &Set) {
        let say = self.responder.wording();
        let (hears, member) = self.membership.hears(message.chat.id).await;
        let mut text = if hears { say.hears_all().to_owned() } else { say.hears_little(&self.me.name) };
        let unprompted = if set.is_on(&UNPROMPTED) {
            if hears { say.unasked_on() } else { say.unasked_deaf() }
        } else {
            say.unasked_off()
        };
        text.push_str("\n\n");
        text.push_str(unprompted);
        if set.is_on(&UNPROMPTED) {
            text.push('\n');
            text.push_str(&self.unprompted.limits(message.chat.id, set).await);
        }
        let topic = self.unprompted.topic_name(message.chat.id, message.topic());
        if !set.speaks_in(message.topic()) {
            text.push_str("\n\n");
            text.push_str(&say.silent_in(topic.as_deref()));
        }
        if member["can_send_messages"] != false {
            self.outbox.say_line(asked, &text).await;
        } else if asked.asker != 0 {
            // The bot may not write in the group: whoever asked is told in private, unless that is nobody in particular.
            let text = format!("{}\n\n{text}", say.may_not_write(&message.chat.title));
            self.outbox.say_line(&Asked::in_private(asked.asker, asked.asker), &text).await;
        }
    }
}

/// The topic that the menu was sent to, 0 for General: in a forum, and where topics are listed from when it was one.
fn here(message: &Incoming, set: &Set) -> Option<i64> {
    let had_topic = message.presses.iter().any(|data| data.contains(":topic="));
    let has_topics = message.chat.is_forum || had_topic || set.get(TOPICS).is_some();
    has_topics.then(|| message.topic().unwrap_or(0))
}

/// What a press changes: the setting and its new value. None where that is no setting of this version.
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
            // There is no list any more to remove it from.
            return None;
        }
        let listed = listed.unwrap_or_default().split(',');
        let mut listed: Vec<i64> =
            listed.filter_map(|id| id.parse().ok()).filter(|known| *known != id).collect();
        if on == "on" && listed.len() < MAX_TOPICS {
            listed.push(id);
        }
        let list = listed.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        // An empty list would mean all topics; whoever removes the last one wants silence in all of them.
        return Some((TOPICS, Some(if list.is_empty() { NO_TOPIC.to_owned() } else { list })));
    }
    let choice = CHOICES.iter().find(|choice| choice.name == name)?;
    let value = choice.values.iter().find(|known| **known == value)?;
    Some((choice.name, (*value != choice.default).then(|| (*value).to_owned())))
}

/// The values of a setting: a press chooses one and leads back to the list.
fn values(say: &Wording, choice: &Choice, set: &Set, topic: Option<i64>) -> Rows {
    let row = |value: &&str| {
        let mark = if *value == set.value(choice) { "✓ " } else { "" };
        let label = format!("{mark}{}", say.setting_value(choice.name, value));
        vec![button(&label, 0, Act::Setting(format!("{}={value}", choice.name)))]
    };
    let mut rows: Vec<Vec<_>> = choice.values.iter().map(row).collect();
    rows.push(vec![back(say, topic)]);
    rows
}

/// The button that leads back to the list. `here` finds the topic again by it.
fn back(say: &Wording, topic: Option<i64>) -> InlineKeyboardButton {
    let list = if topic.is_some() { format!("{LIST}:{TOPIC}=") } else { LIST.to_owned() };
    button(say.all_settings(), 0, Act::Setting(list))
}

/// The menu's buttons: a press shows a setting's values. They are for every admin, so they name nobody.
fn rows(say: &Wording, set: &Set, topic: Option<i64>) -> Rows {
    let mut rows: Vec<Vec<_>> = CHOICES.iter().map(|choice| vec![row(say, choice, set)]).collect();
    let entries = Act::Setting(format!("{ENTRIES}:0"));
    rows.push(vec![button(&say.guide_entries(set.hidden().len()), 0, entries)]);
    if let Some(topic) = topic {
        let is_listed = set.get(TOPICS).is_some() && set.speaks_in(Some(topic).filter(|topic| *topic > 0));
        let (label, on) = match (set.get(TOPICS), is_listed) {
            (None, _) => (say.only_this_topic(), "on"),
            (Some(_), true) => (say.not_this_topic(), "off"),
            (Some(_), false) => (say.this_topic_too(), "on"),
        };
        rows.push(vec![button(label, 0, Act::Setting(format!("{TOPIC}={topic}:{on}")))]);
        if set.get(TOPICS).is_some() {
            rows.push(vec![button(say.every_topic(), 0, Act::Setting(format!("{TOPIC}={ALL}:on")))]);
        }
    }
    rows.push(vec![button(say.close_menu(), 0, Act::Setting(CLOSE.to_owned()))]);
    rows
}

fn row(say: &Wording, choice: &Choice, set: &Set) -> InlineKeyboardButton {
    let value = set.value(choice);
    let label = format!("{}: {}", say.setting_name(choice.name), say.setting_value(choice.name, value));
    button(&label, 0, Act::Setting(choice.name.to_owned()))
}
