//! A private chat: everything gets an answer.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::DefaultClock;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use moka::sync::Cache;
use teloxide::types::{InlineKeyboardButton, WebAppInfo};
use url::Url;

use super::album::Albums;
use super::answer::{Answers, Question};
use super::client::send::Sender;
use super::command::{Command, command};
use super::group::settings::{CONTACT, Settings};
use super::identity::{CHANNEL, GUEST, Me, SECRETARY, author, now};
use super::intake::update::Incoming;
use super::keyboard::{Act, Rows, button};
use super::outbox::{Asked, Outbox};
use super::parts::Parts;
use super::resources::Resources;
use super::secretary::Secretary;
use super::teaching::{SETUP_LINK, Teaching, UNANSWERED_LINK};
use super::topics;
use super::why::Whys;
use crate::faq::Entry;
use crate::memory::{Notebook, Notes};
use crate::message::{Content, Payload, PersonId};
use crate::reply::Outcome;
use crate::responder::Responder;
use crate::store::{Scope, Store};
use crate::telemetry::Metrics;
use crate::text::normalize::normalize;
use crate::wording::console::{self, Tongue};

/// The rate limit of one person: a burst, then one answer a period.
const BURST: u32 = 6;
const PERIOD: Duration = Duration::from_secs(2);

/// How often a person is told about it.
const NOTICE_PERIOD: Duration = Duration::from_mins(10);

/// Emoji that approve.
const LIKES: &str = "👍👌👏🙏❤♥🧡💛💚💙💜🥰😍💯✅🔥";

/// How long a person is not thanked again for a Like.
const THANKS_PERIOD: Duration = Duration::from_hours(24);

/// The rate limit of people in private chats.
struct PersonLimit {
    people: Option<RateLimiter<i64, DefaultKeyedStateStore<i64>, DefaultClock>>,
    told: Cache<i64, ()>,
}

impl PersonLimit {
    fn new(limited: bool) -> Self {
        let quota = Quota::with_period(PERIOD)
            .map(|quota| quota.allow_burst(NonZeroU32::new(BURST).unwrap_or(NonZeroU32::MIN)));
        Self {
            people: quota.filter(|_| limited).map(RateLimiter::keyed),
            told: Cache::builder().max_capacity(10_000).time_to_live(NOTICE_PERIOD).build(),
        }
    }
}

/// A longer label is cut on a phone's screen, in characters.
const START_LABEL_CHARS: usize = 32;

/// The entry's question where a button shows all of it.
fn start_label(entry: &Entry) -> &str {
    if entry.question.chars().count() <= START_LABEL_CHARS { &entry.question } else { &entry.label }
}

/// Handles what happens in private chats.
pub struct Private {
    me: Arc<Me>,
    store: Store,
    sender: Arc<Sender>,
    settings: Arc<Settings>,
    responder: Arc<Responder>,
    metrics: Metrics,
    max_age: Option<i64>,
    retention_days: u64,
    /// Where the console can be opened within Telegram.
    console: Option<Url>,
    limit: PersonLimit,
    outbox: Arc<Outbox>,
    answers: Arc<Answers>,
    teaching: Arc<Teaching>,
    secretary: Arc<Secretary>,
    whys: Arc<Whys>,
    albums: Arc<Albums>,
    notes: Arc<Notebook>,
    /// Who was thanked for a Like, by user id.
    thanked: Notes<()>,
}

/// Whether a text is nothing but approval.
fn is_like(text: &str) -> bool {
    // A skin tone or the emoji form of a character follows it.
    let is_form = |c: char| matches!(c, '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}') || c.is_whitespace();
    let mut signs = text.chars().filter(|c| !is_form(*c)).peekable();
    signs.peek().is_some() && signs.all(|c| LIKES.contains(c))
}

impl Private {
    /// Answers by these parts.
    pub fn new(of: &Resources, parts: &Parts) -> Self {
        let Parts { outbox, answers, teaching, secretary, whys, albums, .. } = parts.clone();
        let Resources { me, metrics, notes, responder, sender, settings, store, .. } = of.clone();
        Self {
            me,
            store,
            sender,
            settings,
            responder,
            metrics,
            max_age: of.max_age.map(|age| i64::try_from(age.as_secs()).unwrap_or(i64::MAX)),
            retention_days: of.retention_days,
            console: of.console.clone(),
            limit: PersonLimit::new(of.is_limited),
            outbox,
            answers,
            teaching,
            secretary,
            whys,
            albums,
            notes,
            thanked: Notes::new("thanked", 10_000, THANKS_PERIOD),
        }
    }

    /// Drops the state of idle people.
    pub fn prune(&self) {
        if let Some(people) = &self.limit.people {
            people.retain_recent();
        }
    }

    /// A message came, or was edited.
    pub async fn on_message(&self, message: &Incoming, is_edit: bool) {
        let age = now().saturating_sub(message.date);
        if self.max_age.is_some_and(|max| age > max) {
            return self.metrics.telegram_update("stale");
        }
        let person = message.from.map_or(message.chat.id, |from| from.id);
        let asked = Asked::in_private(message.chat.id, person);
        self.sender.open(message.chat.id);
        let Some(text) = message.text.as_deref() else {
            if message.is_media
                && !is_edit
                && self.albums.is_first(message).await
                && !self.secretary.go_on(&asked, None).await
                && !self.teaching.go_on(&asked, message, None).await
            {
                if message.sticker.as_deref().is_some_and(is_like) {
                    return self.thank(&asked).await;
                }
                self.hint(&asked).await;
            }
            return;
        };
        if is_edit {
            return self.on_edit(&asked, message, text).await;
        }
        self.slow_down(&asked).await;
        match command(text) {
            Some(command) => self.on_command(&asked, message, command).await,
            None if self.secretary.go_on(&asked, message.words(text)).await => {}
            None if self.teaching.go_on(&asked, message, message.words(text)).await => {}
            None if is_like(text) => self.thank(&asked).await,
            // An emoji or a punctuation mark is no unanswered question.
            None if normalize(text).is_empty() => self.hint(&asked).await,
            None => self.on_question(&asked, message, text).await,
        }
    }

    async fn say(&self, asked: &Asked, line: &str) {
        self.outbox.say_line(asked, line).await;
    }

    /// A Like gets thanks, once a day.
    async fn thank(&self, asked: &Asked) {
        let say = self.responder.wording();
        let person = asked.asker.to_string();
        if self.notes.recall(&self.thanked, &person).await.is_none() {
            self.say(asked, say.thanks_helpful()).await;
            self.notes.remember(&self.thanked, person, asked.asker, ()).await;
        }
    }

    /// What has no words gets a hint.
    async fn hint(&self, asked: &Asked) {
        let response = self.answers.ask(asked, Content::Unreadable).await;
        self.answers.reply(asked, &response.reply).await;
    }

    /// Makes those wait who ask more than they can read, and tells them once.
    async fn slow_down(&self, asked: &Asked) {
        let say = self.responder.wording();
        let Some(people) = &self.limit.people else { return };
        if people.check_key(&asked.asker).is_ok() {
            return;
        }
        if !self.limit.told.contains_key(&asked.asker) {
            self.limit.told.insert(asked.asker, ());
            self.say(asked, say.slow_down()).await;
        }
        people.until_key_ready(&asked.asker).await;
    }

    /// Answers a question, and remembers the answer in case the question is edited.
    async fn on_question(&self, asked: &Asked, message: &Incoming, read: &str) {
        let say = self.responder.wording();
        let mut response = self.answers.ask(asked, Content::Text(read.to_owned())).await;
        if response.reply.outcome == Outcome::Silent {
            return;
        }
        if message.is_caption {
            response.reply.text.extend(["\n\n", say.picture_not_seen()]);
        }
        let text = message.text.as_deref().unwrap_or_default();
        let question = Question { message: message.id, text, read };
        if let Some(sent) = self.answers.reply(asked, &response.reply).await {
            self.answers.remember(asked, question, &response, sent);
        }
    }

    async fn on_edit(&self, asked: &Asked, message: &Incoming, text: &str) {
        let Some(answer) = self.answers.outdated(message.chat.id, message.id, text).await else { return };
        let read = match command(text) {
            Some(command) if command.name == "ask" => command.rest,
            Some(_) => return,
            None => text.to_owned(),
        };
        let response = self.answers.ask(asked, Content::Text(read.clone())).await;
        if let Some(sent) = self.answers.change(asked, answer.message, &response.reply).await {
            let question = Question { message: message.id, text, read: &read };
            self.answers.remember(asked, question, &response, sent);
        }
    }

    async fn on_command(&self, asked: &Asked, message: &Incoming, command: Command) {
        let say = self.responder.wording();
        let Command { name, rest, .. } = command;
        match name.as_str() {
            "start" => self.start(asked, &rest).await,
            "help" => {
                let rows = self.answers.contact_row().into_iter().collect();
                let mut text = say.telegram_help(&self.me.name);
                if self.teaching.is_operator(asked.asker) {
                    text.extend(["\n\n", say.operators_help()]);
                }
                self.outbox.say(asked, &text, rows).await;
            }
            "topics" => {
                let (text, rows) = topics::page(&self.responder.view(None).await, 0, asked.asker);
                self.outbox.say(asked, &text, rows).await;
            }
            "ask" if rest.is_empty() => {
                let view = self.responder.view(None).await;
                self.say(asked, &say.ask_what(view.example())).await;
            }
            "ask" => {
                self.on_question(asked, message, &rest).await;
            }
            "secretary" => self.secretary.show(asked).await,
            "privacy" => self.say(asked, &say.privacy(self.retention_days)).await,
            "forget" => self.forget(asked).await,
            "unanswered" => self.teaching.show_unanswered(asked, None).await,
            "why" => {
                let why = self.whys.explain(message, asked).await;
                self.say(asked, why.as_deref().unwrap_or(say.why_how())).await;
            }
            "cancel" if self.secretary.cancel(asked).await => {}
            "cancel" if self.teaching.cancel(asked, message.id).await => {}
            "cancel" => self.say(asked, say.nothing_to_cancel()).await,
            "console" if self.teaching.is_operator(asked.asker) => self.offer_console(asked).await,
            "contact" if self.teaching.is_operator(asked.asker) => self.set_contact(asked, &rest).await,
            "add" | "mine" | "log" => {
                let command = Command { name, rest, bot: None };
                self.teaching.on_operator_command(asked, message, &command).await;
            }
            "settings" | "status" | "teach" => {
                self.say(asked, say.only_in_groups()).await;
            }
            _ => self.say(asked, say.unknown_command()).await,
        }
    }

    /// Welcomes a newcomer, or opens what a deep link leads to.
    async fn start(&self, asked: &Asked, payload: &str) {
        let say = self.responder.wording();
        if let Some(chat) = payload.strip_prefix(UNANSWERED_LINK).and_then(|chat| chat.parse().ok()) {
            return self.teaching.show_unanswered(asked, Some(chat)).await;
        }
        if let Some(chat) = payload.strip_prefix(SETUP_LINK).and_then(|chat| chat.parse().ok()) {
            return self.teaching.set_up(asked, chat).await;
        }
        let view = self.responder.view(None).await;
        if let Ok(id) = payload.parse()
            && view.entry(&id).is_some()
        {
            let response = self.answers.ask(asked, Content::Press(Payload::Entry(id))).await;
            self.answers.reply(asked, &response.reply).await;
            return;
        }
        let mut rows: Rows = view
            .popular()
            .map(|entry| vec![button(start_label(entry), asked.asker, Act::Entry(entry.id.clone()))])
            .collect();
        rows.push(vec![button(say.all_topics(), asked.asker, Act::Topics(0))]);
        let group = format!("https://t.me/{}?startgroup=new", self.me.name);
        rows.extend(Url::parse(&group).map(|link| vec![InlineKeyboardButton::url(say.add_to_group(), link)]));
        self.outbox.say(asked, &say.telegram_welcome(&view.guide().title), rows).await;
    }

    /// `/console`: a button that opens the console within Telegram, which opens pages over https only.
    async fn offer_console(&self, asked: &Asked) {
        let tongue = Tongue::of_content(&self.responder.view(None).await.guide().language);
        let Some(url) = self.console.clone() else {
            return self.say(asked, console::CONSOLE_NEEDS_HTTPS.of(tongue)).await;
        };
        let label = console::OPEN_CONSOLE.of(tongue);
        let rows = vec![vec![InlineKeyboardButton::web_app(label, WebAppInfo { url })]];
        self.outbox.say(asked, console::CONSOLE_IS_HERE.of(tongue), rows).await;
    }

    async fn forget(&self, asked: &Asked) {
        let say = self.responder.wording();
        let mut line = say.forgotten();
        for channel in [CHANNEL, GUEST, SECRETARY] {
            let person = PersonId::new(channel, &asked.asker.to_string());
            if self.responder.memory().forget(&person).await.is_err() {
                line = say.not_now();
            }
        }
        self.say(asked, line).await;
    }

    /// `/contact`: names the person to talk to, or says who that is.
    async fn set_contact(&self, asked: &Asked, rest: &str) {
        let say = self.responder.wording();
        let link = rest.trim_start_matches("https://").trim_start_matches("http://");
        let name = link
            .strip_prefix('@')
            .or_else(|| link.strip_prefix("t.me/"))
            .map(|name| name.trim_end_matches('/'));
        let is_name = |name: &&str| {
            (5..=32).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        };
        let (value, done) = match name.filter(is_name) {
            Some(name) => (Some(name), say.contact_is(name)),
            None if rest == "off" => (None, say.no_contact().to_owned()),
            None if rest.is_empty() => {
                let set = self.settings.of(&Scope::Base);
                let now =
                    set.get(CONTACT).map_or_else(|| say.no_contact().to_owned(), |name| say.contact_is(name));
                return self.say(asked, &format!("{now}\n{}", say.contact_how())).await;
            }
            None => return self.say(asked, say.contact_how()).await,
        };
        let author = author(&self.store, asked.asker);
        let set = self.settings.set(&Scope::Base, CONTACT, value, &author, now()).await;
        self.say(asked, if set.is_ok() { &done } else { say.not_now() }).await;
    }
}
