//! Sentences of the console that hold numbers or names.

use super::{Tongue, role};

/// A number in the digits of the language.
pub fn number(number: impl ToString + Copy, tongue: Tongue) -> String {
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

fn counted(count: impl ToString + Copy, bengali: &str, one: &str, many: &str, tongue: Tongue) -> String {
    let count = count.to_string();
    match tongue {
        Tongue::Bengali => format!("{} {bengali}", number(count.as_str(), tongue)),
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

/// A teaching by its number.
pub fn teaching(number: i64, tongue: Tongue) -> String {
    match tongue {
        Tongue::Bengali => format!("নম্বর {number}"),
        Tongue::English => format!("no. {number}"),
    }
}

/// Over how many days something is counted.
pub fn counts_of_days(days: u32, tongue: Tongue) -> String {
    match tongue {
        Tongue::Bengali => format!("সংখ্যাগুলো গত {} দিনের।", number(days, tongue)),
        Tongue::English => format!("The counts are of the last {days} days."),
    }
}

/// A choice.
pub fn last_days(days: u32, tongue: Tongue) -> String {
    match tongue {
        Tongue::Bengali => format!("গত {} দিন", number(days, tongue)),
        Tongue::English => format!("the last {days} days"),
    }
}

/// How often an entry was answered.
pub fn asked(times: u64, tongue: Tongue) -> String {
    match tongue {
        Tongue::Bengali => format!("{} বার দেওয়া", number(times, tongue)),
        Tongue::English => format!("answered {times} ×"),
    }
}

/// How many wordings an entry has by script.
pub fn by_script(bengali: usize, latin: usize, tongue: Tongue) -> String {
    match tongue {
        Tongue::Bengali => {
            format!("বাংলায় {}, ইংরেজি অক্ষরে {}", number(bengali, tongue), number(latin, tongue))
        }
        Tongue::English => format!("{bengali} wordings in Bengali script, {latin} in Latin"),
    }
}

/// A warning.
pub fn few_wordings(wordings: usize, tongue: Tongue) -> String {
    match tongue {
        Tongue::Bengali => format!("মাত্র {}ভাবে লেখা", number(wordings, tongue)),
        Tongue::English => format!("few wordings: {wordings}"),
    }
}

/// A warning.
pub fn collides(entry: &str, tongue: Tongue) -> String {
    match tongue {
        Tongue::Bengali => format!("{entry}-এর সঙ্গে মিলে যায়"),
        Tongue::English => format!("collides with {entry}"),
    }
}

/// Above phrasings that are near to other entries.
pub fn collisions(phrasings: usize, tongue: Tongue) -> String {
    match tongue {
        Tongue::Bengali => format!("{}টি প্রশ্ন অন্য উত্তরের খুব কাছে", number(phrasings, tongue)),
        Tongue::English => format!("{phrasings} phrasings are near to other entries"),
    }
}

/// What was typed is no id.
pub fn wrong_id(id: &str, tongue: Tongue) -> String {
    match tongue {
        Tongue::Bengali => format!("“{id}” নাম হতে পারে না। ইংরেজি ছোট হাতের অক্ষর, অঙ্ক আর - দিয়ে লিখুন।"),
        Tongue::English => format!("“{id}” is no id; write one of a-z, 0-9 and -."),
    }
}

/// The files could not be written.
pub fn not_written(error: &str, tongue: Tongue) -> String {
    match tongue {
        Tongue::Bengali => format!("গাইডের ফাইল লেখা গেল না: {error}"),
        Tongue::English => format!("The guide's files could not be written: {error}"),
    }
}

/// A field with its longest text.
pub fn label_of(max: usize, tongue: Tongue) -> String {
    match tongue {
        Tongue::Bengali => format!("বোতামের লেখা (বেশি হলে {} অক্ষর)", number(max, tongue)),
        Tongue::English => format!("Label of its button (at most {max} characters)"),
    }
}

/// A field with its longest text.
pub fn answer_of(max: usize, tongue: Tongue) -> String {
    match tongue {
        Tongue::Bengali => {
            format!("উত্তর (বেশি হলে {} অক্ষর; *মোটা*, - তালিকা)", number(max, tongue))
        }
        Tongue::English => format!("Answer (at most {max} characters; *bold*, - list)"),
    }
}

/// A row of a test set cannot be read.
pub fn wrong_row(row: usize, why: &str, tongue: Tongue) -> String {
    match tongue {
        Tongue::Bengali => format!("{} নম্বর লাইন পড়া গেল না: {why}", number(row, tongue)),
        Tongue::English => format!("Line {row} cannot be read: {why}"),
    }
}

/// A label of a test set is no entry.
pub fn wrong_label(row: usize, label: &str, tongue: Tongue) -> String {
    match tongue {
        Tongue::Bengali => {
            format!("{} নম্বর লাইন: “{label}” কোনো উত্তরের নাম নয়, none-ও নয়।", number(row, tongue))
        }
        Tongue::English => format!("Line {row}: “{label}” is neither an entry nor none."),
    }
}

/// A test set has no rows, or too many.
pub fn wrong_size(rows: usize, max: usize, tongue: Tongue) -> String {
    match tongue {
        Tongue::Bengali => {
            format!("{}টি প্রশ্ন পাওয়া গেছে; ১ থেকে {}টি দিন।", number(rows, tongue), number(max, tongue))
        }
        Tongue::English => format!("There are {rows} questions; give 1 to {max}."),
    }
}

/// How many messages came, and which share was answered.
pub fn summary(messages: u64, answered: Option<f64>, tongue: Tongue) -> String {
    let share = share(answered, tongue);
    match tongue {
        Tongue::Bengali => format!("{}টি বার্তা, উত্তরের হার {share}", number(messages, tongue)),
        Tongue::English => format!("{messages} messages, {share} answered"),
    }
}

/// A share, of 1.
pub fn share(share: Option<f64>, tongue: Tongue) -> String {
    share.map_or_else(
        || "–".to_owned(),
        |share| {
            let percent = format!("{:.0}", 100.0 * share);
            format!("{} %", number(percent.as_str(), tongue))
        },
    )
}
