//! A draft of an entry, and the TOML file that a person reviews.

use std::collections::HashSet;

use toml_edit::{Array, DocumentMut, Item, Value, value};

use super::slug::slug;
use crate::faq::{ANSWER_CHARS, EntryId, LABEL_CHARS};
use crate::text::normalize::normalize;

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
    /// Lines beside the text that belong to no entry, such as links to other articles.
    pub left_out: Vec<String>,
    /// Other ways to ask.
    pub phrasings: Vec<String>,
    /// A short form of the question, at most [`LABEL_CHARS`] characters.
    pub label: Option<String>,
    /// The id that the file names.
    pub id: Option<String>,
    /// Why it cannot be served as it is, beside its length.
    pub conflict: bool,
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

    /// Whether it is kept out of service until a person has looked at it: content would not load with it.
    pub fn is_held_back(&self) -> bool {
        self.conflict || self.length().is_some() || self.question.is_empty()
    }

    /// Everything that a person must look at.
    pub fn remarks(&self) -> Vec<String> {
        self.review.iter().cloned().chain(self.length()).collect()
    }

    /// The question and the other ways to ask, each once.
    pub fn ways(&self) -> Vec<&str> {
        let mut seen: Vec<String> = Vec::new();
        let mut ways = Vec::new();
        for way in std::iter::once(&self.question).chain(&self.phrasings) {
            let normalized = normalize(way).trim_end_matches('?').to_owned();
            if !normalized.is_empty() && !seen.contains(&normalized) {
                seen.push(normalized);
                ways.push(way.as_str());
            }
        }
        ways
    }

    /// The file's content: an entry as `faq/` has it, with comments for the reviewer.
    fn toml(&self) -> String {
        let mut document = DocumentMut::new();
        if self.is_held_back() {
            document["draft"] = value(true);
        }
        document["question"] = value(&self.question);
        document["label"] = value(self.label.clone().unwrap_or_else(|| label(&self.question)));
        if let Some(section) = &self.section {
            document["section"] = value(section);
        }
        document["answer"] = value(&self.answer);
        document["related"] = value(Array::new());
        document["phrasings"] = Item::Value(Value::Array(one_a_line(&self.ways())));
        if let Some(mut answer) = document.key_mut("answer") {
            let length = self.length().map(|length| comment("review", &length));
            let left_out = self.left_out.iter().map(|line| comment("left out", line));
            answer.leaf_decor_mut().set_prefix(length.into_iter().chain(left_out).collect::<String>());
        }
        if let Some(mut draft) = document.key_mut("draft") {
            draft.leaf_decor_mut().set_prefix("# not in service until this line is taken out\n");
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

fn one_a_line(ways: &[&str]) -> Array {
    let mut phrasings = Array::new();
    for (at, way) in ways.iter().enumerate() {
        let mut phrasing = Value::from(*way);
        let remark = if at == 0 { "\n  # how people ask it, in Latin letters too\n  " } else { "\n  " };
        phrasing.decor_mut().set_prefix(remark);
        phrasings.push_formatted(phrasing);
    }
    phrasings.set_trailing_comma(true);
    phrasings.set_trailing("\n");
    phrasings
}

/// A draft's file.
pub struct DraftFile {
    /// The entry's id: `NN-slug`, so that the files sort as the article has them, or the id that the source names.
    pub id: String,
    /// The file's content.
    pub text: String,
}

/// The files of `drafts`, numbered from `first` on; none bears an id of `taken`.
///
/// ```
/// use uttor::faq::import::draft::{Draft, files};
/// let draft = Draft { question: "What is tea?".into(), answer: "A drink.".into(), ..Draft::default() };
/// assert_eq!(files(&[draft], 1, &[])[0].id, "01-what-is-tea");
/// ```
pub fn files(drafts: &[Draft], first: usize, taken: &[EntryId]) -> Vec<DraftFile> {
    let digits = (first + drafts.len()).saturating_sub(1).to_string().len().max(2);
    let mut used: HashSet<String> = taken.iter().map(|id| id.as_str().to_owned()).collect();
    (first..)
        .zip(drafts)
        .map(|(number, draft)| {
            let named = draft.id.clone().filter(|id| !used.contains(id));
            let id = named.unwrap_or_else(|| format!("{number:0digits$}-{}", slug(&draft.question)));
            used.insert(id.clone());
            DraftFile { id, text: draft.toml() }
        })
        .collect()
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
    fn a_file_says_what_to_review_and_survives_every_character() {
        let draft = Draft {
            question: "“চা” কি?\\".into(),
            section: Some("“চা” কি ?\\".into()),
            answer: format!("\"\"\" ও \\ এবং \u{7}\n- দুধ\n- চিনি\n{}", "চা ".repeat(400)),
            review: vec!["two\nlines".into()],
            left_out: vec!["অন্য লেখা\u{0}".into()],
            ..Draft::default()
        };
        let text = draft.toml();
        assert!(text.starts_with("# review: two lines\n# not in service until this line is taken out\ndraft = true\nquestion = "), "{text}");
        assert!(text.contains("\n# review: the answer is 1"), "{text}");
        assert!(text.contains("# left out: অন্য লেখা \nanswer = "), "{text}");
        let parsed: toml::Table = text.parse().unwrap_or_default();
        assert_eq!(parsed.get("answer").and_then(toml::Value::as_str), Some(draft.answer.as_str()));
        assert_eq!(parsed.get("section").and_then(toml::Value::as_str), draft.section.as_deref());
        assert!(text.contains("\n- দুধ\n- চিনি\n"), "{text}");
    }
}
