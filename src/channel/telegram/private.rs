//! A private chat: everything gets an answer.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::DefaultClock;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use moka::sync::Cache;
use teloxide::types::InlineKeyboardButton;
use url::Url;

use super::answer::Asked;
use super::client::send::Target;
use super::command::{Command, command};
use super::group::words;
use super::intake::update::{ChatKind, Incoming};
use super::keyboard::{Act, button};
use super::{Bot, CHANNEL, now, topics};
use crate::memory::Notes;
use crate::message::{Content, Payload, PersonId, Place};
use crate::reply::{Outcome, wording};
use crate::store::{Author, Scope};
use crate::text::normalize::normalize;

/// One person gets so many answers at once, then one every so often.
const BURST: u32 = 6;
const PERIOD: Duration = Duration::from_secs(2);

/// How often a person is told so.
const TOLD: Duration = Duration::from_mins(10);

/// How long the parts of one album are taken for one message.
const ALBUM: Duration = Duration::from_mins(1);

/// What a deep link to a group's unanswered questions begins with; no entry's id has a `_`.
pub const UNANSWERED_LINK: &str = "unanswered_";

/// How much one person may ask.
pub struct Caps {
    people: Option<RateLimiter<i64, DefaultKeyedStateStore<i64>, DefaultClock>>,
    told: Cache<i64, ()>,
    /// The first message of each.
    albums: Notes<i64>,
}

impl Caps {
    /// Bounds what one person may ask, or not.
    pub fn new(limited: bool) -> Self {
        let quota = Quota::with_period(PERIOD)
            .map(|quota| quota.allow_burst(NonZeroU32::new(BURST).unwrap_or(NonZeroU32::MIN)));
        Self {
            people: quota.filter(|_| limited).map(RateLimiter::keyed),
            told: Cache::builder().max_capacity(10_000).time_to_live(TOLD).build(),
            albums: Notes::new("album", 10_000, ALBUM),
        }
    }

    /// Forgets those who have long been quiet.
    pub fn tidy(&self) {
        if let Some(people) = &self.people {
            people.retain_recent();
        }
    }
}

impl Bot {
    /// A message came, or was changed.
    pub async fn on_message(&self, message: Incoming, is_edit: bool) {
        match message.chat.kind {
            ChatKind::Private if message.from.is_none_or(|from| !from.is_bot) => {
                self.on_private(message, is_edit).await;
            }
            ChatKind::Group => self.on_group(message, is_edit).await,
            ChatKind::Private | ChatKind::Other => {}
        }
    }

    async fn on_private(&self, message: Incoming, is_edit: bool) {
        let age = now().saturating_sub(message.date);
        if self.max_age.is_some_and(|most| age > i64::try_from(most.as_secs()).unwrap_or(i64::MAX)) {
            return self.metrics.telegram_update("stale");
        }
        let person = message.from.map_or(message.chat.id, |from| from.id);
        let asked =
            Asked { target: private_target(message.chat.id, None), asker: person, place: Place::Private };
        self.sender.opened(message.chat.id);
        let Some(text) = message.text.as_deref() else {
            if message.is_media
                && !is_edit
                && self.is_first_of_album(&message).await
                && !self.goes_on(&asked, message.id, None).await
            {
                self.hint(&asked).await;
            }
            return;
        };
        if is_edit {
            return self.on_private_edit(&asked, &message, text).await;
        }
        self.slow_down(&asked).await;
        match command(text) {
            Some(command) => self.on_private_command(&asked, &message, command).await,
            None if self.goes_on(&asked, message.id, words(&message, text)).await => {}
            // A face or a mark is neither a question nor missing in the guide.
            None if normalize(text).is_empty() => self.hint(&asked).await,
            None => self.on_question(&asked, message.id, text, text).await,
        }
    }

    /// What cannot be read gets a hint.
    async fn hint(&self, asked: &Asked) {
        let response = self.ask(asked, Content::Unreadable).await;
        let _told = self.reply(asked, &response.reply, true).await;
    }

    /// Whether this message is alone, or the first of an album; also when it comes again, since nobody knew whether it
    /// was answered.
    pub(super) async fn is_first_of_album(&self, message: &Incoming) -> bool {
        let Some(album) = &message.album else { return true };
        let of = format!("{}:{album}", message.chat.id);
        if let Some(first) = self.notes.recall(&self.caps.albums, &of).await {
            return first == message.id;
        }
        let person = message.from.map_or(0, |from| from.id);
        self.notes.remember(&self.caps.albums, of, person, message.id).await;
        true
    }

    /// Makes those wait who ask more than can be read, and says so once.
    async fn slow_down(&self, asked: &Asked) {
        let Some(people) = &self.caps.people else { return };
        if people.check_key(&asked.asker).is_ok() {
            return;
        }
        if !self.caps.told.contains_key(&asked.asker) {
            self.caps.told.insert(asked.asker, ());
            self.say(asked, wording::SLOW_DOWN, Vec::new()).await;
        }
        people.until_key_ready(&asked.asker).await;
    }

    /// Answers a question, and remembers the answer in case the question is edited.
    async fn on_question(&self, asked: &Asked, message: i64, text: &str, question: &str) {
        let response = self.ask(asked, Content::Text(question.to_owned())).await;
        if response.reply.outcome == Outcome::Silent {
            return;
        }
        if let Some(sent) = self.reply(asked, &response.reply, true).await {
            self.remember_answer(asked, (message, text), question, &response, sent);
        }
    }

    async fn on_private_edit(&self, asked: &Asked, message: &Incoming, text: &str) {
        let Some(sent) = self.to_change(message.chat.id, message.id, text).await else { return };
        let question = match command(text) {
            Some(command) if command.name == "ask" => command.rest,
            Some(_) => return,
            None => text.to_owned(),
        };
        let response = self.ask(asked, Content::Text(question.clone())).await;
        if let Some(standing) = self.change_to(asked, sent.message, &response.reply, true).await {
            self.remember_answer(asked, (message.id, text), &question, &response, standing);
        }
    }

    async fn on_private_command(&self, asked: &Asked, message: &Incoming, command: Command) {
        let Command { name, rest, .. } = command;
        match name.as_str() {
            "start" => self.start(asked, &rest).await,
            "help" => {
                let name = self.me.name.as_str();
                let rows = self.contact_row(&Outcome::Fallback(None)).into_iter().collect();
                self.say(asked, &wording::telegram_help(name), rows).await;
            }
            "topics" => self.show_topics(asked, 0).await,
            "ask" if rest.is_empty() => {
                self.say(asked, wording::ASK_WHAT, Vec::new()).await;
            }
            "ask" => {
                let text = message.text.as_deref().unwrap_or_default();
                self.on_question(asked, message.id, text, &rest).await;
            }
            "privacy" => {
                self.say(asked, wording::PRIVACY, Vec::new()).await;
            }
            "forget" => self.forget(asked).await,
            "unanswered" => self.show_unanswered(asked, None).await,
            "why" => self.explain(message, asked).await,
            "cancel" if self.cancel(asked, message.id).await => {}
            "cancel" => {
                self.say(asked, wording::NOTHING_TO_CANCEL, Vec::new()).await;
            }
            "contact" if self.is_operator(asked.asker) => self.set_contact(asked, &rest).await,
            "settings" | "status" | "teach" | "add" | "mine" => {
                self.say(asked, wording::ONLY_IN_GROUPS, Vec::new()).await;
            }
            _ => {
                self.say(asked, wording::UNKNOWN_COMMAND, Vec::new()).await;
            }
        }
    }

    /// Welcomes a newcomer, or opens the entry of a deep link.
    async fn start(&self, asked: &Asked, payload: &str) {
        if let Some(chat) = payload.strip_prefix(UNANSWERED_LINK).and_then(|chat| chat.parse().ok()) {
            return self.show_unanswered(asked, Some(chat)).await;
        }
        let view = self.responder.view(None).await;
        if let Ok(id) = payload.parse()
            && view.entry(&id).is_some()
        {
            let response = self.ask(asked, Content::Press(Payload::Entry(id))).await;
            let _told = self.reply(asked, &response.reply, true).await;
            return;
        }
        let mut rows: Vec<Vec<InlineKeyboardButton>> = (view.popular())
            .map(|entry| vec![button(&entry.question, asked.asker, Act::Entry(entry.id.clone()))])
            .collect();
        rows.push(vec![button(wording::ALL_TOPICS, asked.asker, Act::Topics(0))]);
        self.say(asked, &wording::telegram_welcome(&view.guide().title), rows).await;
    }

    /// Shows a page of topics.
    pub async fn show_topics(&self, asked: &Asked, page: usize) {
        let view = self.responder.view(asked.group().as_ref()).await;
        let (text, rows) = topics::page(&view, page, asked.asker);
        self.say(asked, &text, rows).await;
    }

    async fn forget(&self, asked: &Asked) {
        let person = PersonId::new(CHANNEL, &asked.asker.to_string());
        let line = match self.responder.memory().forget(&person).await {
            Ok(_) => wording::FORGOTTEN,
            Err(_) => wording::NOT_NOW,
        };
        self.say(asked, line, Vec::new()).await;
    }

    /// Whether this person may manage the base.
    pub fn is_operator(&self, person: i64) -> bool {
        u64::try_from(person).is_ok_and(|person| self.operators.contains(&person))
    }

    async fn set_contact(&self, asked: &Asked, rest: &str) {
        let name = rest.trim_start_matches('@');
        let is_name =
            (5..=32).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let value = match rest {
            "off" => None,
            _ if is_name => Some(name),
            _ => {
                self.say(asked, wording::CONTACT_HOW, Vec::new()).await;
                return;
            }
        };
        let author = Author::person(&self.store.secret().person(CHANNEL, &asked.asker.to_string()));
        let set = self.settings.set(&Scope::Base, super::CONTACT, value, &author, now()).await;
        let line = if set.is_ok() { wording::CONTACT_SET } else { wording::NOT_NOW };
        self.say(asked, line, Vec::new()).await;
    }

    /// The button that leads to a person, below what did not help.
    pub fn contact_row(&self, outcome: &Outcome) -> Option<Vec<InlineKeyboardButton>> {
        if !matches!(outcome, Outcome::Fallback(_)) {
            return None;
        }
        let name = self.contact()?;
        let link = Url::parse(&format!("https://t.me/{name}")).ok()?;
        Some(vec![InlineKeyboardButton::url(wording::TALK_TO_A_PERSON, link)])
    }
}

/// A private chat has no topics that matter, and nothing needs to be quoted there.
pub fn private_target(chat: i64, reply_to: Option<i64>) -> Target {
    Target { chat, topic: None, reply_to }
}
