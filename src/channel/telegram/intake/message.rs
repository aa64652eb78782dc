//! A message as it came in: where, by whom, and what is said in it.
//!
//! Everything is picked from the JSON by name, and nothing else is looked at.

use serde_json::Value;

/// A message.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "they are Telegram's, and independent of each other")]
pub struct Incoming {
    /// Its number in the chat; 0 for one that cannot be replied to.
    pub id: i64,
    /// Its number where only one member of a group sees it; `id` is 0 then.
    pub ephemeral: Option<i64>,
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

/// A message; none without a chat.
pub(super) fn message(value: &Value) -> Option<Incoming> {
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
        ephemeral: value["ephemeral_message_id"].as_i64(),
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

/// A chat; none without an id.
pub(super) fn chat(value: &Value) -> Option<Chat> {
    let kind = match value["type"].as_str() {
        Some("private") => ChatKind::Private,
        Some("group" | "supergroup") => ChatKind::Group,
        _ => ChatKind::Other,
    };
    let title = text(&value["title"]).unwrap_or_default();
    Some(Chat { id: value["id"].as_i64()?, kind, title, is_forum: value["is_forum"] == true })
}

/// A person or a bot; none without an id.
pub(super) fn user(value: &Value) -> Option<User> {
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

/// A string.
pub(super) fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}
