//! JSON of questions and answers, whatever names its keys: objects in lists, questions as keys, `FAQPage` data, lines.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::note::Kind;
use super::page::structured;
use super::table::columns::{Column, column};
use super::{Draft, ImportError, Note, ends_asking, tidy};
use crate::faq::{EntryId, LABEL_CHARS};

/// The drafts of a JSON text, and what of it they do not show.
///
/// # Errors
/// No JSON, with the line.
pub fn drafts(text: &str, notes: &mut Vec<Note>) -> Result<Vec<Draft>, ImportError> {
    let values: Vec<Value> = match serde_json::from_str(text) {
        Ok(value) => vec![value],
        Err(error) => {
            // A value a line, as many programs write them.
            let lines: Result<Vec<Value>, _> =
                text.lines().filter(|line| !line.trim().is_empty()).map(serde_json::from_str).collect();
            lines.map_err(|_| ImportError::Table {
                line: error.line() as u64,
                what: format!("no JSON: {error}"),
            })?
        }
    };
    let mut drafts = Vec::new();
    let mut unused: BTreeMap<String, usize> = BTreeMap::new();
    for value in &values {
        walk(value, &mut drafts, &mut unused, notes);
    }
    notes.extend(
        unused.into_iter().map(|(key, count)| Note::new(Kind::Column, "", format!("{key} ({count} values)"))),
    );
    Ok(drafts)
}

fn walk(value: &Value, drafts: &mut Vec<Draft>, unused: &mut BTreeMap<String, usize>, notes: &mut Vec<Note>) {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::Array(values) => open.extend(values.iter().rev()),
            Value::Object(object) => {
                let before = drafts.len();
                if object.contains_key("@type") {
                    structured::collect(value, None, drafts, notes);
                } else if let Some(draft) = entry(object, unused, notes) {
                    drafts.push(draft);
                } else {
                    let asked = object.iter().filter(|(key, value)| ends_asking(key) && value.is_string());
                    for (question, answer) in asked {
                        drafts.push(draft(question, answer.as_str().unwrap_or_default(), notes));
                    }
                }
                if drafts.len() == before {
                    open.extend(object.values().collect::<Vec<_>>().into_iter().rev());
                }
            }
            _ => {}
        }
    }
}

fn draft(question: &str, answer: &str, notes: &mut Vec<Note>) -> Draft {
    let question = tidy(&structured::plain(question, None).0);
    let (answer, lost) = structured::plain(answer, None);
    notes.extend(
        lost.into_iter().map(|note| Note { place: format!("in the answer to “{question}”"), ..note }),
    );
    Draft { question, answer, ..Draft::default() }
}

/// The texts of a value: itself, its items, what its own text keys say.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        Value::Object(object) => ["text", "value", "content", "bn", "en"]
            .iter()
            .find_map(|key| object.get(*key).map(texts))
            .unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn entry(
    object: &Map<String, Value>,
    unused: &mut BTreeMap<String, usize>,
    notes: &mut Vec<Note>,
) -> Option<Draft> {
    // `relatedQuestions` and `related_questions` are columns of the same name.
    let named: Vec<(&String, Column)> = object.keys().map(|key| (key, column(&words(key)))).collect();
    let first = |wanted: Column| {
        named.iter().filter(|(_, column)| *column == wanted).find_map(|(key, _)| {
            object.get(*key).map(texts).filter(|texts| !texts.is_empty()).map(|texts| (*key, texts))
        })
    };
    let (question_key, mut questions) = first(Column::Question)
        .or_else(|| first(Column::Label).filter(|(_, texts)| texts.iter().any(|text| ends_asking(text))))
        .or_else(|| titled(object))?;
    let (answer_key, answers) = first(Column::Answer).or_else(|| body(object))?;
    let mut draft = draft(&questions.remove(0), &answers.join("\n"), notes);
    draft.phrasings = questions;
    for (key, column) in named.iter().filter(|(key, _)| *key != question_key && *key != answer_key) {
        let values = object.get(*key).map(texts).unwrap_or_default();
        match column {
            Column::Alternate | Column::Question => draft.phrasings.extend(values),
            Column::Section => draft.section = values.into_iter().next(),
            Column::Label => {
                draft.label = values.into_iter().find(|label| label.chars().count() <= LABEL_CHARS);
            }
            Column::Id => {
                draft.id = values
                    .into_iter()
                    .find(|id| id.parse::<EntryId>().is_ok() && id.chars().any(|c| c.is_ascii_alphabetic()));
            }
            Column::Answer | Column::Unused => *unused.entry((*key).clone()).or_default() += 1,
        }
    }
    draft.phrasings = draft
        .phrasings
        .iter()
        .map(|phrasing| tidy(phrasing))
        .filter(|phrasing| *phrasing != draft.question)
        .collect();
    Some(draft)
}

/// A title that asks, where no key is named as a question.
fn titled(object: &Map<String, Value>) -> Option<(&String, Vec<String>)> {
    ["title", "name", "heading", "subject"].iter().find_map(|key| {
        let (key, value) = object.get_key_value(*key)?;
        Some((key, texts(value))).filter(|(_, texts)| texts.first().is_some_and(|text| ends_asking(text)))
    })
}

/// Keys that hold an answer where none is named so.
fn body(object: &Map<String, Value>) -> Option<(&String, Vec<String>)> {
    ["body", "content", "text", "description", "details"].iter().find_map(|key| {
        let (key, value) = object.get_key_value(*key)?;
        Some((key, texts(value))).filter(|(_, texts)| !texts.is_empty())
    })
}

/// The words of a key.
fn words(key: &str) -> String {
    let mut words = String::new();
    for c in key.chars() {
        if matches!(c, '_' | '-' | '.') {
            words.push(' ');
        } else {
            if c.is_ascii_uppercase() {
                words.push(' ');
            }
            words.push(c);
        }
    }
    words
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::drafts;

    #[test]
    fn questions_are_found_whatever_holds_them() {
        for text in [
            r#"[{"question": "টব কি?", "answer": "পাত্র।"}]"#,
            r#"{"faqs": {"pots": [{"q": "টব কি?", "a": "<p>পাত্র।</p>"}]}}"#,
            r#"{"টব কি?": "পাত্র।"}"#,
            r#"{"intents": [{"questions": ["টব কি?", "tob ki"], "answers": ["পাত্র।"]}]}"#,
            r#"{"@type": "FAQPage", "mainEntity": {"@type": "Question", "name": "টব কি?", "acceptedAnswer": {"text": "পাত্র।"}}}"#,
            "{\"প্রশ্ন\": \"টব কি?\", \"উত্তর\": \"পাত্র।\"}\n{\"প্রশ্ন\": \"মাটি?\", \"উত্তর\": \"ধুলা।\"}\n",
        ] {
            let found = drafts(text, &mut Vec::new()).unwrap();
            assert_eq!((found[0].question.as_str(), found[0].answer.as_str()), ("টব কি?", "পাত্র।"), "{text}");
        }
        let mut notes = Vec::new();
        let text = r#"[{"question": "টব কি?", "answer": "পাত্র।", "id": "pot", "alternateQuestions": ["tob ki"], "views": "7"}]"#;
        let found = drafts(text, &mut notes).unwrap();
        assert_eq!(
            (found[0].id.as_deref(), found[0].phrasings.as_slice()),
            (Some("pot"), &["tob ki".to_owned()][..])
        );
        assert_eq!(notes[0].text, "views (1 values)");
    }
}
