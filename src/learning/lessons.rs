//! From teachings to what they add to the content.

use crate::faq::overlay::Additions;
use crate::store::{Lesson, Teaching};

/// What `teachings`, oldest first, add; those that were undone add nothing.
pub fn additions(teachings: &[Teaching]) -> Additions {
    let mut additions = Additions::default();
    for teaching in teachings.iter().filter(|teaching| teaching.undone.is_none()) {
        add(&mut additions, &teaching.lesson);
    }
    additions
}

/// Adds one lesson.
pub(super) fn add(additions: &mut Additions, lesson: &Lesson) {
    match lesson {
        Lesson::Phrasing { entry, text } => additions.phrasing(text, Some(entry.clone())),
        Lesson::Entry(entry) => additions.entry((**entry).clone()),
        Lesson::Edit(entry) => additions.edit((**entry).clone()),
        Lesson::CounterExample { text } | Lesson::Ignore { text } => additions.phrasing(text, None),
    }
}
