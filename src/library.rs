//! The current content and what was learned from it, behind an atomic swap.

pub mod source;
pub mod watch;

use std::sync::Arc;

use arc_swap::ArcSwap;

use crate::faq::Faq;
use crate::matcher::Matcher;

/// The content and the matcher that was learned from it; never one without the other.
pub struct Content {
    /// The entries.
    pub faq: Faq,
    /// What finds them.
    pub matcher: Matcher,
}

impl Content {
    /// Learns the matcher of `faq`.
    pub fn learn(faq: Faq) -> Self {
        let matcher = Matcher::learn(&faq);
        Self { faq, matcher }
    }
}

/// Hands out the current [`Content`]; a reader keeps what it took while a newer one is put in place.
pub struct Library {
    current: ArcSwap<Content>,
}

impl Library {
    /// Starts with `faq`.
    pub fn new(faq: Faq) -> Self {
        Self { current: ArcSwap::from_pointee(Content::learn(faq)) }
    }

    /// What is current now.
    pub fn current(&self) -> Arc<Content> {
        self.current.load_full()
    }

    /// Puts newer content in place.
    pub fn replace(&self, faq: Faq) {
        self.current.store(Arc::new(Content::learn(faq)));
    }
}
