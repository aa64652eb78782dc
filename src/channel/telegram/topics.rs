//! The list of topics, page by page.

use teloxide::types::InlineKeyboardButton;

use super::keyboard::{Act, button};
use crate::faq::Faq;
use crate::reply::wording;

/// Topics on a page.
const PAGE: usize = 8;

/// Topics side by side: a label has at most twenty characters.
const COLUMNS: usize = 2;

/// A page's text and rows; the last one where there are not so many.
pub fn page(faq: &Faq, page: usize, asker: i64) -> (String, Vec<Vec<InlineKeyboardButton>>) {
    let pages = faq.entries.len().div_ceil(PAGE).max(1);
    let page = page.min(pages - 1);
    let shown: Vec<InlineKeyboardButton> = faq
        .entries
        .iter()
        .skip(page * PAGE)
        .take(PAGE)
        .map(|entry| button(&entry.label, asker, Act::Entry(entry.id.clone())))
        .collect();
    let mut rows: Vec<Vec<_>> = shown.chunks(COLUMNS).map(<[_]>::to_vec).collect();
    let mut turns = Vec::new();
    if page > 0 {
        turns.push(button(wording::PAGE_BEFORE, asker, Act::Turn(page - 1)));
    }
    if page + 1 < pages {
        turns.push(button(wording::PAGE_AFTER, asker, Act::Turn(page + 1)));
    }
    if !turns.is_empty() {
        rows.push(turns);
    }
    let text = if pages > 1 { wording::page_of(page + 1, pages) } else { wording::TOPICS.to_owned() };
    (text, rows)
}
