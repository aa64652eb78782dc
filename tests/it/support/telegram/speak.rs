//! People speak and press: what makes updates.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::world::{Chat, Posted};
use super::{BOT_NAME, Telegram, deliver};

/// Who speaks for an anonymous admin.
pub const ANONYMOUS: i64 = 1_087_968_824;

/// A person, as updates show one.
pub fn user(id: i64) -> Value {
    if id == ANONYMOUS {
        return json!({ "id": id, "is_bot": true, "first_name": "Group", "username": "GroupAnonymousBot" });
    }
    json!({ "id": id, "is_bot": false, "first_name": "রহিমা", "language_code": "bn" })
}

/// A private chat with a person.
pub fn private(telegram: &Telegram, id: i64) -> i64 {
    telegram.world(|world| world.chats.entry(id).or_insert_with(|| Chat::new("private", "রহিমা")).kind);
    id
}

/// A supergroup whose creator is person 1.
pub fn group(telegram: &Telegram, id: i64) -> i64 {
    telegram.world(|world| {
        let chat = world.chats.entry(id).or_insert_with(|| Chat::new("supergroup", "বাগানের আড্ডা"));
        chat.members.insert(1, "creator");
    });
    id
}

pub fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs().cast_signed()
}

impl Telegram {
    /// An update of this kind happens. Its id, none when the bot did not ask for such updates.
    pub fn push(&self, kind: &str, event: &Value) -> Option<i64> {
        let id = self.world(|world| {
            if world.allowed.as_ref().is_some_and(|allowed| !allowed.iter().any(|allowed| allowed == kind)) {
                return None;
            }
            world.next_update += 1;
            let id = world.next_update;
            world.updates.push_back((id, json!({ "update_id": id, kind: event })));
            Some(id)
        });
        deliver::deliver_all(&self.shared);
        id
    }

    /// An update comes whose number nobody can read.
    pub fn push_numberless(&self, event: &Value) {
        self.world(|world| {
            world.next_update += 1;
            world.updates.push_back((world.next_update, json!({ "update_id": "?", "message": event })));
        });
        deliver::deliver_all(&self.shared);
    }

    /// An update that was delivered before comes again.
    pub fn push_again(&self, id: i64, kind: &str, event: &Value) {
        self.world(|world| world.updates.push_back((id, json!({ "update_id": id, kind: event }))));
        deliver::deliver_all(&self.shared);
    }

    /// A message as Telegram makes it, `more` laid over it. It stands in the chat but is not an update yet.
    pub fn message(&self, chat: i64, from: i64, more: &Value) -> Value {
        let bot_name = BOT_NAME.to_lowercase();
        self.world(|world| {
            let place = world.chats.get_mut(&chat).unwrap_or_else(|| panic!("no chat {chat}"));
            let id = place.take_id();
            let mut about = json!({ "id": chat, "type": place.kind });
            if place.kind == "private" {
                about["first_name"] = json!("রহিমা");
            } else {
                about["title"] = json!(place.title);
                if place.is_forum {
                    about["is_forum"] = json!(true);
                }
                if from > 0 && from != ANONYMOUS {
                    place.members.entry(from).or_insert("member");
                }
            }
            let mut message = json!({ "message_id": id, "date": now(), "chat": about, "from": user(from) });
            if from == ANONYMOUS {
                message["sender_chat"] = about;
            }
            for (name, value) in more.as_object().unwrap() {
                message[name] = value.clone();
            }
            if let Some(text) = message["text"].as_str().map(str::to_owned)
                && message.get("entities").is_none()
            {
                let entities = entities(&text, &bot_name);
                if !entities.is_empty() {
                    message["entities"] = Value::Array(entities);
                }
            }
            let posted = Posted {
                id,
                chat,
                from_bot: false,
                text: message["text"].as_str().unwrap_or_default().to_owned(),
                thread: message["message_thread_id"].as_i64(),
                params: message.clone(),
                edits: 0,
                deleted: false,
                at: std::time::Instant::now(),
            };
            place.messages.insert(id, posted);
            message
        })
    }

    /// Somebody posts a message; its id.
    pub fn posts(&self, chat: i64, from: i64, more: &Value) -> i64 {
        let message = self.message(chat, from, more);
        self.push("message", &message);
        message["message_id"].as_i64().unwrap()
    }

    /// Somebody says something; the message's id.
    pub fn says(&self, chat: i64, from: i64, text: &str) -> i64 {
        self.posts(chat, from, &json!({ "text": text }))
    }

    /// Somebody replies to a message that stands in the chat.
    pub fn replies(&self, chat: i64, from: i64, to: i64, text: &str) -> i64 {
        let about = self.shown(chat, to);
        self.posts(chat, from, &json!({ "text": text, "reply_to_message": about }))
    }

    /// A message of the chat, as updates show it.
    pub fn shown(&self, chat: i64, id: i64) -> Value {
        self.world(|world| {
            let me = world.me.clone();
            let posted = world.chats[&chat].messages.get(&id).cloned().unwrap();
            if !posted.from_bot {
                return posted.params;
            }
            let kind = world.chats[&chat].kind;
            let mut shown = json!({
                "message_id": id, "date": now(), "text": posted.text, "chat": { "id": chat, "type": kind }, "from": me,
                "reply_markup": posted.params["reply_markup"],
            });
            if let Some(thread) = posted.thread {
                shown["message_thread_id"] = json!(thread);
                shown["is_topic_message"] = json!(true);
            }
            shown
        })
    }

    /// Somebody edits a message of theirs.
    pub fn edits(&self, chat: i64, id: i64, text: &str) {
        let mut message = self.shown(chat, id);
        message["text"] = json!(text);
        message["edit_date"] = json!(now());
        self.push("edited_message", &message);
    }

    /// Somebody presses a button with this data; the press's id.
    pub fn presses(&self, chat: i64, from: i64, message: i64, data: &str) -> String {
        let shown = self.shown(chat, message);
        let id = self.world(|world| {
            world.next_press += 1;
            let id = format!("press-{}", world.next_press);
            world.presses.insert(id.clone(), false);
            world.pressed.insert(id.clone(), (from, std::time::Instant::now(), None));
            id
        });
        let press =
            json!({ "id": id, "from": user(from), "message": shown, "chat_instance": "1", "data": data });
        self.push("callback_query", &press);
        id
    }

    /// Somebody types `@bot query` somewhere; the query's id.
    pub fn inline(&self, from: i64, query: &str) -> String {
        let id = self.world(|world| {
            world.next_press += 1;
            let id = format!("query-{}", world.next_press);
            world.inline.insert(id.clone(), false);
            id
        });
        self.push("inline_query", &json!({ "id": id, "from": user(from), "query": query, "offset": "" }));
        id
    }

    /// The bot's standing in a chat changes.
    pub fn bot_becomes(&self, chat: i64, by: i64, status: &'static str) {
        let (old, about) = self.world(|world| {
            let place = world.chats.get_mut(&chat).unwrap();
            let old = std::mem::replace(
                &mut place.bot,
                if status == "kicked" && place.kind == "private" { "blocked" } else { status },
            );
            (old, json!({ "id": chat, "type": place.kind, "title": place.title }))
        });
        let me = self.world(|world| world.me.clone());
        let standing = |status: &str| {
            let mut standing = json!({ "user": me, "status": status });
            match status {
                "administrator" => {
                    standing["can_delete_messages"] = json!(true);
                    standing["can_be_edited"] = json!(false);
                    standing["can_manage_tags"] = json!(true);
                }
                "restricted" => {
                    standing["is_member"] = json!(true);
                    standing["can_send_messages"] = json!(false);
                    standing["until_date"] = json!(0);
                }
                "kicked" => standing["until_date"] = json!(0),
                _ => {}
            }
            standing
        };
        let old = if old == "blocked" { "kicked" } else { old };
        self.push(
            "my_chat_member",
            &json!({
                "chat": about, "from": user(by), "date": now(),
                "old_chat_member": standing(old), "new_chat_member": standing(status),
            }),
        );
    }
}

/// Commands and mentions, counted in UTF-16 units as Telegram does.
fn entities(text: &str, _bot: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut offset = 0;
    for word in text.split_inclusive(|c: char| c.is_whitespace()) {
        let bare: String =
            word.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '@' | '_')).collect();
        let kind = match bare.chars().next() {
            Some('/') if bare.len() > 1 => Some("bot_command"),
            Some('@') if bare.len() > 1 => Some("mention"),
            _ => None,
        };
        if let Some(kind) = kind {
            found.push(json!({ "type": kind, "offset": offset, "length": bare.len() }));
        }
        offset += word.encode_utf16().count();
    }
    found
}
