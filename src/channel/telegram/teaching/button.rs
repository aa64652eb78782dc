//! What the buttons of a lesson do.
//!
//! As text: the session in hexadecimal digits, a letter and an argument, with dots between them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::EntryId;

/// A button of a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LessonButton {
    /// The session it belongs to.
    pub session: u64,
    /// What it does.
    pub act: LessonAct,
}

/// What a press of such a button does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LessonAct {
    /// Teaches that the question belongs to this entry.
    BelongsTo(EntryHash),
    /// Teaches that the question belongs to no entry.
    Ignore,
    /// Does one of these although it changes what other questions get.
    Confirm(Option<EntryHash>),
    /// Shows a page of all entries, from 0.
    AllEntries(usize),
    /// Shows the unanswered question at this position of the list.
    Unanswered(u32),
    /// Undoes what was taught.
    Undo,
    /// Asks for the answer to a new question.
    NewQuestion,
    /// Shows a page of the group's own lessons, from 0.
    Own(usize),
    /// Removes one of them.
    Remove {
        /// Its id.
        teaching: i64,
        /// The page to show afterwards.
        page: usize,
    },
    /// Puts a removed one in force again.
    Restore {
        /// Its id.
        teaching: i64,
        /// The page to show afterwards.
        page: usize,
    },
    /// Shows one of them whole.
    Open {
        /// Its id.
        teaching: i64,
        /// The page it stands on.
        page: usize,
    },
    /// Asks for the new question, the new answer or more wordings of one of them.
    Edit(Part, i64),
    /// Takes the picture from one of them.
    NoPicture {
        /// Its id.
        teaching: i64,
        /// The page it stands on.
        page: usize,
    },
    /// Shows a page of what was taught when, from 0.
    Log(usize),
    /// Takes back one of what stands there.
    TakeBack {
        /// Its id.
        teaching: i64,
        /// The page to show afterwards.
        page: usize,
    },
    /// Shows the groups to which the own entries can be copied.
    Copy,
    /// Copies them to this group.
    CopyTo(i64),
    /// Asks for a new question and its answer.
    Add,
    /// Teaches the draft.
    Publish,
    /// Gives up.
    Cancel,
    /// The text is an answer: asks for its question.
    AsAnswer,
}

/// What of an entry is to be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// The question.
    Question,
    /// The answer.
    Answer,
    /// Further ways to ask are added.
    Wordings,
}

/// Stands for an entry: an id may be too long for a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryHash(u32);

impl EntryHash {
    /// FNV-1a: the same in every process and version.
    pub fn of(id: &EntryId) -> Self {
        let bytes = id.as_str().bytes();
        Self(bytes.fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)))
    }
}

impl fmt::Display for EntryHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}", self.0)
    }
}

impl FromStr for EntryHash {
    type Err = Foreign;

    fn from_str(text: &str) -> Result<Self, Foreign> {
        u32::from_str_radix(text, 16).map(Self).map_err(|_| Foreign)
    }
}

impl fmt::Display for LessonButton {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}.", self.session)?;
        match self.act {
            LessonAct::BelongsTo(entry) => write!(f, "a.{entry}"),
            LessonAct::Ignore => write!(f, "i."),
            LessonAct::Confirm(Some(entry)) => write!(f, "y.{entry}"),
            LessonAct::Confirm(None) => write!(f, "y."),
            LessonAct::AllEntries(page) => write!(f, "o.{page}"),
            LessonAct::Unanswered(position) => write!(f, "v.{position}"),
            LessonAct::Undo => write!(f, "u."),
            LessonAct::NewQuestion => write!(f, "n."),
            LessonAct::Own(page) => write!(f, "p.{page}"),
            LessonAct::Remove { teaching, page } => write!(f, "m.{teaching}.{page}"),
            LessonAct::Restore { teaching, page } => write!(f, "r.{teaching}.{page}"),
            LessonAct::Open { teaching, page } => write!(f, "s.{teaching}.{page}"),
            LessonAct::Edit(Part::Question, teaching) => write!(f, "q.{teaching}"),
            LessonAct::Edit(Part::Answer, teaching) => write!(f, "e.{teaching}"),
            LessonAct::Edit(Part::Wordings, teaching) => write!(f, "z.{teaching}"),
            LessonAct::NoPicture { teaching, page } => write!(f, "x.{teaching}.{page}"),
            LessonAct::Log(page) => write!(f, "l.{page}"),
            LessonAct::TakeBack { teaching, page } => write!(f, "t.{teaching}.{page}"),
            LessonAct::Copy => write!(f, "g."),
            LessonAct::CopyTo(chat) => write!(f, "k.{chat}"),
            LessonAct::Add => write!(f, "d."),
            LessonAct::Publish => write!(f, "b."),
            LessonAct::Cancel => write!(f, "c."),
            LessonAct::AsAnswer => write!(f, "w."),
        }
    }
}

/// The text is not that of a button of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Foreign;

fn parse<T: FromStr>(text: &str) -> Result<T, Foreign> {
    text.parse().map_err(|_| Foreign)
}

impl FromStr for LessonButton {
    type Err = Foreign;

    fn from_str(text: &str) -> Result<Self, Foreign> {
        let mut parts = text.splitn(3, '.');
        let (Some(session), Some(letter), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(Foreign);
        };
        let session = u64::from_str_radix(session, 16).map_err(|_| Foreign)?;
        let which = || {
            let (teaching, page) = rest.split_once('.').ok_or(Foreign)?;
            Ok((parse(teaching)?, parse(page)?))
        };
        let act = match letter {
            "a" => LessonAct::BelongsTo(parse(rest)?),
            "i" => LessonAct::Ignore,
            "y" if rest.is_empty() => LessonAct::Confirm(None),
            "y" => LessonAct::Confirm(Some(parse(rest)?)),
            "o" => LessonAct::AllEntries(parse(rest)?),
            "v" => LessonAct::Unanswered(parse(rest)?),
            "u" => LessonAct::Undo,
            "n" => LessonAct::NewQuestion,
            "p" => LessonAct::Own(parse(rest)?),
            "m" => which().map(|(teaching, page)| LessonAct::Remove { teaching, page })?,
            "r" => which().map(|(teaching, page)| LessonAct::Restore { teaching, page })?,
            "s" => which().map(|(teaching, page)| LessonAct::Open { teaching, page })?,
            "q" => LessonAct::Edit(Part::Question, parse(rest)?),
            "e" => LessonAct::Edit(Part::Answer, parse(rest)?),
            "z" => LessonAct::Edit(Part::Wordings, parse(rest)?),
            "x" => which().map(|(teaching, page)| LessonAct::NoPicture { teaching, page })?,
            "l" => LessonAct::Log(parse(rest)?),
            "t" => which().map(|(teaching, page)| LessonAct::TakeBack { teaching, page })?,
            "g" => LessonAct::Copy,
            "k" => LessonAct::CopyTo(parse(rest)?),
            "d" => LessonAct::Add,
            "b" => LessonAct::Publish,
            "c" => LessonAct::Cancel,
            "w" => LessonAct::AsAnswer,
            _ => return Err(Foreign),
        };
        Ok(Self { session, act })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buttons_that_stand_in_chats_keep_their_meaning() {
        for (text, act) in [
            ("1f.a.90af9e87", LessonAct::BelongsTo(EntryHash(0x90af_9e87))),
            ("1f.i.", LessonAct::Ignore),
            ("1f.y.", LessonAct::Confirm(None)),
            ("1f.y.7", LessonAct::Confirm(Some(EntryHash(7)))),
            ("1f.o.2", LessonAct::AllEntries(2)),
            ("1f.v.3", LessonAct::Unanswered(3)),
            ("1f.u.", LessonAct::Undo),
            ("1f.n.", LessonAct::NewQuestion),
            ("1f.p.1", LessonAct::Own(1)),
            ("1f.m.12.1", LessonAct::Remove { teaching: 12, page: 1 }),
            ("1f.r.12.0", LessonAct::Restore { teaching: 12, page: 0 }),
            ("1f.s.12.0", LessonAct::Open { teaching: 12, page: 0 }),
            ("1f.q.12", LessonAct::Edit(Part::Question, 12)),
            ("1f.e.12", LessonAct::Edit(Part::Answer, 12)),
            ("1f.z.12", LessonAct::Edit(Part::Wordings, 12)),
            ("1f.x.12.0", LessonAct::NoPicture { teaching: 12, page: 0 }),
            ("1f.l.2", LessonAct::Log(2)),
            ("1f.t.12.0", LessonAct::TakeBack { teaching: 12, page: 0 }),
            ("1f.g.", LessonAct::Copy),
            ("1f.k.-1001", LessonAct::CopyTo(-1_001)),
            ("1f.d.", LessonAct::Add),
            ("1f.b.", LessonAct::Publish),
            ("1f.c.", LessonAct::Cancel),
            ("1f.w.", LessonAct::AsAnswer),
        ] {
            let button = LessonButton { session: 0x1f, act };
            assert_eq!((text.parse(), button.to_string()), (Ok(button), text.to_owned()));
        }
        let hash = "watering".parse().map(|id| EntryHash::of(&id));
        assert_eq!(hash, Ok(EntryHash(0xc5eb_a2b8)));
        for text in ["", "1f", "1f.a", "1f.a.", "x.i.", "1f.k.", "1f.j.", "1f.m.12", "1f.v.x"] {
            assert_eq!(text.parse::<LessonButton>(), Err(Foreign), "{text}");
        }
    }
}
