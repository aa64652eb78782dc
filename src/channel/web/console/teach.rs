//! Teaching from the console: one lesson or several, what conflicts with them, and undoing.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use maud::{Markup, html};

use super::Console;
use super::fields::Fields;
use super::frame::{page, unavailable};
use super::visitor::Visitor;
use crate::learning::{Conflict, Learning, Objection, Proposal, Refusal};
use crate::memory::Moment;
use crate::store::{ClusterId, Error, Lesson, Scope, TeachingId};
use crate::wording::console::{self as say, Both, Tongue};

/// Conflicts that are shown of one lesson.
const MAX_CONFLICTS: usize = 10;

/// A lesson of a form.
pub struct Wish {
    /// For whom.
    pub scope: Scope,
    /// What.
    pub lesson: Lesson,
    /// The unanswered questions that it settles.
    pub clusters: Vec<ClusterId>,
    /// Whether it is to be taught in spite of conflicts.
    pub accepted: bool,
}

impl Console {
    /// Teaches `wish`; it is in force when this returns, where the store can be read back.
    ///
    /// # Errors
    /// It cannot be taught as it is, conflicts, or cannot be stored.
    pub(super) async fn teach(&self, visitor: &Visitor, wish: Wish) -> Result<TeachingId, Refusal> {
        let Wish { scope, lesson, clusters, accepted } = wish;
        let learning = self.learning()?;
        let proposal = Proposal { scope, lesson, clusters, author: visitor.author.clone(), accepted };
        let id = learning.teach(&proposal, Moment::now().unix).await?;
        catch_up(learning).await;
        Ok(id)
    }
}

/// The store has the lesson; where it cannot be read back at once, it comes into force a moment later.
pub async fn catch_up(learning: &Learning) {
    if let Err(error) = learning.catch_up().await {
        tracing::debug!("a lesson comes into force later: {error}");
    }
}

/// What was taught or undone by the form before, as the address says it: `done=7.8`, `undone=7`.
pub fn flash(visitor: &Visitor, asked: &Fields, back: &str) -> Markup {
    let tongue = visitor.tongue;
    let done: Vec<i64> = asked.get("done").split('.').filter_map(|id| id.parse().ok()).collect();
    html! {
        div.flash role="status" {
            @if !done.is_empty() {
                form method="post" action="/admin/undo" {
                    input type="hidden" name="back" value=(back);
                    @for id in &done { input type="hidden" name="teaching" value=(id); }
                    span { (say::saved(done.len(), tongue)) }
                    @if visitor.edits() { button { (say::UNDO.of(tongue)) } }
                }
            }
            @if !asked.get("undone").is_empty() { span { (say::UNDONE.of(tongue)) } }
            @if !asked.get("saved").is_empty() { span { (say::SAVED.of(tongue)) } }
        }
    }
}

/// `POST /admin/undo`: undoes teachings.
pub async fn undo(State(console): State<Arc<Console>>, visitor: Visitor, fields: Fields) -> Response {
    let undone = async {
        let learning = console.learning()?;
        for id in fields.all("teaching").filter_map(|id| id.parse().ok()) {
            learning.undo(TeachingId(id), &visitor.author, Moment::now().unix).await?;
        }
        catch_up(learning).await;
        Ok::<_, Error>(())
    };
    match undone.await {
        Ok(()) => Redirect::to(&with(own_page(fields.get("back")), "undone", "1")).into_response(),
        Err(error) => unavailable(visitor.tongue, &error),
    }
}

/// An address of the console, whatever a form says.
pub fn own_page(back: &str) -> &str {
    let is_own = back == "/admin" || back.starts_with("/admin/") || back.starts_with("/admin?");
    if is_own && !back.contains(['\\', '\r', '\n']) { back } else { "/admin" }
}

/// `address` with one more pair in its query.
pub fn with(address: &str, name: &str, value: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let mut made = url::form_urlencoded::Serializer::new(String::new());
    let old = url::form_urlencoded::parse(query.as_bytes());
    made.extend_pairs(old.filter(|(old, _)| !["done", "undone", "saved"].contains(&old.as_ref())));
    format!("{path}?{}", made.append_pair(name, value).finish())
}

/// What kept lessons from being taught: conflicts, which the visitor may accept with the same fields, and refusals.
pub fn held_up(
    visitor: &Visitor,
    action: &str,
    fields: &[(&str, String)],
    refusals: &[(String, Refusal)],
) -> Response {
    let tongue = visitor.tongue;
    let back = fields.iter().find(|(name, _)| *name == "back").map_or("/admin", |(_, back)| back.as_str());
    let acceptable = refusals.iter().any(|(_, refusal)| matches!(refusal, Refusal::Conflicts(_)));
    let content = html! {
        @for (text, refusal) in refusals {
            section.card {
                h2 { (text) }
                @match refusal {
                    Refusal::Conflicts(conflicts) => (shown(conflicts, tongue)),
                    other => p.alarm role="alert" { (reason(other, tongue)) },
                }
            }
        }
        form.actions method="post" action=(action) {
            @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
            @if acceptable { button.primary name="accepted" value="1" { (say::TEACH_ANYWAY.of(tongue)) } }
            a.button href=(own_page(back)) { (say::BACK.of(tongue)) }
        }
    };
    page(visitor, "", say::NOT_TAUGHT.of(tongue), &content)
}

fn shown(conflicts: &[Conflict], tongue: Tongue) -> Markup {
    let name = |entry: &Option<crate::faq::EntryId>| {
        entry.as_ref().map_or_else(|| say::NO_ENTRY.of(tongue).to_owned(), ToString::to_string)
    };
    html! {
        p.alarm role="alert" { (say::conflicts(conflicts.len(), tongue)) }
        ul {
            @for conflict in conflicts.iter().take(MAX_CONFLICTS) {
                li { "«" (conflict.phrasing) "»: " (name(&conflict.own)) " → " (name(&conflict.after)) }
            }
        }
    }
}

/// Why something cannot be taught.
pub fn reason(refusal: &Refusal, tongue: Tongue) -> String {
    let text: Both = match refusal {
        Refusal::Objection(Objection::UnknownEntry(id)) => return say::unknown_entry(id.as_str(), tongue),
        Refusal::Objection(Objection::Taken(id)) => return say::taken(id.as_str(), tongue),
        Refusal::Objection(Objection::TooLong { what, chars, max }) => {
            return say::too_long(what, *chars, *max, tongue);
        }
        Refusal::Objection(Objection::Empty(what)) => return say::empty_text(what, tongue),
        Refusal::Objection(Objection::Known(_, id)) => return say::known(id.as_str(), tongue),
        Refusal::Objection(Objection::GroupFull) => say::GROUP_FULL,
        Refusal::Objection(Objection::Store(_)) | Refusal::Store(_) => say::STORE_AWAY,
        Refusal::Conflicts(conflicts) => return say::conflicts(conflicts.len(), tongue),
    };
    text.of(tongue).to_owned()
}
