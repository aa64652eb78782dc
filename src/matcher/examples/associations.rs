//! Which classes of meaning speak for each other though they are not near: learned from other people's entries.

use std::sync::LazyLock;

use crate::text::lexicon::Class;

/// What a class that is said speaks for the classes of an entry: `said`, `meant`, weight a line.
static ASSOCIATIONS: &str = include_str!("associations.tsv");

/// By class, ascending: the classes it speaks for.
static BY_CLASS: LazyLock<Vec<Vec<(Class, f32)>>> = LazyLock::new(|| {
    let mut by_class = vec![Vec::new(); Class::count()];
    for line in ASSOCIATIONS.lines().skip(1) {
        let mut cells = line.split('\t');
        let mut class = || cells.next().and_then(Class::named);
        if let (Some(said), Some(meant)) = (class(), class())
            && let Some(weight) = cells.next().and_then(|cell| cell.parse().ok())
            && let Some(row) = by_class.get_mut(said.number())
        {
            row.push((meant, weight));
        }
    }
    by_class.iter_mut().for_each(|row| row.sort_by_key(|(class, _)| *class));
    by_class
});

/// The classes that this one speaks for, ascending, each with its weight.
pub fn associations(class: Class) -> &'static [(Class, f32)] {
    BY_CLASS.get(class.number()).map_or(&[], Vec::as_slice)
}
