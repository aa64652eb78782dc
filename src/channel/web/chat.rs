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
use crate::text::normalize::QUESTION_CHARS;
use crate::wording::Wording;

/// Example questions in the first message.
const MAX_EXAMPLES: usize = 6;

/// The guide page, relative to this one.
const GUIDE: &str = "guide";

/// The page.
pub async fn page(State(web): State<Arc<Web>>) -> Response {
    let content = web.library.current();
    let faq = &content.faq;
    let say = &faq.wording;
    // Replies link the guide by its public address; from this page a relative one works too.
    let builtin = web.links.is_builtin().then(|| web.links.article());
    let article = builtin.map_or(web.links.article(), |_| GUIDE);
    let body = html! {
        div.chat {
            (heading(say, &faq.guide.title, article))
            main #log .log role="log" aria-live="polite" aria-label=(say.log()) tabindex="0"
                data-guide=[builtin]
                data-you=(say.you()) data-bot={ (say.name()) ":" }
                data-open-guide=(say.open_guide()) data-new-tab=(say.opens_new_tab())
                data-helpful=(say.was_helpful()) data-unhelpful=(say.was_unhelpful()) data-judge=(say.was_it_helpful())
                data-writing=(say.writing())
                data-offline=(say.offline())
                data-busy=(say.busy())
                data-refused=(say.refused())
                data-failed=(say.failed())
                data-retry=(say.try_again()) {
                div #turns .turns { (first_bubble(faq, article)) }
            }
            (composer(say))
        }
    };
    with_assets(
        say,
        &format!("{} · {}", say.name(), faq.guide.title),
        Root::Relative,
        &[&CHAT_CSS, &CHAT_JS],
        &body,
    )
}

fn heading(say: &Wording, title: &str, article: &str) -> Markup {
    html! {
        header.top {
            div.row {
                span.face aria-hidden="true" { (PreEscaped(include_str!("assets/icon.svg"))) }
                div.titles {
                    h1 { (say.name()) }
                    p { (title) }
                }
                a.pill href=(article) target="_blank" rel="noopener" {
                    (PreEscaped(BOOK)) span { (say.whole_guide()) } span.unseen { "(" (say.opens_new_tab()) ")" }
                }
            }
        }
    }
}

fn first_bubble(faq: &Faq, article: &str) -> Markup {
    let say = &faq.wording;
    let examples: Vec<&Entry> =
        faq.guide.popular.iter().filter_map(|id| faq.entry(id)).take(MAX_EXAMPLES).collect();
    html! {
        div.turn.bot {
            div.bubble {
                span.unseen { (say.name()) ":" }
                p { (say.welcome(&faq.guide.subject)) }
                p { (ways_to_write(say)) }
            }
            noscript {
                div.bubble {
                    (say.needs_javascript()) " "
                    a href=(article) { (say.read_guide_here()) }
                }
            }
            @if !examples.is_empty() {
                div.buttons role="group" aria-label=(say.what_to_ask()) {
                    @for entry in examples {
                        button.chip type="button" data-payload=(Payload::Entry(entry.id.clone())) { (entry.label) }
                    }
                    button.chip.quiet type="button" data-payload=(Payload::Topics) { (say.all_topics()) }
                }
            }
        }
    }
}

/// The example in a span of its own, so that a screen reader says it in its own language.
fn ways_to_write(say: &Wording) -> Markup {
    let example = say.script_example();
    let text = say.any_script(example);
    html! {
        @if let Some((before, after)) = text.split_once(example) {
            (before) span lang=(say.script_example_language()) { (example) } (after)
        } @else {
            (text)
        }
    }
}

fn composer(say: &Wording) -> Markup {
    html! {
        form #composer .composer {
            div.row {
                label.unseen for="text" { (say.your_question()) }
                textarea #text name="text" rows="1" maxlength=(QUESTION_CHARS) placeholder=(say.write_your_question())
                    autocomplete="off" enterkeyhint="send" {}
                button.send type="submit" aria-label=(say.send()) { (PreEscaped(ARROW)) }
            }
        }
    }
}

const ARROW: &str = r#"<svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" focusable="false"><path d="M3.4 20.4 21 12 3.4 3.6 3 10l11 2-11 2z" fill="currentColor"/></svg>"#;

const BOOK: &str = r#"<svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" focusable="false"><path d="M12 6.5c-1.8-1.3-4.4-2-8-2v13.6c3.6 0 6.2.7 8 2 1.8-1.3 4.4-2 8-2V4.5c-3.6 0-6.2.7-8 2zm0 0V20" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linejoin="round"/></svg>"#;
