//! A draft of an entry, and the TOML file that a person reviews.

use toml_edit::{Array, DocumentMut, Item, Value, value};

use crate::faq::{ANSWER_CHARS, LABEL_CHARS};

/// The longest slug, in bytes: with the number before it and room to spare below an id's 48.
const SLUG_BYTES: usize = 40;

/// An entry as it was found, before a person has read it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The question, tidied; what else heads the text where nothing is asked; may be empty.
    pub question: String,
    /// The heading exactly as the article has it.
    pub section: Option<String>,
    /// The text below the heading, its lines kept.
    pub answer: String,
    /// Why a person must look before it can be used.
    pub review: Vec<String>,
    /// Lines among the text that look like links to other articles.
    pub left_out: Vec<String>,
}

impl Draft {
    /// What is wrong with the answer's length.
    pub fn length(&self) -> Option<String> {
        match self.answer.chars().count() {
            0 => Some("no answer; write one or delete this file".to_owned()),
            chars if chars > ANSWER_CHARS => {
                Some(format!("the answer is {chars} characters, at most {ANSWER_CHARS}; shorten it"))
            }
            _ => None,
        }
    }

    /// The file's content: an entry as `faq/` has it, with comments for the reviewer.
    fn toml(&self) -> String {
        let mut document = DocumentMut::new();
        document["question"] = value(&self.question);
        document["label"] = value(label(&self.question));
        if let Some(section) = &self.section {
            document["section"] = value(section);
        }
        document["answer"] = value(&self.answer);
        document["related"] = value(Array::new());
        document["phrasings"] = Item::Value(Value::Array(one_a_line(&self.question)));
        if let Some(mut answer) = document.key_mut("answer") {
            let length = self.length().map(|length| comment("review", &length));
            let left_out =
                self.left_out.iter().map(|line| comment("left out, a link to another article?", line));
            answer.leaf_decor_mut().set_prefix(length.into_iter().chain(left_out).collect::<String>());
        }
        let review = self.review.iter().map(|remark| comment("review", remark));
        review.chain([document.to_string()]).collect()
    }
}

/// A line of its own: a line break would end the comment, and other control characters are no TOML.
fn comment(head: &str, text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("# {head}: {text}\n")
}

fn one_a_line(question: &str) -> Array {
    let mut phrasings = Array::new();
    let mut phrasing = Value::from(question);
    phrasing.decor_mut().set_prefix("\n  # how people ask it, in Latin letters too\n  ");
    phrasings.push_formatted(phrasing);
    phrasings.set_trailing_comma(true);
    phrasings.set_trailing("\n");
    phrasings
}

/// The files (name, content) of `drafts`: `NN-slug.toml`, so that they sort as the article has them.
///
/// ```
/// use uttor::faq::import::draft::{Draft, files};
/// let draft = Draft { question: "What is tea?".into(), answer: "A drink.".into(), ..Draft::default() };
/// assert_eq!(files(&[draft])[0].0, "01-what-is-tea.toml");
/// ```
pub fn files(drafts: &[Draft]) -> Vec<(String, String)> {
    let digits = drafts.len().to_string().len().max(2);
    (1..)
        .zip(drafts)
        .map(|(number, draft)| (format!("{number:0digits$}-{}.toml", slug(&draft.question)), draft.toml()))
        .collect()
}

/// A name in `a-z`, `0-9` and `-` that reminds of `question`, cut at a word.
fn slug(question: &str) -> String {
    let mut slug = String::new();
    for word in slug::slugify(question).split('-').filter(|word| !word.is_empty()) {
        if slug.len() + 1 + word.len() > SLUG_BYTES {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(word);
    }
    if slug.is_empty() { "entry".to_owned() } else { slug }
}

/// `question` cut to a button's length, at a word where there is one.
fn label(question: &str) -> String {
    if question.chars().count() <= LABEL_CHARS {
        return question.to_owned();
    }
    let mut label = String::new();
    for word in question.split_whitespace() {
        if label.chars().count() + 1 + word.chars().count() > LABEL_CHARS {
            break;
        }
        if !label.is_empty() {
            label.push(' ');
        }
        label.push_str(word);
    }
    if label.is_empty() {
        label = question.chars().take(LABEL_CHARS).collect();
    }
    label
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_cut_at_a_word() {
        for (question, expected) in [
            ("মোবাইলে হবে?", "মোবাইলে হবে?"),
            ("ফ্রিল্যান্সিং ও আউটসোর্সিং কি?", "ফ্রিল্যান্সিং ও"),
            ("How long does it take to learn?", "How long does it"),
            ("Donaudampfschifffahrtsgesellschaft?", "Donaudampfschifffahr"),
        ] {
            assert_eq!(label(question), expected);
        }
    }

    #[test]
    fn slugs_are_ids() {
        for question in ["কিভাবে শিখব?", "What is SEO?", "???", "ক".repeat(90).as_str(), "日本 কি?"]
        {
            let slug = slug(question);
            assert!(format!("12345-{slug}").parse::<crate::faq::EntryId>().is_ok(), "{slug}");
        }
    }

    #[test]
    fn a_file_says_what_to_review_and_survives_every_character() {
        let draft = Draft {
            question: "“চা” কি?\\".into(),
            section: Some("“চা” কি ?\\".into()),
            answer: format!("\"\"\" ও \\ এবং \u{7}\n- দুধ\n- চিনি\n{}", "চা ".repeat(400)),
            review: vec!["two\nlines".into()],
            left_out: vec!["অন্য লেখা\u{0}".into()],
        };
        let text = draft.toml();
        assert!(text.starts_with("# review: two lines\nquestion = "), "{text}");
        assert!(text.contains("\n# review: the answer is 1"), "{text}");
        assert!(text.contains("?: অন্য লেখা \nanswer = "), "{text}");
        let parsed: toml::Table = text.parse().unwrap_or_default();
        assert_eq!(parsed.get("answer").and_then(toml::Value::as_str), Some(draft.answer.as_str()));
        assert_eq!(parsed.get("section").and_then(toml::Value::as_str), draft.section.as_deref());
        assert!(text.contains("\n- দুধ\n- চিনি\n"), "{text}");
    }
}
