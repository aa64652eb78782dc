//! The list of topics, page by page.

use super::keyboard::{Act, Page, Screen, button};
use crate::faq::Faq;
use crate::reply::wording;

/// Topics on a page.
const PAGE_SIZE: usize = 8;

/// Topics side by side: a label has at most twenty characters.
const COLUMNS: usize = 2;

/// The page `number`, from 0.
pub fn page(faq: &Faq, number: usize, asker: i64) -> Screen {
    let page = Page::new(faq.entries.len(), PAGE_SIZE, number);
    let shown = page.of(faq.entries.iter());
    let shown: Vec<_> =
        shown.map(|entry| button(&entry.label, asker, Act::Entry(entry.id.clone()))).collect();
    let mut rows: Vec<Vec<_>> = shown.chunks(COLUMNS).map(<[_]>::to_vec).collect();
    rows.extend(page.row(|label, page| button(label, asker, Act::Turn(page))));
    let text = if page.count > 1 {
        wording::page_of(page.number + 1, page.count)
    } else {
        wording::TOPICS.to_owned()
    };
    (text, rows)
}
