//! What the bot says about pictures of answers, copies of entries, the log of settings and the digest.

use super::bengali_number;

/// The answer comes with a picture.
pub const WITH_PICTURE: &str = "\n\n🖼 সঙ্গে ছবি থাকবে।";
/// A picture was sent as an answer, without words.
pub const PICTURE_NEEDS_ANSWER: &str =
    "ছবির সঙ্গে ক্যাপশনে উত্তরটি লিখে এই বার্তার রিপ্লাইয়ে আবার পাঠান। থামতে চাইলে /cancel লিখুন।";
/// The button that takes the picture away.
pub const NO_PICTURE: &str = "ছবি সরান";
/// The button that copies the own entries.
pub const COPY: &str = "অন্য গ্রুপে কপি করুন";
/// Above the groups to which they can be copied.
pub const COPY_WHERE: &str = "কোন গ্রুপে কপি করবেন? সেখানে যে প্রশ্নগুলো আগে থেকেই আছে, সেগুলো বদলাবে না।";
/// There are none.
pub const NO_OTHER_GROUP: &str = "কপি করার মতো আর কোনো গ্রুপ পেলাম না। যে গ্রুপে কপি করতে চান, সেখানে অ্যাডমিন হিসেবে একবার /settings লিখে আবার চেষ্টা করুন।";

/// How many entries were copied, and how many were not.
pub fn copied(copied: usize, left: usize) -> String {
    let left = match left {
        0 => String::new(),
        left => format!(" {}টি আগে থেকেই আছে বা রাখা যায়নি।", bengali_number(left)),
    };
    format!("{}টি প্রশ্নোত্তর কপি করা হয়েছে।{left} ফিরিয়ে নিতে চাইলে ওই গ্রুপে /log লিখুন।", bengali_number(copied))
}
