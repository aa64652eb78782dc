//! What the console says, in Bengali and in English, by the visitor's choice.

/// The languages of the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tongue {
    /// বাংলা
    Bengali,
    /// English
    English,
}

impl Tongue {
    /// As BCP 47 has it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Bengali => "bn",
            Self::English => "en",
        }
    }

    /// As those who speak it call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bengali => "বাংলা",
            Self::English => "English",
        }
    }

    /// The one that can be chosen instead.
    pub fn other(self) -> Self {
        match self {
            Self::Bengali => Self::English,
            Self::English => Self::Bengali,
        }
    }
}

/// A sentence in Bengali and in English.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Both(&'static str, &'static str);

impl Both {
    /// In one of them.
    pub fn of(self, tongue: Tongue) -> &'static str {
        match tongue {
            Tongue::Bengali => self.0,
            Tongue::English => self.1,
        }
    }
}

macro_rules! sentences {
    ($($(#[$doc:meta])* $name:ident: $bengali:literal, $english:literal;)*) => {
        $($(#[$doc])* pub const $name: Both = Both($bengali, $english);)*
    };
}

sentences! {
    /// The console's name.
    CONSOLE: "কনসোল", "Console";
    /// The first link, for the keyboard.
    SKIP: "মূল অংশে যান", "Skip to the content";
    /// The menu, for screen readers.
    PAGES: "পাতা", "Pages";
    /// A page: what nobody answered.
    UNANSWERED: "উত্তরহীন প্রশ্ন", "Unanswered";
    /// A page: every change.
    LOG: "কাজের তালিকা", "Log";
    /// A page: who is logged in.
    SESSIONS: "কারা ঢুকেছেন", "Sessions";
    /// A button.
    LOG_OUT: "বেরিয়ে যান", "Log out";
    /// A title and a button.
    LOG_IN: "ঢুকুন", "Log in";
    /// A field.
    TOKEN: "পাসওয়ার্ড", "Password";
    /// Below it.
    TOKEN_HINT: "বটের সেটিংয়ে ADMIN_TOKEN-এ যা লেখা আছে।", "What ADMIN_TOKEN says in the bot's settings.";
    /// How else to get in, before the command.
    LINK_HINT: "অথবা বট যে যন্ত্রে চলে সেখানে নিচের কমান্ডটি দিন। যে লিংক পাবেন, তা ১৫ মিনিটের মধ্যে একবার কাজ করে।",
        "Or run this command on the bot's machine. The link that it prints works once, within 15 minutes.";
    /// The password is wrong, or there is none.
    WRONG_TOKEN: "পাসওয়ার্ডটি মেলেনি।", "This is not the password.";
    /// A Mini App's visitor is no operator.
    NO_OPERATOR: "টেলিগ্রামের এই অ্যাকাউন্ট দিয়ে ঢোকা যায় না, অথবা অনুমতির সময় পেরিয়ে গেছে।",
        "This Telegram account may not log in, or its permission is too old; open the console again.";
    /// A link was used before, or is too old.
    LINK_IS_OVER: "এই লিংক আর কাজ করে না। নতুন একটি লিংক নিন।", "This link was used, or it is too old. Get a new one.";
    /// Too many attempts.
    TOO_MANY_ATTEMPTS: "অনেকবার ভুল হয়েছে। পনেরো মিনিট পরে আবার চেষ্টা করুন।",
        "Too many attempts failed. Try again in fifteen minutes.";
    /// A title: the role is too low.
    NOT_ALLOWED: "অনুমতি নেই", "Not allowed";
    /// A title.
    NOT_FOUND: "পাওয়া গেল না", "Not found";
    /// Its text.
    GONE: "এটি নেই, অথবা আর নেই।", "There is no such thing, or no more.";
    /// A link.
    TO_START: "প্রথম পাতায় যান", "To the first page";
    /// A title.
    NOT_NOW: "এখন হচ্ছে না", "Not now";
    /// The store cannot be used.
    STORE_AWAY: "তথ্যভাণ্ডার এখন পাওয়া যাচ্ছে না। একটু পরে আবার চেষ্টা করুন।",
        "The store cannot be reached now. Try again in a moment.";
    /// Above the sessions.
    SESSIONS_ARE: "কেউ ঢোকার পর ১২ ঘণ্টা কিছু না করলে, অথবা ৭ দিন পেরোলে, তাঁকে আবার ঢুকতে হয়।",
        "A session ends after 12 hours without a request, and after 7 days at the latest.";
    /// There are none.
    NO_SESSIONS: "কেউ ঢুকে নেই।", "Nobody is logged in.";
    /// Beside the visitor's own.
    THIS_ONE: "আপনি", "this one";
    /// Before how long ago a session was used.
    SEEN: "শেষ কাজ", "last used";
    /// A button.
    REVOKE: "বের করে দিন", "End it";
    /// Who: somebody at the bot's machine.
    THIS_MACHINE: "এই যন্ত্র থেকে", "this machine";
    /// Who: somebody at the command line.
    TERMINAL: "কমান্ড লাইন", "command line";
    /// For whom.
    ALL: "সবার জন্য", "for all";
    /// A time.
    JUST_NOW: "এইমাত্র", "just now";
    /// A list's pages, for screen readers.
    LIST_PAGES: "তালিকার পাতা", "Pages of the list";
    /// A link.
    BEFORE: "আগের পাতা", "Before";
    /// A link.
    AFTER: "পরের পাতা", "Next";
    /// A state of questions.
    OPEN: "উত্তর বাকি", "open";
    /// A state of questions.
    ANSWERED: "উত্তর হয়েছে", "answered";
    /// A state of questions.
    LEFT_OUT: "বাদ দেওয়া", "left out";
    /// An order.
    RISING_FIRST: "যেগুলো বাড়ছে", "rising first";
    /// An order.
    OFTEN_FIRST: "যেগুলো বেশি আসে", "most asked first";
    /// An order.
    NEWEST_FIRST: "যেগুলো নতুন", "newest first";
    /// A field and a button.
    SEARCH: "খুঁজুন", "Search";
    /// A field.
    STATE: "অবস্থা", "State";
    /// A field.
    ORDER: "আগে দেখান", "Order";
    /// A field.
    CHANNEL: "চ্যানেল", "Channel";
    /// A field.
    GROUP: "গ্রুপ", "Group";
    /// A choice.
    ANY: "সব", "any";
    /// A choice.
    PRIVATE: "গ্রুপের বাইরে", "outside of groups";
    /// A button.
    SHOW: "দেখান", "Show";
    /// The filters leave nothing.
    NOTHING_FOUND: "এমন কোনো প্রশ্ন নেই।", "No question is like this.";
    /// A link.
    SHOW_ALL: "সব দেখান", "Show all";
    /// There is nothing.
    NOTHING_UNANSWERED: "সব প্রশ্নের উত্তর হয়েছে। কেউ এমন কিছু জিজ্ঞেস করলে যার উত্তর বট জানে না, তা এখানে আসবে।",
        "Every question is answered. What the bot cannot answer will be listed here.";
    /// A link.
    OTHER_ENTRY: "অন্য উত্তর…", "Another entry…";
    /// A button.
    IS_NONE: "কোনোটির নয়", "Is none of them";
    /// Before entries.
    BELONGS_TO: "এই প্রশ্নের উত্তর", "Belongs to";
    /// Above what is done with several questions.
    CHOSEN: "টিক দেওয়া সব প্রশ্ন", "All that are ticked";
    /// A field.
    ENTRY: "কোন উত্তর", "Entry";
    /// A button.
    BELONG_TO_IT: "এই উত্তরের সঙ্গে যোগ করুন", "Belong to it";
    /// A button.
    ARE_NONE: "কোনোটির নয়", "Are none of them";
    /// A field.
    SEARCH_ENTRY: "উত্তর খুঁজুন", "Search an entry";
    /// The search finds none.
    NO_ENTRY_FOUND: "এমন কোনো উত্তর নেই। অন্য শব্দ দিয়ে খুঁজে দেখুন।", "No entry has these words. Try others.";
    /// Undone.
    UNDONE: "ফিরিয়ে নেওয়া হয়েছে।", "Undone.";
    /// Saved.
    SAVED: "রাখা হয়েছে।", "Saved.";
    /// A button.
    UNDO: "ফিরিয়ে নিন", "Undo";
    /// A button.
    TEACH_ANYWAY: "তবু শেখান", "Teach it all the same";
    /// A link.
    BACK: "ফিরে যান", "Back";
    /// A title.
    NOT_TAUGHT: "শেখানো হয়নি", "Not taught";
    /// In place of an entry.
    NO_ENTRY: "কোনোটি নয়", "no entry";
    /// A group has enough lessons.
    GROUP_FULL: "এই গ্রুপকে আর কিছু শেখানো যায় না। কিছু ফিরিয়ে নিন, অথবা সবার জন্য শেখান।",
        "This group has as many lessons as fit. Undo some, or teach for all.";
    /// There is no line.
    NOTHING_LOGGED: "এখনো কেউ কিছু বদলাননি। কিছু শেখালে বা বদলালে তা এখানে লেখা থাকবে।",
        "Nobody has changed anything yet. Whatever is taught or changed will be listed here.";
    /// A column.
    WHEN: "কখন", "When";
    /// A column.
    WHO: "কে", "Who";
    /// A column.
    WHAT: "কী", "What";
}

/// A number in the digits of the language.
pub fn number(number: impl ToString, tongue: Tongue) -> String {
    let digits = number.to_string();
    match tongue {
        Tongue::English => digits,
        Tongue::Bengali => digits.chars().map(bengali).collect(),
    }
}

/// ০ to ৯ follow each other in Unicode as 0 to 9 do.
fn bengali(c: char) -> char {
    c.to_digit(10).and_then(|digit| char::from_u32('০' as u32 + digit)).unwrap_or(c)
}

fn counted(count: impl ToString, bengali: &str, one: &str, many: &str, tongue: Tongue) -> String {
    let count = count.to_string();
    match tongue {
        Tongue::Bengali => format!("{} {bengali}", number(&count, tongue)),
        Tongue::English if count == "1" => format!("1 {one}"),
        Tongue::English => format!("{count} {many}"),
    }
}

/// A time.
pub fn minutes_ago(minutes: i64, tongue: Tongue) -> String {
    counted(minutes, "মিনিট আগে", "minute ago", "minutes ago", tongue)
}

/// A time.
pub fn hours_ago(hours: i64, tongue: Tongue) -> String {
    counted(hours, "ঘণ্টা আগে", "hour ago", "hours ago", tongue)
}

/// A time.
pub fn days_ago(days: i64, tongue: Tongue) -> String {
    counted(days, "দিন আগে", "day ago", "days ago", tongue)
}

/// How often something was asked.
pub fn times(times: u64, tongue: Tongue) -> String {
    counted(times, "বার", "time", "times", tongue)
}

/// How often something was asked in the last days.
pub fn lately(times: u64, tongue: Tongue) -> String {
    match tongue {
        Tongue::Bengali => format!("গত কয়েক দিনে {} বার", number(times, tongue)),
        Tongue::English => format!("{times} in the last days"),
    }
}

/// How many wordings a question has.
pub fn wordings(wordings: usize, tongue: Tongue) -> String {
    counted(wordings, "ভাবে লেখা", "wording", "wordings", tongue)
}

/// The page of a list.
pub fn page_number(page: u32, tongue: Tongue) -> String {
    match tongue {
        Tongue::Bengali => format!("পাতা {}", number(page, tongue)),
        Tongue::English => format!("Page {page}"),
    }
}

/// After lessons were taught.
pub fn saved(lessons: usize, tongue: Tongue) -> String {
    match tongue {
        Tongue::Bengali => format!("{}টি শেখানো হয়েছে, এখনই কাজে লাগছে।", number(lessons, tongue)),
        Tongue::English => format!("{lessons} taught, in effect now."),
    }
}

/// The name of a box beside a question, for screen readers.
pub fn choose(question: &str, tongue: Tongue) -> String {
    match tongue {
        Tongue::Bengali => format!("বেছে নিন: {question}"),
        Tongue::English => format!("Choose: {question}"),
    }
}

/// For whom what is taught on a page holds.
pub fn taught_for(whom: &str, tongue: Tongue) -> String {
    match tongue {
        Tongue::Bengali => format!("এখানে যা শেখাবেন তা শুধু এই গ্রুপে খাটবে: {whom}"),
        Tongue::English => format!("What is taught here holds in this group only: {whom}"),
    }
}

/// How long unanswered questions are kept.
pub fn kept_for(days: u64, tongue: Tongue) -> String {
    match tongue {
        Tongue::Bengali => format!("{} দিনের পুরোনো প্রশ্ন মুছে যায় (RETENTION_DAYS)।", number(days, tongue)),
        Tongue::English => format!("Questions older than {days} days are deleted (RETENTION_DAYS)."),
    }
}

/// A role.
pub fn role(role: &str, tongue: Tongue) -> &'static str {
    let both = match role {
        "operator" => Both("পরিচালক", "operator"),
        "editor" => Both("সম্পাদক", "editor"),
        _ => Both("দর্শক", "viewer"),
    };
    both.of(tongue)
}

/// A visitor's role is too low.
pub fn not_for(own: &str, needed: &str, tongue: Tongue) -> String {
    let (own, needed) = (role(own, tongue), role(needed, tongue));
    match tongue {
        Tongue::Bengali => format!("আপনি {own}। এই কাজের জন্য {needed} হতে হয়।"),
        Tongue::English => format!("You are here as {own}; this needs the role {needed}."),
    }
}

/// Who: a session of the console.
pub fn session(name: &str, tongue: Tongue) -> String {
    match tongue {
        Tongue::Bengali => format!("কনসোল {name}"),
        Tongue::English => format!("console {name}"),
    }
}

/// Who: a person in a channel, by the beginning of the hash.
pub fn person(hash: &str, tongue: Tongue) -> String {
    match tongue {
        Tongue::Bengali => format!("ব্যক্তি {hash}"),
        Tongue::English => format!("person {hash}"),
    }
}

/// What was done.
pub fn logged(what: &str, tongue: Tongue) -> &'static str {
    let both = match what {
        "taught" => Both("শেখানো হয়েছে, নম্বর", "taught no."),
        "undone" => Both("ফিরিয়ে নেওয়া হয়েছে, নম্বর", "undone no."),
        "setting" => Both("সেটিং", "setting"),
        "login" => Both("ঢুকেছেন", "logged in"),
        "logout" => Both("বেরিয়েছেন", "logged out"),
        "revoke" => Both("বের করে দিয়েছেন", "ended session"),
        _ => Both("ফাইল বদলানো হয়েছে", "changed file"),
    };
    both.of(tongue)
}

/// There is no such entry.
pub fn unknown_entry(entry: &str, tongue: Tongue) -> String {
    match tongue {
        Tongue::Bengali => format!("“{entry}” নামে কোনো উত্তর নেই। তালিকা থেকে একটি বেছে নিন।"),
        Tongue::English => format!("There is no entry “{entry}”. Choose one of the list."),
    }
}

/// There is such an entry already.
pub fn taken(entry: &str, tongue: Tongue) -> String {
    match tongue {
        Tongue::Bengali => format!("“{entry}” নামে একটি উত্তর আগে থেকেই আছে। অন্য নাম দিন।"),
        Tongue::English => format!("There is an entry “{entry}” already. Take another id."),
    }
}

/// It says what is known.
pub fn known(entry: &str, tongue: Tongue) -> String {
    match tongue {
        Tongue::Bengali => format!("বট এটি আগে থেকেই জানে ({entry})।"),
        Tongue::English => format!("The bot knows this already ({entry})."),
    }
}

fn field(what: &str, tongue: Tongue) -> &str {
    match (tongue, what) {
        (Tongue::Bengali, "phrasing" | "list of phrasings") => "প্রশ্ন করার ধরন",
        (Tongue::Bengali, "question") => "প্রশ্ন",
        (Tongue::Bengali, "label") => "বোতামের লেখা",
        (Tongue::Bengali, "answer") => "উত্তর",
        (Tongue::Bengali, _) => "লেখা",
        (Tongue::English, what) => what,
    }
}

/// A text is too long.
pub fn too_long(what: &str, chars: usize, max: usize, tongue: Tongue) -> String {
    let field = field(what, tongue);
    match tongue {
        Tongue::Bengali => {
            let (chars, max) = (number(chars, tongue), number(max, tongue));
            format!("{field}: {chars} অক্ষর হয়েছে, {max} অক্ষরের বেশি রাখা যায় না। ছোট করুন।")
        }
        Tongue::English => format!("The {field} is {chars} characters, at most {max}; shorten it."),
    }
}

/// A text is missing.
pub fn empty_text(what: &str, tongue: Tongue) -> String {
    let field = field(what, tongue);
    match tongue {
        Tongue::Bengali => format!("{field} খালি। কিছু লিখুন।"),
        Tongue::English => format!("The {field} is empty; write one."),
    }
}

/// A lesson would make phrasings go elsewhere.
pub fn conflicts(conflicts: usize, tongue: Tongue) -> String {
    match tongue {
        Tongue::Bengali => {
            format!("এটি শেখালে জানা {}টি প্রশ্নের উত্তর বদলে যাবে:", number(conflicts, tongue))
        }
        Tongue::English => format!("It would change what {conflicts} known phrasings get:"),
    }
}
