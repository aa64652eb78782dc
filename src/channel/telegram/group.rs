//! A group: whoever addresses the bot is answered; else it speaks only where admins want it to, and when it is sure.

pub(crate) mod admins;
pub(crate) mod flood;
pub(crate) mod membership;
pub(crate) mod menu;
pub(crate) mod repeated;
pub mod settings;
pub(crate) mod unprompted;

use moka::sync::Cache;

use self::repeated::Answers;
use self::settings::{BUTTONS, REMOVAL, Set};
use super::answer::Asked;
use super::client::send::Target;
use super::command::{Command, command};
use super::intake::update::{Event, Incoming, Update};
use super::private::UNANSWERED_LINK;
use super::{Bot, CHANNEL, mention, now};
use crate::id::EntryId;
use crate::message::{Content, Place};
use crate::reply::{Outcome, wording};
use crate::responder::Response;
use crate::store::{Cooldown, Deletion, Turn};

/// Older messages of groups are not answered after an outage, in seconds.
const STALE: i64 = 120;

/// The commands that anybody may give without end.
const OWN: [&str; 8] = ["ask", "help", "start", "topics", "privacy", "why", "status", "unanswered"];

/// What happened in groups a short while ago.
pub struct Talk {
    /// Messages that somebody other than their author replied to, before their turn came. A webhook is brought no
    /// reply before it has dealt with the question.
    replied: Cache<(i64, i64), ()>,
    pub(super) answers: Answers,
}

impl Default for Talk {
    fn default() -> Self {
        let while_one_waits = std::time::Duration::from_mins(15);
        let replied = Cache::builder().max_capacity(50_000).time_to_live(while_one_waits).build();
        Self { replied, answers: Answers::default() }
    }
}

/// A message that addresses the bot, or does not.
enum Heard {
    Command(Command),
    /// The question, mentions cut out.
    Addressed(String),
    Overheard,
}

/// What `message` replies to, where that is somebody else's.
pub(super) fn answered_by_another(message: &Incoming) -> Option<&Incoming> {
    let speaker = message.speaker()?;
    message.reply_to.as_deref().filter(|question| question.speaker() != Some(speaker))
}

impl Bot {
    /// Looks at an update before it waits for its turn: a person's reply may stand right behind the question.
    pub fn overhear(&self, update: &Update) {
        if let Event::Message(message) = &update.event
            && let Some(question) = answered_by_another(message)
        {
            self.talk.replied.insert((message.chat.id, question.id), ());
        }
    }

    /// Whether somebody else has replied to this message.
    pub fn is_replied(&self, chat: i64, message: i64) -> bool {
        self.talk.replied.contains_key(&(chat, message))
    }

    pub(super) async fn on_group(&self, message: Incoming, is_edit: bool) {
        if let Some(new) = message.migrated_to {
            self.on_migration(message.chat.id, new).await;
            return;
        }
        if let Some(old) = message.migrated_from {
            self.on_migration(old, message.chat.id).await;
            return;
        }
        let set = self.settings.of(&settings::scope(message.chat.id));
        self.heard_again(&message, &set).await;
        let limit =
            self.max_age.map_or(STALE, |most| STALE.min(i64::try_from(most.as_secs()).unwrap_or(STALE)));
        if now().saturating_sub(message.date) > limit {
            return self.metrics.telegram_update("stale");
        }
        if message.is_automatic_forward || message.is_forward || message.via_bot {
            return;
        }
        if message.speaker().is_none() {
            return;
        }
        let Some(text) = message.text.clone() else {
            let may_be_turn = message.is_media && !is_edit && self.is_reply_to_us(&message);
            if may_be_turn && set.speaks_in(topic(&message)) && self.is_first_of_album(&message).await {
                let _was_turn = self.goes_on_in_group(&message, None).await;
            }
            return;
        };
        if is_edit {
            return self.on_group_edit(&message, &text, &set).await;
        }
        match self.hear(&message, &text) {
            Heard::Command(command) => self.on_group_command(&message, command, &set).await,
            _ if !set.speaks_in(topic(&message)) => {}
            Heard::Addressed(text) if self.goes_on_in_group(&message, words(&message, &text)).await => {}
            Heard::Addressed(_) if !self.may_ask(&message) => {}
            Heard::Addressed(question) if question.is_empty() => {
                self.on_bare(&message, &set).await;
            }
            Heard::Addressed(question) => self.on_addressed(&message, message.id, &question, &set).await,
            Heard::Overheard => self.on_overheard(&message, &text, &set).await,
        }
    }

    /// Whether and how a message addresses the bot.
    fn hear(&self, message: &Incoming, text: &str) -> Heard {
        let me = &self.me;
        if let Some(command) = command(text) {
            return Heard::Command(command);
        }
        if let Some(question) = mention::strip(text, &message.entities, &me.name, me.id) {
            return Heard::Addressed(question);
        }
        if self.is_reply_to_us(message) { Heard::Addressed(text.trim().to_owned()) } else { Heard::Overheard }
    }

    fn is_reply_to_us(&self, message: &Incoming) -> bool {
        message.reply_to.as_ref().and_then(|question| question.from).is_some_and(|from| from.id == self.me.id)
    }

    async fn on_group_command(&self, message: &Incoming, command: Command, set: &Set) {
        let name = self.me.name.as_str();
        let is_named = match &command.bot {
            Some(bot) if bot.eq_ignore_ascii_case(name) => true,
            Some(_) => return,
            None => false,
        };
        let asked = asked(message, message.id);
        let speaks = set.speaks_in(topic(message));
        if OWN.contains(&command.name.as_str()) && !self.may_ask(message) {
            return;
        }
        match command.name.as_str() {
            "settings" => self.show_settings(message, &asked).await,
            "status" => self.show_status(message, &asked, set).await,
            _ if !speaks => {}
            "ask" if command.rest.is_empty() => self.on_bare(message, set).await,
            "ask" => self.on_addressed(message, message.id, &command.rest, set).await,
            "help" => {
                self.say(&asked, &wording::telegram_group_help(name), Vec::new()).await;
            }
            "teach" => self.teach_reply(message, &asked).await,
            "add" => self.begin_adding(message, &asked).await,
            "mine" => self.show_mine(message, &asked).await,
            "why" => self.explain(message, &asked).await,
            // A channel speaks for nobody in particular either, and is no anonymous admin.
            "cancel" if message.sender_chat.is_none() || self.is_from_admin(message).await => {
                self.cancel(&asked, message.id).await;
            }
            "unanswered" => self.link_unanswered(message, &asked).await,
            "topics" => self.show_topics(&asked, 0).await,
            "privacy" => {
                self.say(&asked, wording::PRIVACY, Vec::new()).await;
            }
            // Other bots have one too.
            "start" if is_named => {
                self.say(&asked, &wording::telegram_group_help(name), Vec::new()).await;
            }
            _ => {}
        }
    }

    /// Whether whoever wrote this may ask now; a flood by one member shall not use up what the group gets.
    fn may_ask(&self, message: &Incoming) -> bool {
        let member = message.sender_chat.or(message.from.map(|from| from.id)).unwrap_or(0);
        let may = self.members.may_ask(message.chat.id, member);
        if !may {
            self.metrics.telegram_update("capped");
        }
        may
    }

    /// The next turn of an admin's dialogue, which replies to the bot as a question might.
    async fn goes_on_in_group(&self, message: &Incoming, text: Option<&str>) -> bool {
        let asked = asked(message, message.id);
        (message.sender_chat.is_none() || self.is_from_admin(message).await)
            && self.goes_on(&asked, message.id, text).await
    }

    /// What was asked in vain is no talk for the whole group.
    async fn link_unanswered(&self, message: &Incoming, asked: &Asked) {
        let link = format!("https://t.me/{}?start={UNANSWERED_LINK}{}", self.me.name, message.chat.id);
        let row = url::Url::parse(&link)
            .map(|link| vec![teloxide::types::InlineKeyboardButton::url(wording::OPEN_UNANSWERED, link)]);
        self.say(asked, wording::UNANSWERED_IN_PRIVATE, row.into_iter().collect()).await;
    }

    /// `/ask` or a mention alone: the message that it replies to is the question.
    async fn on_bare(&self, message: &Incoming, set: &Set) {
        let me = Some(self.me.id);
        let meant = message.reply_to.as_ref().filter(|meant| meant.from.map(|from| from.id) != me);
        match meant.and_then(|meant| Some((meant.id, meant.text.as_deref()?))) {
            Some((id, text)) if !text.trim().is_empty() => self.on_addressed(message, id, text, set).await,
            _ => {
                self.say(&asked(message, message.id), wording::ASK_WHAT, Vec::new()).await;
            }
        }
    }

    /// A question put to the bot; the answer replies to the message `question`.
    async fn on_addressed(&self, message: &Incoming, question: i64, text: &str, set: &Set) {
        let asked = asked(message, question);
        let response = self.ask(&asked, Content::Text(text.to_owned())).await;
        let mut turns = Vec::new();
        if let Outcome::Answer(entries) = &response.reply.outcome
            && let [entry] = entries.as_slice()
        {
            match self.take_turn_of(message.chat.id, entry, set).await {
                Some(taken) => turns = taken,
                None if self.point_above(&asked, entry).await => return,
                None => {}
            }
        }
        let said = message.text.as_deref().unwrap_or_default();
        let answer = self.reply(&asked, &response.reply, set.is_on(&BUTTONS)).await;
        self.keep_if_said(&turns, answer).await;
        self.after_answer(&asked, (message.id, said), text, &response, answer).await;
    }

    /// Takes the entry's turn in the group; none when it rests. Without the store nothing rests.
    pub(super) async fn take_turn_of(&self, chat: i64, entry: &EntryId, set: &Set) -> Option<Vec<Turn>> {
        let minutes = minutes_of_rest(set);
        let group = settings::group(chat);
        if minutes == 0 {
            return Some(Vec::new());
        }
        match self.store.try_take(&Cooldown::Entry { group: &group, entry }, minutes * 60, now()).await {
            Ok(turn) => Some(vec![turn?]),
            Err(_) => Some(Vec::new()),
        }
    }

    /// Nobody shall wait, or be pointed to an answer, for one that never went out.
    pub(super) async fn keep_if_said(&self, turns: &[Turn], said: Option<i64>) {
        if said.is_none() {
            for turn in turns {
                // Then it has to expire.
                let _stays = self.store.give_back(turn).await;
            }
        }
    }

    /// What is remembered of an answer in a group, and when it goes.
    pub(super) async fn after_answer(
        &self,
        asked: &Asked,
        question: (i64, &str),
        read: &str,
        response: &Response,
        sent: Option<i64>,
    ) {
        let Some(sent) = sent else { return };
        self.remember_answer(asked, question, read, response, sent);
        self.stands_above(asked, &response.reply.outcome, sent);
        self.schedule_removal(asked, Some(sent)).await;
    }

    /// Has one of the bot's messages removed after a while, where the group wants that.
    pub(super) async fn schedule_removal(&self, asked: &Asked, sent: Option<i64>) {
        let chat = asked.target.chat;
        let minutes = self.settings.of(&settings::scope(chat)).number(&REMOVAL);
        let Some(sent) = sent.filter(|_| minutes > 0 && asked.place != Place::Private) else { return };
        let deletion =
            Deletion { channel: CHANNEL.to_owned(), chat: chat.to_string(), message: sent.to_string() };
        // The store says itself why it cannot; then the message stays.
        let _stays = self.store.schedule(&deletion, now() + minutes * 60).await;
    }

    async fn on_group_edit(&self, message: &Incoming, text: &str, set: &Set) {
        let Some(answer) = self.to_change(message.chat.id, message.id, text).await else { return };
        let (question, place) = match self.hear(message, text) {
            Heard::Command(command) if command.name == "ask" => (command.rest, Place::Addressed),
            Heard::Command(_) => return,
            Heard::Addressed(question) => (question, Place::Addressed),
            Heard::Overheard => (text.to_owned(), Place::Overheard),
        };
        if question.trim().is_empty() {
            return;
        }
        let asked = Asked { place, ..asked(message, message.id) };
        let response = self.ask(&asked, Content::Text(question.clone())).await;
        if response.reply.outcome == Outcome::Silent {
            return;
        }
        let standing = self.change_to(&asked, answer.message, &response.reply, set.is_on(&BUTTONS)).await;
        self.shows_another(&asked, &answer).await;
        if let Some(standing) = standing {
            self.remember_answer(&asked, (message.id, text), &question, &response, standing);
        }
    }

    /// The group became a supergroup: everything of it moves. Both say so, and a refusal too; doing it again changes
    /// nothing. Whether it is done.
    pub(super) async fn on_migration(&self, old: i64, new: i64) -> bool {
        self.sender.moved(old, new);
        self.admins.forget(old);
        let moved = self.store.move_group(&settings::group(old), &settings::group(new)).await;
        let read = self.settings.catch_up().await;
        let is_done = moved.and(read).is_ok();
        if !is_done {
            tracing::error!("a group became a supergroup, but its settings could not be moved");
        }
        is_done
    }
}

/// How long an entry rests, in minutes.
pub fn minutes_of_rest(set: &Set) -> i64 {
    match set.number(&REMOVAL) {
        0 => set.number(&settings::COOLDOWN),
        // What is removed cannot be pointed to.
        removal => removal.min(set.number(&settings::COOLDOWN)),
    }
}

/// The forum's topic; none for General and elsewhere.
pub fn topic(message: &Incoming) -> Option<i64> {
    message.thread.filter(|_| message.is_topic_message)
}

/// What was said in words alone: a turn of a dialogue has no room for a picture.
pub fn words<'text>(message: &Incoming, text: &'text str) -> Option<&'text str> {
    (!message.is_media).then_some(text)
}

/// Who asked, and that the answer replies to the message `question` in its topic.
pub fn asked(message: &Incoming, question: i64) -> Asked {
    // Nobody in particular stands behind a group's or a channel's name.
    let asker = match (message.sender_chat, message.from) {
        (None, Some(from)) => from.id,
        _ => 0,
    };
    let reply_to = (question > 0).then_some(question);
    let target = Target { chat: message.chat.id, topic: topic(message), reply_to };
    Asked { target, asker, place: Place::Addressed }
}
