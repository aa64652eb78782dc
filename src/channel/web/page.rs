//! The frame of every page.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

use super::Web;
use super::assets::{Asset, CSS, ICON, PAGE_CSS};
use super::refusal::Refusal;
use crate::wording::Wording;

/// How a page links the others. Relative links work behind a proxy that serves the bot below a path.
#[derive(Clone, Copy)]
pub enum Root {
    /// The page is directly below the root.
    Relative,
    /// The page may be at any path.
    Absolute,
}

impl Root {
    fn path(self, asset: &Asset) -> String {
        match self {
            Self::Relative => asset.path.clone(),
            Self::Absolute => format!("/{}", asset.path),
        }
    }
}

/// A page of `content` in the language of `say`, with the common style only.
pub fn whole(say: &Wording, title: &str, root: Root, content: &Markup) -> Response {
    with_assets(say, title, root, &[], &html! { (content) })
}

/// A page in the language of `say` with further `assets`; `body` is what the body element holds.
pub fn with_assets(say: &Wording, title: &str, root: Root, assets: &[&Asset], body: &Markup) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang=(say.language()) {
            head {
                meta charset="utf-8";
                title { (title) }
                meta name="viewport"
                    content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content";
                meta name="color-scheme" content="light dark";
                meta name="theme-color" media="(prefers-color-scheme: light)" content="#0b6b4d";
                meta name="theme-color" media="(prefers-color-scheme: dark)" content="#12211b";
                link rel="icon" type="image/svg+xml" href=(root.path(&ICON));
                link rel="stylesheet" href=(root.path(&PAGE_CSS));
                @for asset in assets {
                    @if asset.kind == CSS {
                        link rel="stylesheet" href=(root.path(asset));
                    } @else {
                        script src=(root.path(asset)) defer {}
                    }
                }
            }
            body { (body) }
        }
    };
    // Revalidated each time: the content may have changed, and the assets' names with the program.
    ([(header::CACHE_CONTROL, "no-cache")], Html(page.into_string())).into_response()
}

/// No such address: a page for people, JSON for programs.
pub async fn no_such_page(State(web): State<Arc<Web>>, uri: Uri, headers: HeaderMap) -> Response {
    let accepts_pages = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    if !accepts_pages || uri.path().starts_with("/api/") {
        return Refusal::new(StatusCode::NOT_FOUND, "there is nothing at this address").into_response();
    }
    let say = web.responder.wording();
    let content = html! {
        main.notice {
            h1 { (say.no_such_page()) }
            p { (say.no_such_page_why()) }
            // From the root: the address may have any depth.
            p { a href="/" { (say.ask()) } " · " a href="/guide" { (say.read_guide()) } }
        }
    };
    (StatusCode::NOT_FOUND, whole(&say, say.no_such_page(), Root::Absolute, &content)).into_response()
}
