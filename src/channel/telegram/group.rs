//! A group: the bot answers those who address it; else it speaks only where admins allow it, and when it is sure.

pub mod admins;
pub mod answers;
pub mod flood;
pub mod membership;
pub mod menu;
pub mod repeated;
pub mod settings;
mod teaser;
pub mod unprompted;

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use teloxide::types::InlineKeyboardButton;
use url::Url;

use self::flood::MemberLimit;
use self::settings::{Set, Settings};
use super::answer::Question;
use super::client::send::Target;
use super::command::{Command, command};
use super::identity::{Me, now, scope};
use super::intake::update::{Incoming, Standing};
use super::mention;
use super::outbox::Asked;
use super::parts::Parts;
use super::resources::Resources;
use super::teaching::UNANSWERED_LINK;
use super::topics;
use crate::message::{Content, Place};
use crate::reply::Outcome;
use crate::responder::Responder;
use crate::telemetry::Metrics;

/// Older messages that do not address the bot are not answered after an outage, in seconds.
const MAX_AGE_OVERHEARD: i64 = 120;

/// The commands that are answered, besides those of admins.
const COMMANDS: [&str; 9] =
    ["ask", "help", "start", "topics", "privacy", "why", "status", "unanswered", "cancel"];

/// The commands of admins.
const ADMIN_COMMANDS: [&str; 5] = ["settings", "teach", "add", "mine", "log"];

/// How long a member is not told again that a command is for admins only.
const REFUSAL_PERIOD: Duration = Duration::from_mins(10);

/// Handles what happens in groups.
pub struct Group {
    me: Arc<Me>,
    settings: Arc<Settings>,
    responder: Arc<Responder>,
    metrics: Metrics,
    max_age: Option<i64>,
    retention_days: u64,
    limit: MemberLimit,
    /// The members who were told that a command is for admins only.
    refused: Cache<(i64, i64), ()>,
    parts: Parts,
}

/// A message that addresses the bot, or does not.
enum Heard {
    Command(Command),
    /// The question, without mentions, and whether it was addressed or is a reply to the bot.
    Addressed(Place, String),
    Overheard,
}

impl Group {
    /// Messages older than `max_age` are not answered, and those that do not address the bot not after two minutes.
    pub fn new(of: &Resources, parts: Parts, max_age: Option<Duration>) -> Self {
        let Resources { me, metrics, responder, settings, .. } = of.clone();
        let max_age = max_age.and_then(|age| i64::try_from(age.as_secs()).ok());
        Self {
            me,
            settings,
            responder,
            metrics,
            max_age,
            retention_days: of.retention_days,
            limit: MemberLimit::new(of.is_limited),
            refused: Cache::builder().max_capacity(10_000).time_to_live(REFUSAL_PERIOD).build(),
            parts,
        }
    }

    /// Drops the state of idle members.
    pub fn prune(&self) {
        self.limit.prune();
    }

    /// The bot was added, promoted, restricted or removed. A new group is told what the bot can hear, and how to ask.
    pub async fn on_standing(&self, standing: &Standing) {
        if !self.parts.membership.changed(standing).await {
            return;
        }
        let target = Target { chat: standing.chat.id, topic: None, reply_to: None };
        let asked = Asked { target, asker: 0, place: Place::Addressed };
        let hears_all = standing.new == "administrator" || self.parts.membership.hears_all().await;
        let view = self.responder.view(asked.group().as_ref()).await;
        let text =
            view.wording().welcome_to_group(&view.guide().title, view.example(), &self.me.name, hears_all);
        self.parts.outbox.say_with(&asked, &text, Vec::new(), Vec::new()).await;
    }

    async fn help(&self, asked: &Asked) {
        let view = self.responder.view(None).await;
        let help = view.wording().telegram_group_help(view.example(), &self.me.name);
        self.say(asked, &help).await;
    }

    async fn say(&self, asked: &Asked, line: &str) {
        self.parts.outbox.say_line(asked, line).await;
    }

    /// A message came, or was edited.
    pub async fn on_message(&self, message: &Incoming, is_edit: bool) {
        if let Some(new) = message.migrated_to {
            self.parts.membership.migrated(message.chat.id, new).await;
            return;
        }
        if let Some(old) = message.migrated_from {
            self.parts.membership.migrated(old, message.chat.id).await;
            return;
        }
        let set = self.settings.of(&scope(message.chat.id));
        self.parts.membership.heard_again(message, &set).await;
        self.parts.unprompted.note_topic(message);
        let age = now().saturating_sub(message.date);
        if self.max_age.is_some_and(|max| age > max) {
            return self.metrics.telegram_update("stale");
        }
        if message.is_automatic_forward || message.is_forward || message.via_bot {
            return;
        }
        if message.speaker().is_none() {
            return;
        }
        self.parts.origins.heard(message);
        let Some(text) = &message.text else {
            let may_be_step = message.is_media && !is_edit && self.is_reply_to_us(message);
            if may_be_step && set.speaks_in(message.topic()) && self.parts.albums.is_first(message).await {
                self.goes_on(message, None).await;
            }
            return;
        };
        if is_edit {
            return self.on_edit(message, text).await;
        }
        match self.hear(message, text) {
            Heard::Command(command) => self.on_command(message, command, &set).await,
            _ if !set.speaks_in(message.topic()) => {}
            Heard::Addressed(_, text) if self.goes_on(message, message.words(&text)).await => {}
            Heard::Addressed(..) if !self.may_ask(message, true).await => {}
            Heard::Addressed(_, question) if question.is_empty() => self.on_bare(message, &set).await,
            Heard::Addressed(place, question) => {
                let asked = Asked { place, ..Asked::in_group(message, message.id) };
                self.on_addressed(message, &asked, &question, &set).await;
            }
            Heard::Overheard if self.hints(message).await => {}
            Heard::Overheard if age > MAX_AGE_OVERHEARD => self.metrics.telegram_update("stale"),
            Heard::Overheard => self.parts.unprompted.consider(message, text, &set).await,
        }
    }

    /// Whether and how a message addresses the bot.
    fn hear(&self, message: &Incoming, text: &str) -> Heard {
        if let Some(command) = command(text) {
            return Heard::Command(command);
        }
        if let Some(question) = mention::strip(text, &message.entities, &self.me.name, self.me.id) {
            return Heard::Addressed(Place::Addressed, question);
        }
        if self.is_reply_to_us(message) {
            Heard::Addressed(Place::Replied, text.trim().to_owned())
        } else {
            Heard::Overheard
        }
    }

    fn is_reply_to_us(&self, message: &Incoming) -> bool {
        message.reply_to.as_ref().and_then(|question| question.from).is_some_and(|from| from.id == self.me.id)
    }

    async fn on_command(&self, message: &Incoming, command: Command, set: &Set) {
        let say = self.responder.wording();
        let name = self.me.name.as_str();
        let is_named = match &command.bot {
            Some(bot) if bot.eq_ignore_ascii_case(name) => true,
            Some(_) => return,
            None => false,
        };
        let asked = Asked::in_group(message, message.id);
        let speaks = set.speaks_in(message.topic());
        let Parts { menu, teaching, admins, .. } = &self.parts;
        let command_name = command.name.as_str();
        if ADMIN_COMMANDS.contains(&command_name) {
            if !admins.sent(message).await {
                if speaks || command_name == "settings" {
                    self.refuse(message, &asked).await;
                }
                return;
            }
            self.parts.membership.used(message.chat.id, set, asked.asker).await;
        }
        if COMMANDS.contains(&command_name) && !self.may_ask(message, command_name == "ask").await {
            return;
        }
        let is_known = COMMANDS.contains(&command_name) || ADMIN_COMMANDS.contains(&command_name);
        if is_known && command_name != "ask" && speaks {
            self.parts.outbox.tidy_up(message.chat.id, message.id).await;
        }
        match command_name {
            "settings" => menu.show(message, &asked, set).await,
            "status" => menu.show_status(message, &asked, set).await,
            // Also where it does not speak: that may be the reason.
            "why" if speaks || admins.sent(message).await => {
                self.say(&asked, &self.why(message, &asked, set).await).await;
            }
            _ if !speaks => {}
            "ask" if command.rest.is_empty() => self.on_bare(message, set).await,
            "ask" => self.on_addressed(message, &asked, &command.rest, set).await,
            "help" => self.help(&asked).await,
            "teach" | "add" | "mine" | "log" => teaching.on_admin_command(message, &asked, &command).await,
            // A channel speaks for nobody in particular either, and is no anonymous admin.
            "cancel" if message.sender_chat.is_none() || admins.sent(message).await => {
                teaching.cancel(&asked, message.id).await;
            }
            "unanswered" => self.link_unanswered(message, &asked).await,
            "topics" => {
                let view = self.responder.view(asked.group().as_ref()).await.without(set.hidden());
                let (text, rows) = topics::page(&view, 0, asked.asker);
                self.parts.outbox.say(&asked, &text, rows).await;
            }
            "privacy" => self.say(&asked, &say.privacy(self.retention_days)).await,
            // Other bots have one too.
            "start" if is_named => self.help(&asked).await,
            _ => {}
        }
    }

    /// Says that a command is for admins only, to each member once in a while.
    async fn refuse(&self, message: &Incoming, asked: &Asked) {
        let say = self.responder.wording();
        let member = (message.chat.id, message.speaker().unwrap_or(0));
        if !self.refused.contains_key(&member) {
            self.refused.insert(member, ());
            self.say(asked, say.admins_only()).await;
        }
    }

    /// Whether the member who wrote this may ask a question, or give another command, now. Admins may always.
    async fn may_ask(&self, message: &Incoming, question: bool) -> bool {
        let member = message.speaker().unwrap_or(0);
        let may =
            self.limit.check(message.chat.id, member, question) || self.parts.admins.sent(message).await;
        if !may {
            self.metrics.telegram_update("capped");
        }
        may
    }

    /// Takes a reply to the bot as the next step of an admin's dialogue; whether it was one.
    async fn goes_on(&self, message: &Incoming, text: Option<&str>) -> bool {
        let asked = Asked::in_group(message, message.id);
        (message.sender_chat.is_none() || self.parts.admins.sent(message).await)
            && self.parts.teaching.go_on(&asked, message, text).await
    }

    /// Tells once whoever was asked for a reply and wrote something else; whether it did.
    async fn hints(&self, message: &Incoming) -> bool {
        let asked = Asked::in_group(message, message.id);
        self.parts.teaching.hint(&asked, message).await
    }

    /// Why a question was answered so, or, to admins, why it was not answered.
    async fn why(&self, message: &Incoming, asked: &Asked, set: &Set) -> String {
        let say = self.responder.wording();
        if let Some(why) = self.parts.whys.explain(message, asked).await {
            return why;
        }
        let meant = message.reply_to.as_deref().filter(|meant| meant.text.is_some());
        match meant.filter(|meant| meant.from.map(|from| from.id) != Some(self.me.id)) {
            Some(meant) if self.parts.admins.sent(message).await => {
                self.parts.unprompted.why_silent(asked, meant, set).await
            }
            _ => say.why_how().to_owned(),
        }
    }

    /// Unanswered questions are shown in private, not to the whole group.
    async fn link_unanswered(&self, message: &Incoming, asked: &Asked) {
        let say = self.responder.wording();
        let link = format!("https://t.me/{}?start={UNANSWERED_LINK}{}", self.me.name, message.chat.id);
        let row = Url::parse(&link).map(|link| vec![InlineKeyboardButton::url(say.open_unanswered(), link)]);
        let rows = row.into_iter().collect();
        self.parts.outbox.say(asked, say.unanswered_in_private(), rows).await;
    }

    /// `/ask` or a mention alone: the message that it replies to is the question.
    async fn on_bare(&self, message: &Incoming, set: &Set) {
        let say = self.responder.wording();
        let me = Some(self.me.id);
        let meant = message.reply_to.as_ref().filter(|meant| meant.from.map(|from| from.id) != me);
        match meant.and_then(|meant| Some((meant.id, meant.text.as_deref()?))) {
            Some((id, text)) if !text.trim().is_empty() => {
                self.on_addressed(message, &Asked::in_group(message, id), text, set).await;
            }
            _ => {
                let view = self.responder.view(None).await;
                self.say(&Asked::in_group(message, message.id), &say.ask_what(view.example())).await;
            }
        }
    }

    /// A question to the bot, or a reply that may be one.
    async fn on_addressed(&self, message: &Incoming, asked: &Asked, read: &str, set: &Set) {
        let say = self.responder.wording();
        let mut response = self.parts.answers.ask(asked, Content::Text(read.to_owned())).await;
        if response.reply.outcome == Outcome::Silent {
            return;
        }
        if message.is_caption {
            response.reply.text.extend(["\n\n", say.picture_not_seen()]);
        }
        let mut cooldowns = Vec::new();
        if let Outcome::Answer(entries) = &response.reply.outcome
            && let [entry] = entries.as_slice()
        {
            match self.parts.group_answers.start_cooldown(message.chat.id, entry, set).await {
                Some(started) => cooldowns = started,
                None if self.parts.repeated.link(asked, entry).await => return,
                None => {}
            }
        }
        let text = message.text.as_deref().unwrap_or_default();
        let question = Question { message: message.id, text, read };
        self.parts.group_answers.answer(asked, question, &response, &cooldowns).await;
    }

    async fn on_edit(&self, message: &Incoming, text: &str) {
        let Parts { answers, repeated, .. } = &self.parts;
        let Some(answer) = answers.outdated(message.chat.id, message.id, text).await else { return };
        let (read, place) = match self.hear(message, text) {
            Heard::Command(command) if command.name == "ask" => (command.rest, Place::Addressed),
            Heard::Command(_) => return,
            Heard::Addressed(place, question) => (question, place),
            Heard::Overheard => (text.to_owned(), Place::Overheard),
        };
        if read.trim().is_empty() {
            return;
        }
        let asked = Asked { place, ..Asked::in_group(message, message.id) };
        let response = answers.ask(&asked, Content::Text(read.clone())).await;
        if response.reply.outcome == Outcome::Silent {
            return;
        }
        let reply = self.parts.group_answers.as_sent(&asked, &response.reply).await;
        let sent = answers.change(&asked, answer.message, &reply).await;
        repeated.forget(&asked, &answer).await;
        if let Some(sent) = sent {
            let question = Question { message: message.id, text, read: &read };
            answers.remember(&asked, question, &response, sent);
        }
    }
}
