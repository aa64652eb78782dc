//! Cross-validation on the content itself: train on a part of it, try the rest.

use super::measure::Measured;
use super::rows::Row;
use crate::command::progress;
use crate::faq::Faq;
use crate::faq::overlay::spelled;
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
        // Held back, the question's own words would still stand in the question.
        let question = spelled(&entry.question);
        entry.phrasings.retain(|text| spelled(text) != question);
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

/// The fewest wordings that say something about a content.
const TRIED: usize = 10;

/// From so many wordings on, one part of them says enough, and trying each would take long.
const MANY: usize = 1_000;

/// The share of wordings that the bot answers rightly when it has not learned them, the question's among them, 0..=1;
/// none where too few entries have a second wording.
pub(in crate::command) fn share_answered(faq: &Faq) -> Option<f32> {
    const PARTS: usize = 5;
    let wordings: usize = faq.entries.iter().map(|entry| entry.phrasings.len() + 1).sum();
    let parts = if wordings > MANY { 1 } else { PARTS };
    let (mut tried, mut right) = (0_usize, 0_usize);
    for part in 0..parts {
        let mut learned = faq.clone();
        let mut rows = Vec::new();
        let mut number = 0;
        for entry in &mut learned.entries {
            let question = spelled(&entry.question);
            let all = std::iter::once(entry.question.clone())
                .chain(entry.phrasings.drain(..).filter(|text| spelled(text) != question));
            let (held, mut kept): (Vec<String>, Vec<String>) = all.partition(|_| {
                number += 1;
                number % PARTS == part
            });
            if kept.is_empty() {
                // One wording is all there is.
                continue;
            }
            entry.question = kept.remove(0);
            entry.phrasings = kept;
            let id = [entry.id.clone()];
            rows.extend(held.into_iter().map(|text| Row {
                right: id.to_vec(),
                none: false,
                style: String::new(),
                text,
            }));
        }
        let measured = Measured::of(&rows, &Content::learn(learned), Place::Private);
        tried += measured.trials.len();
        right += measured.trials.iter().filter(|trial| trial.answered_right()).count();
    }
    (tried >= TRIED).then(|| right as f32 / tried as f32)
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
