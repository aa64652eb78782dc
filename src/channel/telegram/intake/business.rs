//! What comes from an account that its owner connected with the bot (Telegram: business connection, "secretary mode").

use serde_json::Value;

use super::message::{Incoming, message, text, user};

/// An account that is connected with the bot, or was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Its id: every message of the account's chats names it.
    pub id: String,
    /// The user id of the account's owner.
    pub owner: i64,
    /// The owner's private chat with the bot.
    pub chat: i64,
    /// Whether the bot may send messages in the owner's name.
    pub may_reply: bool,
    /// Whether it is still in force.
    pub is_enabled: bool,
}

/// A message in a chat of a connected account.
#[derive(Clone, Debug)]
pub struct Business {
    /// The connection.
    pub connection: String,
    /// Whether a bot sent it in the owner's name.
    pub is_by_bot: bool,
    /// Whether it was sent before, and is changed now.
    pub is_edit: bool,
    /// What its sender is called.
    pub name: String,
    /// The message.
    pub message: Incoming,
}

/// Messages that are gone from a chat of a connected account.
#[derive(Clone, Debug)]
pub struct Deleted {
    /// The connection.
    pub connection: String,
    /// The chat.
    pub chat: i64,
    /// Their numbers.
    pub messages: Vec<i64>,
}

impl Connection {
    /// Reads a `BusinessConnection`; none without its ids. Until Bot API 9.0 the right to reply was a field of its own.
    pub fn read(value: &Value) -> Option<Self> {
        let owner = user(&value["user"])?.id;
        Some(Self {
            id: text(&value["id"])?,
            owner,
            chat: value["user_chat_id"].as_i64().unwrap_or(owner),
            may_reply: value["rights"]["can_reply"] == true || value["can_reply"] == true,
            is_enabled: value["is_enabled"] == true,
        })
    }
}

impl Business {
    /// Reads a message; none where it names no connection.
    pub(super) fn read(value: &Value, is_edit: bool) -> Option<Self> {
        Some(Self {
            connection: text(&value["business_connection_id"])?,
            is_by_bot: value.get("sender_business_bot").is_some(),
            is_edit,
            name: text(&value["from"]["first_name"]).unwrap_or_default(),
            message: message(value)?,
        })
    }
}

impl Deleted {
    /// Reads a `BusinessMessagesDeleted`; none where it names no connection.
    pub(super) fn read(value: &Value) -> Option<Self> {
        let messages = value["message_ids"].as_array()?.iter().filter_map(Value::as_i64).collect();
        let (connection, chat) = (text(&value["business_connection_id"])?, value["chat"]["id"].as_i64()?);
        Some(Self { connection, chat, messages })
    }
}
