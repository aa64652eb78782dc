//! The files that pages load: compiled in, and named by a hash of their content so that browsers cache them for good.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::refusal::Refusal;

/// A file that pages load.
pub struct Asset {
    /// Its path from the root, without a slash before it; holds a hash of the content.
    pub path: String,
    /// Its media type.
    pub kind: &'static str,
    content: &'static str,
}

impl Asset {
    fn new(stem: &str, extension: &str, kind: &'static str, content: &'static str) -> Self {
        let mut hasher = DefaultHasher::new();
        content.hash(&mut hasher);
        Self { path: format!("assets/{stem}.{:016x}.{extension}", hasher.finish()), kind, content }
    }
}

/// The media type of a style sheet.
pub const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// The look of every page.
pub static PAGE_CSS: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("page", "css", CSS, include_str!("assets/page.css")));
/// The look of the chat page.
pub static CHAT_CSS: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("chat", "css", CSS, include_str!("assets/chat.css")));
/// The look of the guide page.
pub static GUIDE_CSS: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("guide", "css", CSS, include_str!("assets/guide.css")));
/// The chat page's script.
pub static CHAT_JS: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("chat", "js", JAVASCRIPT, include_str!("assets/chat.js")));
/// The look of the console.
pub static CONSOLE_CSS: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("console", "css", CSS, include_str!("assets/console.css")));
/// The console's script.
pub static CONSOLE_JS: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("console", "js", JAVASCRIPT, include_str!("assets/console.js")));
/// The icon in the browser's tab.
pub static ICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("icon", "svg", "image/svg+xml", include_str!("assets/icon.svg")));

/// One of the files.
pub async fn asset(Path(file): Path<String>) -> Response {
    let assets = [&PAGE_CSS, &CHAT_CSS, &GUIDE_CSS, &CHAT_JS, &CONSOLE_CSS, &CONSOLE_JS, &ICON];
    let named = assets.into_iter().find(|asset| asset.path.strip_prefix("assets/") == Some(file.as_str()));
    match named {
        Some(asset) => {
            let headers = [
                (header::CONTENT_TYPE, asset.kind),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            ];
            (headers, asset.content).into_response()
        }
        None => Refusal::new(StatusCode::NOT_FOUND, "there is no such file; reload the page").into_response(),
    }
}
