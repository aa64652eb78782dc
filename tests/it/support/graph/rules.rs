//! What the platform takes, and what it refuses.

use serde_json::{Map, Value};

use super::is_instagram;
use super::world::World;

/// Why something is refused: code, subcode, words.
pub type Refusal = (i64, i64, String);

fn bad<T>(words: impl Into<String>) -> Result<T, Refusal> {
    Err((100, 0, words.into()))
}

fn fields<'a>(value: &'a Value, what: &str, known: &[&str]) -> Result<&'a Map<String, Value>, Refusal> {
    let Some(object) = value.as_object() else { return bad(format!("{what} is no object")) };
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => bad(format!("{what} has an unknown {key}")),
        None => Ok(object),
    }
}

/// A text of 1 to `most` characters.
fn text<'a>(value: &'a Value, what: &str, most: usize) -> Result<&'a str, Refusal> {
    match value.as_str() {
        Some(text) if !text.trim().is_empty() && text.chars().count() <= most => Ok(text),
        Some(text) => {
            Err((100, 2_018_109, format!("{what} has {} characters, 1 to {most}", text.chars().count())))
        }
        None => bad(format!("{what} is no text")),
    }
}

fn list<'a>(value: &'a Value, what: &str, most: usize) -> Result<&'a Vec<Value>, Refusal> {
    match value.as_array() {
        Some(list) if (1..=most).contains(&list.len()) => Ok(list),
        Some(list) => bad(format!("{what} has {} items, 1 to {most}", list.len())),
        None => bad(format!("{what} is no list")),
    }
}

/// Whom a request to the Send API reaches, and whether by a comment.
pub fn recipient(body: &Value) -> Result<(String, bool), Refusal> {
    let recipient = fields(&body["recipient"], "recipient", &["id", "comment_id", "post_id"])?;
    if recipient.len() != 1 {
        return bad("recipient names not exactly one");
    }
    match (&body["recipient"]["id"], &body["recipient"]["comment_id"]) {
        (Value::String(id), _) => Ok((id.clone(), false)),
        (_, Value::String(comment)) => Ok((comment.clone(), true)),
        _ => bad("recipient is no text"),
    }
}

/// Looks through a request to the Send API.
pub fn message(world: &World, body: &Value) -> Result<(), Refusal> {
    fields(body, "body", &["recipient", "messaging_type", "message", "sender_action"])?;
    let (to, is_comment) = recipient(body)?;
    if !body["sender_action"].is_null() {
        fields(body, "body with a sender_action", &["recipient", "sender_action"])?;
        return match body["sender_action"].as_str() {
            Some("mark_seen" | "typing_on" | "typing_off") => Ok(()),
            _ => bad("unknown sender_action"),
        };
    }
    if is_comment && world.replied.contains(&to) {
        return Err((10_900, 0, "Activity already replied to".to_owned()));
    }
    if !is_comment && body["messaging_type"] != "RESPONSE" {
        return bad("messaging_type is not RESPONSE");
    }
    if is_instagram(&to) {
        // Counted in bytes; no templates that are not documented for it, and echoes bring no metadata back.
        let message = fields(&body["message"], "message", &["text", "quick_replies"])?;
        let bytes = message.get("text").and_then(Value::as_str).map_or(0, str::len);
        if bytes == 0 || bytes > 1_000 {
            return Err((100, 2_534_037, format!("text has {bytes} bytes, 1 to 1000")));
        }
    }
    let message = fields(&body["message"], "message", &["text", "attachment", "quick_replies", "metadata"])?;
    match (message.get("text"), message.get("attachment")) {
        (Some(words), None) => {
            text(words, "text", 2_000)?;
        }
        (None, Some(attachment)) => template(attachment)?,
        _ => return bad("a message has a text or an attachment"),
    }
    if let Some(metadata) = message.get("metadata") {
        text(metadata, "metadata", 1_000)?;
    }
    if let Some(quick) = message.get("quick_replies") {
        for quick in list(quick, "quick_replies", 13)? {
            fields(quick, "quick reply", &["content_type", "title", "payload"])?;
            if quick["content_type"] != "text" {
                return bad("content_type is not text");
            }
            text(&quick["title"], "title", 20)?;
            text(&quick["payload"], "payload", 1_000)?;
        }
    }
    Ok(())
}

fn template(attachment: &Value) -> Result<(), Refusal> {
    fields(attachment, "attachment", &["type", "payload"])?;
    let payload = fields(&attachment["payload"], "payload", &["template_type", "text", "buttons"])?;
    if attachment["type"] != "template" || payload["template_type"] != "button" {
        return bad("no button template");
    }
    text(&payload["text"], "text of the template", 640)?;
    for button in list(&payload["buttons"], "buttons", 3)? {
        text(&button["title"], "title of a button", 20)?;
        match button["type"].as_str() {
            Some("web_url") => {
                let url = text(&button["url"], "url", 2_000)?;
                if !url.starts_with("https://") && !url.starts_with("http://") {
                    return bad("url is no address");
                }
            }
            Some("postback") => {
                text(&button["payload"], "payload of a button", 1_000)?;
            }
            _ => return bad("unknown button"),
        }
    }
    Ok(())
}

/// Looks through a Messenger profile.
pub fn profile(world: &World, body: &Value) -> Result<(), Refusal> {
    let known = ["greeting", "get_started", "ice_breakers", "persistent_menu"];
    let profile = fields(body, "profile", &known)?;
    let has_default = |list: &[Value]| list.iter().any(|part| part["locale"] == "default");
    if let Some(greeting) = profile.get("greeting") {
        let greeting = list(greeting, "greeting", 10)?;
        for part in greeting {
            text(&part["text"], "greeting", 160)?;
        }
        if !has_default(greeting) {
            return bad("greeting without default");
        }
    }
    if let Some(start) = profile.get("get_started") {
        text(&start["payload"], "payload", 1_000)?;
    }
    if let Some(breakers) = profile.get("ice_breakers") {
        ice_breakers(breakers)?;
    }
    if let Some(menu) = profile.get("persistent_menu") {
        if profile.get("get_started").is_none() && world.profile["get_started"].is_null() {
            return bad("a persistent menu needs get_started");
        }
        let menu = list(menu, "persistent_menu", 10)?;
        if !has_default(menu) {
            return bad("persistent_menu without default");
        }
        for part in menu {
            for item in list(&part["call_to_actions"], "menu", 3)? {
                text(&item["title"], "title", 20)?;
                text(&item["payload"], "payload", 1_000)?;
            }
        }
    }
    Ok(())
}

/// Looks through an Instagram account's profile: it has neither start button nor greeting nor menu.
pub fn instagram_profile(body: &Value) -> Result<(), Refusal> {
    fields(body, "profile", &["platform", "ice_breakers"])?;
    ice_breakers(&body["ice_breakers"])
}

fn ice_breakers(breakers: &Value) -> Result<(), Refusal> {
    let breakers = list(breakers, "ice_breakers", 10)?;
    if !breakers.iter().any(|part| part["locale"] == "default") {
        return bad("ice_breakers without default");
    }
    for part in breakers {
        for action in list(&part["call_to_actions"], "ice breakers", 4)? {
            text(&action["question"], "question", 80)?;
            text(&action["payload"], "payload", 1_000)?;
        }
    }
    Ok(())
}

/// Looks through an app's webhook.
pub fn webhook(body: &Value) -> Result<(), Refusal> {
    let known = ["object", "callback_url", "verify_token", "fields", "include_values"];
    fields(body, "webhook", &known)?;
    let known: &[&str] = match body["object"].as_str() {
        Some("page") => &[],
        Some("instagram") => {
            &["messages", "messaging_postbacks", "messaging_seen", "comments", "message_reactions"]
        }
        _ => return bad("object is neither page nor instagram"),
    };
    for field in body["fields"].as_str().unwrap_or_default().split(',') {
        if !known.is_empty() && !known.contains(&field) {
            return bad(format!("instagram has no field {field}"));
        }
    }
    for name in ["callback_url", "verify_token", "fields"] {
        text(&body[name], name, 1_000)?;
    }
    Ok(())
}
