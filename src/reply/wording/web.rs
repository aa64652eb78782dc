//! What the web pages say.

/// The bot's name.
pub const NAME: &str = "উত্তর";

/// The list of messages, for screen readers.
pub const LOG: &str = "কথোপকথন";
/// Before what the person wrote, for screen readers.
pub const YOU: &str = "আপনি:";
/// A link to the guide.
pub const OPEN_GUIDE: &str = "গাইডটি খুলুন";
/// Of a link, for screen readers.
pub const OPENS_NEW_TAB: &str = "নতুন ট্যাবে খুলবে";
/// 👍
pub const HELPFUL: &str = "কাজে লেগেছে";
/// 👎
pub const UNHELPFUL: &str = "কাজে লাগেনি";
/// Asks for 👍 or 👎.
pub const WAS_IT_HELPFUL: &str = "উত্তরটি কি কাজে লেগেছে?";
/// While the answer is awaited.
pub const WRITING: &str = "উত্তর লেখা হচ্ছে";
/// The server could not be reached.
pub const OFFLINE: &str = "উত্তর আনা গেল না। ইন্টারনেট সংযোগ দেখে আবার চেষ্টা করুন।";
/// The rate limit was exceeded.
pub const BUSY: &str = "একসঙ্গে অনেক প্রশ্ন এসেছে। একটু পরে আবার চেষ্টা করুন।";
/// The server refused the question.
pub const REFUSED: &str = "এই প্রশ্নটি পাঠানো গেল না। একটু ছোট করে লিখে দেখুন।";
/// The server failed.
pub const FAILED: &str = "আমাদের দিকে কিছু একটা গোলমাল হয়েছে। আবার চেষ্টা করুন।";
/// A button.
pub const TRY_AGAIN: &str = "আবার চেষ্টা করুন";
/// A link to the guide, at the top.
pub const WHOLE_GUIDE: &str = "পুরো গাইড";
/// How people may write, before an example in Latin letters …
pub const ANY_SCRIPT: &str = "বাংলায়, ইংরেজি অক্ষরে (যেমন ";
/// … which is this …
pub const LATIN_EXAMPLE: &str = "kivabe shuru korbo";
/// … and after it.
pub const AS_YOU_LIKE: &str = ") বা ইংরেজিতে, যেভাবে সুবিধা হয়।";
/// Where JavaScript is off, before the link to the guide.
pub const NEEDS_JAVASCRIPT: &str = "এই চ্যাটের জন্য ব্রাউজারে জাভাস্ক্রিপ্ট চালু থাকতে হয়। ";
/// That link.
pub const READ_GUIDE_HERE: &str = "গাইডটি এখানে পড়ুন";
/// The example questions, for screen readers.
pub const EXAMPLES: &str = "যা জিজ্ঞেস করতে পারেন";
/// The text field, for screen readers.
pub const YOUR_QUESTION: &str = "আপনার প্রশ্ন";
/// In the empty text field.
pub const WRITE_YOUR_QUESTION: &str = "আপনার প্রশ্ন লিখুন…";
/// A button.
pub const SEND: &str = "পাঠান";

/// Greets on the chat page.
pub fn welcome(subject: &str) -> String {
    format!("স্বাগতম! {subject} নিয়ে আপনার প্রশ্নটি লিখুন।")
}

/// A link to the chat.
pub const ASK: &str = "প্রশ্ন করুন";
/// A link to the chat, at the guide's end.
pub const ASK_MORE: &str = "আর কিছু জানতে চাইলে প্রশ্ন করুন";
/// The guide's table of contents.
pub const CONTENTS: &str = "সূচিপত্র";
/// A link to the article that the guide was made from.
pub const READ_ORIGINAL: &str = "মূল লেখাটি পড়ুন";
/// A link to the guide.
pub const READ_GUIDE: &str = "গাইড পড়ুন";
/// Before links to related entries.
pub const SEE_ALSO: &str = "আরও দেখুন:";
/// Before an entry's question, of the link to it, for screen readers.
pub const LINK_TO: &str = "এই অংশের লিংক: ";
/// The title of a page that is not there.
pub const NO_SUCH_PAGE: &str = "পাতাটি পাওয়া গেল না";
/// Its text.
pub const NO_SUCH_PAGE_WHY: &str = "ঠিকানাটি ভুল, অথবা পাতাটি আর নেই।";
