//! An update as it came in, and the few things in it that matter.
//!
//! Everything is picked from the JSON by name, and nothing else is looked at: an entity, a kind of message or a
//! field that is newer than this program cannot lose a question.
//!
//! ```
//! use uttor::channel::telegram::intake::update::{Event, Update};
//! let json = r#"{"update_id":7,"message":{"message_id":3,"date":1,"chat":{"id":5,"type":"private"},
//!     "from":{"id":5,"is_bot":false},"text":"মোবাইল দিয়ে হবে?","entities":[{"type":"brand_new"}],"new":{}}}"#;
//! let update = Update::read(json.as_bytes()).unwrap();
//! assert_eq!(update.id, 7);
//! let Event::Message(message) = update.event else { unreachable!() };
//! assert_eq!(message.text.as_deref(), Some("মোবাইল দিয়ে হবে?"));
//! ```

use serde::Deserialize;
use serde_json::Value;

use super::business::{Business, Connection, Deleted};
pub use super::message::{Chat, ChatKind, Entity, Incoming, User};
use super::message::{chat, message, text, user};

/// The kinds of update that are asked for.
pub const ALLOWED: [&str; 11] = [
    "message",
    "edited_message",
    "callback_query",
    "inline_query",
    "my_chat_member",
    "chat_member",
    "guest_message",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
];

/// An update.
#[derive(Clone, Debug)]
pub struct Update {
    /// Its number, which is the same when it is delivered again.
    pub id: i64,
    /// What happened.
    pub event: Event,
}

/// What happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// A message was sent.
    Message(Box<Incoming>),
    /// A message was changed.
    Edited(Box<Incoming>),
    /// A button was pressed.
    Press(Box<Press>),
    /// `@bot …` is being typed somewhere.
    Inline(Inline),
    /// The bot's standing in a chat changed.
    Standing(Standing),
    /// Somebody else became an admin of a group, or is none any more.
    Member {
        /// The group.
        chat: i64,
    },
    /// The bot is mentioned in a chat that it may not be in.
    Guest(Box<Guest>),
    /// Somebody connected an account with the bot, changed its rights, or ended that.
    Connection(Connection),
    /// A message in a chat of a connected account was sent or changed.
    Business(Box<Business>),
    /// Messages in a chat of a connected account were deleted.
    Deleted(Deleted),
    /// Something that means nothing to the bot.
    Other,
}

/// A press of a button.
#[derive(Clone, Debug)]
pub struct Press {
    /// What it is answered by.
    pub id: String,
    /// Who pressed.
    pub from: User,
    /// The message with the button, where it is still accessible or at least named.
    pub message: Option<Incoming>,
    /// What the button says; a client can send anything.
    pub data: String,
}

/// An inline query.
#[derive(Clone, Debug)]
pub struct Inline {
    /// What it is answered by.
    pub id: String,
    /// Who types.
    pub from: User,
    /// What was typed so far.
    pub query: String,
}

/// A mention of the bot in a chat that it may not be in.
#[derive(Clone, Debug)]
pub struct Guest {
    /// What it is answered by, once.
    pub query: String,
    /// The message with the mention.
    pub message: Incoming,
}

/// A change of the bot's standing in a chat.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The chat.
    pub chat: Chat,
    /// Who changed it.
    pub by: Option<User>,
    /// What it was: `member`, `administrator`, `restricted`, `left`, `kicked`.
    pub old: String,
    /// What it is now.
    pub new: String,
    /// Whether it may write there now.
    pub may_write: bool,
}

impl Update {
    /// Reads an update; none when it is not even JSON with an `update_id`.
    pub fn read(json: &[u8]) -> Option<Self> {
        let value: Value = serde_json::from_slice(json).ok()?;
        let id = value["update_id"].as_i64()?;
        Some(Self { id, event: event(&value).unwrap_or(Event::Other) })
    }
}

/// The number of an update that cannot be read, so that it can be confirmed.
pub fn number(json: &[u8]) -> Option<i64> {
    #[derive(Deserialize)]
    struct Numbered {
        update_id: i64,
    }
    serde_json::from_slice(json).ok().map(|Numbered { update_id }| update_id)
}

fn event(update: &Value) -> Option<Event> {
    if let Some(value) = update.get("message") {
        return Some(Event::Message(Box::new(message(value)?)));
    }
    if let Some(value) = update.get("edited_message") {
        return Some(Event::Edited(Box::new(message(value)?)));
    }
    if let Some(value) = update.get("callback_query") {
        return Some(Event::Press(Box::new(Press {
            id: text(&value["id"])?,
            from: user(&value["from"])?,
            message: value.get("message").and_then(message),
            data: text(&value["data"]).unwrap_or_default(),
        })));
    }
    if let Some(value) = update.get("inline_query") {
        let query = text(&value["query"]).unwrap_or_default();
        return Some(Event::Inline(Inline { id: text(&value["id"])?, from: user(&value["from"])?, query }));
    }
    if let Some(value) = update.get("guest_message") {
        let (query, mut message) = (text(&value["guest_query_id"])?, message(value)?);
        message.from = message.from.or_else(|| user(&value["guest_bot_caller_user"]));
        return Some(Event::Guest(Box::new(Guest { query, message })));
    }
    if let Some(value) = update.get("business_connection") {
        return Connection::read(value).map(Event::Connection);
    }
    for (kind, is_edit) in [("business_message", false), ("edited_business_message", true)] {
        if let Some(value) = update.get(kind) {
            return Business::read(value, is_edit).map(|message| Event::Business(Box::new(message)));
        }
    }
    if let Some(value) = update.get("deleted_business_messages") {
        return Deleted::read(value).map(Event::Deleted);
    }
    if let Some(value) = update.get("my_chat_member") {
        let (old, new) = (&value["old_chat_member"], &value["new_chat_member"]);
        let status = |member: &Value| {
            let status = text(&member["status"]).unwrap_or_default();
            // Restricted and not in the group is out of it.
            if status == "restricted" && member["is_member"] == false { "left".to_owned() } else { status }
        };
        return Some(Event::Standing(Standing {
            chat: chat(&value["chat"])?,
            by: user(&value["from"]),
            old: status(old),
            new: status(new),
            may_write: new["status"] != "restricted" || new["can_send_messages"] != false,
        }));
    }
    let member = update.get("chat_member")?;
    // Who comes and goes is none of the bot's business.
    let is_ordinary = |standing: &str| {
        matches!(member[standing]["status"].as_str(), Some("member" | "restricted" | "left" | "kicked"))
    };
    if is_ordinary("old_chat_member") && is_ordinary("new_chat_member") {
        return Some(Event::Other);
    }
    Some(Event::Member { chat: member["chat"]["id"].as_i64()? })
}
