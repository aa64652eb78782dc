//! A test set: labelled questions that are asked now, with those that come out wrong, compared with the run before.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use tokio::task::spawn_blocking;

use super::Console;
use super::fields::Fields;
use super::frame::page as framed;
use super::visitor::Visitor;
use crate::message::Place;
use crate::reply::Outcome;
use crate::store::Scope;
use crate::view::View;
use crate::wording::console::{self as say, Tongue};

const HERE: &str = "/admin/tests";

/// Questions of one run.
const MAX_ROWS: usize = 10_000;

/// Wrong ones that are shown.
const MAX_SHOWN: usize = 500;

/// Of a message that no entry answers.
const NONE: &str = "none";

/// A labelled question.
struct Row {
    /// Ids, or `none`.
    expect: Vec<String>,
    text: String,
}

/// What became of one.
struct Ran {
    row: Row,
    /// The outcome's name, and its entries.
    got: String,
    verdict: Verdict,
}

/// How a question came out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Right,
    /// The right entry was one of those offered.
    Offered,
    Wrong,
}

impl Verdict {
    fn letter(self) -> char {
        match self {
            Self::Right => 'r',
            Self::Offered => 'o',
            Self::Wrong => 'w',
        }
    }
}

/// `GET /admin/tests`.
pub async fn page(visitor: Visitor) -> Response {
    framed(&visitor, HERE, say::TESTS.of(visitor.tongue), &form("", "private", "", visitor.tongue))
}

fn form(rows: &str, place: &str, before: &str, tongue: Tongue) -> Markup {
    html! {
        form.stack method="post" action=(HERE) {
            label for="rows" { (say::TEST_ROWS.of(tongue)) }
            p.hint #rows-hint { (say::TEST_HINT.of(tongue)) }
            textarea #rows name="rows" required aria-describedby="rows-hint"
                placeholder="expect\tquery" { (rows) }
            label hidden {
                span { (say::FROM_FILE.of(tongue)) }
                input type="file" accept=".tsv,.csv,.txt,text/*" data-into="rows";
            }
            label {
                span { (say::WHERE.of(tongue)) }
                select name="place" {
                    @for (name, text) in [("private", say::IN_PRIVATE), ("addressed", say::IN_GROUP_ADDRESSED), ("group", say::IN_GROUP)] {
                        option value=(name) selected[name == place] { (text.of(tongue)) }
                    }
                }
            }
            input type="hidden" name="before" value=(before);
            button.primary { (say::RUN.of(tongue)) }
        }
    }
}

/// `POST /admin/tests`: runs the questions. Nothing of them is kept: the page carries them, and the verdicts, to the next run.
pub async fn run(State(console): State<Arc<Console>>, visitor: Visitor, fields: Fields) -> Response {
    let (tongue, pasted) = (visitor.tongue, fields.get("rows").to_owned());
    let place = match fields.get("place") {
        "addressed" => Place::Addressed,
        "group" => Place::Overheard,
        _ => Place::Private,
    };
    let view = console.view(&Scope::Base).await;
    let rows = match read(&pasted, &view, tongue) {
        Ok(rows) => rows,
        Err(why) => {
            let content = html! {
                p.alarm role="alert" { (why) }
                (form(&pasted, place.name(), fields.get("before"), tongue))
            };
            return framed(&visitor, HERE, say::TESTS.of(tongue), &content);
        }
    };
    // Ten thousand questions take a second.
    let ran = spawn_blocking(move || rows.into_iter().map(|row| ask(&view, row, place)).collect::<Vec<_>>());
    let Ok(ran) = ran.await else {
        return super::frame::notice(&visitor, say::NOT_NOW, say::STORE_AWAY.of(tongue));
    };
    let verdicts: String = ran.iter().map(|ran| ran.verdict.letter()).collect();
    // Of another set of questions nothing can be said.
    let before = Some(fields.get("before")).filter(|before| before.len() == verdicts.len());
    let content = html! {
        (result(&ran, before, tongue))
        (form(&pasted, place.name(), &verdicts, tongue))
    };
    framed(&visitor, HERE, say::TESTS.of(tongue), &content)
}

/// The rows of a table with tabs, or commas, and a header; or without one, `expect` first.
fn read(pasted: &str, view: &View, tongue: Tongue) -> Result<Vec<Row>, String> {
    let first = pasted.lines().next().unwrap_or_default();
    let tabs = first.contains('\t');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(if tabs { b'\t' } else { b',' })
        .quoting(!tabs)
        .flexible(true)
        .has_headers(false)
        .from_reader(pasted.trim_start_matches('\u{feff}').as_bytes());
    let (mut expect, mut text) = (0, 1);
    let mut rows = Vec::new();
    for (at, record) in reader.records().enumerate() {
        let record = record.map_err(|error| say::wrong_row(at + 1, &error.to_string(), tongue))?;
        if at == 0
            && let Some(column) = record.iter().position(|cell| cell == "expect")
        {
            expect = column;
            let query = record.iter().position(|cell| matches!(cell, "query" | "text"));
            text = query.ok_or_else(|| say::wrong_row(1, "query", tongue))?;
            continue;
        }
        let cell = |at: usize| record.get(at).unwrap_or_default().trim().to_owned();
        let labels: Vec<String> = cell(expect).split('|').map(|one| one.trim().to_owned()).collect();
        let unknown = labels
            .iter()
            .find(|label| *label != NONE && label.parse().ok().is_none_or(|id| view.entry(&id).is_none()));
        if let Some(label) = unknown {
            return Err(say::wrong_label(at + 1, label, tongue));
        }
        rows.push(Row { expect: labels, text: cell(text) });
    }
    if rows.is_empty() || rows.len() > MAX_ROWS {
        return Err(say::wrong_size(rows.len(), MAX_ROWS, tongue));
    }
    Ok(rows)
}

fn ask(view: &View, row: Row, place: Place) -> Ran {
    let outcome = view.decide(&view.find(&row.text, None), place);
    let wants = |id: &crate::faq::EntryId| row.expect.iter().any(|label| label == id.as_str());
    let is_none = row.expect.iter().any(|label| label == NONE);
    let (verdict, entries) = match &outcome {
        Outcome::Answer(ids) => {
            (if ids.iter().any(wants) { Verdict::Right } else { Verdict::Wrong }, ids.as_slice())
        }
        Outcome::Suggest(ids) if ids.iter().any(wants) => (Verdict::Offered, ids.as_slice()),
        Outcome::Suggest(ids) => (if is_none { Verdict::Offered } else { Verdict::Wrong }, ids.as_slice()),
        _ => (if is_none { Verdict::Right } else { Verdict::Wrong }, [].as_slice()),
    };
    let names: Vec<&str> = entries.iter().map(crate::faq::EntryId::as_str).collect();
    let got = format!("{} {}", outcome.name(), names.join(", "));
    Ran { row, got: got.trim().to_owned(), verdict }
}

fn result(ran: &[Ran], before: Option<&str>, tongue: Tongue) -> Markup {
    let count = |verdict: Verdict| ran.iter().filter(|ran| ran.verdict == verdict).count();
    let was =
        |verdict: Verdict| before.map(|before| before.chars().filter(|c| *c == verdict.letter()).count());
    let wrong: Vec<(usize, &Ran)> =
        ran.iter().enumerate().filter(|(_, ran)| ran.verdict != Verdict::Right).collect();
    let verdict_before = |at: usize| before.and_then(|before| before.chars().nth(at));
    html! {
        h2 #result { (say::RESULT.of(tongue)) }
        table {
            thead { tr {
                th scope="col" { (say::OUTCOME.of(tongue)) } th.number scope="col" { (say::NOW.of(tongue)) }
                @if before.is_some() { th.number scope="col" { (say::LAST_TIME.of(tongue)) } }
            } }
            tbody {
                @for (verdict, name) in [(Verdict::Right, say::RIGHT), (Verdict::Offered, say::OFFERED), (Verdict::Wrong, say::WRONG)] {
                    tr {
                        th scope="row" { (name.of(tongue)) }
                        td.number { (say::number(count(verdict), tongue)) }
                        @if let Some(was) = was(verdict) { td.number { (say::number(was, tongue)) } }
                    }
                }
            }
        }
        @if wrong.is_empty() { p.empty { (say::ALL_RIGHT.of(tongue)) } } @else {
            div.scroll tabindex="0" role="region" aria-labelledby="wrong" {
                table {
                    caption #wrong { (say::NOT_RIGHT.of(tongue)) }
                    thead { tr {
                        th scope="col" { (say::MESSAGE.of(tongue)) }
                        th scope="col" { (say::EXPECTED.of(tongue)) }
                        th scope="col" { (say::OUTCOME.of(tongue)) }
                    } }
                    tbody {
                        @for (at, ran) in wrong.iter().take(MAX_SHOWN) {
                            tr {
                                td { a href=(super::pieces::address("/admin/try", &[("text", &ran.row.text)])) { (ran.row.text) } }
                                td { (ran.row.expect.join(" | ")) }
                                td {
                                    (ran.got)
                                    @if verdict_before(*at).is_some_and(|was| was == 'r') { " " span.badge { (say::WAS_RIGHT.of(tongue)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
