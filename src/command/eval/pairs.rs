//! The same message in two scripts must get the same.

use std::path::Path;

use comfy_table::Table;
use serde_json::json;

use super::rows;
use super::{Args, code};
use crate::command::{Ending, print};
use crate::library::Content;
use crate::matcher::decide::{Outcome, decide};
use crate::message::Place;

/// Measures the pairs of `file`.
pub(super) fn run(file: &Path, content: &Content, args: &Args) -> Ending {
    let table = rows::Table::read(file)?;
    let columns = [table.column(&["latin"], file)?, table.column(&["bengali"], file)?];
    let decided = |text: &str, place| decide(&content.matcher.find(text, None), place, &content.faq);
    let mut shares = Vec::new();
    for place in Place::ALL {
        let (mut answered, mut suggested, mut agree) = (0, 0, 0);
        for line in table.lines() {
            let pair = columns.map(|at| decided(line.get(at).map_or("", String::as_str), place));
            answered += pair.iter().filter(|decision| matches!(decision, Outcome::Answer(_))).count();
            suggested += pair.iter().filter(|decision| matches!(decision, Outcome::Suggest(_))).count();
            agree += usize::from(same(&pair[0], &pair[1]));
            if args.wrong && place == args.place.place() {
                list(line, &columns, &pair)?;
            }
        }
        let pairs = table.lines().len().max(1) as f64;
        shares.push((
            place,
            answered as f64 / pairs / 2.0,
            suggested as f64 / pairs / 2.0,
            agree as f64 / pairs,
        ));
    }
    if args.json {
        let by_place: serde_json::Map<_, _> = (shares.iter())
            .map(|(place, answered, suggested, agree)| {
                (
                    place.name().to_owned(),
                    json!({"answered": answered, "suggested": suggested, "agree": agree}),
                )
            })
            .collect();
        print(&json!({"pairs": table.lines().len(), "places": by_place}))?;
    } else {
        let mut shown = Table::new();
        shown.load_preset(comfy_table::presets::ASCII_MARKDOWN).set_header([
            "place",
            "answered",
            "suggested",
            "agree",
        ]);
        for (place, answered, suggested, agree) in &shares {
            let cells = [answered, suggested, agree].map(|share| format!("{share:.4}"));
            shown.add_row([place.name().to_owned()].into_iter().chain(cells));
        }
        print(&format_args!("{} pairs\n{shown}", table.lines().len()))?;
    }
    let mut missed = Vec::new();
    if let Some((_, answered, _, agree)) = shares.iter().find(|(place, ..)| *place == args.place.place()) {
        if args.bars.max_answered.is_some_and(|bar| *answered > bar) {
            missed.push(format!("answered {answered:.4} of the messages, more than --max-answered"));
        }
        if args.bars.min_agree.is_some_and(|bar| *agree < bar) {
            missed.push(format!("{agree:.4} of the pairs agree, less than --min-agree"));
        }
    }
    super::report::tell(&missed)?;
    Ok(code(&missed))
}

/// The same outcome and, where it is an answer, the same entry.
fn same(one: &Outcome, other: &Outcome) -> bool {
    match (one, other) {
        (Outcome::Answer(one), Outcome::Answer(other)) => one == other,
        _ => std::mem::discriminant(one) == std::mem::discriminant(other),
    }
}

fn list(line: &[String], columns: &[usize; 2], pair: &[Outcome; 2]) -> anyhow::Result<()> {
    for (at, decision) in columns.iter().zip(pair) {
        if let Outcome::Answer(entries) = decision {
            let names: Vec<_> = entries.iter().map(ToString::to_string).collect();
            print(&format_args!("{}\t{}", names.join("|"), line.get(*at).map_or("", String::as_str)))?;
        }
    }
    Ok(())
}
