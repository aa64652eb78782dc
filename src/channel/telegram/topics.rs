//! The list of topics, page by page.

use teloxide::types::InlineKeyboardButton;

use super::keyboard::{Act, button, turns};
use crate::reply::pager::Page;
use crate::view::View;

/// Topics on a page.
const PAGE: usize = 8;

/// Topics side by side: a label has at most twenty characters.
const COLUMNS: usize = 2;

/// A page's text and rows; the last one where there are not so many.
pub fn page(view: &View, page: usize, asker: i64) -> (String, Vec<Vec<InlineKeyboardButton>>) {
    let page = Page::of(view.entries(), page, PAGE);
    let shown: Vec<InlineKeyboardButton> =
        (page.items.iter()).map(|entry| button(&entry.label, asker, Act::Entry(entry.id.clone()))).collect();
    let mut rows: Vec<Vec<_>> = shown.chunks(COLUMNS).map(<[_]>::to_vec).collect();
    rows.extend(turns(&page, |label, number| button(label, asker, Act::Turn(number))));
    (page.topics_title(), rows)
}
