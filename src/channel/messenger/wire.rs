//! Parses a delivery's body into the events that concern the bot.
//!
//! Every field may be missing or of another type: what cannot be parsed is skipped, and nothing else with it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::surface::Surface;

/// The metadata of the bot's own messages, by which their echoes are recognised.
pub const OWN: &str = "uttor";

/// The thumbs of Messenger's own button: small, middle, large, as every Page sees them.
const LIKES: [&str; 3] = ["369239263222822", "369239343222814", "369239383222810"];

/// An event that concerns the bot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The same in a redelivery.
    pub id: String,
    /// The person's id at this Page: who wrote, or to whom the Page wrote.
    pub person: String,
    /// When it happened, in Unix milliseconds, if known.
    pub at: Option<i64>,
    /// What happened.
    pub what: What,
}

impl Event {
    /// Events of the same queue are handled in order. Comments, which may have to wait, hold up no messages.
    pub fn queue(&self) -> String {
        match &self.what {
            What::Comment { .. } => format!("comments:{}", self.person),
            _ => self.person.clone(),
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    /// Somebody wrote.
    Text(String),
    /// Somebody pressed a button.
    Press {
        /// None for a button that is not the bot's.
        payload: Option<String>,
        /// The button's text.
        title: String,
        /// The `ref` of the link that opened the chat.
        referral: Option<String>,
    },
    /// A sticker, a voice, a picture …
    Unreadable,
    /// The thumb of Messenger's own button, or one that was typed.
    Like,
    /// Somebody opened an existing chat by an `m.me` link with this `ref`.
    Referral(String),
    /// A person of the Page, or another program, wrote to this person.
    Taken,
    /// This was written to this person on Instagram, by the bot or by somebody else: the echo does not say by whom.
    Said(String),
    /// The person took the message with this id back.
    Unsent(String),
    /// The conversation was given back to the bot.
    GivenBack,
    /// Somebody commented below one of the Page's posts.
    Comment {
        /// Its id.
        comment: String,
        /// The id of the comment that it replies to; none at the top level.
        parent: Option<String>,
        /// Its text.
        text: String,
        /// The post or the media that it stands below.
        #[serde(default)]
        post: Option<String>,
    },
}

/// By what this bot's Page and app are recognised.
pub struct Own<'a> {
    /// The Page's id.
    pub page: &'a str,
    /// The app's id, where it is known.
    pub app: Option<&'a str>,
    /// Whether comments are read.
    pub comments: bool,
    /// The Instagram account's id, where it is answered.
    pub instagram: Option<&'a str>,
}

/// The events of a body. None when it is not JSON.
pub fn read(body: &[u8], own: &Own) -> Option<Vec<Event>> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let mut events = Vec::new();
    if body["object"] == "page" {
        for part in list(&body["entry"]) {
            // Another Page's, or nobody's.
            if id(&part["id"]).as_deref() != Some(own.page) {
                continue;
            }
            events.extend(list(&part["messaging"]).filter_map(|event| messaging(event, own)));
            if own.comments {
                events.extend(list(&part["changes"]).filter_map(|change| comment(change, own)));
            }
        }
    }
    if body["object"] == "instagram"
        && let Some(account) = own.instagram
    {
        let own = Own { page: account, ..*own };
        for part in list(&body["entry"]).filter(|part| id(&part["id"]).as_deref() == Some(account)) {
            events.extend(
                list(&part["messaging"]).filter_map(|event| messaging(event, &own)).map(on_instagram),
            );
            if own.comments {
                let at = time(&part["time"])
                    .map(|at| if at < 100_000_000_000 { at.saturating_mul(1_000) } else { at });
                let comments = list(&part["changes"]).filter_map(|change| instagram_comment(change, account));
                events.extend(comments.map(|event| Event { at, ..event }));
            }
        }
    }
    Some(events)
}

/// The event as one of Instagram.
fn on_instagram(event: Event) -> Event {
    let person = Surface::Instagram.person(&event.person);
    Event { id: format!("instagram:{}", event.id), person, ..event }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// An id, which may come as a number.
fn id(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// A time, which may come as text.
fn time(value: &Value) -> Option<i64> {
    let time = value.as_i64().or_else(|| value.as_str()?.parse().ok())?;
    (time > 0).then_some(time)
}

/// An id for an event that has none: the same in a redelivery.
fn named(kind: &str, person: &str, at: Option<i64>, more: &str) -> String {
    format!("{kind}:{person}:{}:{more}", at.unwrap_or(0))
}

fn messaging(event: &Value, own: &Own) -> Option<Event> {
    if !event["policy_enforcement"].is_null() {
        let action = event["policy_enforcement"]["action"].as_str().unwrap_or("something");
        tracing::error!("Messenger enforces its policy on the Page ({action}); see the Page's support inbox");
        return None;
    }
    let (sender, recipient) = (id(&event["sender"]["id"])?, id(&event["recipient"]["id"]));
    let at = time(&event["timestamp"]);
    let message = &event["message"];
    if message["is_echo"] == true {
        return echo(event, recipient?, at, own);
    }
    // The Page's own message, or another Page's inbox.
    if sender == own.page || recipient.is_some_and(|recipient| recipient != own.page) {
        return None;
    }
    let (name, what) = if message.is_object() {
        match (message["is_deleted"] == true, text(&message["mid"])) {
            (true, Some(mid)) => (Some(format!("unsent:{mid}")), What::Unsent(mid)),
            (true, None) => return None,
            (false, mid) => (mid, said(message)?),
        }
    } else if event["postback"].is_object() {
        let postback = &event["postback"];
        let what = What::Press {
            payload: text(&postback["payload"]),
            title: text(&postback["title"]).unwrap_or_default(),
            referral: text(&postback["referral"]["ref"]),
        };
        (text(&postback["mid"]), what)
    } else if event["referral"].is_object() {
        (None, What::Referral(text(&event["referral"]["ref"]).unwrap_or_default()))
    } else if event["pass_thread_control"].is_object() {
        let owner = id(&event["pass_thread_control"]["new_owner_app_id"]);
        let is_ours = owner.is_none() || own.app.is_none() || owner.as_deref() == own.app;
        (None, if is_ours { What::GivenBack } else { What::Taken })
    } else if event["take_thread_control"].is_object() {
        (None, What::Taken)
    } else {
        return None;
    };
    let name = name.unwrap_or_else(|| named("event", &sender, at, &format!("{what:?}")));
    Some(Event { id: name, person: sender, at, what })
}

/// What a message says; none when it holds nothing for the bot.
fn said(message: &Value) -> Option<What> {
    // Somebody's own story that names the account asks nothing.
    if list(&message["attachments"]).any(|one| one["type"] == "story_mention") {
        return None;
    }
    let words = text(&message["text"]);
    if let Some(payload) = text(&message["quick_reply"]["payload"]) {
        return Some(What::Press {
            payload: Some(payload),
            title: words.unwrap_or_default(),
            referral: None,
        });
    }
    let is_more = list(&message["attachments"]).next().is_some()
        || message["attachments"].is_object()
        || message["is_unsupported"] == true
        || !message["sticker_id"].is_null();
    let stickers = list(&message["attachments"]).map(|one| &one["payload"]["sticker_id"]);
    let is_like = |sticker: &Value| id(sticker).is_some_and(|id| LIKES.contains(&id.as_str()));
    if words.is_none() && stickers.chain([&message["sticker_id"]]).any(is_like) {
        return Some(What::Like);
    }
    match words {
        Some(words) if is_thumb(&words) => Some(What::Like),
        Some(words) => Some(What::Text(words)),
        None if is_more => Some(What::Unreadable),
        None if message["text"].is_string() => Some(What::Text(String::new())),
        None => None,
    }
}

/// Whether it is one 👍, in whatever tone, and nothing else.
fn is_thumb(words: &str) -> bool {
    let tone = |c: char| ('\u{1F3FB}'..='\u{1F3FF}').contains(&c) || c == '\u{FE0F}';
    words.trim().strip_prefix('👍').is_some_and(|rest| rest.chars().all(tone))
}

/// The echo of a message that the Page sent. The bot's own are recognised by metadata or app; any other was written by a
/// person or another program.
fn echo(event: &Value, person: String, at: Option<i64>, own: &Own) -> Option<Event> {
    let message = &event["message"];
    let is_marked = message["metadata"].as_str().is_some_and(|metadata| metadata.starts_with(OWN));
    let is_our_app = own.app.is_some() && id(&message["app_id"]).as_deref() == own.app;
    if is_marked || is_our_app || person == own.page || message["is_deleted"] == true {
        return None;
    }
    let name = text(&message["mid"]).unwrap_or_else(|| named("echo", &person, at, ""));
    let what = match text(&message["text"]) {
        Some(words) if own.instagram == Some(own.page) => What::Said(words),
        _ => What::Taken,
    };
    Some(Event { id: name, person, at, what })
}

/// A new comment by somebody else.
fn comment(change: &Value, own: &Own) -> Option<Event> {
    let value = &change["value"];
    if change["field"] != "feed" || value["item"] != "comment" || value["verb"] != "add" {
        return None;
    }
    let person = id(&value["from"]["id"]).filter(|person| person != own.page)?;
    let comment = id(&value["comment_id"])?;
    let text = text(&value["message"])?;
    let post = id(&value["post_id"]);
    let parent = id(&value["parent_id"]).filter(|parent| Some(parent) != post.as_ref());
    let at = time(&value["created_time"]).map(|seconds| seconds.saturating_mul(1_000));
    let name = format!("comment:{comment}");
    Some(Event { id: name, person, at, what: What::Comment { comment, parent, text, post } })
}

/// A new comment by somebody else below the account's media.
fn instagram_comment(change: &Value, account: &str) -> Option<Event> {
    let value = &change["value"];
    if change["field"] != "comments" {
        return None;
    }
    let person = id(&value["from"]["id"]).filter(|person| person != account)?;
    let comment = id(&value["id"])?;
    let text = text(&value["text"])?;
    let name = format!("instagram:comment:{comment}");
    let what =
        What::Comment { parent: id(&value["parent_id"]), post: id(&value["media"]["id"]), text, comment };
    Some(Event { id: name, person: Surface::Instagram.person(&person), at: None, what })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const OURS: Own<'_> = Own { page: "1", app: Some("2"), comments: true, instagram: None };

    fn says(mid: &str) -> Value {
        json!({ "sender": { "id": "7" }, "recipient": { "id": "1" }, "timestamp": 1, "message": { "mid": mid, "text": "কী?" } })
    }

    /// One of each kind, between two that are as they should be.
    fn delivery() -> Value {
        let ids = json!({ "sender": { "id": "7" }, "recipient": { "id": "1" }, "timestamp": 2 });
        let of = |kind: &str, what: Value| {
            let mut event = ids.clone();
            event[kind] = what;
            event
        };
        let more = [
            of(
                "message",
                json!({ "mid": "m", "text": "t", "quick_reply": { "payload": "p" }, "attachments": [{ "type": "sticker" }] }),
            ),
            of(
                "message",
                json!({ "mid": "m", "is_echo": true, "app_id": 3, "metadata": "m", "is_deleted": false }),
            ),
            of("postback", json!({ "mid": "m", "title": "t", "payload": "p", "referral": { "ref": "r" } })),
            of("referral", json!({ "ref": "r" })),
            of("pass_thread_control", json!({ "new_owner_app_id": "2" })),
            of("take_thread_control", json!({ "previous_owner_app_id": "2" })),
            of("policy_enforcement", json!({ "action": "block" })),
            of("reaction", json!({ "mid": "first" })),
        ];
        let messaging: Vec<Value> = [says("first")].into_iter().chain(more).chain([says("last")]).collect();
        let comment = json!({
            "item": "comment", "verb": "add", "from": { "id": "7" }, "post_id": "1_1", "comment_id": "c",
            "parent_id": "1_1", "message": "কী?", "created_time": 3,
        });
        let entry =
            json!({ "id": "1", "messaging": messaging, "changes": [{ "field": "feed", "value": comment }] });
        json!({ "object": "page", "entry": [entry] })
    }

    /// Every place in `value`, as a pointer.
    fn places(value: &Value, at: &str, all: &mut Vec<String>) {
        let inner: Vec<(String, &Value)> = match value {
            Value::Object(object) => object.iter().map(|(key, value)| (key.clone(), value)).collect(),
            Value::Array(list) => {
                list.iter().enumerate().map(|(number, value)| (number.to_string(), value)).collect()
            }
            _ => Vec::new(),
        };
        for (key, value) in inner {
            let at = format!("{at}/{key}");
            all.push(at.clone());
            places(value, &at, all);
        }
    }

    #[test]
    fn whatever_is_missing_or_of_another_type_takes_nothing_else_with_it() {
        let whole = delivery();
        let mut all = Vec::new();
        places(&whole, "", &mut all);
        assert!(all.len() > 80, "{}", all.len());
        let last = whole["entry"][0]["messaging"].as_array().map_or(0, |list| list.len() - 1);
        let good = [("/entry/0/messaging/0", "first"), (&format!("/entry/0/messaging/{last}"), "last")];
        let others = [
            json!(null),
            json!(true),
            json!(-1),
            json!(1e300),
            json!(""),
            json!("x"),
            json!([[]]),
            json!({ "id": {} }),
        ];
        for at in &all {
            for other in &others {
                let mut changed = whole.clone();
                if let Some(place) = changed.pointer_mut(at) {
                    *place = other.clone();
                }
                let events = read(changed.to_string().as_bytes(), &OURS).unwrap_or_default();
                for (place, mid) in good {
                    let is_touched = at.starts_with(place) || place.starts_with(at.as_str());
                    let is_above = ["/object", "/entry/0/id"].contains(&at.as_str());
                    let is_there = events.iter().any(|event| event.id == mid);
                    assert!(is_touched || is_above || is_there, "{at} = {other}: {events:?}");
                }
            }
        }
        assert_eq!(read(b"{", &OURS), None);
        for nothing in ["3", "[]", "{}", "null", "\"page\""] {
            assert_eq!(read(nothing.as_bytes(), &OURS), Some(Vec::new()), "{nothing}");
        }
    }
}
