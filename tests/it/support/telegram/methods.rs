//! The methods of the Bot API, applied to the stand-in's state.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::rules::{caption, commands, inline_results, keyboard, message_text};
use super::world::{Chat, Posted, Webhook, World};
use super::{BOT, BOT_NAME};
use super::{ephemeral, outside};

/// A result, or status, description and parameters.
pub type Answer = Result<Value, (u16, String, Option<Value>)>;

pub fn bad<T>(description: impl Into<String>) -> Result<T, (u16, String, Option<Value>)> {
    Err((400, description.into(), None))
}

/// Carries out `method`, whose parameters are known to be there.
pub fn answer(world: &mut World, method: &str, params: &Value) -> Answer {
    let language = || params["language_code"].as_str().unwrap_or_default().to_owned();
    match method.to_lowercase().as_str() {
        "getme" => Ok(world.me.clone()),
        "setwebhook" => set_webhook(world, params),
        "deletewebhook" => {
            world.webhook = None;
            Ok(json!(true))
        }
        "getwebhookinfo" => Ok(webhook_info(world)),
        "sendmessage" if params.get("business_connection_id").is_some() => outside::send(world, params),
        "sendmessage" if params.get("ephemeral_message_parameters").is_some() => {
            ephemeral::send(world, params)
        }
        "deleteephemeralmessage" => ephemeral::delete(world, params),
        "answerguestquery" => {
            inline_results(&json!({ "results": [params["result"]] })).or_else(bad)?;
            let query = params["guest_query_id"].as_str().unwrap_or_default();
            once(world.guests.get_mut(query))?;
            Ok(json!({ "inline_message_id": format!("inline-{query}") }))
        }
        "getbusinessconnection" => {
            let connection =
                world.connections.get(params["business_connection_id"].as_str().unwrap_or_default());
            connection.cloned().map_or_else(|| bad("Bad Request: business connection not found"), Ok)
        }
        "sendmessage" => send(world, params, &message_text(params).or_else(bad)?),
        "sendphoto" => send(world, params, &caption(params).or_else(bad)?),
        "editmessagetext" => edit(world, params),
        "editmessagereplymarkup" => {
            keyboard(&params["reply_markup"]).or_else(bad)?;
            let posted = own(world, params)?;
            if posted.params["reply_markup"] == params["reply_markup"] {
                return bad("Bad Request: message is not modified");
            }
            posted.params["reply_markup"] = params["reply_markup"].clone();
            posted.edits += 1;
            Ok(json!({ "message_id": posted.id, "date": 0, "chat": { "id": posted.chat } }))
        }
        "deletemessage" => delete(world, params),
        "answercallbackquery" => {
            if params["text"].as_str().is_some_and(|text| text.chars().count() > 200) {
                return bad("Bad Request: MESSAGE_TOO_LONG");
            }
            once(world.presses.get_mut(params["callback_query_id"].as_str().unwrap_or_default()))
        }
        "answerinlinequery" => {
            inline_results(params).or_else(bad)?;
            once(world.inline.get_mut(params["inline_query_id"].as_str().unwrap_or_default()))
        }
        "sendchataction" => speaking(world, params).map(|_| json!(true)),
        "getchat" => {
            let id = params["chat_id"].as_i64().unwrap_or_default();
            let chat = chat(world, params)?;
            Ok(json!({ "id": id, "type": chat.kind, "title": chat.title }))
        }
        "getchatadministrators" => {
            let chat = chat(world, params)?;
            let admins = chat.members.iter().filter(|(_, status)| **status != "member");
            Ok(admins.map(|(id, status)| member(*id, status)).collect())
        }
        "getchatmember" => {
            let id = params["user_id"].as_i64().unwrap_or_default();
            let chat = chat(world, params)?;
            let status = if id == BOT { chat.bot } else { chat.members.get(&id).copied().unwrap_or("left") };
            Ok(member(id, status))
        }
        "setmycommands" => {
            commands(&params["commands"]).or_else(bad)?;
            world.commands.insert((scope(params), language()), params["commands"].clone());
            Ok(json!(true))
        }
        "deletemycommands" => {
            world.commands.remove(&(scope(params), language()));
            Ok(json!(true))
        }
        "getmycommands" => {
            Ok(world.commands.get(&(scope(params), language())).cloned().unwrap_or_else(|| json!([])))
        }
        "setmydescription" => text(world, params, "description", 512),
        "getmydescription" => {
            let key = ("description".to_owned(), language());
            Ok(json!({ "description": world.texts.get(&key).cloned().unwrap_or_default() }))
        }
        "setmyshortdescription" => text(world, params, "short_description", 120),
        "getmyshortdescription" => {
            let key = ("short_description".to_owned(), language());
            Ok(json!({ "short_description": world.texts.get(&key).cloned().unwrap_or_default() }))
        }
        _ => Err((404, "Not Found".to_owned(), None)),
    }
}

fn scope(params: &Value) -> String {
    params["scope"]["type"].as_str().unwrap_or("default").to_owned()
}

fn text(world: &mut World, params: &Value, kind: &str, most: usize) -> Answer {
    let text = params[kind].as_str().unwrap_or_default();
    if text.chars().count() > most {
        return bad(format!("Bad Request: {kind} is too long"));
    }
    let language = params["language_code"].as_str().unwrap_or_default().to_owned();
    world.texts.insert((kind.to_owned(), language), text.to_owned());
    Ok(json!(true))
}

fn once(answered: Option<&mut bool>) -> Answer {
    match answered {
        Some(answered) if !*answered => {
            *answered = true;
            Ok(json!(true))
        }
        _ => bad("Bad Request: query is too old and response timeout expired or query ID is invalid"),
    }
}

fn member(id: i64, status: &str) -> Value {
    let user = json!({ "id": id, "is_bot": id == BOT, "first_name": "x" });
    let is_anonymous = status == "anonymous";
    let status = if is_anonymous { "administrator" } else { status };
    let may_delete = status == "administrator";
    let mut member = json!({ "user": user, "status": status, "can_delete_messages": may_delete, "is_anonymous": is_anonymous });
    if status == "restricted" {
        member["can_send_messages"] = json!(false);
    }
    member
}

/// The chat, where the bot may speak.
pub fn speaking<'a>(
    world: &'a mut World,
    params: &Value,
) -> Result<&'a mut Chat, (u16, String, Option<Value>)> {
    let chat = chat(world, params)?;
    if chat.bot == "restricted" {
        return bad("Bad Request: not enough rights to send text messages to the chat");
    }
    Ok(chat)
}

/// The chat that the bot is in.
fn chat<'a>(world: &'a mut World, params: &Value) -> Result<&'a mut Chat, (u16, String, Option<Value>)> {
    let id = params["chat_id"].as_i64().unwrap_or_default();
    let Some(chat) = world.chats.get_mut(&id) else { return bad("Bad Request: chat not found") };
    if let Some(new) = chat.migrated_to {
        let parameters = json!({ "migrate_to_chat_id": new });
        let description = "Bad Request: group chat was upgraded to a supergroup chat".to_owned();
        return Err((400, description, Some(parameters)));
    }
    let forbidden = match chat.bot {
        "blocked" => "Forbidden: bot was blocked by the user",
        "kicked" => "Forbidden: bot was kicked from the supergroup chat",
        "left" => "Forbidden: bot is not a member of the supergroup chat",
        "never" => "Forbidden: bot can't initiate conversation with a user",
        _ => return Ok(chat),
    };
    Err((403, forbidden.to_owned(), None))
}

fn send(world: &mut World, params: &Value, text: &str) -> Answer {
    let id = params["chat_id"].as_i64().unwrap_or_default();
    let thread = params["message_thread_id"].as_i64();
    let chat = speaking(world, params)?;
    match thread {
        None => {}
        Some(_) if !chat.is_forum => return bad("Bad Request: message thread not found"),
        Some(thread) => match chat.topics.get(&thread) {
            Some(true) => {}
            Some(false) => return bad("Bad Request: TOPIC_CLOSED"),
            None => return bad("Bad Request: message thread not found"),
        },
    }
    if let Some(to) = params["reply_parameters"]["message_id"].as_i64() {
        let there = chat.messages.get(&to).is_some_and(|posted| !posted.deleted);
        let lenient = params["reply_parameters"]["allow_sending_without_reply"] == true && thread.is_none();
        if !there && !lenient {
            return bad("Bad Request: message to be replied not found");
        }
    }
    limit(world, id)?;
    let chat = world.chats.get_mut(&id).unwrap();
    let message = chat.take_id();
    let kind = chat.kind;
    let posted = Posted {
        id: message,
        chat: id,
        from_bot: true,
        text: text.to_owned(),
        params: params.clone(),
        thread,
        edits: 0,
        deleted: false,
        at: Instant::now(),
    };
    chat.messages.insert(message, posted);
    Ok(json!({
        "message_id": message, "date": 1_790_000_000, "text": text, "chat": { "id": id, "type": kind },
        "from": { "id": BOT, "is_bot": true, "first_name": "Uttor", "username": BOT_NAME },
    }))
}

/// Counts a send, and refuses it where the limits are enforced: one a second in a chat with a burst of five, twenty
/// a minute in a group, thirty a second in all.
pub fn limit(world: &mut World, chat: i64) -> Result<(), (u16, String, Option<Value>)> {
    let now = Instant::now();
    let within = |time: Duration, of: Option<i64>| {
        let recent =
            |(id, at): &&(i64, Instant)| now.duration_since(*at) < time && of.is_none_or(|of| of == *id);
        world.sends.iter().rev().take(2_000).filter(recent).count()
    };
    let minute = Duration::from_mins(1);
    let over = within(Duration::from_secs(1), None) >= 30
        || within(Duration::from_secs(5), Some(chat)) >= 9
        || (chat < 0 && within(minute, Some(chat)) >= 20);
    if over {
        world.over_limit += 1;
        if world.enforce_limits {
            let parameters = json!({ "retry_after": 5 });
            return Err((429, "Too Many Requests: retry after 5".to_owned(), Some(parameters)));
        }
    }
    world.sends.push((chat, now));
    Ok(())
}

/// The bot's own message that `params` name.
fn own<'a>(world: &'a mut World, params: &Value) -> Result<&'a mut Posted, (u16, String, Option<Value>)> {
    let message = params["message_id"].as_i64().unwrap_or_default();
    let chat = chat(world, params)?;
    match chat.messages.get_mut(&message) {
        Some(posted) if !posted.deleted && posted.from_bot => Ok(posted),
        Some(posted) if !posted.deleted => bad("Bad Request: message can't be edited"),
        _ => bad("Bad Request: message to edit not found"),
    }
}

fn edit(world: &mut World, params: &Value) -> Answer {
    let text = message_text(params).or_else(bad)?;
    let posted = own(world, params)?;
    if posted.text == text && posted.params["reply_markup"] == params["reply_markup"] {
        return bad(
            "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
        );
    }
    posted.text = text;
    posted.params["text"] = params["text"].clone();
    posted.params["reply_markup"] = params["reply_markup"].clone();
    posted.edits += 1;
    Ok(json!({ "message_id": posted.id, "date": 0, "text": posted.text, "chat": { "id": posted.chat } }))
}

fn delete(world: &mut World, params: &Value) -> Answer {
    let message = params["message_id"].as_i64().unwrap_or_default();
    let chat = chat(world, params)?;
    let is_admin = chat.bot == "administrator";
    match chat.messages.get_mut(&message) {
        Some(posted) if !posted.deleted && (posted.from_bot || is_admin) => {
            posted.deleted = true;
            Ok(json!(true))
        }
        Some(posted) if !posted.deleted => bad("Bad Request: message can't be deleted"),
        _ => bad("Bad Request: message to delete not found"),
    }
}

fn set_webhook(world: &mut World, params: &Value) -> Answer {
    let url = params["url"].as_str().unwrap_or_default().to_owned();
    let is_loopback = url.starts_with("http://127.0.0.1:");
    if !url.starts_with("https://") && !is_loopback {
        return bad("Bad Request: bad webhook: An HTTPS URL must be provided for webhook");
    }
    if let Some(secret) = params["secret_token"].as_str() {
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if !(1..=256).contains(&secret.len()) || !secret.chars().all(fits) {
            return bad("Bad Request: secret token contains unallowed characters");
        }
    }
    if let Some(allowed) = params["allowed_updates"].as_array() {
        world.allowed = Some(allowed.iter().filter_map(|kind| kind.as_str().map(str::to_owned)).collect());
    }
    world.webhook = Some(Webhook {
        url,
        secret: params["secret_token"].as_str().map(str::to_owned),
        max_connections: params["max_connections"].as_i64().unwrap_or(40),
        last_error: None,
    });
    Ok(json!(true))
}

fn webhook_info(world: &World) -> Value {
    let mut info = json!({
        "url": world.webhook.as_ref().map_or("", |webhook| &webhook.url),
        "has_custom_certificate": false, "pending_update_count": world.updates.len(),
    });
    if let Some(webhook) = &world.webhook {
        info["max_connections"] = json!(webhook.max_connections);
        if let Some(error) = &webhook.last_error {
            info["last_error_message"] = json!(error);
            info["last_error_date"] = json!(1_790_000_000);
        }
    }
    if let Some(allowed) = &world.allowed {
        info["allowed_updates"] = json!(allowed);
    }
    info
}
