//! What was taught: by whom, where and when; undone, made to hold for all, and exported.

use std::io::{Cursor, Write as _};
use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::{Markup, html};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::Console;
use super::fields::Fields;
use super::frame::{missing, notice, page as framed, unavailable};
use super::pieces::{address, ago, scope_of, scope_value, who, whom};
use super::teach::{Wish, catch_up, flash, held_up, own_page, with};
use super::visitor::Visitor;
use crate::faq::EntryId;
use crate::learning::export::{Export, diff};
use crate::memory::Moment;
use crate::store::{Lesson, Scope, Teaching, TeachingId};
use crate::wording::console::{self as say, Tongue};

const HERE: &str = "/admin/taught";

/// Teachings on a page.
const PAGE_SIZE: u32 = 25;

/// `GET /admin/taught`.
pub async fn page(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let (tongue, now) = (visitor.tongue, Moment::now().unix);
    let before: Option<i64> = fields.parsed("before");
    let read = async {
        let store = console.store()?;
        let scope = (!fields.get("group").is_empty()).then(|| scope_of(fields.get("group")));
        let read = store.teachings(scope.as_ref(), before.map(TeachingId), PAGE_SIZE + 1).await?;
        Ok((read, store.groups().await?))
    };
    let (mut taught, groups) = match read.await {
        Ok(read) => read,
        Err(error) => return unavailable(tongue, &error),
    };
    let has_next = taught.len() > PAGE_SIZE as usize;
    taught.truncate(PAGE_SIZE as usize);
    let group = fields.get("group");
    let back = address(HERE, &[("group", group), ("before", fields.get("before"))]);
    let content = html! {
        (flash(&visitor, &fields, &back))
        @if !groups.is_empty() {
            form.filters method="get" action=(HERE) {
                label {
                    span { (say::GROUP.of(tongue)) }
                    select name="group" {
                        option value="" { (say::ANY.of(tongue)) }
                        @for scope in &groups {
                            option value=(scope_value(scope)) selected[scope_value(scope) == group] { (scope_value(scope)) }
                        }
                    }
                }
                button { (say::SHOW.of(tongue)) }
            }
        }
        @if taught.is_empty() { p.empty { (say::NOTHING_TAUGHT.of(tongue)) } }
        @else {
            div.actions {
                a.button href="/admin/export" { (say::EXPORT.of(tongue)) }
            }
        }
        ul.cards { @for one in &taught { li.card { (card(one, &visitor, &back, now)) } } }
        @if let Some(last) = taught.last().filter(|_| has_next) {
            nav.turn aria-label=(say::LIST_PAGES.of(tongue)) {
                a rel="next" href=(address(HERE, &[("group", group), ("before", &last.id.0.to_string())])) {
                    (say::AFTER.of(tongue)) " →"
                }
            }
        }
    };
    framed(&visitor, HERE, say::TAUGHT.of(tongue), &content)
}

fn card(one: &Teaching, visitor: &Visitor, back: &str, now: i64) -> Markup {
    let (tongue, id) = (visitor.tongue, one.id.0);
    let (what, text, entry) = lesson(&one.lesson, tongue);
    html! {
        h2 { (text) }
        p.meta {
            (what) @if let Some(entry) = entry { " " a href={ "/admin/entries/" (entry) } { (entry) } }
            " · " (whom(&one.scope, tongue)) " · " (who(&one.author, tongue)) " · " (ago(one.at, now, tongue))
            " · " (say::teaching(id, tongue))
        }
        @if let Some(undone) = &one.undone {
            p.meta { (say::UNDONE.of(tongue)) " " (who(&undone.author, tongue)) " · " (ago(undone.at, now, tongue)) }
        } @else if visitor.edits() {
            div.actions {
                form method="post" action="/admin/undo" {
                    input type="hidden" name="back" value=(back);
                    button name="teaching" value=(id) { (say::UNDO.of(tongue)) span.unseen { ": " (text) } }
                }
                @if one.scope != Scope::Base {
                    form method="post" action="/admin/promote" {
                        input type="hidden" name="back" value=(back);
                        button name="teaching" value=(id) { (say::PROMOTE.of(tongue)) span.unseen { ": " (text) } }
                    }
                }
            }
        }
    }
}

/// What sort of lesson it is, its text, and its entry.
fn lesson(lesson: &Lesson, tongue: Tongue) -> (&'static str, &str, Option<&EntryId>) {
    match lesson {
        Lesson::Phrasing { entry, text } => (say::PHRASING_OF.of(tongue), text, Some(entry)),
        Lesson::Entry(entry) => (say::NEW_ENTRY.of(tongue), &entry.question, Some(&entry.id)),
        Lesson::Edit(entry) => (say::CHANGED_ENTRY.of(tongue), &entry.question, Some(&entry.id)),
        Lesson::CounterExample { text } => (say::IS_NONE.of(tongue), text, None),
        Lesson::Ignore { text } => (say::NO_QUESTION.of(tongue), text, None),
    }
}

/// `POST /admin/promote`: what a group was taught holds for all.
pub async fn promote(State(console): State<Arc<Console>>, visitor: Visitor, fields: Fields) -> Response {
    let Some(id) = fields.parsed("teaching").map(TeachingId) else { return missing(&visitor) };
    let back = own_page(fields.get("back")).to_owned();
    let promoted = async {
        let teaching = console.store()?.teaching(id).await?;
        let Some(teaching) = teaching.filter(|one| one.undone.is_none() && one.scope != Scope::Base) else {
            return Ok(None);
        };
        let learning = console.learning()?;
        let accepted = !fields.get("accepted").is_empty();
        let promoted = learning.promote(&teaching, accepted, &visitor.author, Moment::now().unix).await;
        catch_up(learning).await;
        Ok(Some((teaching, promoted)))
    };
    match promoted.await {
        Ok(Some((_, Ok(Some(new))))) => {
            Redirect::to(&with(&back, "done", &new.0.to_string())).into_response()
        }
        Ok(Some((_, Ok(None))) | None) => missing(&visitor),
        Ok(Some((teaching, Err(refusal)))) => {
            let text = lesson(&teaching.lesson, visitor.tongue).1.to_owned();
            let carried = [("teaching", id.0.to_string()), ("back", back)];
            held_up(&visitor, "/admin/promote", &carried, &[(text, refusal)])
        }
        Err(error) => unavailable(visitor.tongue, &error),
    }
}

/// `POST /admin/teach`: gives a text to an entry, or has it never answered.
pub async fn teach(State(console): State<Arc<Console>>, visitor: Visitor, fields: Fields) -> Response {
    let (text, group) = (fields.get("text").to_owned(), fields.get("group").to_owned());
    let entry: Option<EntryId> = fields.parsed("entry");
    let lesson = match &entry {
        Some(entry) => Lesson::Phrasing { entry: entry.clone(), text: text.clone() },
        None => Lesson::CounterExample { text: text.clone() },
    };
    let accepted = !fields.get("accepted").is_empty();
    let wish = Wish { scope: scope_of(&group), lesson, clusters: Vec::new(), accepted };
    let back = address("/admin/try", &[("text", &text), ("group", &group)]);
    match console.teach(&visitor, wish).await {
        Ok(id) => Redirect::to(&with("/admin/taught", "done", &id.0.to_string())).into_response(),
        Err(refusal) => {
            let entry = entry.map(|entry| entry.to_string()).unwrap_or_default();
            let carried = [("text", text.clone()), ("group", group), ("entry", entry), ("back", back)];
            held_up(&visitor, "/admin/teach", &carried, &[(text, refusal)])
        }
    }
}

/// `GET /admin/export`: the changes of the content's files as a diff, and the files to download.
pub async fn export(State(console): State<Arc<Console>>, visitor: Visitor) -> Response {
    let tongue = visitor.tongue;
    let export = match made(&console, &visitor).await {
        Ok(export) => export,
        Err(response) => return response,
    };
    let changes = diff(&export);
    let content = html! {
        p { (say::EXPORT_IS.of(tongue)) }
        @if changes.is_empty() { p.empty { (say::NOTHING_TO_EXPORT.of(tongue)) } } @else {
            div.actions {
                a.button href="/admin/export.diff" download { (say::DOWNLOAD_DIFF.of(tongue)) }
                a.button href="/admin/export.zip" download { (say::DOWNLOAD_FILES.of(tongue)) }
            }
            pre tabindex="0" role="region" aria-label=(say::CHANGES.of(tongue)) { (changes) }
        }
    };
    framed(&visitor, HERE, say::EXPORT.of(tongue), &content)
}

/// `GET /admin/export.diff`.
pub async fn export_diff(State(console): State<Arc<Console>>, visitor: Visitor) -> Response {
    match made(&console, &visitor).await {
        Ok(export) => download("text/x-diff; charset=utf-8", "uttor.diff", diff(&export).into_bytes()),
        Err(response) => response,
    }
}

/// `GET /admin/export.zip`: every file of the content.
pub async fn export_zip(State(console): State<Arc<Console>>, visitor: Visitor) -> Response {
    let export = match made(&console, &visitor).await {
        Ok(export) => export,
        Err(response) => return response,
    };
    match packed(&export) {
        Ok(bytes) => download("application/zip", "faq.zip", bytes),
        Err(error) => notice(&visitor, say::NOT_NOW, &error.to_string()),
    }
}

async fn made(console: &Console, visitor: &Visitor) -> Result<Export, Response> {
    let taught = async { console.store()?.teachings_of(&Scope::Base).await };
    let taught = taught.await.map_err(|error| unavailable(visitor.tongue, &error))?;
    Export::new(&console.source, &taught)
        .map_err(|error| notice(visitor, say::CANNOT_EXPORT, &error.to_string()))
}

fn packed(export: &Export) -> zip::result::ZipResult<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in &export.changed {
        archive.start_file(name.as_str(), SimpleFileOptions::default())?;
        archive.write_all(text.as_bytes())?;
    }
    Ok(archive.finish()?.into_inner())
}

fn download(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, bytes).into_response()
}
