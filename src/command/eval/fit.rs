//! Calibration and thresholds, fitted and written to `fit.toml`.

use std::collections::HashSet;
use std::sync::Arc;

use anyhow::{Context as _, bail};

use super::measure::Measured;
use super::rows::Row;
use super::{Args, folds};
use crate::command::{print, progress};
use crate::faq::Faq;
use crate::faq::fit::{Calibration, Fit, Threshold, Thresholds};
use crate::faq::format::FIT;
use crate::library::Content;
use crate::library::source::Source;
use crate::matcher::certainty::Signs;
use crate::matcher::decide;
use crate::matcher::features::{Word, words};
use crate::message::Place;
use crate::text::dictionary::{is_real, some_word};
use crate::text::normalize::normalize;
use crate::text::tokens::{Script, Token, tokens};

/// Parts that the content is split into: each is tried on a matcher that was trained on the others.
const PARTS: u32 = 5;

/// How far the thresholds of suggestions and answers are looked for.
const STEPS: u16 = 200;

/// How a held-back utterance was read, and whether rightly.
pub type Trial = (Signs, bool);

/// Fits to `files`, writes the result beside the content, and returns the content with it.
pub(super) fn run(faq: Faq, files: &[Vec<Row>], args: &Args, source: &Source) -> anyhow::Result<Faq> {
    let Source::Folder(folder) = source else {
        bail!("the content is compiled in; name a folder to write {FIT} to, with --faq");
    };
    let before = decide::fit(&faq);
    let calibration = calibration(&trials(&faq, &[]));
    let thresholds = before.thresholds;
    let faq = Faq { fit: Some(Fit { calibration, thresholds }), ..faq };
    let content = Content::learn(faq);
    let thresholds = fit_thresholds(&content, files, args, thresholds)?;
    let fit = Fit { calibration, thresholds };
    let path = folder.join(FIT);
    std::fs::write(&path, text(&fit)).with_context(|| format!("{}: cannot be written", path.display()))?;
    print(&format_args!("wrote {}", path.display()))?;
    Ok(Faq { fit: Some(fit), ..Arc::unwrap_or_clone(content.faq) })
}

/// Every utterance of `faq`, read by a matcher that was trained without it and its like, some of them about other objects;
/// and `others`, which `faq` does not answer.
pub fn trials(faq: &Faq, others: &[String]) -> Vec<Trial> {
    let progress = progress::bar(u64::from(PARTS), "calibrating");
    let mut trials = Vec::new();
    for part in 0..PARTS {
        let (learned, held) = folds::split(faq, |_, at| at % PARTS == part);
        let content = Content::learn(learned);
        let others = others.iter().skip(part as usize).step_by(PARTS as usize).map(|text| Row {
            right: Vec::new(),
            none: false,
            style: "another question".to_owned(),
            text: text.clone(),
        });
        for row in with_other_objects(held, &faq.guide.subject).into_iter().chain(others) {
            let Some((entry, signs)) = content.matcher.signs(&row.text) else { continue };
            trials.push((signs, row.right.first() == Some(entry)));
        }
        progress.inc(1);
    }
    progress.finish_and_clear();
    trials
}

/// The rows, and for every third one that names the subject one about a word of the dictionary instead, which no entry
/// answers: how well other objects are told apart decides what an unknown word is worth.
fn with_other_objects(rows: Vec<Row>, subject: &str) -> Vec<Row> {
    const EVERY: usize = 3;
    let subject: HashSet<u64> = words(&normalize(subject)).iter().map(Word::unit).collect();
    let mut others = Vec::new();
    for (number, row) in rows.iter().enumerate().filter(|(number, row)| number % EVERY == 0 && row.in_scope())
    {
        let text = normalize(&row.text);
        let (tokens, words) = (tokens(&text), words(&text));
        let is_english = |token: &&Token<'_>| token.script == Script::Latin && is_real(**token);
        let english = tokens.iter().filter(is_english).count() * 2 > tokens.len();
        let names_subject = |word: &Word| subject.contains(&word.unit());
        if !words.iter().any(names_subject) {
            continue;
        }
        let object = some_word(if english { Script::Latin } else { Script::Bengali }, number);
        let said = tokens.iter().zip(&words);
        let said = said.map(|(token, word)| if names_subject(word) { object } else { token.text });
        let mark = if text.contains('?') { "?" } else { "" };
        let text = said.collect::<Vec<_>>().join(" ") + mark;
        others.push(Row { right: Vec::new(), none: false, style: "another object".to_owned(), text });
    }
    rows.into_iter().chain(others).collect()
}

/// Platt's scaling: logistic regression of one number, by gradient descent.
fn calibration(trials: &[Trial]) -> Calibration {
    const ROUNDS: usize = 2_000;
    const STEP: f64 = 0.1;
    let certain: Vec<(f64, f64)> = trials
        .iter()
        .map(|(signs, right)| (f64::from(signs.certainty()), f64::from(u8::from(*right))))
        .collect();
    let (mut bias, mut logit) = (0.0_f64, 1.0_f64);
    for _ in 0..ROUNDS {
        let (mut of_bias, mut of_logit) = (0.0, 0.0);
        for (certainty, right) in &certain {
            let error = 1.0 / (1.0 + (-bias - logit * certainty).exp()) - right;
            of_bias += error;
            of_logit += error * certainty;
        }
        let step = STEP / certain.len().max(1) as f64;
        bias -= step * of_bias;
        logit -= step * of_logit;
    }
    Calibration { bias: bias as f32, logit: logit as f32 }
}

/// The lowest thresholds of the place that keep within the bars on every file.
fn fit_thresholds(
    content: &Content,
    files: &[Vec<Row>],
    args: &Args,
    before: Thresholds,
) -> anyhow::Result<Thresholds> {
    let place = args.place.place();
    let measured: Vec<Measured> = files.iter().map(|rows| Measured::of(rows, content, place)).collect();
    let within = |measured: &Measured, at: f32| {
        let shares = measured.at_threshold(at);
        args.bars.max_wrong.is_none_or(|bar| shares.wrong <= bar)
            && args.bars.max_oos.is_none_or(|bar| shares.oos_answered <= bar)
            && args.bars.min_precision.is_none_or(|bar| shares.precision >= bar)
    };
    // From above, so that a lucky gap below a bad range is not accepted.
    let held = |at: &f32| measured.iter().all(|measured| within(measured, *at));
    let steps = || (1..STEPS).rev().map(|step| f32::from(step) / f32::from(STEPS));
    let Some(accept) = steps().take_while(held).last() else {
        bail!("no threshold keeps within the bars, even 0.995 does not; loosen them");
    };
    let offers = |measured: &Measured, at: f32| {
        let (below, above) = (measured.at_threshold(at), measured.at_threshold(accept));
        args.bars.max_oos_suggest.is_none_or(|bar| below.oos_answered - above.oos_answered <= bar)
    };
    let suggest = match place {
        Place::Overheard => 1.0,
        _ => steps()
            .filter(|at| *at <= accept)
            .take_while(|at| measured.iter().all(|measured| offers(measured, *at)))
            .last()
            .unwrap_or(accept),
    };
    let fitted = Threshold { accept, suggest };
    Ok(match place {
        // In a group, an answer to a question put to the bot is no more trouble than in private.
        Place::Private | Place::Addressed | Place::Replied => {
            Thresholds { private: fitted, addressed: fitted, ..before }
        }
        Place::Overheard => Thresholds { overheard: fitted, ..before },
    })
}

fn text(fit: &Fit) -> String {
    let Fit { calibration: of, thresholds } = fit;
    let mut text = format!(
        "# Written by `uttor eval --fit`; not by hand. Scores are probabilities: the calibration fits the matcher's own
# certainty to this content. README and docs/matching.md say how it is fitted.

[calibration]
bias = {:?}
logit = {:?}
",
        of.bias, of.logit
    );
    for place in Place::ALL {
        let Threshold { accept, suggest } = thresholds.of(place);
        let name = if place == Place::Overheard { "overheard" } else { place.name() };
        let suggest =
            if place == Place::Overheard { String::new() } else { format!("suggest = {suggest}\n") };
        text.extend([format!("\n[{name}]\naccept = {accept}\n{suggest}")]);
    }
    text
}
