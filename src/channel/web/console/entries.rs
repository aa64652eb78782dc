//! The entries: the list with counts and health, one to edit with its previews, and new ones.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::{Markup, html};

use super::Console;
use super::draft::Draft;
use super::fields::Fields;
use super::frame::{missing, notice, page as framed, unavailable};
use super::pieces::{address, turn};
use super::save::{Place, Saved, into_folder};
use super::teach::{Wish, flash, held_up, own_page, with};
use super::visitor::Visitor;
use crate::faq::{Entry, EntryId};
use crate::learning::phrasing_of;
use crate::memory::Moment;
use crate::statistics::{OneEntry, Statistics};
use crate::store::{ClusterId, Lesson, Scope};
use crate::text::normalize::normalize;
use crate::view::View;
use crate::wording::console::{self as say, Tongue};

const HERE: &str = "/admin/entries";

/// Entries on a page.
const PAGE_SIZE: usize = 25;

/// Days of the counts.
const DAYS: u32 = 30;

/// An entry with fewer wordings is found by its words alone.
const MIN_WORDINGS: usize = 5;

/// Phrasings that are compared with the other entries'.
const MAX_COMPARED: usize = 300;

/// `GET /admin/entries`.
pub async fn page(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let (tongue, wanted) = (visitor.tongue, fields.get("q"));
    let number: u32 = fields.parsed("page").unwrap_or(0);
    let read =
        async { Statistics::read(console.store()?, DAYS, Moment::now().unix, console.minutes_east()).await };
    let counts: HashMap<EntryId, OneEntry> = match read.await {
        Ok(statistics) => statistics.entries.into_iter().map(|one| (one.entry.clone(), one)).collect(),
        Err(error) => return unavailable(tongue, &error),
    };
    let view = console.view(&Scope::Base).await;
    let found: Vec<&Entry> = view.entries().filter(|entry| has(entry, wanted)).collect();
    let skip = (number as usize).saturating_mul(PAGE_SIZE);
    let has_next = found.len() > skip.saturating_add(PAGE_SIZE);
    let content = html! {
        (flash(&visitor, &fields, HERE))
        form.filters method="get" action=(HERE) role="search" {
            label { span { (say::SEARCH.of(tongue)) } input type="search" name="q" value=(wanted); }
            button { (say::SHOW.of(tongue)) }
            @if visitor.edits() { a.button href="/admin/entries/new" { (say::NEW_ENTRY.of(tongue)) } }
        }
        @if found.is_empty() { p.empty { (say::NO_ENTRY_FOUND.of(tongue)) } }
        p.hint { (say::counts_of_days(DAYS, tongue)) }
        ul.cards {
            @for entry in found.iter().skip(skip).take(PAGE_SIZE) {
                li.card {
                    h2 { a href={ (HERE) "/" (entry.id) } { (entry.question) } }
                    p.meta { (entry.id) " · " (summary(entry, counts.get(&entry.id), tongue)) }
                    @for problem in health(entry, &view, tongue) { span.badge { "⚠ " (problem) } " " }
                }
            }
        }
        (turn(number, has_next, tongue, |page| address(HERE, &[("q", wanted), ("page", page)])))
    };
    framed(&visitor, HERE, say::ENTRIES.of(tongue), &content)
}

/// Whether an entry's question, label or id holds every word.
fn has(entry: &Entry, wanted: &str) -> bool {
    if wanted.is_empty() {
        return true;
    }
    let text = normalize(&format!("{} {} {}", entry.id, entry.question, entry.label));
    normalize(wanted).split_whitespace().all(|word| text.contains(word))
}

fn summary(entry: &Entry, counts: Option<&OneEntry>, tongue: Tongue) -> String {
    let (asked, judged) = counts.map_or_else(Default::default, |one| (one.answers, one.judgements));
    let is_bengali = |text: &&String| text.chars().any(|c| ('\u{980}'..='\u{9ff}').contains(&c));
    let bengali = entry.phrasings.iter().filter(is_bengali).count();
    let latin = entry.phrasings.len() - bengali;
    format!(
        "{} · 👍 {} · 👎 {} · {}",
        say::asked(asked, tongue),
        say::number(judged.helpful, tongue),
        say::number(judged.unhelpful, tongue),
        say::by_script(bengali, latin, tongue),
    )
}

/// What may keep an entry from being found or shown.
fn health(entry: &Entry, view: &View, tongue: Tongue) -> Vec<String> {
    let mut problems = Vec::new();
    if entry.phrasings.len() < MIN_WORDINGS {
        problems.push(say::few_wordings(entry.phrasings.len(), tongue));
    }
    let first = view.find(&entry.question, None).candidates.into_iter().next();
    if let Some(other) = first.filter(|first| first.entry != entry.id) {
        problems.push(say::collides(other.entry.as_str(), tongue));
    }
    if Draft::of(entry).messages() > 1 {
        problems.push(say::LONG_FOR_MESSENGER.of(tongue).to_owned());
    }
    problems
}

/// `GET /admin/entries/{id}`.
pub async fn one(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let view = console.view(&Scope::Base).await;
    let entry = id.parse().ok().and_then(|id: EntryId| view.entry(&id).cloned());
    let Some(entry) = entry else { return missing(&visitor) };
    let collisions = collisions(&console, &entry);
    let (tongue, own) = (visitor.tongue, format!("{HERE}/{}", entry.id));
    let draft = Draft::of(&entry);
    let content = html! {
        (flash(&visitor, &fields, &own))
        p.meta { (entry.id) " · " a href={ "/guide#" (entry.id) } { (say::ON_THE_GUIDE.of(tongue)) } }
        @for problem in health(&entry, &view, tongue) { span.badge { "⚠ " (problem) } " " }
        @if !collisions.is_empty() {
            details {
                summary { (say::collisions(collisions.len(), tongue)) }
                ul { @for (phrasing, other) in &collisions { li { (phrasing) " → " a href={ (HERE) "/" (other) } { (other) } } } }
            }
        }
        (draft.form(&visitor, &own, console.folder().is_some()))
    };
    framed(&visitor, HERE, &entry.question, &content)
}

/// Phrasings that the words alone would give to another entry.
fn collisions(console: &Console, entry: &Entry) -> Vec<(String, EntryId)> {
    let content = console.library.current();
    let phrasings = entry.phrasings.iter().take(MAX_COMPARED);
    let other = |text: &String| {
        let found = content.matcher.by_weights(text).filter(|found| **found != entry.id)?;
        Some((text.clone(), found.clone()))
    };
    phrasings.filter_map(other).collect()
}

/// `GET /admin/entries/new`: a form, with the wording of an unanswered question where one is named.
pub async fn new(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let mut draft = Draft { cluster: fields.get("cluster").to_owned(), ..Draft::default() };
    if let Some(id) = fields.parsed("cluster").map(ClusterId) {
        let questions = async { console.store()?.most_asked(id, 50).await };
        match questions.await {
            Ok(questions) => {
                let mut texts: Vec<String> = questions.iter().map(|one| phrasing_of(&one.text)).collect();
                texts.retain(|text| !text.is_empty());
                texts.dedup();
                draft.question = texts.first().cloned().unwrap_or_default();
                draft.phrasings = texts;
            }
            Err(error) => return unavailable(visitor.tongue, &error),
        }
    }
    blank(&console, &visitor, &draft, None)
}

fn blank(console: &Console, visitor: &Visitor, draft: &Draft, why: Option<&str>) -> Response {
    let content = html! {
        @if let Some(why) = why { p.alarm role="alert" { (why) } }
        (draft.form(visitor, "/admin/entries/new", console.folder().is_some()))
    };
    framed(visitor, HERE, say::NEW_ENTRY.of(visitor.tongue), &content)
}

/// `POST /admin/entries/new`.
pub async fn create(State(console): State<Arc<Console>>, visitor: Visitor, fields: Fields) -> Response {
    let draft = Draft::read(&fields, "");
    if !fields.get("preview").is_empty() {
        return blank(&console, &visitor, &draft, None);
    }
    match draft.entry(visitor.tongue) {
        Ok(entry) => keep(&console, &visitor, &fields, &draft, entry, true).await,
        Err(why) => blank(&console, &visitor, &draft, Some(&why)),
    }
}

/// `POST /admin/entries/{id}`.
pub async fn save(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    Path(id): Path<String>,
    fields: Fields,
) -> Response {
    let view = console.view(&Scope::Base).await;
    let held = id.parse().ok().and_then(|id: EntryId| view.entry(&id).cloned());
    let Some(held) = held else { return missing(&visitor) };
    let tongue = visitor.tongue;
    let mut draft = Draft::read(&fields, &id);
    draft.section.clone_from(&held.section);
    draft.picture.clone_from(&held.picture);
    let now = Draft::of(&held);
    let mut why: Option<Markup> = None;
    if draft.seen != now.seen {
        // Somebody else was faster: what they wrote is shown, and the next press replaces it.
        why = Some(html! {
            p.alarm role="alert" { (say::CHANGED_MEANWHILE.of(tongue)) }
            details open { summary { (say::NOW_IT_IS.of(tongue)) } (now.told(tongue)) }
        });
        draft.seen.clone_from(&now.seen);
    }
    let entry = draft.entry(tongue);
    if let Err(wrong) = &entry {
        why = Some(html! { p.alarm role="alert" { (wrong) } });
    }
    match entry {
        Ok(entry) if why.is_none() && fields.get("preview").is_empty() => {
            keep(&console, &visitor, &fields, &draft, entry, false).await
        }
        _ => {
            let own = format!("{HERE}/{id}");
            let content = html! {
                @if let Some(why) = why { (why) }
                (draft.form(&visitor, &own, console.folder().is_some()))
            };
            framed(&visitor, HERE, &draft.question, &content)
        }
    }
}

/// Keeps what the form says, as a teaching or in the folder.
async fn keep(
    console: &Console,
    visitor: &Visitor,
    fields: &Fields,
    draft: &Draft,
    entry: Entry,
    is_new: bool,
) -> Response {
    let (id, question) = (entry.id.clone(), entry.question.clone());
    let own = format!("{HERE}/{id}");
    let lesson = if is_new { Lesson::Entry(Box::new(entry)) } else { Lesson::Edit(Box::new(entry)) };
    let clusters: Vec<ClusterId> = draft.cluster.parse().map(ClusterId).into_iter().collect();
    let accepted = !fields.get("accepted").is_empty();
    let place = if fields.get("save") == "folder" { Place::Folder } else { Place::Store };
    let action = if is_new { "/admin/entries/new".to_owned() } else { own.clone() };
    let refused = |refusal| {
        let mut carried = draft.carried();
        carried.extend([("save", fields.get("save").to_owned()), ("back", own_page(&action).to_owned())]);
        held_up(visitor, &action, &carried, &[(question.clone(), refusal)])
    };
    if place == Place::Folder {
        return match into_folder(console, visitor, &lesson, accepted).await {
            Ok(Saved) => Redirect::to(&with(&own, "saved", "1")).into_response(),
            Err(super::save::Failure::Refused(refusal)) => refused(refusal),
            Err(super::save::Failure::Io(error)) => {
                notice(visitor, say::NOT_SAVED, &say::not_written(&error, visitor.tongue))
            }
        };
    }
    match console.teach(visitor, Wish { scope: Scope::Base, lesson, clusters, accepted }).await {
        Ok(id) => Redirect::to(&with(&own, "done", &id.0.to_string())).into_response(),
        Err(refusal) => refused(refusal),
    }
}
