//! The chat page: its first message is made here; `assets/chat.js` does the rest.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, PreEscaped, html};

use super::Web;
use super::assets::{CHAT_CSS, CHAT_JS};
use super::page::{Root, with_assets};
use crate::faq::{Entry, Faq};
use crate::message::Payload;
use crate::reply::wording::ALL_TOPICS;
use crate::reply::wording::web::{self as say, NAME};
use crate::text::normalize::QUESTION_CHARS;

/// Example questions in the first message.
const MAX_EXAMPLES: usize = 6;

/// The guide page, relative to this one.
const GUIDE: &str = "guide";

/// The page.
pub async fn page(State(web): State<Arc<Web>>) -> Response {
    let content = web.library.current();
    let faq = &content.faq;
    // Replies link the guide by its public address; from this page a relative one works too.
    let builtin = web.links.is_builtin().then(|| web.links.article());
    let article = builtin.map_or(web.links.article(), |_| GUIDE);
    let body = html! {
        div.chat {
            (heading(&faq.guide.title, article))
            main #log .log role="log" aria-live="polite" aria-label=(say::LOG) tabindex="0"
                data-guide=[builtin]
                data-you=(say::YOU) data-bot={ (NAME) ":" }
                data-open-guide=(say::OPEN_GUIDE) data-new-tab=(say::OPENS_NEW_TAB)
                data-helpful=(say::HELPFUL) data-unhelpful=(say::UNHELPFUL) data-judge=(say::WAS_IT_HELPFUL)
                data-writing=(say::WRITING)
                data-offline=(say::OFFLINE)
                data-busy=(say::BUSY)
                data-refused=(say::REFUSED)
                data-failed=(say::FAILED)
                data-retry=(say::TRY_AGAIN) {
                div #turns .turns { (first_bubble(faq, article)) }
            }
            (composer())
        }
    };
    with_assets(&format!("{NAME} · {}", faq.guide.title), Root::Relative, &[&CHAT_CSS, &CHAT_JS], &body)
}

fn heading(title: &str, article: &str) -> Markup {
    html! {
        header.top {
            div.row {
                span.face aria-hidden="true" { (PreEscaped(include_str!("assets/icon.svg"))) }
                div.titles {
                    h1 { (NAME) }
                    p { (title) }
                }
                a.pill href=(article) target="_blank" rel="noopener" {
                    (PreEscaped(BOOK)) span { (say::WHOLE_GUIDE) } span.unseen { "(" (say::OPENS_NEW_TAB) ")" }
                }
            }
        }
    }
}

fn first_bubble(faq: &Faq, article: &str) -> Markup {
    let examples: Vec<&Entry> =
        faq.guide.popular.iter().filter_map(|id| faq.entry(id)).take(MAX_EXAMPLES).collect();
    html! {
        div.turn.bot {
            div.bubble {
                span.unseen { (NAME) ":" }
                p { (say::welcome(&faq.guide.subject)) }
                p {
                    (say::ANY_SCRIPT) span lang="bn-Latn" { (say::LATIN_EXAMPLE) } (say::AS_YOU_LIKE)
                }
            }
            noscript {
                div.bubble {
                    (say::NEEDS_JAVASCRIPT)
                    a href=(article) { (say::READ_GUIDE_HERE) }
                }
            }
            @if !examples.is_empty() {
                div.buttons role="group" aria-label=(say::EXAMPLES) {
                    @for entry in examples {
                        button.chip type="button" data-payload=(Payload::Entry(entry.id.clone())) { (entry.label) }
                    }
                    button.chip.quiet type="button" data-payload=(Payload::Topics) { (ALL_TOPICS) }
                }
            }
        }
    }
}

fn composer() -> Markup {
    html! {
        form #composer .composer {
            div.row {
                label.unseen for="text" { (say::YOUR_QUESTION) }
                textarea #text name="text" rows="1" maxlength=(QUESTION_CHARS) placeholder=(say::WRITE_YOUR_QUESTION)
                    autocomplete="off" enterkeyhint="send" {}
                button.send type="submit" aria-label=(say::SEND) { (PreEscaped(ARROW)) }
            }
        }
    }
}

const ARROW: &str = r#"<svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" focusable="false"><path d="M3.4 20.4 21 12 3.4 3.6 3 10l11 2-11 2z" fill="currentColor"/></svg>"#;

const BOOK: &str = r#"<svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" focusable="false"><path d="M12 6.5c-1.8-1.3-4.4-2-8-2v13.6c3.6 0 6.2.7 8 2 1.8-1.3 4.4-2 8-2V4.5c-3.6 0-6.2.7-8 2zm0 0V20" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linejoin="round"/></svg>"#;
