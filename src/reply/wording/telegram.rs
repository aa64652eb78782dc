//! What the bot says on Telegram only: commands, groups, settings.

use super::TOPICS;

/// What a newcomer reads first in a private chat.
pub fn telegram_welcome(title: &str) -> String {
    format!(
        "স্বাগতম! আমি *উত্তর*। এই গাইড থেকে আপনার প্রশ্নের উত্তর দিই:\n*{title}*\n\n\
         বাংলায়, ইংরেজি অক্ষরে বা ইংরেজিতে প্রশ্ন লিখে পাঠান, অথবা নিচের একটি বিষয় বেছে নিন।"
    )
}

/// What `/help` says in a private chat.
pub fn telegram_help(bot: &str) -> String {
    format!(
        "প্রশ্ন লিখে পাঠালেই আমি গাইড থেকে উত্তর খুঁজে দিই। উত্তরটা কাজে লাগলে 👍, না লাগলে 👎 চাপুন।\n\n\
         /topics - সব বিষয়ের তালিকা\n\
         /privacy - আপনার কোন তথ্য রাখা হয়\n\
         /forget - আপনার তথ্য মুছে ফেলা\n\n\
         *গ্রুপে:* আমাকে গ্রুপে যোগ করে /ask লিখে প্রশ্ন করুন, অথবা আমার কোনো উত্তরের রিপ্লাই দিন।\n\
         *যেকোনো চ্যাটে:* @{bot} লিখে একটু ফাঁক দিয়ে প্রশ্ন লিখুন।"
    )
}

/// What `/help` says in a group.
pub fn telegram_group_help(bot: &str) -> String {
    format!(
        "প্রশ্ন করতে এভাবে লিখুন: /ask মোবাইল দিয়ে কি কাজ করা যায়?\n\
         কারও প্রশ্নের রিপ্লাই দিয়ে শুধু /ask লিখলেও উত্তর দেব। আমার উত্তরের রিপ্লাই দিয়েও প্রশ্ন করতে পারেন।\n\
         অ্যাডমিনদের জন্য: /settings@{bot} ও /status@{bot}; শেখাতে /teach, /add, /mine ও /unanswered"
    )
}

/// A bare `/ask`, which asks nothing.
pub const ASK_WHAT: &str = "প্রশ্নটা /ask এর পরেই লিখুন, যেমন: /ask মোবাইল দিয়ে কি কাজ করা যায়?\n\
                            অথবা কারও প্রশ্নের রিপ্লাই দিয়ে /ask লিখুন।";
/// A command that does not exist, in a private chat.
pub const UNKNOWN_COMMAND: &str = "এই কমান্ডটি আমি চিনি না। প্রশ্নটা সরাসরি লিখে পাঠান, অথবা /help দেখুন।";
/// A command for groups, in a private chat.
pub const ONLY_IN_GROUPS: &str = "এটি গ্রুপের জন্য। আমাকে কোনো গ্রুপে যোগ করে সেখানে লিখুন।";
/// Somebody sends more than can be answered at once.
pub const SLOW_DOWN: &str = "একসঙ্গে অনেক প্রশ্ন এসেছে। আমি একটু ধীরে ধীরে উত্তর দিচ্ছি।";
/// What is stored.
pub const PRIVACY: &str = "*গোপনীয়তা*\n\
    - যে প্রশ্নের উত্তর গাইডে পাওয়া যায়নি, অথবা যে উত্তরে 👎 বা “এগুলোর কোনোটি নয়” চাপা হয়েছে, শুধু সেই প্রশ্নগুলো রাখা \
    হয়, যাতে গাইড আরও ভালো করা যায়। ফোন নম্বর, ইমেইল, লিংক ও অ্যাকাউন্ট নম্বর আগেই মুছে দেওয়া হয়, আর কে লিখেছেন তা রাখা হয় না।\n\
    - অন্য কোনো বার্তা জমা থাকে না। উত্তর পাঠাতে দেরি হলে বার্তাটি শুধু ততক্ষণ গোপন সংকেতে বদলে রাখা হয়, তারপর মুছে যায়।\n\
    - আপনার আইডির বদলে একটি সাংকেতিক চিহ্ন রাখা হয়, শুধু 👍/👎 ও বিরতির হিসাবের জন্য।\n\
    - সবকিছু নির্দিষ্ট সময় পরে নিজে থেকেই মুছে যায়। এখনই মুছতে /forget লিখুন।";
/// After `/forget`.
pub const FORGOTTEN: &str = "আপনার সঙ্গে যুক্ত সব তথ্য (👍/👎, আগের কথা ও বিরতির হিসাব) মুছে ফেলা হয়েছে।";
/// `/forget` could not be carried out.
pub const NOT_NOW: &str = "দুঃখিত, এখন এটি করা গেল না। একটু পরে আবার চেষ্টা করুন।";
/// The contact was set or taken back by an operator.
pub const CONTACT_SET: &str = "যোগাযোগের ঠিকানা বদলানো হয়েছে।";
/// `/contact` with something that is no name.
pub const CONTACT_HOW: &str = "এভাবে লিখুন: /contact @username, অথবা সরাতে: /contact off";
/// A page of topics.
pub fn page_of(page: usize, pages: usize) -> String {
    let title = TOPICS.trim_end_matches(':');
    format!("{title} ({}/{}):", bengali_number(page), bengali_number(pages))
}
/// The button to the page before.
pub const PAGE_BEFORE: &str = "⬅️ আগের";
/// The button to the page after.
pub const PAGE_AFTER: &str = "পরের ➡️";
/// A press on a button that was made for somebody else.
pub const NOT_YOUR_BUTTON: &str = "এই বোতামটি যিনি প্রশ্ন করেছেন তাঁর জন্য। আপনার প্রশ্ন থাকলে /ask লিখে করুন।";
/// The notice after 👎.
pub const THANKS_NOTICE: &str = "জানানোর জন্য ধন্যবাদ।";
/// A press on a button that is too old or was never ours.
pub const OLD_BUTTON: &str = "এই বোতামটি এখন আর কাজ করে না। প্রশ্নটা আবার লিখুন।";
/// The same in the settings.
pub const OLD_SETTING: &str = "এই বোতামটি এখন আর কাজ করে না। আবার /settings লিখুন।";
/// The same below a lesson.
pub const OLD_LESSON: &str = "এই বোতামটি এখন আর কাজ করে না। কমান্ডটি আবার লিখুন, যেমন /unanswered বা /mine।";
/// The question was answered a moment ago.
pub const ANSWERED_ABOVE: &str = "এই প্রশ্নের উত্তর একটু আগেই দেওয়া হয়েছে, উপরে দেখুন।";

/// A number in Bengali digits.
pub fn bengali_number(number: impl std::fmt::Display) -> String {
    let digit = |c: char| match c.to_digit(10) {
        Some(digit) => char::from_u32(u32::from('০') + digit).unwrap_or(c),
        None => c,
    };
    number.to_string().chars().map(digit).collect()
}

/// The commands of a private chat: name, Bengali and English description.
pub const PRIVATE_COMMANDS: [(&str, &str, &str); 6] = [
    ("start", "শুরু করুন", "Start"),
    ("help", "কীভাবে প্রশ্ন করবেন", "How to ask"),
    ("topics", "সব বিষয়ের তালিকা", "All topics"),
    ("ask", "প্রশ্ন করুন", "Ask a question"),
    ("privacy", "আপনার কোন তথ্য রাখা হয়", "What is stored about you"),
    ("forget", "আপনার তথ্য মুছে ফেলুন", "Delete what is stored about you"),
];
/// The commands of a group.
pub const GROUP_COMMANDS: [(&str, &str, &str); 3] = [
    ("ask", "প্রশ্ন করুন", "Ask a question"),
    ("help", "কীভাবে প্রশ্ন করবেন", "How to ask"),
    ("status", "বট এখানে কী শুনতে পায়", "What the bot can hear here"),
];
/// The commands of a group's admins, besides those of all.
pub const ADMIN_COMMANDS: [(&str, &str, &str); 6] = [
    ("settings", "বটের সেটিংস", "Settings of the bot"),
    ("teach", "একটি প্রশ্ন শেখান (রিপ্লাই দিয়ে)", "Teach a question (as a reply)"),
    ("add", "গ্রুপের নিজের প্রশ্নোত্তর যোগ করুন", "Add a question of this group"),
    ("mine", "গ্রুপের নিজের প্রশ্নোত্তর", "This group's own questions"),
    ("unanswered", "উত্তরহীন প্রশ্ন দেখুন", "Questions without an answer"),
    ("why", "এই উত্তর কেন (রিপ্লাই দিয়ে)", "Why this answer (as a reply)"),
];
/// What the bot's page says before it is started, in Bengali and English.
pub const DESCRIPTION: (&str, &str) = (
    "ফ্রিল্যান্সিং নিয়ে আপনার প্রশ্ন বাংলায়, ইংরেজি অক্ষরে বা ইংরেজিতে লিখুন। আমি গাইড থেকে উত্তর খুঁজে দিই।",
    "Ask about freelancing in Bengali, Bengali in Latin letters, or English. The answers come from one Bengali guide.",
);
/// What the bot's profile says, in Bengali and English.
pub const SHORT_DESCRIPTION: (&str, &str) =
    ("ফ্রিল্যান্সিং গাইড থেকে প্রশ্নের উত্তর", "Answers about freelancing from a Bengali guide");

/// The button to the earlier answer.
pub const SHOW_ABOVE: &str = "উপরের উত্তরটি দেখুন";
/// Somebody who is no admin wants to change settings, or to teach.
pub const ADMINS_ONLY: &str = "এটি শুধু গ্রুপের অ্যাডমিনরা করতে পারেন।";
/// Above the settings' buttons; with how many topics are listed, where there is a list.
pub fn settings_title(topics: Option<usize>) -> String {
    let title = "*উত্তর বটের সেটিংস*\nযেটি বদলাতে চান সেটিতে চাপুন। শুধু অ্যাডমিনরা বদলাতে পারেন।";
    match topics {
        None => title.to_owned(),
        Some(0) => format!("{title}\n\nকোনো টপিক বাছাই করা নেই, তাই এখন আমি কোনো টপিকেই উত্তর দিই না।"),
        Some(topics) => {
            format!("{title}\n\nএখন আমি শুধু বাছাই করা {}টি টপিকে উত্তর দিই।", bengali_number(topics))
        }
    }
}
/// A setting was changed.
pub const SAVED: &str = "সেভ হয়েছে";
/// Unprompted answers were turned on where the bot does not hear the questions.
pub const SAVED_BUT_DEAF: &str =
    "সেভ হয়েছে, কিন্তু সাধারণ বার্তা আমি এখনো দেখতে পাই না। কী করতে হবে, /status লিখে দেখুন।";
/// The button that removes the menu.
pub const CLOSE_MENU: &str = "বন্ধ করুন";
/// The button that limits the bot to the topic of the menu.
pub const ONLY_THIS_TOPIC: &str = "টপিক: সব (চাপলে শুধু এই টপিকে)";
/// The button that lets the bot speak here too.
pub const THIS_TOPIC_TOO: &str = "এই টপিকে: বন্ধ (চাপলে চালু)";
/// The button that lets the bot speak in all topics again.
pub const EVERY_TOPIC: &str = "আবার সব টপিকে চালু করুন";
/// The button that makes the bot silent here.
pub const NOT_THIS_TOPIC: &str = "এই টপিকে: চালু (চাপলে বাদ)";
/// The button of an inline query without results.
pub const ASK_IN_PRIVATE: &str = "উত্তর মেলেনি। বটকে সরাসরি প্রশ্ন করুন";

/// `/status`, where the bot hears everything.
pub const HEARS_ALL: &str = "আমি এই গ্রুপের সব বার্তা দেখতে পাই। প্রশ্ন করতে /ask লিখুন, আমাকে মেনশন করুন, অথবা আমার \
                             উত্তরের রিপ্লাই দিন।";
/// `/status`: unprompted answers are on.
pub const UNASKED_ON: &str = "না ডাকলেও উত্তর দেওয়া: চালু। নিশ্চিত হলে তবেই উত্তর দিই।";
/// `/status`: unprompted answers are on, but the bot does not hear the questions.
pub const UNASKED_DEAF: &str = "না ডাকলেও উত্তর দেওয়া: চালু, কিন্তু প্রাইভেসি মোডের কারণে সাধারণ বার্তা আমি দেখতে পাই না।";
/// `/status`: unprompted answers are off.
pub const UNASKED_OFF: &str = "না ডাকলেও উত্তর দেওয়া: বন্ধ। অ্যাডমিনরা /settings থেকে চালু করতে পারেন।";
/// `/status`: not in this topic.
pub const SILENT_TOPIC: &str = "এই টপিকে আমি উত্তর দিই না। অ্যাডমিনরা /settings থেকে বদলাতে পারেন।";
/// `/status` in a group where the bot may not write, said to whoever asked in private.
pub fn may_not_write(group: &str) -> String {
    format!(
        "«{group}» গ্রুপে আমার লেখার অনুমতি নেই, তাই /status এর উত্তর এখানে দিচ্ছি। \
         অ্যাডমিনরা লেখার অনুমতি দিলে সেখানেই উত্তর দিতে পারব।"
    )
}

/// `/status`, where privacy mode is on: what the bot hears, and the remedy.
pub fn hears_little(bot: &str) -> String {
    format!(
        "প্রাইভেসি মোড চালু, তাই আমি শুধু এগুলো দেখতে পাই:\n\
         - /ask দিয়ে লেখা প্রশ্ন\n\
         - আমার বার্তার রিপ্লাই\n\n\
         সব বার্তা দেখাতে চাইলে আমাকে গ্রুপের অ্যাডমিন করুন। অথবা @BotFather এ /setprivacy থেকে @{bot} এর জন্য Disable \
         বেছে নিন, তারপর আমাকে গ্রুপ থেকে সরিয়ে আবার যোগ করুন।"
    )
}

/// The one message after the bot was added to a group.
pub fn group_welcome(bot: &str, hears_all: bool) -> String {
    let hears = if hears_all {
        "আমি সব বার্তা দেখতে পাই, কিন্তু না ডাকলে চুপ থাকি।"
    } else {
        "আমি শুধু /ask দিয়ে লেখা প্রশ্ন আর আমার বার্তার রিপ্লাই দেখতে পাই।"
    };
    format!(
        "আসসালামু আলাইকুম! আমি গাইড থেকে প্রশ্নের উত্তর দিই। {hears}\n\n\
         প্রশ্ন করুন এভাবে: /ask মোবাইল দিয়ে কি কাজ করা যায়?\n\
         অ্যাডমিনদের জন্য: /settings@{bot} ও /status@{bot}"
    )
}

/// A setting's name in the menu.
pub fn setting_name(name: &str) -> &'static str {
    match name {
        "unasked" => "না ডাকলেও উত্তর",
        "sure" => "কতটা নিশ্চিত হলে",
        "cooldown" => "একই উত্তর আবার",
        "person" => "একজনকে আবার",
        "hourly" => "ঘণ্টায় সর্বোচ্চ",
        "wait" => "মানুষের উত্তরের জন্য অপেক্ষা",
        "quiet" => "চুপ থাকার সময়",
        "removal" => "উত্তর মুছে ফেলা",
        "buttons" => "উত্তরের নিচে বোতাম",
        "unanswered" => "উত্তরহীন প্রশ্ন রাখা",
        _ => "?",
    }
}

/// A setting's value in the menu.
pub fn setting_value(name: &str, value: &str) -> String {
    let number = || bengali_number(value);
    match (name, value) {
        (_, "on") => "চালু".to_owned(),
        (_, "off") => "বন্ধ".to_owned(),
        (_, "sure") => "নিশ্চিত".to_owned(),
        (_, "very") => "খুব নিশ্চিত".to_owned(),
        ("wait", "0") => "না".to_owned(),
        ("cooldown" | "person", "0") => "সঙ্গে সঙ্গে".to_owned(),
        ("cooldown" | "removal", _) => after(value, ["মিনিট", "ঘণ্টা"]),
        ("person", _) => after(value, ["সেকেন্ড", "মিনিট"]),
        ("hourly", _) => format!("{}টি", number()),
        ("wait", _) => format!("{} মিনিট", number()),
        ("quiet", hours) => match hours.split_once('-') {
            Some((from, to)) => format!("{} থেকে {}", hour(from), hour(to)),
            None => hours.to_owned(),
        },
        _ => value.to_owned(),
    }
}

/// A time as people say it: in the larger unit, which has sixty of the smaller one, where that comes out even.
fn after(value: &str, [small, large]: [&str; 2]) -> String {
    match value.parse::<u32>() {
        Ok(number) if number >= 60 && number % 60 == 0 => {
            format!("{} {large} পরে", bengali_number(number / 60))
        }
        _ => format!("{} {small} পরে", bengali_number(value)),
    }
}

/// An hour of the day as people say it.
fn hour(hour: &str) -> String {
    let hour: u32 = hour.parse().unwrap_or_default();
    let part = match hour {
        4..=11 => "সকাল",
        12..=15 => "দুপুর",
        16..=18 => "বিকাল",
        _ => "রাত",
    };
    format!(
        "{part} {}টা",
        bengali_number(match hour % 12 {
            0 => 12,
            hour => hour,
        })
    )
}
/// The button that opens a conversation.
pub const OPEN_CHAT: &str = "চ্যাট খুলুন";
/// What the operators are told when somebody wants a person. `at` is in Unix seconds, shown as Bangladesh has it.
pub fn person_is_wanted(channel: &str, at: i64, text: Option<&str>) -> String {
    let minutes = at.div_euclid(60) + 6 * 60;
    let time = format!("{:02}:{:02}", minutes.div_euclid(60).rem_euclid(24), minutes.rem_euclid(60));
    let line = format!("একজন মানুষের সঙ্গে কথা বলতে চাইছেন।\n{channel}, {time}");
    match text {
        Some(text) => format!("{line}\n\n“{text}”"),
        None => line,
    }
}
