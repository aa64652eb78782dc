//! What one person sent, and where it was said.

use std::fmt;
use std::str::FromStr;

use crate::id::EntryId;

/// What one person sent, stripped of everything that belongs to its channel.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// The conversation it belongs to; messages of one conversation arrive in order.
    pub conversation: ConversationId,
    /// Who sent it.
    pub person: PersonId,
    /// The group that it was sent to.
    pub group: Option<GroupId>,
    /// Where it was said.
    pub place: Place,
    /// Whether it may be kept where nothing answers it.
    pub may_be_kept: bool,
    /// The entries of the guide that are not answered there.
    pub hidden: Vec<EntryId>,
    /// Whether the guide's entries go before the group's own.
    pub guide_first: bool,
    /// What was said or pressed.
    pub content: Content,
}

impl Message {
    /// The name of the channel that it came by.
    pub fn channel(&self) -> &'static str {
        self.conversation.channel()
    }
}

/// Ids of people and of what they say are shown nowhere: `Debug` leaves them out, so that none comes into a log.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash)]
        pub struct $name {
            channel: &'static str,
            id: String,
        }

        impl $name {
            /// What `channel` calls `id`.
            pub fn new(channel: &'static str, id: &str) -> Self {
                Self { channel, id: id.to_owned() }
            }

            /// The channel's name.
            pub fn channel(&self) -> &'static str {
                self.channel
            }

            /// The channel's own id.
            pub fn id(&self) -> &str {
                &self.id
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({}:…)", stringify!($name), self.channel)
            }
        }
    };
}

id!(
    /// Names a conversation among those of its channel.
    ConversationId
);
id!(
    /// Names a person among those of its channel.
    PersonId
);

/// A group as its channel names it, e.g. `telegram:-1001234`. Groups are no persons: their ids are kept as they
/// are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(String);

impl GroupId {
    /// The group `chat` of `channel`.
    pub fn new(channel: &str, chat: &str) -> Self {
        Self(format!("{channel}:{chat}"))
    }

    /// A group as [`GroupId::as_str`] gave it.
    pub(crate) fn stored(text: String) -> Self {
        Self(text)
    }

    /// As it is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for GroupId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a message was said; decides how sure an answer must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// A private chat or a Page's inbox: everything gets a reply.
    Private,
    /// A group, and the message addresses the bot.
    Addressed,
    /// A group, and the message replies to the bot: it addresses the bot only if it asks something.
    Replied,
    /// A group, and nobody spoke to the bot: a sure answer or silence.
    Overheard,
}

impl Place {
    /// Every place, in the order of the thresholds' table.
    pub const ALL: [Place; 3] = [Place::Private, Place::Addressed, Place::Overheard];

    /// As the command line names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Addressed | Self::Replied => "addressed",
            Self::Overheard => "group",
        }
    }
}

/// The content of a message.
#[derive(Clone, PartialEq, Eq)]
pub enum Content {
    /// Typed or spoken text, mentions of the bot already stripped.
    Text(String),
    /// A pressed button.
    Press(Payload),
    /// A voice note, photo, sticker …: nothing that can be read.
    Unreadable,
}

impl Content {
    /// Text as it was received, or the press that it stands for.
    ///
    /// ```
    /// use uttor::message::{Content, Payload};
    /// assert!(Content::from_text("topics") == Content::Press(Payload::Topics));
    /// assert!(Content::from_text("মোবাইল দিয়ে হবে?") != Content::Unreadable);
    /// ```
    pub fn from_text(text: &str) -> Self {
        match text.parse() {
            Ok(payload) => Self::Press(payload),
            Err(_) => Self::Text(text.to_owned()),
        }
    }
}

/// What a button says when it is pressed; its text form has at most 64 bytes (Telegram's `callback_data` limit).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Payload {
    /// Show this entry: `entry:ID`.
    Entry(EntryId),
    /// Judge the answer: `helpful:ID`, `unhelpful:ID`.
    Feedback {
        /// The entry that was answered.
        entry: EntryId,
        /// 👍 or 👎.
        helpful: bool,
    },
    /// None of the suggestions was meant: `none-of-these`.
    NoneOfThese,
    /// Show all topics: `topics`.
    Topics,
}

impl fmt::Display for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entry(id) => write!(f, "entry:{id}"),
            Self::Feedback { entry, helpful: true } => write!(f, "helpful:{entry}"),
            Self::Feedback { entry, helpful: false } => write!(f, "unhelpful:{entry}"),
            Self::NoneOfThese => f.write_str("none-of-these"),
            Self::Topics => f.write_str("topics"),
        }
    }
}

/// The text is no payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAPayload;

impl FromStr for Payload {
    type Err = NotAPayload;

    fn from_str(text: &str) -> Result<Self, NotAPayload> {
        let id = |id: &str| id.parse().map_err(|_| NotAPayload);
        match text.split_once(':') {
            Some(("entry", entry)) => Ok(Self::Entry(id(entry)?)),
            Some(("helpful", entry)) => Ok(Self::Feedback { entry: id(entry)?, helpful: true }),
            Some(("unhelpful", entry)) => Ok(Self::Feedback { entry: id(entry)?, helpful: false }),
            None if text == "none-of-these" => Ok(Self::NoneOfThese),
            None if text == "topics" => Ok(Self::Topics),
            _ => Err(NotAPayload),
        }
    }
}
