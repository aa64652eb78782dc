//! What a new guide begins with for people who want a person, and for those in despair.

const HANDOFF: &str = include_str!("handoff.toml");
const DISTRESS: &str = include_str!("distress.toml");

/// What is filled in, in Bengali: the replies of `handoff.toml` with a contact and without, the reply of `distress.toml`, and
/// the names of its help lines.
const BENGALI: [&str; 5] = [
    "ঠিক আছে। আমি একটি বট, তাই মানুষের সঙ্গে কথা বলার ঠিকানা দিচ্ছি। সেখানে লিখে রাখুন, সময় পেলে তাঁরা উত্তর দেবেন।",
    "আমি একটি বট, এখানে আমার সঙ্গে কোনো মানুষ নেই, আর যোগাযোগের কোনো ঠিকানাও আমাকে দেওয়া হয়নি। যা আমাকে শেখানো হয়েছে, সেটুকু আমি বলতে পারি।",
    "আপনি এখন অনেক কষ্টে আছেন বলে মনে হচ্ছে। কথাটা লিখে জানিয়েছেন, ভালো করেছেন। এই কষ্ট আপনাকে একা বইতে হবে না।

আমি একটি বট, তাই এখানে আপনার পাশে বসে কথা বলতে পারছি না। দয়া করে এখনই কাছের কোনো বিশ্বস্ত মানুষকে বলুন, আর একা থাকবেন না। নিজের ক্ষতি করার চিন্তা এলে সঙ্গে সঙ্গে ফোন করুন:",
    "জাতীয় জরুরি সেবা, দিন-রাত, বিনা খরচে",
    "স্বাস্থ্য বাতায়ন, দিন-রাত চিকিৎসকের পরামর্শ",
];

/// The same in English.
const ENGLISH: [&str; 5] = [
    "All right. I am a bot, so here is how to reach a person. Leave a message there; they answer when they have time.",
    "I am a bot, there is no person here with me, and I was given no address either. What I was taught I can tell you.",
    "I am sorry that it is so hard for you. I am only a bot and cannot help you as a person can. Please do not stay alone \
     with it: talk to somebody close to you, or call now:",
    "National emergency service, day and night, free",
    "Health line, doctors day and night",
];

/// Both files (name, content) in `language`.
pub fn files(language: &str) -> [(String, String); 2] {
    let [reply, without, distress, first, second] = if language == "bn" { BENGALI } else { ENGLISH };
    let handoff = HANDOFF.replace("{reply}", reply).replace("{reply_without_contact}", without);
    let distress =
        DISTRESS.replace("{reply}", distress).replace("{line_1}", first).replace("{line_2}", second);
    [("handoff.toml".to_owned(), handoff), ("distress.toml".to_owned(), distress)]
}
