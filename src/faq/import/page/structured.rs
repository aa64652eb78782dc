//! The questions that a page tells search engines in its data (`FAQPage`, `QAPage`), each with its answer.

use scraper::{Html, Selector};
use serde_json::Value;
use url::Url;

use super::{fragment, holds_markup};
use crate::faq::import::note::Kind;
use crate::faq::import::{Draft, Note, tidy};
use crate::text::normalize::written;

/// The drafts of the JSON-LD of `page`.
pub fn drafts(page: &Html, base: Option<&Url>, notes: &mut Vec<Note>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let Ok(scripts) = Selector::parse("script[type='application/ld+json']") else { return drafts };
    for script in page.select(&scripts) {
        let text: String = script.text().collect();
        let text = text.trim().trim_start_matches("<!--").trim_end_matches("-->").trim();
        // Line breaks inside of strings are no JSON, and common.
        let parsed = serde_json::from_str(text)
            .or_else(|_| serde_json::from_str(&text.replace(['\n', '\r', '\t'], " ")));
        match parsed {
            Ok(value) => collect(&value, base, &mut drafts, notes),
            Err(error) if text.contains("Question") => {
                notes.push(Note::new(Kind::Text, "in the page's data", format!("unreadable JSON: {error}")));
            }
            Err(_) => {}
        }
    }
    drafts
}

/// The drafts of the questions in `value`, however deep.
pub fn collect(value: &Value, base: Option<&Url>, drafts: &mut Vec<Draft>, notes: &mut Vec<Note>) {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::Array(values) => open.extend(values.iter().rev()),
            Value::Object(object) => match question(value, base, notes) {
                Some(draft) => drafts.push(draft),
                None => open.extend(object.values().collect::<Vec<_>>().into_iter().rev()),
            },
            _ => {}
        }
    }
}

fn question(value: &Value, base: Option<&Url>, notes: &mut Vec<Note>) -> Option<Draft> {
    let is = match value.get("@type")? {
        Value::String(name) => name.ends_with("Question"),
        Value::Array(names) => names.iter().any(|name| name == "Question"),
        _ => false,
    };
    let name = ["name", "text", "headline"].iter().find_map(|key| value.get(key)?.as_str())?;
    let answer = ["acceptedAnswer", "suggestedAnswer"].iter().find_map(|key| answer(value.get(key)?))?;
    if !is {
        return None;
    }
    let question = tidy(&plain(name, base).0);
    let (answer, lost) = plain(&answer, base);
    notes.extend(
        lost.into_iter().map(|note| Note { place: format!("in the answer to “{question}”"), ..note }),
    );
    Some(Draft { question, answer, ..Draft::default() })
}

fn answer(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(values) => values.iter().find_map(answer),
        Value::Object(object) => answer(object.get("text")?),
        _ => None,
    }
}

/// Text without markup, and what it lost.
pub fn plain(text: &str, base: Option<&Url>) -> (String, Vec<Note>) {
    if holds_markup(text) {
        let (text, notes) = fragment(text, base);
        (written(&text), notes)
    } else {
        (written(text.trim()), Vec::new())
    }
}
