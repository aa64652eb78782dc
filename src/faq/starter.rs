//! What a guide of one's own begins with: a folder that loads and answers before anybody has edited it.

mod person;

use toml_edit::{Array, DocumentMut, Formatted, Item, RawString, Value, value};

use super::GREETING;
use super::format::WORDING;
use crate::text::normalize::normalize;
use crate::wording::{ENGLISH, table};

const SMALLTALK_BENGALI: &str = include_str!("starter/smalltalk-bn.toml");
const SMALLTALK_ENGLISH: &str = include_str!("starter/smalltalk-en.toml");
const NOT_IN_GUIDE: &str = include_str!("starter/not-in-guide.toml");
const README: &str = include_str!("starter/README.md");

/// Words that open a message without asking anything.
const GREETING_WORDS: &[&str] = &[
    "ভাই",
    "আপু",
    "স্যার",
    "ম্যাডাম",
    "দাদা",
    "আসসালামু আলাইকুম",
    "সালাম",
    "নমস্কার",
    "হ্যালো",
    "vai",
    "bhai",
    "apu",
    "sir",
    "madam",
    "dada",
    "assalamu alaikum",
    "salam",
    "hello",
    "hi",
    "hey",
];

/// What a guide is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outset {
    /// Its title.
    pub title: String,
    /// Its language: `bn`, `en`, or another, whose sentences stand in `wording.toml`.
    pub language: String,
    /// What it is about, in one word, as people write it in each script; the title's own words where it is empty.
    pub subject: Vec<String>,
    /// Whom people reach who want a person.
    pub contact: Option<String>,
    /// Hours from Greenwich, such as `+06:00`.
    pub timezone: Option<String>,
}

/// The files (name, content) of a folder without entries of its own.
pub fn files(outset: &Outset) -> Vec<(String, String)> {
    let smalltalk = if outset.language == "bn" { SMALLTALK_BENGALI } else { SMALLTALK_ENGLISH };
    let mut files = vec![
        ("guide.toml".to_owned(), guide(outset)),
        ("smalltalk.toml".to_owned(), smalltalk.to_owned()),
        ("not-in-guide.toml".to_owned(), NOT_IN_GUIDE.to_owned()),
    ];
    if table(&outset.language).is_none() {
        files.push((WORDING.to_owned(), to_translate()));
    }
    files.extend(person::files(&outset.language));
    files
}

/// `wording.toml` with every English sentence as a comment: whoever translates one takes the sign out.
fn to_translate() -> String {
    let sentences = ENGLISH.lines().skip_while(|line| !line.is_empty());
    let lines = sentences.map(|line| match line {
        "" => "\n".to_owned(),
        line if line.starts_with('#') => format!("{line}\n"),
        line => format!("# {line}\n"),
    });
    let opening = "# The bot's own sentences: write them in your language and take the `# ` before them out. What stands in braces \
         is\n# filled in. uttor check names what is missing, which is said in English.\n";
    std::iter::once(opening.to_owned()).chain(lines).collect()
}

/// The folder's README; `folder` as a shell takes it.
pub fn readme(title: &str, folder: &str) -> String {
    README.replace("{title}", title).replace("DIR", folder)
}

/// An entry that shows what one is: name and content.
pub fn example(outset: &Outset) -> (String, String) {
    let subject = outset.subject.first().map_or(outset.title.as_str(), String::as_str);
    let (question, label, answer, ways): (String, &str, &str, Vec<String>) = if outset.language == "bn" {
        (
            format!("{subject} নিয়ে কী কী জানা যাবে?"),
            "কী কী জানা যাবে?",
            "এটি একটি নমুনা উত্তর। *example.toml* ফাইলটি খুলে নিজের প্রশ্ন ও উত্তর লিখুন।",
            vec![
                format!("{subject} সম্পর্কে জানতে চাই"),
                "এখানে কী কী জানতে পারব".to_owned(),
                "কী নিয়ে প্রশ্ন করা যাবে?".to_owned(),
                "ekhane ki ki jana jabe".to_owned(),
                "ki niye proshno korte pari".to_owned(),
                "what can I ask here?".to_owned(),
            ],
        )
    } else {
        (
            format!("What can I learn about {subject}?"),
            "What can I learn?",
            "This is an example. Open *example.toml* and write a question and an answer of your own.",
            vec![
                format!("tell me about {subject}"),
                "what can I ask here?".to_owned(),
                "which questions do you answer?".to_owned(),
                "what is this guide about?".to_owned(),
                "এখানে কী কী জানতে পারব".to_owned(),
                "ekhane ki ki jana jabe".to_owned(),
            ],
        )
    };
    let mut document = DocumentMut::new();
    document["question"] = value(&question);
    document["label"] = value(label);
    document["answer"] = value(answer);
    document["related"] = value(Array::new());
    document["phrasings"] = list(std::iter::once(question.as_str()).chain(ways.iter().map(String::as_str)));
    before(
        &mut document,
        "question",
        "# An example: the file's name is the entry's id. Change everything, or delete the file.\n# The question as the bot shows it.\n",
    );
    before(&mut document, "label", "# A short form for buttons, at most 20 characters.\n");
    before(
        &mut document,
        "answer",
        "# Plain text with *bold*, lists with - and links, at most 900 characters.\n",
    );
    before(&mut document, "related", "# Ids of entries to offer below the answer.\n");
    before(
        &mut document,
        "phrasings",
        "# How people ask it: five or more, in every script that they type.\n",
    );
    ("example.toml".to_owned(), document.to_string())
}

/// `guide.toml` with every key explained; the entries are added to `order` later.
fn guide(outset: &Outset) -> String {
    let mut document = DocumentMut::new();
    document["title"] = value(&outset.title);
    document["language"] = value(&outset.language);
    document["subject"] = list(subject(outset).iter().map(String::as_str));
    document["greeting_words"] = list(GREETING_WORDS.iter().copied());
    document["order"] = value(Array::new());
    before(&mut document, "title", "# The guide's title, as people see it.\n");
    before(
        &mut document,
        "language",
        "\n# The language of the bot's own sentences: \"bn\" or \"en\". Another one needs a file wording.toml with them.\n",
    );
    before(
        &mut document,
        "subject",
        "\n# What the guide is about, in one word, in every script that people type. Read before a follow-up that\n\
         # names no subject (\"and how long does it take?\").\n",
    );
    before(&mut document, "greeting_words", "\n# Words that open a message without asking anything.\n");
    let contact = match &outset.contact {
        Some(contact) => format!("contact = {}\n", Value::from(contact)),
        None => "# contact = \"@name\"\n".to_owned(),
    };
    let timezone = match &outset.timezone {
        Some(zone) => format!("timezone = {}\n", Value::from(zone)),
        None => "# timezone = \"+06:00\"\n".to_owned(),
    };
    before(
        &mut document,
        "order",
        &format!(
            "\n# Whom people reach who want a person: @name, or an https:, mailto: or tel: address.\n{contact}\n\
             # Hours from Greenwich, for quiet hours and daily numbers.\n{timezone}\n\
             # Questions that show a newcomer how to ask; without them the first entries do.\n# examples = []\n\n\
             # The entries that a newcomer is offered first, by id; without them the first six of the order.\n\
             # popular = []\n\n\
             # The entries by id, in the order of the guide page; without it, that of the files' names.\n"
        ),
    );
    document.to_string()
}

/// The words of the subject, or the longest of the title's.
fn subject(outset: &Outset) -> Vec<String> {
    let named: Vec<String> =
        outset.subject.iter().map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect();
    if !named.is_empty() {
        return named;
    }
    let title = normalize(&outset.title);
    let longest = title.split([' ', '.', '?']).max_by_key(|word| word.chars().count()).unwrap_or_default();
    vec![if longest.is_empty() { GREETING.to_owned() } else { longest.to_owned() }]
}

fn before(document: &mut DocumentMut, key: &str, comment: &str) {
    if let Some(mut key) = document.key_mut(key) {
        key.leaf_decor_mut().set_prefix(RawString::from(comment));
    }
}

/// A list, an item a line.
fn list<'a>(texts: impl Iterator<Item = &'a str>) -> Item {
    let mut list = Array::new();
    for text in texts {
        let mut text = Value::String(Formatted::new(text.to_owned()));
        text.decor_mut().set_prefix("\n  ");
        list.push_formatted(text);
    }
    list.set_trailing_comma(true);
    list.set_trailing("\n");
    Item::Value(Value::Array(list))
}

/// `guide.toml` with `ids` at the end of its `order`; unchanged where it has none, as the files' names then count.
///
/// # Errors
/// It is no TOML.
pub fn with_order(guide: &str, ids: &[&str]) -> Result<String, toml_edit::TomlError> {
    let mut document: DocumentMut = guide.parse()?;
    if let Some(order) = document.get_mut("order").and_then(Item::as_array_mut) {
        for id in ids {
            let mut id = Value::from(*id);
            id.decor_mut().set_prefix("\n  ");
            order.push_formatted(id);
        }
        order.set_trailing_comma(true);
        order.set_trailing("\n");
    }
    Ok(document.to_string())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
mod tests {
    use super::*;
    use crate::faq::format;

    #[test]
    fn a_third_language_gets_the_sentences_to_translate() {
        let outset = Outset { title: "Thé".to_owned(), language: "fr".to_owned(), ..Outset::default() };
        let mut all = files(&outset);
        all.push(example(&outset));
        all[0].1 = with_order(&all[0].1, &["example"]).unwrap();
        let wording = all.iter_mut().find(|(name, _)| name == WORDING).unwrap();
        wording.1 = wording.1.replace("# did_you_mean = ", "did_you_mean = ");
        let reading = format::read(&all);
        let found: Vec<String> = reading.findings.iter().map(ToString::to_string).collect();
        assert!(found.len() == 1 && found[0].starts_with("wording.toml:1: warning: "), "{found:?}");
    }

    #[test]
    fn a_new_folder_loads_in_both_languages() {
        for (language, title) in [("bn", "পাঠাগার"), ("en", "Library \"North\"")] {
            let outset =
                Outset { title: title.to_owned(), language: language.to_owned(), ..Outset::default() };
            let mut all = files(&outset);
            let guide = with_order(&all[0].1, &["example"]).unwrap();
            all[0].1 = guide;
            all.push(example(&outset));
            let reading = format::read(&all);
            assert!(reading.findings.is_empty(), "{}", reading.findings[0]);
            let faq = format::parse(&all).unwrap_or_else(|findings| panic!("{}", findings[0]));
            assert_eq!((faq.guide.title.as_str(), faq.entries.len()), (title, 1));
            assert_eq!(faq.guide.popular, [faq.entries[0].id.clone()]);
        }
    }
}
