//! The stand-in's state: chats, members, messages, updates, and every request.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::ephemeral::Whisper;
use super::{BOT, BOT_NAME};

/// Everything.
pub struct World {
    /// What `getMe` says.
    pub me: Value,
    /// By id.
    pub chats: HashMap<i64, Chat>,
    /// Every request, in the order in which they were decided.
    pub calls: Vec<Call>,
    /// What goes wrong from now on; the first that fits is used up.
    pub faults: Vec<Fault>,
    /// Whether Telegram's limits on sending are enforced.
    pub enforce_limits: bool,
    /// Not yet confirmed or delivered.
    pub updates: VecDeque<(i64, Value)>,
    /// The highest id that was confirmed or delivered.
    pub confirmed: Vec<i64>,
    /// What the bot asked for; none: everything but what must be named.
    pub allowed: Option<Vec<String>>,
    /// The webhook.
    pub webhook: Option<Webhook>,
    /// Presses by id: whether they were answered.
    pub presses: HashMap<String, bool>,
    /// Inline queries by id: whether they were answered.
    pub inline: HashMap<String, bool>,
    /// Queries to a guest by id: whether they were answered.
    pub guests: HashMap<String, bool>,
    /// What only one member of a group sees, by its ephemeral id.
    pub whispers: BTreeMap<i64, Whisper>,
    /// Who pressed a button when, by the press's id, with the ephemeral message that was pressed.
    pub pressed: HashMap<String, (i64, Instant, Option<i64>)>,
    /// Connected accounts by id, as `getBusinessConnection` shows them.
    pub connections: HashMap<String, Value>,
    /// When somebody last wrote in a chat of a connected account, in Unix seconds, by connection and chat.
    pub business_chats: HashMap<(String, i64), i64>,
    /// Commands by scope and language.
    pub commands: HashMap<(String, String), Value>,
    /// Name, description and short description by kind and language.
    pub texts: HashMap<(String, String), String>,
    pub(super) next_update: i64,
    pub(super) next_press: u64,
    pub(super) poller: u64,
    pub(super) delivering: HashMap<i64, bool>,
    pub(super) sends: Vec<(i64, Instant)>,
    /// Requests that broke Telegram's limits on sending, whether or not they are enforced.
    pub over_limit: usize,
}

/// A webhook as it was set.
#[derive(Clone)]
pub struct Webhook {
    pub url: String,
    pub secret: Option<String>,
    pub max_connections: i64,
    pub last_error: Option<String>,
}

/// A chat.
pub struct Chat {
    /// `private`, `group`, `supergroup`.
    pub kind: &'static str,
    pub title: String,
    pub is_forum: bool,
    /// Topics by id, and whether they are open.
    pub topics: HashMap<i64, bool>,
    pub messages: BTreeMap<i64, Posted>,
    /// `creator`, `administrator`, `anonymous` (an admin who speaks as the group), `member` by user id.
    pub members: HashMap<i64, &'static str>,
    /// `member`, `administrator`, `restricted`, `kicked`, `left`, `blocked`, `never`.
    pub bot: &'static str,
    /// The supergroup that it became.
    pub migrated_to: Option<i64>,
    pub next_message: i64,
}

impl Chat {
    pub fn new(kind: &'static str, title: &str) -> Self {
        Self {
            kind,
            title: title.to_owned(),
            is_forum: false,
            topics: HashMap::new(),
            messages: BTreeMap::new(),
            members: HashMap::new(),
            bot: "member",
            migrated_to: None,
            next_message: 100,
        }
    }

    pub fn take_id(&mut self) -> i64 {
        self.next_message += 1;
        self.next_message
    }
}

/// A message in a chat.
#[derive(Clone, Debug)]
pub struct Posted {
    pub id: i64,
    pub chat: i64,
    pub from_bot: bool,
    /// As it is seen, tags resolved.
    pub text: String,
    /// The request that made it, or the message as it was pushed.
    pub params: Value,
    pub thread: Option<i64>,
    pub edits: usize,
    pub deleted: bool,
    /// When it came to stand there.
    pub at: std::time::Instant,
}

impl Posted {
    /// The buttons' labels, row by row.
    pub fn labels(&self) -> Vec<String> {
        self.buttons().map(|button| button["text"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// The callback data of the first button whose label holds `label`.
    pub fn data(&self, label: &str) -> String {
        let button =
            self.buttons().find(|button| button["text"].as_str().is_some_and(|text| text.contains(label)));
        let button =
            button.unwrap_or_else(|| panic!("no button {label} in {:?} below {}", self.labels(), self.text));
        button["callback_data"].as_str().unwrap_or_else(|| panic!("{label} is no press")).to_owned()
    }

    pub fn buttons(&self) -> impl Iterator<Item = &Value> {
        self.params["reply_markup"]["inline_keyboard"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_array)
            .flatten()
    }

    /// The message it replies to.
    pub fn replies_to(&self) -> Option<i64> {
        self.params["reply_parameters"]["message_id"].as_i64()
    }
}

/// A request.
#[derive(Clone, Debug)]
pub struct Call {
    /// As it was called, e.g. `SendMessage`.
    pub method: String,
    pub params: Value,
    /// What was answered.
    pub answer: Result<Value, String>,
}

impl Call {
    pub fn is(&self, method: &str) -> bool {
        self.method.eq_ignore_ascii_case(method)
    }
}

/// What goes wrong with a request.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The method.
    pub method: &'static str,
    /// Only in this chat.
    pub chat: Option<i64>,
    /// So many times.
    pub times: usize,
    pub what: Wrong,
}

/// How it goes wrong.
#[derive(Clone, Debug)]
pub enum Wrong {
    /// 429 with `retry_after`, for as long as it says.
    Flood(u64),
    /// This status and description.
    Error(u16, &'static str),
    /// A gateway's page instead of JSON.
    BadGateway,
    /// The connection is dropped before anything happens.
    Drop,
    /// It happens, but the connection is dropped before the answer.
    DropAfter,
    /// It takes so long.
    Slow(Duration),
}

impl Fault {
    pub fn new(method: &'static str, what: Wrong) -> Self {
        Self { method, chat: None, times: 1, what }
    }

    pub fn chat(self, chat: i64) -> Self {
        Self { chat: Some(chat), ..self }
    }
}

impl World {
    pub fn new() -> Self {
        Self {
            me: json!({
                "id": BOT, "is_bot": true, "first_name": "Uttor", "username": BOT_NAME, "can_join_groups": true,
                "can_read_all_group_messages": true, "supports_inline_queries": true,
                "can_connect_to_business": false, "has_main_web_app": false,
            }),
            chats: HashMap::new(),
            calls: Vec::new(),
            faults: Vec::new(),
            enforce_limits: false,
            updates: VecDeque::new(),
            confirmed: Vec::new(),
            allowed: None,
            webhook: None,
            presses: HashMap::new(),
            inline: HashMap::new(),
            guests: HashMap::new(),
            connections: HashMap::new(),
            whispers: BTreeMap::new(),
            pressed: HashMap::new(),
            business_chats: HashMap::new(),
            commands: HashMap::new(),
            texts: HashMap::new(),
            next_update: 1_000,
            next_press: 1,
            poller: 0,
            delivering: HashMap::new(),
            sends: Vec::new(),
            over_limit: 0,
        }
    }

    /// The messages that the bot sent to `chat` and that stand there.
    pub fn sent(&self, chat: i64) -> Vec<Posted> {
        self.posted(chat).filter(|posted| !posted.deleted).cloned().collect()
    }

    /// The bot's messages in `chat`, deleted ones too.
    pub fn posted(&self, chat: i64) -> impl Iterator<Item = &Posted> {
        self.chats
            .get(&chat)
            .into_iter()
            .flat_map(|chat| chat.messages.values())
            .filter(|posted| posted.from_bot)
    }

    /// How many messages the bot has sent.
    pub fn answered(&self) -> usize {
        self.sends.len()
    }

    /// The requests of `method`.
    pub fn calls_of<'a>(&'a self, method: &'a str) -> impl Iterator<Item = &'a Call> {
        self.calls.iter().filter(move |call| call.is(method))
    }

    /// What the bot did, a line each, polls left out.
    pub fn summary(&self) -> String {
        let line = |call: &Call| format!("{} {} -> {:?}", call.method, call.params, call.answer);
        let calls: Vec<String> = self.calls.iter().filter(|call| !call.is("getUpdates")).map(line).collect();
        calls.join("\n")
    }

    pub(super) fn fault(&mut self, method: &str, params: &Value) -> Option<Wrong> {
        let chat = params["chat_id"].as_i64();
        let fits = |fault: &Fault| {
            fault.times > 0
                && fault.method.eq_ignore_ascii_case(method)
                && (fault.chat.is_none() || fault.chat == chat)
        };
        let fault = self.faults.iter_mut().find(|fault| fits(fault))?;
        fault.times -= 1;
        Some(fault.what.clone())
    }
}
