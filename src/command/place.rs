//! `--in`: where a message was said.

use clap::ValueEnum;

use crate::message::Place;

/// Where a message was said, as the command line has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Where {
    /// A private chat
    Private,
    /// A group message that addresses the bot
    Addressed,
    /// A group message that does not
    Group,
}

impl Where {
    /// The place.
    pub fn place(self) -> Place {
        match self {
            Self::Private => Place::Private,
            Self::Addressed => Place::Addressed,
            Self::Group => Place::Overheard,
        }
    }
}
