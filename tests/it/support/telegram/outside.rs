//! Chats that the bot is not in: mentions of a guest, and accounts that are connected with it.

use serde_json::{Value, json};

use super::methods::{Answer, bad, limit};
use super::rules::message_text;
use super::speak::{now, user};
use super::world::World;
use super::{BOT, BOT_NAME, Telegram};

/// A message in the name of a connected account's owner.
#[derive(Clone, Debug)]
pub struct Sent {
    pub chat: i64,
    pub text: String,
}

/// `sendMessage` in the name of an account's owner.
pub fn send(world: &mut World, params: &Value) -> Answer {
    let text = message_text(params).or_else(bad)?;
    let id = params["business_connection_id"].as_str().unwrap_or_default().to_owned();
    let Some(connection) = world.connections.get(&id).cloned() else {
        return bad("Bad Request: business connection not found");
    };
    if connection["is_enabled"] != true || connection["rights"]["can_reply"] != true {
        return bad("Bad Request: BUSINESS_CONNECTION_NOT_ALLOWED");
    }
    let chat = params["chat_id"].as_i64().unwrap_or_default();
    if world.business_chats.get(&(id.clone(), chat)).is_none_or(|at| now() - at > 24 * 3_600) {
        return bad("Bad Request: BUSINESS_PEER_USAGE_MISSING");
    }
    limit(world, chat)?;
    world.next_press += 1;
    let message = json!({
        "message_id": 900_000 + world.next_press, "date": now(), "text": text, "business_connection_id": id,
        "chat": { "id": chat, "type": "private", "first_name": "করিম" }, "from": connection["user"],
        "sender_business_bot": { "id": BOT, "is_bot": true, "first_name": "Uttor", "username": BOT_NAME },
    });
    // The bot gets its own message back.
    if world.allowed.as_ref().is_some_and(|allowed| allowed.iter().any(|kind| kind == "business_message")) {
        world.next_update += 1;
        let id = world.next_update;
        world.updates.push_back((id, json!({ "update_id": id, "business_message": message })));
    }
    Ok(message)
}

impl World {
    /// What the bot sent in the names of accounts' owners.
    pub fn sent_in_names(&self) -> Vec<Sent> {
        let sent = |call: &&super::Call| call.params.get("business_connection_id").is_some();
        self.calls_of("sendMessage")
            .filter(sent)
            .filter_map(|call| {
                let told = call.answer.as_ref().ok()?;
                Some(Sent { chat: told["chat"]["id"].as_i64()?, text: told["text"].as_str()?.to_owned() })
            })
            .collect()
    }
}

impl Telegram {
    /// A query to a guest with this message. Its id, and what the update holds.
    pub fn mentions_guest(&self, chat: i64, from: i64, more: &Value) -> (String, Value) {
        let mut message = self.message(chat, from, more);
        let query = self.world(|world| {
            world.next_press += 1;
            let query = format!("guest-{}", world.next_press);
            world.guests.insert(query.clone(), false);
            query
        });
        message["guest_query_id"] = json!(query);
        self.push("guest_message", &message);
        (query, message)
    }

    /// Somebody connects an account, with the right to reply or without; or changes that.
    pub fn connects(&self, id: &str, owner: i64, may_reply: bool, is_enabled: bool) {
        let connection = json!({
            "id": id, "user": user(owner), "user_chat_id": owner, "date": now(),
            "rights": { "can_reply": may_reply }, "is_enabled": is_enabled,
        });
        self.world(|world| world.connections.insert(id.to_owned(), connection.clone()));
        self.push("business_connection", &connection);
    }

    /// `from` writes in the account's chat with `chat`, `more` laid over the message. What the update holds.
    pub fn writes_to(&self, id: &str, chat: i64, from: i64, more: &Value) -> Value {
        let mut message = json!({
            "message_id": 0, "date": now(), "business_connection_id": id, "from": user(from),
            "chat": { "id": chat, "type": "private", "first_name": "করিম" },
        });
        self.world(|world| {
            world.next_press += 1;
            message["message_id"] = json!(800_000 + world.next_press);
        });
        for (name, value) in more.as_object().unwrap() {
            message[name] = value.clone();
        }
        let at = message["date"].as_i64().unwrap();
        self.world(|world| world.business_chats.insert((id.to_owned(), chat), at));
        self.push("business_message", &message);
        message
    }
}
