//! What the bot says on Facebook only: the Page's inbox, its menu, comments.

use super::bengali_number;

/// What a newcomer reads first. It says that a program answers.
pub fn messenger_welcome(title: &str) -> String {
    format!(
        "স্বাগতম! আমি *উত্তর*, একটি চ্যাটবট। এই গাইড থেকে আপনার প্রশ্নের উত্তর দিই:\n*{title}*\n\n\
         বাংলায়, ইংরেজি অক্ষরে বা ইংরেজিতে প্রশ্ন লিখে পাঠান, অথবা নিচের একটি বিষয় বেছে নিন। মানুষের সঙ্গে কথা বলতে \
         চাইলে মেনু থেকে সেটি বেছে নিন।"
    )
}

/// What the Page shows before anything was written; at most 160 characters.
pub const MESSENGER_GREETING: &str =
    "প্রশ্ন লিখুন বাংলায়, ইংরেজি অক্ষরে বা ইংরেজিতে। গাইড থেকে উত্তর খুঁজে দেবে আমাদের চ্যাটবট।";
/// The menu's item that shows every topic; at most 20 characters, as all of them.
pub const MENU_TOPICS: &str = "সব বিষয়";
/// The menu's item that calls a person.
pub const MENU_PERSON: &str = "মানুষের সঙ্গে কথা";
/// The menu's item about privacy.
pub const MENU_PRIVACY: &str = "গোপনীয়তা";
/// Somebody wants to talk to a person.
pub const PERSON_IS_CALLED: &str = "ঠিক আছে। আমি এখন চুপ থাকছি, আমাদের একজন এই চ্যাটে আপনার বার্তার উত্তর দেবেন। একটু সময় \
                                    লাগতে পারে। আবার আমাকে জিজ্ঞেস করতে চাইলে নিচের বোতামটি চাপুন।";
/// The same, where nobody is told: it promises no answer.
pub const PERSON_MAY_COME: &str = "ঠিক আছে। আমি এখন চুপ থাকছি। পেজের ইনবক্সে কেউ এলে এই চ্যাটেই উত্তর দিতে পারবেন, তবে কখন, তা \
                                   আমি জানি না। আবার আমাকে জিজ্ঞেস করতে চাইলে নিচের বোতামটি চাপুন।";
/// The button that brings the bot back.
pub const BOT_AGAIN: &str = "বটকে জিজ্ঞেস করি";
/// The bot is back.
pub const BOT_IS_BACK: &str = "আবার আমি, উত্তর নামের চ্যাটবট। আপনার প্রশ্নটি লিখুন।";
/// What is stored of somebody who writes to the Page, for so many days.
pub fn messenger_privacy(days: u64) -> String {
    format!(
        "{MESSENGER_PRIVACY}\n- সবকিছু সর্বোচ্চ {} দিন পরে নিজে থেকেই মুছে যায়। এখনই মুছতে নিচের বোতামটি চাপুন।",
        bengali_number(days)
    )
}
const MESSENGER_PRIVACY: &str = "*গোপনীয়তা*\n\
    - যে প্রশ্নের উত্তর গাইডে পাওয়া যায়নি, অথবা যে উত্তরে 👎 বা “এগুলোর কোনোটি নয়” চাপা হয়েছে, শুধু সেই প্রশ্নগুলো রাখা \
    হয়, যাতে গাইড আরও ভালো করা যায়। ফোন নম্বর, ইমেইল, লিংক ও একাউন্ট নম্বর আগেই মুছে দেওয়া হয়, আর কে লিখেছেন তা রাখা হয় না।\n\
    - বাকি বার্তা শুধু উত্তর পাঠানো পর্যন্ত এনক্রিপ্ট করে রাখা হয়, তারপর মুছে যায়। পেজের ইনবক্সের চ্যাট ফেসবুকের কাছেই থাকে।\n\
    - আপনার আইডির বদলে একটি সাংকেতিক চিহ্ন রাখা হয়, শুধু 👍/👎, আগের কথা ও বট কখন চুপ থাকবে তা মনে রাখার জন্য।";
/// One person sent more than can be answered.
pub const TOO_MANY: &str =
    "একসঙ্গে অনেক বার্তা এসেছে, তাই কয়েকটির উত্তর দিতে পারিনি। যেটির উত্তর পাননি, একটু পরে সেটি আবার লিখে পাঠান।";
/// The button that deletes what is stored.
pub const FORGET_ME: &str = "আমার তথ্য মুছুন";
/// Above the button with the article's link, where the answer itself is too long for one.
pub const READ_MORE_HERE: &str = "বিস্তারিত গাইডে:";
/// Below a comment, once the answer is in the inbox.
pub const ANSWERED_IN_INBOX: &str = "ধন্যবাদ! আপনার প্রশ্নের উত্তর ইনবক্সে পাঠিয়েছি।";
