//! The current content and what was learned from it, behind an atomic swap.

pub mod kept;
pub mod last_good;
pub mod source;
pub mod watch;

use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;

use crate::faq::Faq;
use crate::faq::overlay::Additions;
pub use crate::view::Content;

use kept::Kept;

/// Hands out the current [`Content`]; a reader keeps what it took while a newer one is put in place.
pub struct Library {
    current: ArcSwap<Content>,
    parts: Mutex<Parts>,
    kept: Kept,
    /// Held while something is learned, so that the newest content is the last to be put in place. Holds the number
    /// of the parts that are in place.
    learning: Mutex<u64>,
}

/// What the content is made of.
struct Parts {
    /// As `faq/` has it.
    guide: Arc<Faq>,
    /// What was taught beside it.
    taught: Arc<Additions>,
    /// Counts the changes of both.
    number: u64,
}

impl Library {
    /// Starts with `faq`, and keeps nothing of what is learned.
    pub fn new(faq: Faq) -> Self {
        Self::with(faq, Kept::nowhere())
    }

    /// Starts with `faq`, and what was `kept` of it.
    pub fn with(faq: Faq, kept: Kept) -> Self {
        let guide = Arc::new(faq);
        let current = ArcSwap::from_pointee(kept.learn(Arc::clone(&guide)));
        let parts = Parts { guide, taught: Arc::default(), number: 0 };
        Self { current, parts: Mutex::new(parts), kept, learning: Mutex::new(0) }
    }

    /// What is current now.
    pub fn current(&self) -> Arc<Content> {
        self.current.load_full()
    }

    /// Puts a newer guide in place; what was taught stays. Takes as long as learning does.
    pub fn replace(&self, faq: Faq) {
        self.change(|parts| parts.guide = Arc::new(faq));
    }

    /// Puts what was taught for all in place of what was taught before; says whether that is something else. Takes
    /// as long as learning does.
    pub fn teach(&self, taught: Additions) -> bool {
        if *self.parts().taught == taught {
            return false;
        }
        self.change(|parts| parts.taught = Arc::new(taught));
        true
    }

    /// The guide without what was taught, and what was taught.
    pub fn sources(&self) -> (Arc<Faq>, Arc<Additions>) {
        let parts = self.parts();
        (Arc::clone(&parts.guide), Arc::clone(&parts.taught))
    }

    fn change(&self, change: impl FnOnce(&mut Parts)) {
        {
            let mut parts = self.parts();
            change(&mut parts);
            parts.number += 1;
        }
        let mut learned = self.learning.lock().unwrap_or_else(PoisonError::into_inner);
        let (number, faq) = {
            let parts = self.parts();
            let taught = &parts.taught;
            let faq =
                if taught.is_empty() { Arc::clone(&parts.guide) } else { Arc::new(parts.guide.with(taught)) };
            (parts.number, faq)
        };
        // Whoever learned while this one waited may have learned this change too.
        if *learned < number {
            self.current.store(Arc::new(self.kept.learn(faq)));
            *learned = number;
        }
    }

    fn parts(&self) -> std::sync::MutexGuard<'_, Parts> {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
