//! What only one member of a group sees.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::methods::{Answer, bad, limit, speaking};
use super::rules::message_text;
use super::speak::{now, user};
use super::world::World;
use super::{BOT, BOT_NAME, Telegram};

/// How long a bot that is no administrator may answer what a member did.
const ANSWERABLE: Duration = Duration::from_secs(15);

/// A message that only one member sees.
#[derive(Clone, Debug)]
pub struct Whisper {
    pub id: i64,
    pub chat: i64,
    /// The member.
    pub person: i64,
    pub from_bot: bool,
    pub text: String,
    /// The request that made it, or the message.
    pub params: Value,
    pub at: Instant,
}

/// `sendMessage` with `ephemeral_message_parameters`.
pub fn send(world: &mut World, params: &Value) -> Answer {
    let text = message_text(params).or_else(bad)?;
    let about = &params["ephemeral_message_parameters"];
    let known = ["receiver_user_id", "callback_query_id", "replace_callback_query_message"];
    if about.as_object().unwrap().keys().any(|name| !known.contains(&name.as_str())) {
        return bad("Bad Request: can't parse ephemeral message parameters");
    }
    let (chat, person) =
        (params["chat_id"].as_i64().unwrap(), about["receiver_user_id"].as_i64().unwrap_or(0));
    let place = speaking(world, params)?;
    let is_admin = place.bot == "administrator";
    if place.kind == "private" {
        return bad("Bad Request: EPHEMERAL_PEER_INVALID");
    }
    if !place.members.contains_key(&person) {
        return bad("Bad Request: USER_NOT_PARTICIPANT");
    }
    let said = params["reply_parameters"]["ephemeral_message_id"].as_i64();
    let answers = |whisper: &&Whisper| whisper.chat == chat && whisper.person == person && !whisper.from_bot;
    let said = said.map(|said| world.whispers.get(&said).filter(answers).cloned());
    if let Some(None) = said {
        return bad("Bad Request: EPHEMERAL_MESSAGE_ID_INVALID");
    }
    let press = about["callback_query_id"].as_str().map(|id| world.pressed.get(id).copied());
    let press = match press {
        Some(Some((by, at, on))) if by == person => Some((at, on)),
        Some(_) => return bad("Bad Request: QUERY_ID_INVALID"),
        None => None,
    };
    let at = said.flatten().map(|said| said.at).or(press.map(|(at, _)| at));
    if !is_admin && at.is_none_or(|at| at.elapsed() > ANSWERABLE) {
        return bad("Bad Request: BOT_NOT_ADMIN");
    }
    if about["replace_callback_query_message"] == true {
        let Some(old) = press.and_then(|(_, on)| on).and_then(|on| world.whispers.remove(&on)) else {
            return bad("Bad Request: EPHEMERAL_MESSAGE_ID_INVALID");
        };
        assert!(old.from_bot);
    }
    limit(world, chat)?;
    let id = world.next_whisper();
    let whisper = Whisper {
        id,
        chat,
        person,
        from_bot: true,
        text: text.clone(),
        params: params.clone(),
        at: Instant::now(),
    };
    world.whispers.insert(id, whisper);
    Ok(json!({
        "message_id": 0, "ephemeral_message_id": id, "date": now(), "text": text,
        "chat": { "id": chat, "type": "supergroup" },
        "from": { "id": BOT, "is_bot": true, "first_name": "Uttor", "username": BOT_NAME },
    }))
}

/// `deleteEphemeralMessage`.
pub fn delete(world: &mut World, params: &Value) -> Answer {
    let id = params["ephemeral_message_id"].as_i64().unwrap_or_default();
    let of =
        |whisper: &Whisper| params["chat_id"] == whisper.chat && params["receiver_user_id"] == whisper.person;
    if !world.whispers.get(&id).is_some_and(of) {
        return bad("Bad Request: EPHEMERAL_MESSAGE_ID_INVALID");
    }
    world.whispers.remove(&id);
    Ok(json!(true))
}

impl World {
    fn next_whisper(&mut self) -> i64 {
        self.next_press += 1;
        700_000 + self.next_press.cast_signed()
    }

    /// What the bot told one member of a group alone, and what stands there.
    pub fn whispered(&self, chat: i64) -> Vec<Whisper> {
        self.whispers.values().filter(|whisper| whisper.from_bot && whisper.chat == chat).cloned().collect()
    }
}

impl Whisper {
    /// The callback data of the first button whose label holds `label`.
    pub fn data(&self, label: &str) -> String {
        let rows = self.params["reply_markup"]["inline_keyboard"].as_array().cloned().unwrap_or_default();
        let mut buttons = rows.iter().filter_map(Value::as_array).flatten();
        let button = buttons.find(|button| button["text"].as_str().is_some_and(|text| text.contains(label)));
        button.unwrap_or_else(|| panic!("no button {label} below {}", self.text))["callback_data"]
            .as_str()
            .unwrap()
            .to_owned()
    }
}

impl Telegram {
    /// Somebody gives a command that only the bot sees.
    pub fn whispers(&self, chat: i64, from: i64, text: &str) {
        let mut message = self.message(chat, from, &json!({ "text": text }));
        self.world(|world| {
            let taken = message["message_id"].as_i64().unwrap();
            world.chats.get_mut(&chat).unwrap().messages.remove(&taken);
            let id = world.next_whisper();
            message["message_id"] = json!(0);
            message["ephemeral_message_id"] = json!(id);
            let (text, params) = (text.to_owned(), message.clone());
            let whisper =
                Whisper { id, chat, person: from, from_bot: false, text, params, at: Instant::now() };
            world.whispers.insert(id, whisper);
        });
        self.push("message", &message);
    }

    /// The one who sees a message alone presses a button of it.
    pub fn presses_whispered(&self, whisper: &Whisper, data: &str) {
        let (id, shown) = self.world(|world| {
            world.next_press += 1;
            let id = format!("press-{}", world.next_press);
            world.presses.insert(id.clone(), false);
            world.pressed.insert(id.clone(), (whisper.person, Instant::now(), Some(whisper.id)));
            let me = world.me.clone();
            (
                id,
                json!({
                    "message_id": 0, "ephemeral_message_id": whisper.id, "date": now(), "text": whisper.text,
                    "chat": { "id": whisper.chat, "type": "supergroup" }, "from": me,
                    "reply_markup": whisper.params["reply_markup"],
                }),
            )
        });
        let press = json!({
            "id": id, "from": user(whisper.person), "message": shown, "chat_instance": "1", "data": data,
        });
        self.push("callback_query", &press);
    }
}
