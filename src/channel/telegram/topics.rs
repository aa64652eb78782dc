//! The list of topics, page by page.

use super::keyboard::{Act, Screen, button, pages};
use crate::reply::pager::Page;
use crate::view::View;

/// Topics on a page.
const PAGE_SIZE: usize = 8;

/// Topics side by side: a label has at most twenty characters.
const COLUMNS: usize = 2;

/// The page `number`, from 0; the last one where there are not so many.
pub fn page(view: &View, number: usize, asker: i64) -> Screen {
    let page = Page::of(view.entries(), number, PAGE_SIZE);
    let shown: Vec<_> =
        (page.items.iter()).map(|entry| button(&entry.label, asker, Act::Entry(entry.id.clone()))).collect();
    let mut rows: Vec<Vec<_>> = shown.chunks(COLUMNS).map(<[_]>::to_vec).collect();
    rows.extend(pages(view.wording(), &page, |label, page| button(label, asker, Act::Turn(page))));
    (page.topics_title(view.wording()), rows)
}
