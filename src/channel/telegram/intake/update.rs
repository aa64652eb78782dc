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

/// The kinds of update that are asked for.
pub const ALLOWED: [&str; 6] =
    ["message", "edited_message", "callback_query", "inline_query", "my_chat_member", "chat_member"];

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
    /// Something that means nothing to the bot.
    Other,
}

/// A message.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "they are Telegram's, and independent of each other")]
pub struct Incoming {
    /// Its number in the chat; 0 for one that cannot be replied to.
    pub id: i64,
    /// When it was sent, in Unix seconds.
    pub date: i64,
    /// Where.
    pub chat: Chat,
    /// Who sent it; none in channels.
    pub from: Option<User>,
    /// The chat on whose behalf it was sent: an anonymous admin's group, a channel.
    pub sender_chat: Option<i64>,
    /// The topic or the thread it belongs to.
    pub thread: Option<i64>,
    /// Whether the thread is a forum's topic.
    pub is_topic_message: bool,
    /// The name of the topic that it opened or renamed.
    pub topic_name: Option<String>,
    /// Its text or caption.
    pub text: Option<String>,
    /// Whether the text stands below something that can only be seen or heard.
    pub is_caption: bool,
    /// The emoji that its sticker stands for.
    pub sticker: Option<String>,
    /// The largest form of its photo, as a file's id.
    pub picture: Option<String>,
    /// What the text's parts are.
    pub entities: Vec<Entity>,
    /// Whether it holds something that is neither text nor a notice: a photo, a voice note …
    pub is_media: bool,
    /// The album it belongs to.
    pub album: Option<String>,
    /// The message it replies to.
    pub reply_to: Option<Box<Incoming>>,
    /// Whether it is a linked channel's post.
    pub is_automatic_forward: bool,
    /// Whether it was forwarded.
    pub is_forward: bool,
    /// Whether it was sent through a bot.
    pub via_bot: bool,
    /// The supergroup that this group became.
    pub migrated_to: Option<i64>,
    /// The group that this supergroup was.
    pub migrated_from: Option<i64>,
    /// The data of its buttons, where the bot put any.
    pub presses: Vec<String>,
}

impl Incoming {
    /// Who speaks, where that is no bot: a person, or the group or channel in whose name one does. Those two speak
    /// through bots of Telegram's own (`GroupAnonymousBot`, `Channel_Bot`).
    pub fn speaker(&self) -> Option<i64> {
        self.sender_chat.or_else(|| self.from.filter(|from| !from.is_bot).map(|from| from.id))
    }

    /// The forum's topic; none for General and elsewhere.
    pub fn topic(&self) -> Option<i64> {
        self.thread.filter(|_| self.is_topic_message)
    }

    /// Its text, where it is nothing but text: a dialogue has no use for a picture.
    pub fn words<'text>(&self, text: &'text str) -> Option<&'text str> {
        (!self.is_media).then_some(text)
    }

    /// The message that it replies to, where somebody else wrote that.
    pub fn replies_to_another(&self) -> Option<&Self> {
        let speaker = self.speaker()?;
        self.reply_to.as_deref().filter(|question| question.speaker() != Some(speaker))
    }

    /// Whether `to`, which it replies to, only opened its topic: every message of a topic replies to that one, unless it
    /// replies to another.
    pub fn is_topic_root(&self, to: &Self) -> bool {
        self.topic() == Some(to.id)
    }
}

/// A chat.
#[derive(Clone, Debug, Default)]
pub struct Chat {
    /// Its id.
    pub id: i64,
    /// What it is.
    pub kind: ChatKind,
    /// Its title; empty for private chats.
    pub title: String,
    /// Whether it has topics.
    pub is_forum: bool,
}

/// What a chat is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ChatKind {
    /// With one person.
    Private,
    /// A group or supergroup.
    Group,
    /// A channel, or something new.
    #[default]
    Other,
}

/// A person or a bot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct User {
    /// The id.
    pub id: i64,
    /// Whether it is a bot.
    pub is_bot: bool,
}

/// A part of a text; offset and length are in UTF-16 code units.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entity {
    /// `mention`, `bot_command` …
    pub kind: String,
    /// Where it begins.
    pub offset: usize,
    /// How long it is.
    pub length: usize,
    /// Whom a `text_mention` means.
    pub user: Option<i64>,
    /// Where a `text_link` leads.
    pub url: Option<String>,
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

/// What a message may hold that can be seen and not read.
const MEDIA: [&str; 20] = [
    "voice",
    "photo",
    "sticker",
    "video",
    "audio",
    "document",
    "animation",
    "video_note",
    "contact",
    "location",
    "venue",
    "poll",
    "dice",
    "story",
    "game",
    "paid_media",
    "checklist",
    "live_photo",
    "rich_message",
    "invoice",
];

fn message(value: &Value) -> Option<Incoming> {
    let chat = chat(&value["chat"])?;
    let (words, parts) =
        if value["text"].is_string() { ("text", "entities") } else { ("caption", "caption_entities") };
    let mut said = text(&value[words]);
    if said.is_none()
        && let Some(rich) = value.get("rich_message")
    {
        let mut found = Vec::new();
        texts(rich, &mut found);
        said = Some(found.join(" ")).filter(|said| !said.trim().is_empty());
    }
    Some(Incoming {
        id: value["message_id"].as_i64().unwrap_or(0),
        date: value["date"].as_i64().unwrap_or(0),
        chat,
        from: user(&value["from"]),
        sender_chat: value["sender_chat"]["id"].as_i64(),
        thread: value["message_thread_id"].as_i64(),
        is_topic_message: value["is_topic_message"] == true,
        topic_name: text(&value["forum_topic_edited"]["name"])
            .or_else(|| text(&value["forum_topic_created"]["name"])),
        is_caption: words == "caption" && value[words].is_string(),
        sticker: text(&value["sticker"]["emoji"]),
        picture: value["photo"].as_array().and_then(|sizes| text(&sizes.last()?["file_id"])),
        text: said,
        entities: value[parts]
            .as_array()
            .map(|list| list.iter().filter_map(entity).collect())
            .unwrap_or_default(),
        is_media: MEDIA.iter().any(|kind| value.get(kind).is_some()),
        album: text(&value["media_group_id"]),
        reply_to: value.get("reply_to_message").and_then(message).map(Box::new),
        is_automatic_forward: value["is_automatic_forward"] == true,
        is_forward: value.get("forward_origin").is_some() || value.get("forward_date").is_some(),
        via_bot: value.get("via_bot").is_some(),
        migrated_to: value["migrate_to_chat_id"].as_i64(),
        migrated_from: value["migrate_from_chat_id"].as_i64(),
        presses: presses(&value["reply_markup"]["inline_keyboard"]),
    })
}

/// Every `text` in a message of blocks, in order.
fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match field {
                    Value::String(text) if name == "text" => found.push(text.clone()),
                    _ => texts(field, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        _ => {}
    }
}

fn presses(rows: &Value) -> Vec<String> {
    let buttons = rows.as_array().into_iter().flatten().filter_map(Value::as_array).flatten();
    buttons.filter_map(|button| text(&button["callback_data"])).collect()
}

fn chat(value: &Value) -> Option<Chat> {
    let kind = match value["type"].as_str() {
        Some("private") => ChatKind::Private,
        Some("group" | "supergroup") => ChatKind::Group,
        _ => ChatKind::Other,
    };
    let title = text(&value["title"]).unwrap_or_default();
    Some(Chat { id: value["id"].as_i64()?, kind, title, is_forum: value["is_forum"] == true })
}

fn user(value: &Value) -> Option<User> {
    Some(User { id: value["id"].as_i64()?, is_bot: value["is_bot"] == true })
}

fn entity(value: &Value) -> Option<Entity> {
    let number = |name: &str| value[name].as_u64().and_then(|number| usize::try_from(number).ok());
    Some(Entity {
        kind: text(&value["type"])?,
        offset: number("offset")?,
        length: number("length")?,
        user: value["user"]["id"].as_i64(),
        url: text(&value["url"]),
    })
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}
