//! The frame of every page of the console: its head, the way to the other pages, and notices.

use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use maud::{DOCTYPE, Markup, html};

use super::visitor::Visitor;
use crate::channel::web::assets::{CONSOLE_CSS, CONSOLE_JS, ICON, PAGE_CSS};
use crate::store::{Error, Role};
use crate::wording::console::{self as say, Both, Tongue};

/// The pages, in the order of the menu: address, name, and who may see them.
const MENU: &[(&str, Both, Role)] = &[
    ("/admin/unanswered", say::UNANSWERED, Role::Viewer),
    ("/admin/try", say::TRY, Role::Viewer),
    ("/admin/entries", say::ENTRIES, Role::Viewer),
    ("/admin/taught", say::TAUGHT, Role::Viewer),
    ("/admin/tests", say::TESTS, Role::Viewer),
    ("/admin/numbers", say::NUMBERS, Role::Viewer),
    ("/admin/channels", say::CHANNELS, Role::Viewer),
    ("/admin/log", say::LOG, Role::Viewer),
    ("/admin/sessions", say::SESSIONS, Role::Operator),
];

/// A page for `visitor`; `here` is its address in the menu.
pub fn page(visitor: &Visitor, here: &str, title: &str, content: &Markup) -> Response {
    let tongue = visitor.tongue;
    let body = html! {
        a.skip href="#content" { (say::SKIP.of(tongue)) }
        header.top {
            div.row {
                a.brand href="/admin" { (say::NAME.of(tongue)) " · " (say::CONSOLE.of(tongue)) }
                div.tools {
                    form method="post" action="/admin/language" {
                        button.plain name="language" value=(tongue.other().code()) lang=(tongue.other().code()) {
                            (tongue.other().name())
                        }
                    }
                    @if visitor.session.is_some() {
                        form method="post" action="/admin/logout" { button.plain { (say::LOG_OUT.of(tongue)) } }
                    }
                }
            }
            nav.row aria-label=(say::PAGES.of(tongue)) {
                @for (address, name, role) in MENU.iter().filter(|(_, _, role)| *role <= visitor.role) {
                    @let current = (*address == here).then_some("page");
                    a href=(address) aria-current=[current] data-role=(role.as_str()) { (name.of(tongue)) }
                }
            }
        }
        main #content tabindex="-1" { h1 { (title) } (content) }
    };
    whole(tongue, title, &body)
}

/// A page outside of the menu, such as the login's.
pub fn bare(tongue: Tongue, title: &str, content: &Markup) -> Response {
    let body = html! {
        header.top { div.row { span.brand { (say::NAME.of(tongue)) " · " (say::CONSOLE.of(tongue)) } } }
        main #content.narrow { h1 { (title) } (content) }
    };
    whole(tongue, title, &body)
}

fn whole(tongue: Tongue, title: &str, body: &Markup) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang=(tongue.code()) {
            head {
                meta charset="utf-8";
                title { (title) " · " (say::NAME.of(tongue)) }
                meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                link rel="icon" type="image/svg+xml" href={ "/" (ICON.path) };
                link rel="stylesheet" href={ "/" (PAGE_CSS.path) };
                link rel="stylesheet" href={ "/" (CONSOLE_CSS.path) };
                script src={ "/" (CONSOLE_JS.path) } defer {}
            }
            body.console { (body) }
        }
    };
    ([(header::CACHE_CONTROL, "no-store")], Html(page.into_string())).into_response()
}

/// A page that says one thing.
pub fn notice(visitor: &Visitor, title: Both, text: &str) -> Response {
    let content = html! {
        p.notice-text { (text) }
        p { a href="/admin" { (say::TO_START.of(visitor.tongue)) } }
    };
    page(visitor, "", title.of(visitor.tongue), &content)
}

/// There is no such thing, or no more.
pub fn missing(visitor: &Visitor) -> Response {
    (StatusCode::NOT_FOUND, notice(visitor, say::NOT_FOUND, say::GONE.of(visitor.tongue))).into_response()
}

/// The store cannot be used now.
pub fn unavailable(tongue: Tongue, error: &Error) -> Response {
    tracing::debug!("a page of the console could not be shown: {error}");
    let page = bare(tongue, say::NOT_NOW.of(tongue), &html! { p { (say::STORE_AWAY.of(tongue)) } });
    (StatusCode::SERVICE_UNAVAILABLE, page).into_response()
}
