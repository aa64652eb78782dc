//! What the bot says in Telegram, until it moves to `crate::wording`.

mod teaching;
mod telegram;

pub use teaching::*;
pub use telegram::*;

/// The button that shows every topic.
pub const ALL_TOPICS: &str = "সব বিষয়";
/// The button that opens the entry's part of the article.
pub const READ_ON: &str = "বিস্তারিত পড়ুন";
/// After 👍.
pub const THANKS_HELPFUL: &str = "ধন্যবাদ! জেনে ভালো লাগল।";
/// The button that leads to a person.
pub const TALK_TO_A_PERSON: &str = "একজন মানুষের সঙ্গে কথা বলুন";
