//! Cross-validation on the content itself: train on a part of it, try the rest.

use super::measure::Measured;
use super::rows::Row;
use crate::command::progress;
use crate::faq::Faq;
use crate::library::Content;
use crate::message::Place;
use crate::text::normalize::normalize;
use crate::text::tokens::{Script, tokens};

/// Trains on all but one of `folds` parts and tries that one, for each part; without `folds` the parts are the
/// scripts.
pub(in crate::command) fn cross_validate(faq: &Faq, folds: Option<u32>, place: Place) -> Measured {
    let names: Vec<String> = match folds {
        Some(folds) => (0..folds).map(|fold| fold.to_string()).collect(),
        None => ["bengali", "latin", "mixed"].map(str::to_owned).to_vec(),
    };
    let progress = progress::bar(names.len() as u64, "cross-validating");
    let mut trials = Vec::new();
    for name in &names {
        let (learned, tried) = split(faq, |text, at| match folds {
            Some(folds) => (at % folds).to_string() == *name,
            None => script(text) == name,
        });
        trials.extend(Measured::of(&tried, &Content::learn(learned), place).trials);
        progress.inc(1);
    }
    progress.finish_and_clear();
    Measured { trials }
}

/// The content without the phrasings and counter-examples that are `held` back (their text, their number), and those.
pub(super) fn split(faq: &Faq, held: impl Fn(&str, u32) -> bool) -> (Faq, Vec<Row>) {
    let mut learned = faq.clone();
    let mut rows = Vec::new();
    let mut number = 0;
    let mut hold_back = |texts: &mut Vec<String>, right: &[crate::faq::EntryId], style: &str| {
        texts.retain(|text| {
            number += 1;
            let back = held(text, number);
            if back {
                let style = style.to_owned();
                rows.push(Row { right: right.to_vec(), none: false, style, text: text.clone() });
            }
            !back
        });
    };
    for entry in &mut learned.entries {
        let right = [entry.id.clone()];
        hold_back(&mut entry.phrasings, &right, "phrasing");
    }
    for kind in &mut learned.smalltalk {
        hold_back(&mut kind.phrasings, &[], kind.id.as_str());
    }
    for topic in &mut learned.topics {
        hold_back(&mut topic.examples, &[], topic.id.as_str());
    }
    (learned, rows)
}

fn script(text: &str) -> &'static str {
    let normalized = normalize(text);
    let tokens = tokens(&normalized);
    let has = |script| tokens.iter().any(|token| token.script == script);
    match (has(Script::Bengali), has(Script::Latin)) {
        (true, true) => "mixed",
        (true, false) => "bengali",
        _ => "latin",
    }
}
