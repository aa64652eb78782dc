//! The chat page. Its first bubble and its sentences are made here; `assets/chat.js` does the rest.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, PreEscaped, html};

use super::Web;
use super::assets::{CHAT_CSS, CHAT_JS};
use super::page::{NAME, Root, with_assets};
use crate::faq::{Entry, Faq};
use crate::message::Payload;
use crate::reply::wording;
use crate::text::normalize::QUESTION_CHARS;

/// Example questions in the first bubble.
const EXAMPLES: usize = 6;

/// The guide page, from here.
const GUIDE: &str = "guide";

/// The page.
pub async fn page(State(web): State<Arc<Web>>) -> Response {
    let content = web.library.current();
    let faq = &content.faq;
    // A reply links the guide as the outside reaches it; who reads this page reaches it from here.
    let builtin = web.links.is_builtin().then(|| web.links.article());
    let article = builtin.map_or(web.links.article(), |_| GUIDE);
    let body = html! {
        div.chat {
            (heading(&faq.guide.title, article))
            main #log .log role="log" aria-live="polite" aria-label="কথোপকথন" tabindex="0"
                data-guide=[builtin]
                data-you="আপনি:" data-bot={ (NAME) ":" }
                data-open-guide="গাইডটি খুলুন" data-new-tab="নতুন ট্যাবে খুলবে"
                data-helpful="কাজে লেগেছে" data-unhelpful="কাজে লাগেনি" data-judge="উত্তরটি কি কাজে লেগেছে?"
                data-writing="উত্তর লেখা হচ্ছে"
                data-offline="উত্তর আনা গেল না। ইন্টারনেট সংযোগ দেখে আবার চেষ্টা করুন।"
                data-busy="একসঙ্গে অনেক প্রশ্ন এসেছে। একটু পরে আবার চেষ্টা করুন।"
                data-refused="এই প্রশ্নটি পাঠানো গেল না। একটু ছোট করে লিখে দেখুন।"
                data-failed="আমাদের দিকে কিছু একটা গোলমাল হয়েছে। আবার চেষ্টা করুন।"
                data-retry="আবার চেষ্টা করুন" {
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
                    (PreEscaped(BOOK)) span { "পুরো গাইড" } span.unseen { "(নতুন ট্যাবে খুলবে)" }
                }
            }
        }
    }
}

fn first_bubble(faq: &Faq, article: &str) -> Markup {
    let examples: Vec<&Entry> =
        faq.guide.popular.iter().filter_map(|id| faq.entry(id)).take(EXAMPLES).collect();
    html! {
        div.turn.bot {
            div.bubble {
                span.unseen { (NAME) ":" }
                p { "স্বাগতম! " (faq.guide.subject) " নিয়ে আপনার প্রশ্নটি লিখুন।" }
                p {
                    "বাংলায়, ইংরেজি অক্ষরে (যেমন " span lang="bn-Latn" { "kivabe shuru korbo" }
                    ") বা ইংরেজিতে, যেভাবে সুবিধা হয়।"
                }
            }
            noscript {
                div.bubble {
                    "এই চ্যাটের জন্য ব্রাউজারে জাভাস্ক্রিপ্ট চালু থাকতে হয়। "
                    a href=(article) { "গাইডটি এখানে পড়ুন" }
                }
            }
            @if !examples.is_empty() {
                div.buttons role="group" aria-label="যা জিজ্ঞেস করতে পারেন" {
                    @for entry in examples {
                        button.chip type="button" data-payload=(Payload::Entry(entry.id.clone())) { (entry.label) }
                    }
                    button.chip.quiet type="button" data-payload=(Payload::Topics) { (wording::ALL_TOPICS) }
                }
            }
        }
    }
}

fn composer() -> Markup {
    html! {
        form #composer .composer {
            div.row {
                label.unseen for="text" { "আপনার প্রশ্ন" }
                textarea #text name="text" rows="1" maxlength=(QUESTION_CHARS) placeholder="আপনার প্রশ্ন লিখুন…"
                    autocomplete="off" enterkeyhint="send" {}
                button.send type="submit" aria-label="পাঠান" { (PreEscaped(ARROW)) }
            }
        }
    }
}

const ARROW: &str = r#"<svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" focusable="false"><path d="M3.4 20.4 21 12 3.4 3.6 3 10l11 2-11 2z" fill="currentColor"/></svg>"#;

const BOOK: &str = r#"<svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" focusable="false"><path d="M12 6.5c-1.8-1.3-4.4-2-8-2v13.6c3.6 0 6.2.7 8 2 1.8-1.3 4.4-2 8-2V4.5c-3.6 0-6.2.7-8 2zm0 0V20" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linejoin="round"/></svg>"#;
