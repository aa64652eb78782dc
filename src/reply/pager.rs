//! Long lists, page by page.

use crate::wording::Wording;

/// A page of a list.
pub struct Page<T> {
    /// What stands on it.
    pub items: Vec<T>,
    /// Its number, from 0.
    pub number: usize,
    /// How many pages there are, at least one.
    pub count: usize,
}

impl<T> Page<T> {
    /// The page `number` of `all`, `size` items on each; the last one where there are not so many.
    ///
    /// ```
    /// use uttor::reply::pager::Page;
    /// let page = Page::of("abcde".chars(), 7, 2);
    /// assert_eq!((page.items, page.number, page.count), (vec!['e'], 2, 3));
    /// ```
    pub fn of(all: impl IntoIterator<Item = T>, number: usize, size: usize) -> Self {
        let all: Vec<T> = all.into_iter().collect();
        let count = all.len().div_ceil(size).max(1);
        let number = number.min(count - 1);
        Self { items: all.into_iter().skip(number * size).take(size).collect(), number, count }
    }

    /// The number of the page before.
    pub fn before(&self) -> Option<usize> {
        self.number.checked_sub(1)
    }

    /// The number of the page after.
    pub fn after(&self) -> Option<usize> {
        Some(self.number + 1).filter(|next| *next < self.count)
    }

    /// What stands above a page of topics.
    pub fn topics_title(&self, say: &Wording) -> String {
        match self.count {
            1 => say.topics().to_owned(),
            count => say.page_of(self.number + 1, count),
        }
    }
}
