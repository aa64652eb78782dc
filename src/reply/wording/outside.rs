//! What is said in chats that the bot is not in: as a guest, and for the owners of connected accounts.

/// One line of a guest that is not sure. With a link of at most 250 characters it has at most 400.
pub fn guest_unsure(link: &str) -> String {
    format!("এই প্রশ্নের নিশ্চিত উত্তর পাইনি। একটু অন্যভাবে লিখে দেখুন, বা পুরো গাইডটি পড়ুন: {link}")
}

/// Somebody mentioned the bot as a guest and asked nothing.
pub fn guest_how(bot: &str) -> String {
    format!("@{bot} লিখে তার পরে প্রশ্নটি লিখুন, আমি গাইড থেকে উত্তর দেব। কারও বার্তার রিপ্লাইয়ে শুধু @{bot} লিখলেও হয়।")
}

/// The command about connected accounts.
pub const SECRETARY_COMMAND: (&str, &str, &str) =
    ("secretary", "আপনার একাউন্টে আসা প্রশ্নের উত্তর", "Answers to questions that your account gets");

/// What connected accounts are for, and how an account is connected. `at_once`: clear questions are answered at once.
pub fn secretary(at_once: bool) -> String {
    let now = if at_once {
        "এখন স্পষ্ট প্রশ্নের উত্তর আমি আপনার নামে সঙ্গে সঙ্গে পাঠাই।"
    } else {
        "এখন স্পষ্ট প্রশ্ন এলে উত্তরের খসড়া এই চ্যাটে আপনাকে পাঠাই। আপনি ✓ চাপলে তবেই উত্তর যায়।"
    };
    format!(
        "*আপনার চ্যাটে আসা প্রশ্ন*\nআপনার একাউন্টে কেউ গাইডের কোনো প্রশ্ন করলে আমি উত্তর তৈরি করে দিতে পারি।\n\n{now}\n\n- \
         একাউন্ট যুক্ত করতে: টেলিগ্রামের সেটিংস থেকে Chat automation খুলে আমার নাম দিন, আর উত্তর দেওয়ার অনুমতি দিন।\n- \
         আপনি নিজে কাউকে লিখলে সেই চ্যাটে আমি কিছুক্ষণ চুপ থাকি।\n- নিশ্চিত না হলে আমি কিছুই পাঠাই না।"
    )
}

/// An account was connected. Said before [`secretary`].
pub const CONNECTED: &str = "আপনার একাউন্ট যুক্ত হয়েছে।";

/// An account was connected, and the bot may not write in its owner's name.
pub const CONNECTED_MUTE: &str = "আপনার একাউন্ট যুক্ত হয়েছে, কিন্তু আপনার নামে উত্তর দেওয়ার অনুমতি আমার নেই। টেলিগ্রামের \
                                  সেটিংস থেকে Chat automation খুলে সেই অনুমতি দিন। না দিলে আমি কিছুই করব না।";

/// An account is connected no more.
pub const DISCONNECTED: &str = "আপনার একাউন্ট আর যুক্ত নেই। আমি আর কোনো খসড়া পাঠাব না।";

/// The buttons of the choice.
pub const AS_DRAFT: &str = "আগে খসড়া দেখব";
/// See [`AS_DRAFT`].
pub const AT_ONCE: &str = "সঙ্গে সঙ্গে পাঠান";

/// Above a draft: who asked what. The names of people and what they ask are shown as plain text.
pub fn draft(name: &str, question: &str, answer: &str) -> String {
    let name = if name.is_empty() { "একজন" } else { name };
    format!("{name} জিজ্ঞেস করেছেন: {question}\n\nউত্তরের খসড়া:\n\n{answer}")
}

/// The buttons below a draft.
pub const SEND_DRAFT: &str = "✓ পাঠান";
/// See [`SEND_DRAFT`].
pub const EDIT_DRAFT: &str = "✎ বদলে পাঠান";
/// See [`SEND_DRAFT`].
pub const DISCARD_DRAFT: &str = "✘ পাঠাব না";

/// A draft was sent, with what was sent.
pub fn draft_sent(text: &str) -> String {
    format!("✓ পাঠানো হয়েছে:\n\n{text}")
}
/// What ✎ asks for.
pub const EDIT_HOW: &str =
    "উত্তরটি যেভাবে পাঠাতে চান, এখানে লিখুন। আপনার পরের বার্তাটি হুবহু পাঠাব। না পাঠাতে চাইলে /cancel লিখুন।";
/// What the owner typed was sent.
pub const SENT: &str = "✓ পাঠানো হয়েছে।";
/// Something without a text came in place of a draft.
pub const EDIT_TEXT_ONLY: &str = "এখানে আমি শুধু লেখা পাঠাতে পারি। উত্তরটি লিখুন, বা /cancel লিখুন।";
/// What ✎ asked for is not sent.
pub const EDIT_CANCELLED: &str = "ঠিক আছে, কিছু পাঠাইনি। খসড়ার বোতামগুলো এখনো কাজ করে।";
/// A draft was discarded.
pub const DISCARDED: &str = "✘ উত্তর পাঠানো হয়নি।";
/// The question of a draft was changed or deleted.
pub const QUESTION_CHANGED: &str = "প্রশ্নটি বদলানো বা মুছে ফেলা হয়েছে, তাই এই খসড়া বাতিল।";
/// A draft was sent, discarded or dropped before.
pub const DRAFT_GONE: &str = "এই খসড়া আর নেই।";
/// Telegram lets a bot write only in chats of the last 24 hours.
pub const DRAFT_TOO_OLD: &str = "প্রশ্নের পর ২৪ ঘণ্টা পেরিয়ে গেছে, তাই আমি আর উত্তর দিতে পারি না। নিজে লিখে দিন।";
/// Telegram refused a draft.
pub const DRAFT_REFUSED: &str =
    "উত্তরটি পাঠানো যায়নি। আপনার একাউন্টে আমার উত্তর দেওয়ার অনুমতি আছে কি না দেখুন, বা নিজে লিখে দিন।";
/// Nobody knows whether a draft was sent.
pub const DRAFT_UNKNOWN: &str = "উত্তরটি পৌঁছেছে কি না বোঝা যায়নি। চ্যাটটি খুলে দেখুন; না পৌঁছালে নিজে লিখে দিন।";
