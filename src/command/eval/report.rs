//! Tables and JSON of what was measured, and the bars that were missed.

use std::process::ExitCode;

use comfy_table::Table;
use serde_json::{Value, json};

use super::measure::{Measured, Scope, Shares};
use super::{Args, Bars, code};
use crate::command::print;
use crate::matcher::decide::Outcome;

/// How many pairs of confused entries are shown.
const CONFUSIONS: usize = 12;

/// Prints what was measured of each file, and says which bars were missed.
pub(super) fn finish(measured: &[(&str, &Measured)], args: &Args) -> anyhow::Result<ExitCode> {
    let mut missed = Vec::new();
    let mut objects = Vec::new();
    for (name, measured) in measured {
        if args.json {
            objects.push(object(name, measured));
        } else {
            tables(name, measured, args.wrong)?;
        }
        missed.extend(
            compare(&measured.shares(), &args.bars).into_iter().map(|line| format!("{name}: {line}")),
        );
    }
    match objects.as_slice() {
        [] => {}
        [only] => print(only)?,
        _ => print(&Value::from(objects))?,
    }
    tell(&missed)?;
    Ok(code(&missed))
}

/// Says on standard error which bars were missed.
pub(super) fn tell(missed: &[String]) -> anyhow::Result<()> {
    use std::io::Write as _;
    for line in missed {
        writeln!(std::io::stderr(), "missed: {line}")?;
    }
    Ok(())
}

fn compare(shares: &Shares, bars: &Bars) -> Vec<String> {
    let at_least = [
        ("first candidate right", shares.top1, bars.min_top1, "--min-top1"),
        ("answered right", shares.right, bars.min_right, "--min-right"),
        ("right answered or suggested", shares.offered, bars.min_offered, "--min-offered"),
        ("of the answers right", shares.precision, bars.min_precision, "--min-precision"),
        ("of the questions answered right", shares.recall, bars.min_recall, "--min-recall"),
    ];
    let at_most = [
        ("answered wrong", shares.wrong, bars.max_wrong, "--max-wrong"),
        ("out of scope answered", shares.oos_answered, bars.max_oos, "--max-oos"),
        ("out of scope given suggestions", shares.oos_suggested, bars.max_oos_suggest, "--max-oos-suggest"),
    ];
    let below = at_least.into_iter().filter(|(_, share, bar, _)| bar.is_some_and(|bar| *share < bar));
    let above = at_most.into_iter().filter(|(_, share, bar, _)| bar.is_some_and(|bar| *share > bar));
    below
        .chain(above)
        .map(|(what, share, bar, flag)| format!("{what} {share:.4}, {flag} {}", bar.unwrap_or_default()))
        .collect()
}

fn object(name: &str, measured: &Measured) -> Value {
    let thresholds: Vec<Value> = curve(measured)
        .map(|(at, shares)| {
            json!({"accept": at, "right": shares.right, "wrong": shares.wrong, "oos_answered": shares.oos_answered,
                "precision": shares.precision})
        })
        .collect();
    let calibration: Vec<Value> = (measured.calibration().into_iter())
        .map(|(count, score, right)| json!({"count": count, "mean_score": score, "right": right}))
        .collect();
    let confusions: Vec<Value> = (measured.confusions().into_iter())
        .map(
            |(right, taken, count)| json!({"right": right.as_str(), "taken": taken.as_str(), "count": count}),
        )
        .collect();
    let by_entry: serde_json::Map<_, _> =
        measured.by_entry().into_iter().map(|(entry, shares)| (entry.to_string(), json!(shares))).collect();
    json!({"name": name, "shares": measured.shares(), "by_style": measured.by_style(), "by_entry": by_entry,
        "confusions": confusions, "calibration": calibration, "thresholds": thresholds})
}

/// What each accept threshold would let through.
fn curve(measured: &Measured) -> impl Iterator<Item = (f32, Shares)> {
    (1..20_u8).map(|step| f32::from(step) * 0.05).map(|at| (at, measured.at_threshold(at)))
}

fn tables(name: &str, measured: &Measured, wrong: bool) -> anyhow::Result<()> {
    const COLUMNS: [&str; 9] =
        ["in", "top1", "right", "wrong", "offered", "out", "answered", "suggested", "precision"];
    let cells = |shares: &Shares| {
        [
            shares.in_scope.to_string(),
            share(shares.top1, shares.in_scope),
            share(shares.right, shares.in_scope),
            share(shares.wrong, shares.in_scope),
            share(shares.offered, shares.in_scope),
            shares.out_of_scope.to_string(),
            share(shares.oos_answered, shares.out_of_scope),
            share(shares.oos_suggested, shares.out_of_scope),
            format!("{:.3}", shares.precision),
        ]
    };
    let table = |first: &str| {
        let mut table = Table::new();
        table.load_preset(comfy_table::presets::ASCII_MARKDOWN);
        table.set_header([first].into_iter().chain(COLUMNS));
        table
    };
    let row =
        |name: &str, shares: &Shares| [name.to_owned()].into_iter().chain(cells(shares)).collect::<Vec<_>>();
    let mut all = table("style");
    for (style, shares) in measured.by_style().into_iter().filter(|(style, _)| !style.is_empty()) {
        all.add_row(row(style, &shares));
    }
    all.add_row(row("all", &measured.shares()));
    let mut entries = table("entry");
    for (entry, shares) in measured.by_entry() {
        entries.add_row(row(entry.as_str(), &shares));
    }
    print(&format_args!("{name}: {} messages\n{all}\n\n{entries}\n", measured.trials.len()))?;
    let plain = |header: &[&str]| {
        let mut table = Table::new();
        table.load_preset(comfy_table::presets::ASCII_MARKDOWN).set_header(header);
        table
    };
    let mut confusions = plain(&["right", "taken for", "times"]);
    for (right, taken, count) in measured.confusions().into_iter().take(CONFUSIONS) {
        confusions.add_row([right.to_string(), taken.to_string(), count.to_string()]);
    }
    let mut calibration = plain(&["score", "messages", "mean score", "right"]);
    for (tenth, (count, score, right)) in measured.calibration().into_iter().enumerate() {
        let range = format!("{:.1}–{:.1}", tenth as f32 / 10.0, (tenth + 1) as f32 / 10.0);
        calibration.add_row([range, count.to_string(), format!("{score:.2}"), format!("{right:.2}")]);
    }
    let mut thresholds = plain(&["accept", "right", "wrong", "out answered", "precision"]);
    for (at, shares) in curve(measured) {
        let cells = [shares.right, shares.wrong, shares.oos_answered, shares.precision];
        thresholds.add_row([format!("{at:.2}")].into_iter().chain(cells.map(|share| format!("{share:.3}"))));
    }
    print(&format_args!("{confusions}\n\n{calibration}\n\n{thresholds}"))?;
    if wrong {
        failures(measured)?;
    }
    Ok(())
}

fn share(share: f64, of: usize) -> String {
    if of == 0 { String::new() } else { format!("{share:.3}") }
}

/// Every message that went wrong: what is right, what was done, the best candidates.
fn failures(measured: &Measured) -> anyhow::Result<()> {
    for trial in measured.trials.iter().filter(|trial| trial.failed()) {
        let right = match trial.scope {
            Scope::Out => "none".to_owned(),
            _ => trial.right.iter().map(ToString::to_string).collect::<Vec<_>>().join("|"),
        };
        let done = match &trial.decision {
            Outcome::Answer(_) => "answered",
            Outcome::Suggest(_) => "suggested",
            _ => "not answered",
        };
        let best = trial.ranking.candidates.iter().take(3);
        let best: Vec<_> = best.map(|best| format!("{} {:.2}", best.entry, best.score)).collect();
        print(&format_args!(
            "{right}\t{done}\tasks {:.2}\t{}\t{}",
            trial.ranking.asks,
            best.join(", "),
            trial.text
        ))?;
    }
    Ok(())
}
