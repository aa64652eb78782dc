//! Trying a message: how it is read, what is near, and what each place would do about it.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::Response;
use maud::{Markup, PreEscaped, html};

use super::Console;
use super::fields::Fields;
use super::frame::{page as framed, unavailable};
use super::pieces::{bar, scope_of, scope_value};
use super::visitor::Visitor;
use crate::conversation::{self, State as Conversation};
use crate::faq::overlay::spelled;
use crate::matcher::Ranking;
use crate::matcher::explain::Explanation;
use crate::memory::Moment;
use crate::message::{Content, ConversationId, Message, PersonId, Place};
use crate::reply::Outcome;
use crate::reply::render::page_html;
use crate::store::Scope;
use crate::text::normalize::question;
use crate::view::View;
use crate::wording::console::{self as say, Both, Tongue};

const HERE: &str = "/admin/try";

/// The name of a message's channel that nobody sent.
const CHANNEL: &str = "console";

const PLACES: [(Place, Both); 3] = [
    (Place::Private, say::IN_PRIVATE),
    (Place::Addressed, say::IN_GROUP_ADDRESSED),
    (Place::Overheard, say::IN_GROUP),
];

/// `GET /admin/try?text=…&group=…`.
pub async fn page(
    State(console): State<Arc<Console>>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let (tongue, text) = (visitor.tongue, question(fields.get("text")).to_owned());
    let groups = async { console.store()?.groups().await };
    let groups = match groups.await {
        Ok(groups) => groups,
        Err(error) => return unavailable(tongue, &error),
    };
    let scope = scope_of(fields.get("group"));
    let view = console.view(&scope).await;
    let content = html! {
        form.stack method="get" action=(HERE) {
            label for="text" { (say::MESSAGE.of(tongue)) }
            textarea.short #text name="text" required { (text) }
            @if !groups.is_empty() {
                label {
                    span { (say::AS_GROUP.of(tongue)) }
                    select name="group" {
                        option value="" { (say::NO_GROUP.of(tongue)) }
                        @for group in &groups {
                            option value=(scope_value(group)) selected[*group == scope] { (scope_value(group)) }
                        }
                    }
                }
            }
            button.primary { (say::TRY.of(tongue)) }
        }
        @if text.is_empty() { p.empty { (say::TRY_HINT.of(tongue)) } }
        @else { (tried(&console, &visitor, &view, &scope, &text)) }
    };
    framed(&visitor, HERE, say::TRY.of(tongue), &content)
}

fn tried(console: &Console, visitor: &Visitor, view: &View, scope: &Scope, text: &str) -> Markup {
    let (tongue, ranking) = (visitor.tongue, view.find(text, None));
    let explanation = view.explain(text, None);
    html! {
        h2 { (say::WHAT_PLACES_DO.of(tongue)) }
        div.columns {
            @for (place, name) in PLACES {
                section.card {
                    h3 { (name.of(tongue)) }
                    p.meta { (thresholds(&explanation, place, tongue)) }
                    (outcome(console, view, &ranking, scope, text, place, tongue))
                }
            }
        }
        h2 { (say::NEAREST.of(tongue)) }
        (candidates(visitor, view, &ranking, scope, text))
        dl.facts {
            @if let Some(phrasing) = &explanation.phrasing {
                dt { (say::NEAREST_PHRASING.of(tongue)) } dd { (phrasing) }
            }
            @if let Some((name, example)) = counter_example(view, text) {
                dt { (say::NEAREST_COUNTER_EXAMPLE.of(tongue)) } dd { (example) " " span.meta { (name) } }
            }
            @if let Some((kind, probability)) = &explanation.kind {
                dt { (say::OTHERWISE.of(tongue)) } dd { (kind) " " (bar(*probability)) }
            }
            dt { (say::ASKS.of(tongue)) } dd { (bar(explanation.asks)) }
        }
        h2 { (say::WORDS.of(tongue)) }
        (words(&explanation, tongue))
    }
}

fn thresholds(explanation: &Explanation, place: Place, tongue: Tongue) -> String {
    let of_place = explanation.thresholds.iter().find(|threshold| threshold.place == place.name());
    of_place.map_or_else(String::new, |threshold| {
        let suggest = (place != Place::Overheard).then_some(threshold.suggest);
        say::thresholds(threshold.accept, suggest, tongue)
    })
}

/// What is said there; nothing of it is remembered.
fn outcome(
    console: &Console,
    view: &View,
    ranking: &Ranking,
    scope: &Scope,
    text: &str,
    place: Place,
    tongue: Tongue,
) -> Markup {
    let group = if let Scope::Group(group) = scope { Some(group.clone()) } else { None };
    let message = Message {
        conversation: ConversationId::new(CHANNEL, ""),
        person: PersonId::new(CHANNEL, ""),
        group,
        place,
        may_be_kept: false,
        hidden: Vec::new(),
        guide_first: false,
        content: Content::Text(text.to_owned()),
    };
    let (_, reply) = conversation::step(
        &Conversation::default(),
        &message,
        ranking,
        view,
        &console.links,
        Moment::now().unix,
    );
    html! {
        p { strong { (say::outcome(reply.outcome.name(), tongue)) } }
        @if reply.outcome != Outcome::Silent {
            details {
                summary { (say::REPLY.of(tongue)) }
                (PreEscaped(page_html(&reply.text)))
                @for button in &reply.buttons { span.badge { (button.label) } " " }
            }
        }
    }
}

fn candidates(visitor: &Visitor, view: &View, ranking: &Ranking, scope: &Scope, text: &str) -> Markup {
    let tongue = visitor.tongue;
    html! {
        @if ranking.candidates.is_empty() { p.empty { (say::NO_ENTRY_NEAR.of(tongue)) } }
        form method="post" action="/admin/teach" {
            input type="hidden" name="text" value=(text);
            input type="hidden" name="group" value=(scope_value(scope));
            ul.cards {
                @for candidate in &ranking.candidates {
                    @if let Some(entry) = view.entry(&candidate.entry) {
                        li.card {
                            div.head { h3 { (entry.question) } (bar(candidate.score)) }
                            div.actions {
                                @if visitor.edits() {
                                    button name="entry" value=(entry.id) {
                                        (say::BELONGS_HERE.of(tongue)) span.unseen { ": " (entry.question) }
                                    }
                                }
                                @if view.is_in_guide(&entry.id) {
                                    a.button href={ "/admin/entries/" (entry.id) } {
                                        (say::EDIT.of(tongue)) span.unseen { ": " (entry.question) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
            @if visitor.edits() { button name="never" value="1" { (say::NEVER_ANSWER.of(tongue)) } }
        }
    }
}

/// The counter-example that shares most with `text`, and its topic.
fn counter_example(view: &View, text: &str) -> Option<(String, String)> {
    let wanted = spelled(text);
    let words: Vec<&str> = wanted.split_whitespace().collect();
    let mut best: Option<(usize, String, String)> = None;
    for (topic, example) in view.counter_examples() {
        let other = spelled(example);
        let common = other.split_whitespace().filter(|word| words.contains(word)).count();
        // Of two that share as much, the one with fewer words of its own.
        if common > 0
            && best.as_ref().is_none_or(|(most, _, held)| {
                common > *most || common == *most && other.chars().count() < held.chars().count()
            })
        {
            best = Some((common, topic.to_string(), example.to_owned()));
        }
    }
    best.map(|(_, topic, example)| (topic, example))
}

fn words(explanation: &Explanation, tongue: Tongue) -> Markup {
    html! {
        p.meta { (explanation.normalized) }
        div.scroll tabindex="0" role="region" aria-label=(say::WORDS.of(tongue)) {
            table {
                thead { tr {
                    th scope="col" { (say::SOUND.of(tongue)) }
                    th scope="col" { (say::STEM.of(tongue)) }
                    th scope="col" { (say::MEANING.of(tongue)) }
                } }
                tbody {
                    @for word in &explanation.words {
                        tr {
                            td { (word.keys.join(" / ")) @if word.mended { " " span.badge { (say::MENDED.of(tongue)) } } }
                            td { (word.stem) }
                            td { (word.concept.as_deref().unwrap_or("–")) }
                        }
                    }
                }
            }
        }
    }
}
