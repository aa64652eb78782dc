//! The two places that one webhook serves: the Page, and the Instagram account that is linked to it.
//!
//! A person has another id at each; one on Instagram bears [`PREFIX`] in events and in the store, so that no two
//! people share a name.

use crate::reply::render::{Limit, Unit};

/// Before the id of a person on Instagram.
const PREFIX: &str = "instagram:";

/// Characters of a text at the Page: fewer than the platform allows, since it does not document what it counts.
const MAX_TEXT: usize = 1_900;

/// Bytes of a text on Instagram.
const MAX_INSTAGRAM_BYTES: usize = 1_000;

/// Where a person writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surface {
    /// The Page's inbox, or below its posts.
    Page,
    /// Instagram's direct messages, or below the account's media.
    Instagram,
}

impl Surface {
    /// Where `person` writes.
    pub fn of(person: &str) -> Self {
        if person.starts_with(PREFIX) { Self::Instagram } else { Self::Page }
    }

    /// How a person with this id is named in events and in the store.
    pub fn person(self, id: &str) -> String {
        match self {
            Self::Page => id.to_owned(),
            Self::Instagram => format!("{PREFIX}{id}"),
        }
    }

    /// The channel's name.
    pub fn channel(self) -> &'static str {
        match self {
            Self::Page => super::CHANNEL,
            Self::Instagram => super::INSTAGRAM,
        }
    }

    /// As people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Page => "Messenger",
            Self::Instagram => "Instagram",
        }
    }

    /// As the platform calls it.
    pub fn platform(self) -> &'static str {
        match self {
            Self::Page => "messenger",
            Self::Instagram => "instagram",
        }
    }

    /// Where a line below a comment is posted to, behind the comment's id.
    pub fn below_comment(self) -> &'static str {
        match self {
            Self::Page => "comments",
            Self::Instagram => "replies",
        }
    }

    /// The longest text.
    pub fn limit(self) -> Limit {
        match self {
            Self::Page => Limit::new(MAX_TEXT, Unit::Chars),
            Self::Instagram => Limit::new(MAX_INSTAGRAM_BYTES, Unit::Bytes),
        }
    }

    /// Whether a text may bear buttons that open links.
    pub fn has_link_buttons(self) -> bool {
        self == Self::Page
    }
}

/// The id that the platform knows `person` by.
pub fn bare(person: &str) -> &str {
    person.strip_prefix(PREFIX).unwrap_or(person)
}
