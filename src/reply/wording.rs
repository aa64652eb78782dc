//! Every sentence the bot itself says. Users read these; they are Bengali, polite and short.

pub mod console;
mod messenger;
mod teaching;
mod telegram;
pub mod web;

pub use messenger::*;
pub use teaching::*;
pub use telegram::*;

/// Above related questions, when somebody says "তারপর?" after an answer.
pub const MORE_ABOUT: &str = "আর কী জানতে চান? এগুলোর কোনোটি হলে বেছে নিন, না হলে প্রশ্নটি একটু খুলে লিখুন।";

/// When a message says nothing by itself, and nothing was said before.
pub const SAY_MORE: &str = "কোন বিষয়ে জানতে চান? প্রশ্নটি একটু খুলে লিখুন।";

/// Before suggestions.
pub const DID_YOU_MEAN: &str = "আপনি কি এগুলোর কোনোটি জানতে চাইছেন?";
/// The button that refuses every suggestion.
pub const NONE_OF_THESE: &str = "এগুলোর কোনোটি নয়";
/// The button that shows every topic.
pub const ALL_TOPICS: &str = "সব বিষয়";
/// Above the list of topics.
pub const TOPICS: &str = "এই বিষয়গুলো নিয়ে জিজ্ঞেস করতে পারেন:";
/// The button that opens the entry's part of the article.
pub const READ_ON: &str = "বিস্তারিত পড়ুন";
/// The button that opens the article.
pub const FULL_ARTICLE: &str = "পুরো গাইড পড়ুন";
/// The guide has no answer.
pub const NOT_IN_GUIDE: &str = "দুঃখিত, এই প্রশ্নের উত্তর গাইডে লেখা নেই। অন্যভাবে লিখে দেখতে পারেন।";
/// Before the article's link.
pub const ARTICLE_IS_HERE: &str = "পুরো গাইডটি এখানে আছে:";
/// The suggestions were refused.
pub const NONE_MEANT: &str = "ঠিক আছে। প্রশ্নটা অন্যভাবে লিখে দেখতে পারেন।";
/// After 👍.
pub const THANKS_HELPFUL: &str = "ধন্যবাদ! জেনে ভালো লাগল।";
/// After 👎, before the nearest other entries.
pub const THANKS_UNHELPFUL: &str = "জানানোর জন্য ধন্যবাদ। হয়তো এগুলোর কোনোটি জানতে চেয়েছিলেন?";
/// A button for an entry that is no longer there.
pub const ENTRY_GONE: &str = "এই প্রশ্নটি এখন আর নেই।";
/// A voice note, photo or sticker came.
pub const TEXT_ONLY: &str = "আমি শুধু লেখা পড়তে পারি। প্রশ্নটা বাংলায়, ইংরেজি অক্ষরে বা ইংরেজিতে লিখে পাঠান।";
/// Before a greeting's reply, to a salam.
pub const SALAM: &str = "ওয়ালাইকুম আসসালাম!";
/// After a greeting's reply, before the topics.
pub const FOR_EXAMPLE: &str = "যেমন:";
/// 👍 and 👎.
pub const HELPFUL: &str = "👍";
/// See [`HELPFUL`].
pub const UNHELPFUL: &str = "👎";
/// The button that leads to a person.
pub const TALK_TO_A_PERSON: &str = "একজন মানুষের সঙ্গে কথা বলুন";

/// Where people reach a person by mail.
pub fn mail_address(address: &str) -> String {
    format!("ইমেইল: {address}")
}

/// What a conversation in the terminal opens with.
pub const TERMINAL_HELLO: &str =
    "ফ্রিল্যান্সিং নিয়ে প্রশ্ন লিখে Enter চাপুন। বোতাম বাছতে তার নম্বর লিখুন। শেষ করতে Ctrl-D চাপুন।";
/// Before what a person types in the terminal.
pub const TERMINAL_PROMPT: &str = "আপনি: ";
