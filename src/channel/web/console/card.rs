//! A group of unanswered questions in the list, and its buttons.

use maud::{Markup, html};

use super::pieces::{ago, bar};
use super::visitor::Visitor;
use crate::faq::Entry;
use crate::store::{Listed, Scope, StoredQuestion};
use crate::wording::console::{self as say, Tongue};

/// Where the list is.
pub const HERE: &str = "/admin/unanswered";

/// Wordings that are shown of each at first.
const MAX_WORDINGS: usize = 5;

/// A group of questions as it is shown.
pub struct Shown {
    /// Its counts.
    pub listed: Listed,
    /// Its wordings, those used most first.
    pub questions: Vec<StoredQuestion>,
    /// The entries nearest to the first wording, with their scores.
    pub nearest: Vec<(Entry, f32)>,
}

impl Shown {
    /// The wording that was used most.
    fn text(&self) -> &str {
        self.questions.first().map_or("", |question| &question.text)
    }
}

/// The group, with its buttons where the visitor `acts`; they belong to the form around it.
pub fn card(shown: &Shown, acts: bool, visitor: &Visitor, now: i64) -> Markup {
    let (tongue, listed) = (visitor.tongue, &shown.listed);
    let (id, text) = (listed.id.0, shown.text());
    html! {
        div.head {
            @if acts {
                input type="checkbox" name="cluster" value=(id) id={ "c" (id) } aria-label=(say::choose(text, tongue));
            }
            h2 { a href={ (HERE) "/" (id) } { (text) } }
        }
        p.meta {
            strong { (say::times(listed.asked, tongue)) } " · " (ago(listed.last_at, now, tongue))
            @if listed.lately > 0 { " · " span.badge { "↑ " (say::lately(listed.lately, tongue)) } }
            @for place in places(&shown.questions) { " · " (place) }
        }
        @if shown.questions.len() > 1 { (wordings(&shown.questions, MAX_WORDINGS, tongue)) }
        @if acts {
            div.choices {
                @for (entry, score) in &shown.nearest { (belongs(id, entry, Some(*score), tongue)) }
            }
            div.actions {
                a.button href={ (HERE) "/" (id) } { (say::OTHER_ENTRY.of(tongue)) span.unseen { ": " (text) } }
                a.button href={ "/admin/entries/new?cluster=" (id) } { (say::NEW_ENTRY.of(tongue)) span.unseen { ": " (text) } }
                button name="act" value={ "none:" (id) } { (say::IS_NONE.of(tongue)) span.unseen { ": " (text) } }
            }
        } @else if let Some(teaching) = listed.teaching {
            @if visitor.edits() {
                p { button formaction="/admin/undo" name="teaching" value=(teaching.0) {
                    (say::UNDO.of(tongue)) span.unseen { ": " (text) }
                } }
            }
        }
    }
}

/// The channels and groups, each once.
fn places(questions: &[StoredQuestion]) -> Vec<String> {
    let mut places: Vec<String> = questions
        .iter()
        .map(|question| match &question.scope {
            Scope::Base => question.channel.clone(),
            Scope::Group(group) => group.to_string(),
        })
        .collect();
    places.sort();
    places.dedup();
    places
}

/// The wordings, folded.
pub fn wordings(questions: &[StoredQuestion], max: usize, tongue: Tongue) -> Markup {
    html! {
        details {
            summary { (say::wordings(questions.len(), tongue)) }
            ul {
                @for question in questions.iter().take(max) {
                    li {
                        (question.text) " " span.meta { (say::times(question.asked, tongue)) }
                        @if let Some(entry) = &question.entry { " " span.badge { "👎 " (entry) } }
                    }
                }
                @if questions.len() > max { li { "…" } }
            }
        }
    }
}

/// A button that gives the question to an entry.
pub fn belongs(cluster: i64, entry: &Entry, score: Option<f32>, tongue: Tongue) -> Markup {
    html! {
        button.choice name="act" value={ "belongs:" (cluster) ":" (entry.id) } {
            span.unseen { (say::BELONGS_TO.of(tongue)) ": " }
            span { (entry.question) }
            @if let Some(score) = score { (bar(score)) }
        }
    }
}
