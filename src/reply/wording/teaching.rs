//! What the bot says to those who teach it in chat.

use super::bengali_number;

/// `/unanswered` by somebody who is no operator, in private.
pub const UNANSWERED_WHERE: &str = "এটি গ্রুপের অ্যাডমিনদের জন্য। আপনার গ্রুপে /unanswered লিখে সেখান থেকে খুলুন।";
/// `/unanswered` in a group.
pub const UNANSWERED_IN_PRIVATE: &str = "উত্তরহীন প্রশ্নগুলো ব্যক্তিগত চ্যাটে দেখানো হয়, শুধু অ্যাডমিনদের।";
/// The button that leads there.
pub const OPEN_UNANSWERED: &str = "উত্তরহীন প্রশ্ন দেখুন";
/// A group's admins do not want them kept.
pub const UNANSWERED_NOT_KEPT: &str = "এই গ্রুপে উত্তরহীন প্রশ্ন রাখা বন্ধ আছে। গ্রুপে /settings লিখে চালু করতে পারেন।";
/// There are none.
pub const NOTHING_UNANSWERED: &str = "উত্তরহীন কোনো প্রশ্ন নেই।";
/// `/teach` without a question.
pub const TEACH_HOW: &str = "যে প্রশ্নটি শেখাতে চান সেটির রিপ্লাই দিয়ে /teach লিখুন।";
/// The button for an entry that is not among the nearest.
pub const OTHER_ENTRY: &str = "অন্য বিষয়";
/// The button for a question that the guide does not have.
pub const NEW_QUESTION: &str = "নতুন প্রশ্ন";
/// The button for what is no question for the bot.
pub const IGNORE: &str = "এর উত্তর দেবেন না";
/// The button that takes a lesson back.
pub const UNDO: &str = "ফিরিয়ে নিন";
/// The button that gives up.
pub const CANCEL: &str = "বাতিল";
/// The button that accepts conflicts.
pub const TEACH_ANYWAY: &str = "তবুও শেখান";
/// Above all entries.
pub const WHICH_ENTRY: &str = "প্রশ্নটি কোন বিষয়ের?";
/// A lesson would change other answers.
pub const WOULD_CHANGE: &str = "এটি শেখালে এই প্রশ্নগুলোর উত্তর বদলে যাবে:";
/// It is known already.
pub const KNOWN_ALREADY: &str = "এটি আগে থেকেই শেখানো আছে।";
/// It is too long.
pub const TOO_LONG: &str = "লেখাটি বেশি বড়। একটু ছোট করে আবার লিখুন।";
/// A group has enough of its own.
pub const GROUP_FULL: &str = "এই গ্রুপে আর জায়গা নেই। /mine থেকে পুরনো কিছু মুছে আবার চেষ্টা করুন।";
/// Nothing is left after masking.
pub const NOTHING_TO_TEACH: &str = "এখানে শেখানোর মতো কিছু নেই।";
/// A turn of a dialogue that is a picture, a voice note and the like.
pub const WORDS_ONLY: &str =
    "এখানে শুধু লেখা দেওয়া যায়; ছবি, ভয়েস বা স্টিকার নয়। এই বার্তার রিপ্লাইয়ে আবার লিখুন, অথবা থামতে /cancel লিখুন।";
/// A turn of a dialogue without a word in it.
pub const NO_WORDS: &str = "এতে কোনো কথা পেলাম না। এই বার্তার রিপ্লাইয়ে আবার লিখুন, অথবা থামতে /cancel লিখুন।";
/// The entry is no longer there.
pub const TOPIC_GONE: &str = "এই বিষয়টি এখন আর নেই। কমান্ডটি আবার লিখে অন্য একটি বেছে নিন।";

/// A turn of a dialogue that is too long.
pub fn too_long(chars: usize, most: usize) -> String {
    format!(
        "লেখাটি বেশি বড়: {} অক্ষর, সর্বোচ্চ {} অক্ষর দেওয়া যায়। ছোট করে এই বার্তার রিপ্লাইয়ে আবার লিখুন, অথবা থামতে /cancel লিখুন।",
        bengali_number(chars),
        bengali_number(most)
    )
}

/// What was asked cannot become a question of its own.
pub fn no_new_question(text: &str, most: usize) -> String {
    format!(
        "«{text}»\n\nএটি নতুন প্রশ্ন হিসেবে রাখা যায় না: প্রশ্ন হতে হবে লেখা, সর্বোচ্চ {} অক্ষর। গ্রুপে /add লিখে প্রশ্নটি ছোট করে যোগ করতে পারেন।",
        bengali_number(most)
    )
}

/// Above a page of a group's own questions.
pub fn mine(is_group: bool, page: usize, pages: usize) -> String {
    let title = if is_group {
        "*এই গ্রুপের নিজের প্রশ্নোত্তর* (নতুনগুলো আগে)"
    } else {
        "*সবার জন্য যা শেখানো হয়েছে* (নতুনগুলো আগে)"
    };
    if pages < 2 {
        return title.to_owned();
    }
    format!("{title}\nপাতা {}/{}", bengali_number(page), bengali_number(pages))
}

/// A question of the list that is left out.
pub fn left_out(text: &str) -> String {
    format!("«{text}» ✖️ বাদ দেওয়া")
}

/// There are none.
pub const NOTHING_OF_OWN: &str = "নিজের কোনো প্রশ্নোত্তর নেই। যোগ করতে /add লিখুন।";
/// The first turn of `/add`.
pub const WRITE_QUESTION: &str = "প্রশ্নটি এই বার্তার রিপ্লাইয়ে লিখুন, সর্বোচ্চ ৩০০ অক্ষর। একই প্রশ্ন কয়েকভাবে করা হলে প্রতি লাইনে একটি \
    করে লিখুন। থামতে চাইলে /cancel লিখুন।";
/// Somebody who was asked for a reply wrote a message without one.
pub const REPLY_TO_GO_ON: &str =
    "আপনার শেখানো এখনো শেষ হয়নি। এই বার্তার রিপ্লাইয়ে লিখলে সেটিই নেব। থামতে চাইলে /cancel লিখুন।";
/// The button that publishes what is shown.
pub const PUBLISH: &str = "প্রকাশ করুন";
/// The button that brings back the answer that there was before.
pub const UNDO_REPLACED: &str = "আগের উত্তর ফিরিয়ে আনুন";
/// The button for a text that is an answer and no question.
pub const AS_ANSWER: &str = "এটি একটি উত্তর";
/// The button that changes the question of an own entry.
pub const EDIT_QUESTION: &str = "প্রশ্ন বদলান";
/// The button that changes its answer.
pub const EDIT_ANSWER: &str = "উত্তর বদলান";
/// The button that adds ways to ask it.
pub const ADD_WORDINGS: &str = "আরও ধরন যোগ করুন";
/// The button back to the list.
pub const BACK_TO_LIST: &str = "⬅️ তালিকা";
/// A lesson of the list that was removed a moment ago.
pub const REMOVED: &str = "🗑 মুছে ফেলা হয়েছে";
/// The button from a group to its admin's private chat.
pub const IN_PRIVATE: &str = "ব্যক্তিগত চ্যাটে খুলুন";
/// Above what an admin can do for his group in private.
pub const SET_UP: &str = "*আপনার গ্রুপের জন্য*\nএখানে যা করবেন, তা শুধু আপনার গ্রুপে কাজ করবে।";
/// The button for a new entry.
pub const ADD_ENTRY: &str = "প্রশ্ন ও উত্তর যোগ করুন";
/// The button to the own entries.
pub const OWN_ENTRIES: &str = "গ্রুপের নিজের প্রশ্নোত্তর";
/// The button to what was taught when.
pub const WHAT_WAS_TAUGHT: &str = "কে কখন কী শিখিয়েছেন";
/// Above that.
pub const LOG: &str = "*কে কখন কী শিখিয়েছেন* (নতুনগুলো আগে)";
/// Nothing was taught yet.
pub const NOTHING_TAUGHT: &str = "এখনো কিছু শেখানো হয়নি। শেখাতে /add লিখুন।";
/// Who taught, where that is nobody who is an admin now.
pub const SOMEBODY: &str = "আগের একজন অ্যাডমিন";
/// Who taught in the group's name.
pub const ANONYMOUS_ADMIN: &str = "নাম গোপন রাখা অ্যাডমিন";
/// An operator taught.
pub const OPERATOR: &str = "বটের পরিচালক";
/// Somebody taught at the command line.
pub const AT_THE_TERMINAL: &str = "বটের পরিচালক (টার্মিনাল)";
/// The button by which a newcomer adds the bot to a group.
pub const ADD_TO_GROUP: &str = "গ্রুপে যোগ করুন";
/// What `/help` says to operators besides.
pub const OPERATORS_HELP: &str = "\n\n*পরিচালকদের জন্য:*\n\
    /unanswered - উত্তরহীন প্রশ্ন\n\
    /add - সবার জন্য প্রশ্নোত্তর যোগ করা\n\
    /mine - যা শেখানো হয়েছে\n\
    /log - কে কখন কী শিখিয়েছেন\n\
    /contact - যোগাযোগের ঠিকানা";
/// One line of what was taught.
pub fn logged(number: &str, when: &str, who: &str, what: &str) -> String {
    format!("{number}. {when}, {who}\n{what}")
}

/// The same, where it was undone.
pub fn logged_undone(when: &str, who: &str) -> String {
    format!("↩️ ফিরিয়ে নেওয়া হয়েছে: {when}, {who}")
}

/// Operators: the content cannot be used.
pub fn content_broken(places: &str, others: usize) -> String {
    let others =
        if others == 0 { String::new() } else { format!("\nআরও {}টি", bengali_number(others)) };
    format!("⚠️ গাইডের ফাইলে ভুল আছে, তাই আগের লেখাই চলছে:\n{places}{others}")
}

/// A change was taken back.
pub const AS_BEFORE: &str = "ফিরিয়ে নেওয়া হয়েছে। আগে যা ছিল, এখন আবার তা-ই আছে।";
/// A command of admins and operators, by somebody who is neither, in private.
pub const OPERATORS_ONLY: &str = "এটি গ্রুপের অ্যাডমিনদের জন্য। আপনার গ্রুপে গিয়ে একই কমান্ড লিখুন।";
/// A dialogue was given up.
pub const CANCELLED: &str = "ঠিক আছে, কিছুই বদলানো হয়নি।";
/// `/cancel` outside of a dialogue, in a private chat.
pub const NOTHING_TO_CANCEL: &str = "থামানোর মতো কিছু চলছে না। প্রশ্ন থাকলে লিখে পাঠান।";
/// `/why` without an answer.
pub const WHY_HOW: &str =
    "আমার দেওয়া কোনো উত্তরের রিপ্লাই দিয়ে /why লিখুন। এক ঘণ্টার বেশি পুরনো উত্তরের কারণ আর মনে থাকে না।";

/// A question of the list, and how often it was asked.
pub fn unanswered_question(text: &str, asked: u64) -> String {
    format!("*উত্তরহীন প্রশ্ন* ({} বার)\n«{text}»\n\nএটি কোন বিষয়ের?", bengali_number(asked))
}

/// The question of `/teach`.
pub fn teach_question(text: &str) -> String {
    format!("«{text}»\n\nএটি কোন বিষয়ের?")
}

/// The button that attaches a question to an entry.
pub fn belongs_to(question: &str) -> String {
    format!("➡️ {question}")
}

/// A question was attached.
pub fn taught(text: &str, question: &str) -> String {
    format!("শেখানো হয়েছে ✅\n«{text}»\n➡️ {question}")
}

/// A new question was added.
pub fn taught_entry(question: &str, answer: &str, others: usize) -> String {
    format!("যোগ করা হয়েছে ✅\n*{question}*{}\n{answer}", other_wordings(others))
}

/// What will be published, before it is.
pub fn preview(question: &str, answer: &str, others: usize) -> String {
    format!("সবাই এভাবে দেখবেন:\n\n*{question}*{}\n{answer}", other_wordings(others))
}

fn other_wordings(others: usize) -> String {
    if others == 0 {
        String::new()
    } else {
        format!("\n(প্রশ্নের আরও {}টি ধরন)", bengali_number(others))
    }
}

/// One of the own entries, whole.
pub fn own_entry(question: &str, wordings: &[String], answer: &str) -> String {
    let mut text = format!("*{question}*");
    for wording in wordings.iter().filter(|wording| *wording != question) {
        text.extend(["\n- ", wording.as_str()]);
    }
    format!("{text}\n\n{answer}")
}

/// One line of what a lesson would change: a question, what it gets now and what it would get.
pub fn would_change(phrasing: &str, before: Option<&str>, after: Option<&str>) -> String {
    let name = |entry: Option<&str>| entry.unwrap_or("উত্তর নেই").to_owned();
    format!("\n- «{phrasing}»: এখন {}, পরে {}", name(before), name(after))
}

/// More wordings in one message than it may bring.
pub fn too_many_wordings(count: usize, most: usize) -> String {
    format!(
        "এখানে {}টি লাইন আছে, একবারে সর্বোচ্চ {}টি দেওয়া যায়। কমিয়ে এই বার্তার রিপ্লাইয়ে আবার লিখুন, অথবা থামতে /cancel লিখুন।",
        bengali_number(count),
        bengali_number(most)
    )
}

/// The turn that asks which question a text answers.
pub fn whose_answer(answer: &str) -> String {
    format!("«{answer}»\n\nএটি কোন প্রশ্নের উত্তর? প্রশ্নটি এই বার্তার রিপ্লাইয়ে লিখুন। থামতে চাইলে /cancel লিখুন।")
}

/// The turn that asks for a new question.
pub fn edit_question(question: &str) -> String {
    format!("*{question}*\n\nনতুন প্রশ্নটি এই বার্তার রিপ্লাইয়ে লিখুন, সর্বোচ্চ ৩০০ অক্ষর। থামতে চাইলে /cancel লিখুন।")
}

/// The turn that asks for further ways to ask.
pub fn more_wordings(question: &str) -> String {
    format!(
        "*{question}*\n\nএই প্রশ্ন আর কীভাবে করা হয়? প্রতি লাইনে একটি করে এই বার্তার রিপ্লাইয়ে লিখুন। থামতে চাইলে /cancel লিখুন।"
    )
}

/// A question was ignored.
pub fn ignored(text: &str) -> String {
    format!("বাদ দেওয়া হয়েছে ✅\n«{text}»")
}

/// A lesson was taken back.
pub fn undone(text: &str) -> String {
    format!("ফিরিয়ে নেওয়া হয়েছে।\n«{text}»\n\nএটি কোন বিষয়ের?")
}

/// A question is about to become an entry of its own.
pub fn new_question(text: &str) -> String {
    format!("নতুন প্রশ্ন: «{text}»")
}

/// The turn that asks for the answer.
pub fn write_answer(question: &str, known: Option<&str>) -> String {
    let known = known.map(|answer| {
        format!("\n\nএই প্রশ্নের উত্তর আগে থেকেই আছে:\n{answer}\n\nনতুনটি লিখলে এখন থেকে সেটিই দেব।")
    });
    format!(
        "«{question}»{}\n\nএর উত্তর এই বার্তার রিপ্লাইয়ে লিখুন, সর্বোচ্চ ৯০০ অক্ষর। থামতে চাইলে /cancel লিখুন।",
        known.unwrap_or_default()
    )
}

/// The turn that asks for a new answer.
pub fn edit_answer(question: &str, answer: &str) -> String {
    format!(
        "*{question}*\n{answer}\n\nনতুন উত্তর এই বার্তার রিপ্লাইয়ে লিখুন, সর্বোচ্চ ৯০০ অক্ষর। থামতে চাইলে /cancel লিখুন।"
    )
}

/// `/why`: the entry.
pub fn why_entry(question: &str, percent: u32) -> String {
    format!("যা বুঝেছি: {question} ({}%)", bengali_number(percent))
}

/// `/why`: the phrasing.
pub fn why_phrasing(phrasing: &str) -> String {
    format!("সবচেয়ে কাছের জানা প্রশ্ন: «{phrasing}»")
}

/// `/why`: the runner-up.
pub fn why_next(question: &str, percent: u32) -> String {
    format!("এর পরে: {question} ({}%)", bengali_number(percent))
}
