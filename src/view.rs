//! The content as one group sees it, or everybody outside of groups: what is found in it, shown of it, and decided.
//!
//! ```
//! # use std::sync::Arc;
//! use uttor::message::Place;
//! use uttor::reply::Outcome;
//! use uttor::view::{Content, View};
//! let faq = uttor::library::source::Source::Builtin.load().unwrap();
//! let view = View::of(Arc::new(Content::learn(faq)));
//! let ranking = view.find("মোবাইল দিয়ে কি ফ্রিল্যান্সিং করা যায়?", None);
//! assert_eq!(view.decide(&ranking, Place::Private), Outcome::Answer(vec!["mobile".parse().unwrap()]));
//! ```

use std::sync::Arc;

use crate::faq::comments::CommentRules;
use crate::faq::{Distress, Entry, EntryId, Faq, Guide, Handoff, Smalltalk, Topic};
use crate::matcher::decide::{Outcome, decide, fit, sureness};
use crate::matcher::explain::Explanation;
use crate::matcher::overlay::Overlay;
use crate::matcher::similarity::Comparable;
use crate::matcher::{Matcher, Ranking};
use crate::message::Place;
use crate::wording::Wording;

/// The content and the matcher that was trained on it; never one without the other.
pub struct Content {
    /// The entries; nobody's copy where nothing was taught beside the guide.
    pub faq: Arc<Faq>,
    /// What finds them.
    pub matcher: Matcher,
}

impl Content {
    /// Trains the matcher on `faq`.
    pub fn learn(faq: impl Into<Arc<Faq>>) -> Self {
        let faq = faq.into();
        let matcher = Matcher::learn(&faq);
        Self { faq, matcher }
    }
}

/// The content with what a group was taught for itself. It stays as it is while a newer one is put in place.
#[derive(Clone)]
pub struct View {
    content: Arc<Content>,
    overlay: Option<Arc<Overlay>>,
    /// The guide's entries that are not answered there.
    hidden: Vec<EntryId>,
    /// Whether the guide's entries go before the group's own.
    guide_first: bool,
}

impl View {
    /// The content alone.
    pub fn of(content: Arc<Content>) -> Self {
        Self::with(content, None)
    }

    /// The content with the `overlay` of a group.
    pub fn with(content: Arc<Content>, overlay: Option<Arc<Overlay>>) -> Self {
        Self { content, overlay, hidden: Vec::new(), guide_first: false }
    }

    /// The same without these entries of the guide.
    pub fn without(self, hidden: Vec<EntryId>) -> Self {
        Self { hidden, ..self }
    }

    /// The same, with the guide's entries before the group's own where both answer.
    pub fn guide_first(self, guide_first: bool) -> Self {
        Self { guide_first, ..self }
    }

    /// Whether this entry of the guide is not answered there.
    pub fn is_hidden(&self, id: &EntryId) -> bool {
        self.hidden.contains(id)
    }

    /// What `text` may mean. `after` is the entry that was answered just before: then a text that does not say what it
    /// is about is read with its question, or with the guide's subject.
    pub fn find(&self, text: &str, after: Option<&EntryId>) -> Ranking {
        let before = after.map(|id| self.entry(id).map_or("", |entry| entry.question.as_str()));
        let mut ranking = match &self.overlay {
            Some(overlay) => self.content.matcher.find_with(overlay, text, before),
            None => self.content.matcher.find(text, before),
        };
        ranking.candidates.retain(|candidate| !self.is_hidden(&candidate.entry));
        // What is known of the others is said of the first.
        ranking.own.take_if(|own| own.entries.first().is_some_and(|id| self.is_hidden(id)));
        if let Some(own) = &mut ranking.own {
            own.entries.retain(|id| !self.is_hidden(id));
        }
        ranking.questions.retain(|candidate| !self.is_hidden(&candidate.entry));
        if ranking.questions.len() == 1 {
            ranking.questions.clear();
        }
        ranking
    }

    /// Why the guide's entries are ranked as they are for `text`; `read_after` is what it was read after, where it was.
    pub fn explain(&self, text: &str, read_after: Option<&str>) -> Explanation {
        self.content.matcher.explain(&self.content.faq, text, read_after)
    }

    /// `text` ready to be compared with others.
    pub fn comparable(&self, text: &str) -> Comparable {
        self.content.matcher.comparable(text)
    }

    /// What a message of this ranking gets at `place`.
    pub fn decide(&self, ranking: &Ranking, place: Place) -> Outcome {
        if self.guide_first && !self.own().is_empty() {
            let mut of_guide = ranking.clone();
            of_guide.own.take_if(|own| own.is_of_group);
            of_guide.candidates.retain(|candidate| self.is_in_guide(&candidate.entry));
            of_guide.questions.retain(|candidate| self.is_in_guide(&candidate.entry));
            if let outcome @ Outcome::Answer(_) = decide(&of_guide, place, &self.content.faq) {
                return outcome;
            }
        }
        decide(ranking, place, &self.content.faq)
    }

    /// How sure it is that the best candidate is asked for at `place`, 0..=1.
    pub fn sureness(&self, ranking: &Ranking, place: Place) -> f32 {
        sureness(ranking, place)
    }

    /// From which sureness on an entry of the guide is answered at `place`.
    pub fn needed(&self, place: Place) -> f32 {
        fit(&self.content.faq).thresholds.of(place).accept
    }

    /// The entry with this id.
    pub fn entry(&self, id: &EntryId) -> Option<&Entry> {
        let own = self.own().iter().find(|entry| entry.id == *id);
        own.or_else(|| self.content.faq.entry(id).filter(|_| !self.is_hidden(id)))
    }

    /// Every entry, the group's own first.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        let of_guide = self.content.faq.entries.iter().filter(|entry| !self.is_hidden(&entry.id));
        self.own().iter().chain(of_guide)
    }

    /// Whether the guide, and not the group alone, has this entry.
    pub fn is_in_guide(&self, id: &EntryId) -> bool {
        self.content.faq.entry(id).is_some()
    }

    /// What belongs to the guide as a whole.
    pub fn guide(&self) -> &Guide {
        &self.content.faq.guide
    }

    /// The bot's own sentences.
    pub fn wording(&self) -> &Wording {
        &self.content.faq.wording
    }

    /// A question that shows how to ask.
    pub fn example(&self) -> &str {
        self.content.faq.example()
    }

    /// The entries that a newcomer is offered first.
    pub fn popular(&self) -> impl Iterator<Item = &Entry> {
        self.guide().popular.iter().filter_map(|id| self.entry(id))
    }

    /// The small talk of this kind.
    pub fn smalltalk(&self, kind: &EntryId) -> Option<&Smalltalk> {
        self.content.faq.smalltalk.iter().find(|smalltalk| smalltalk.id == *kind)
    }

    /// The rules of comments, if there are any.
    pub fn comments(&self) -> Option<&CommentRules> {
        self.content.faq.comments.as_ref()
    }

    /// What people get who want a person.
    pub fn handoff(&self) -> Option<&Handoff> {
        self.content.faq.handoff.as_ref()
    }

    /// What people get who are in despair.
    pub fn distress(&self) -> Option<&Distress> {
        self.content.faq.distress.as_ref()
    }

    /// What no entry answers, each with its topic.
    pub fn counter_examples(&self) -> impl Iterator<Item = (&EntryId, &str)> {
        let topics = self.content.faq.topics.iter();
        topics.flat_map(|topic| topic.examples.iter().map(|text| (&topic.id, text.as_str())))
    }

    /// The topic outside the guide with this id.
    pub fn topic(&self, id: &EntryId) -> Option<&Topic> {
        self.content.faq.topics.iter().find(|topic| topic.id == *id)
    }

    /// The group's own entries.
    pub fn own(&self) -> &[Entry] {
        self.overlay.as_ref().map_or(&[], |overlay| overlay.entries())
    }
}
