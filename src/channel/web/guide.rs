//! The guide as a page: every entry has an anchor, which replies link to.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, PreEscaped, html};

use super::Web;
use super::assets::GUIDE_CSS;
use super::page::{Root, with_assets};
use crate::faq::{Entry, Faq};
use crate::reply::render::page_html;
use crate::text::normalize::normalize;

/// The page.
pub async fn page(State(web): State<Arc<Web>>) -> Response {
    let content = web.library.current();
    let faq = &content.faq;
    let say = &faq.wording;
    let groups = groups(&faq.entries);
    // An entry's id never holds `_`, so no entry has the anchor of a part of the page.
    let body = html! {
        header.top {
            div.row {
                a.pill href="./" { (say.ask()) }
                a.pill href="#_toc" { (say.contents()) }
            }
        }
        main {
            h1 { (faq.guide.title) }
            @if !web.links.is_builtin() {
                p.source { a href=(web.links.article()) rel="noopener" { (say.read_original()) } }
            }
            nav #_toc aria-labelledby="_toc-title" {
                h2 #_toc-title { (say.contents()) }
                ol { @for group in &groups { (contents(group)) } }
            }
            @for group in &groups {
                @if let Some(heading) = group.heading {
                    section.group {
                        h2.section { (heading) }
                        @for entry in group.entries { (article(faq, entry, true)) }
                    }
                } @else {
                    @for entry in group.entries { (article(faq, entry, false)) }
                }
            }
        }
        footer { p { a href="./" { (say.ask_more()) } } }
    };
    with_assets(say, &format!("{} · {}", faq.guide.title, say.name()), Root::Relative, &[&GUIDE_CSS], &body)
}

/// Entries of one section of the article.
struct Group<'a> {
    /// The section's heading, unless it is the question of its only entry.
    heading: Option<&'a str>,
    entries: &'a [Entry],
}

fn groups(entries: &[Entry]) -> Vec<Group<'_>> {
    let same = |a: &Entry, b: &Entry| a.section.is_some() && a.section == b.section;
    entries
        .chunk_by(same)
        .map(|entries| {
            let section = entries.first().and_then(|entry| entry.section.as_deref());
            let is_question = |heading: &str| match entries {
                [only] => normalize(heading) == normalize(&only.question),
                _ => false,
            };
            Group { heading: section.filter(|heading| !is_question(heading)), entries }
        })
        .collect()
}

fn contents(group: &Group<'_>) -> Markup {
    html! {
        @for entry in group.entries {
            li { a href={ "#" (entry.id) } { (entry.question) } }
        }
    }
}

fn article(faq: &Faq, entry: &Entry, below_section: bool) -> Markup {
    let title = html! {
        (entry.question)
        a.anchor href={ "#" (entry.id) } aria-label=(faq.wording.link_to(&entry.question)) { "#" }
    };
    let related: Vec<&Entry> = entry.related.iter().filter_map(|id| faq.entry(id)).collect();
    html! {
        article id=(entry.id) tabindex="-1" {
            @if below_section { h3 { (title) } } @else { h2 { (title) } }
            (PreEscaped(page_html(&entry.answer)))
            @if !related.is_empty() {
                p.related {
                    span { (faq.wording.see_also()) }
                    @for other in related { " " a href={ "#" (other.id) } { (other.label) } }
                }
            }
        }
    }
}
