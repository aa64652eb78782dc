//! A sentence of a table: its forms by number, and what is filled in.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Key, NAME};

/// A sentence as a table has it: one string, or one for each number that is said in its own way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Sentence {
    /// Whatever the number.
    Plain(String),
    /// By the first number that is filled in; `other` is for all that have no form of their own.
    Counted(BTreeMap<String, String>),
}

/// The form for numbers without one of their own.
const OTHER: &str = "other";

/// What is filled in.
#[derive(Debug)]
pub enum Piece<'a> {
    /// As it is.
    Text(&'a str),
    /// In the language's digits.
    Number(String),
}

impl<'a> From<&'a str> for Piece<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Piece<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

macro_rules! numbers {
    ($($number:ty)+) => {
        $(impl From<$number> for Piece<'_> {
            fn from(number: $number) -> Self {
                Self::Number(number.to_string())
            }
        })+
    };
}

numbers! { i32 i64 u32 u64 usize }

/// What is wrong with a sentence.
#[derive(Debug)]
pub struct Fault {
    /// Whether people would be shown something broken.
    pub is_error: bool,
    /// What is wrong, and the remedy.
    pub message: String,
}

impl Sentence {
    /// The form for the first number among `pieces`.
    pub(super) fn of(&self, pieces: &[(&str, Piece)]) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Counted(forms) => {
                let number = pieces.iter().find_map(|(_, piece)| match piece {
                    Piece::Number(number) => forms.get(number),
                    Piece::Text(_) => None,
                });
                number.or_else(|| forms.get(OTHER)).map_or("", String::as_str)
            }
        }
    }

    /// Every form.
    pub fn forms(&self) -> Vec<&String> {
        match self {
            Self::Plain(text) => vec![text],
            Self::Counted(forms) => forms.values().collect(),
        }
    }

    pub(super) fn forms_mut(&mut self) -> Vec<&mut String> {
        match self {
            Self::Plain(text) => vec![text],
            Self::Counted(forms) => forms.values_mut().collect(),
        }
    }

    /// What is wrong with it as the sentence of `key`.
    pub fn faults(&self, key: &Key) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut fault = |is_error, message| faults.push(Fault { is_error, message });
        if let Self::Counted(forms) = self {
            if !forms.contains_key(OTHER) {
                fault(true, format!("the form {OTHER:?} is missing; it is said of every other number"));
            }
            for form in forms.keys().filter(|form| *form != OTHER && form.parse::<u64>().is_err()) {
                fault(true, format!("{form:?} is no form; write a number, or {OTHER:?}"));
            }
        }
        let takes = || match key.holes {
            [] => "nothing is filled in here".to_owned(),
            holes => format!("use {{{}}}", holes.join("}, {")),
        };
        let mut named = Vec::new();
        for form in self.forms() {
            if form.trim().is_empty() {
                fault(true, "it is empty; write a sentence, or take the line out".to_owned());
            }
            fill(form, |hole| {
                if hole != NAME && !key.holes.contains(&hole) {
                    fault(true, format!("{{{hole}}} is filled with nothing; {}", takes()));
                }
                named.push(hole.to_owned());
                None
            });
            let chars = form.chars().count();
            if let Some(most) = key.most().filter(|most| chars > *most) {
                fault(true, format!("it is {chars} characters, at most {most}"));
            }
        }
        for hole in key.holes.iter().filter(|hole| !named.iter().any(|named| named == *hole)) {
            fault(false, format!("{{{hole}}} does not stand in it, so people are not told that"));
        }
        faults
    }
}

/// `form` with every `{hole}` as `filling` has it; where that has none it stays. A hole's name is of letters and `_`.
pub(super) fn fill(form: &str, mut filling: impl FnMut(&str) -> Option<String>) -> String {
    let (mut filled, mut left) = (String::new(), form);
    while let Some((before, rest)) = left.split_once('{') {
        filled.push_str(before);
        let hole = rest.split_once('}').filter(|(hole, _)| {
            !hole.is_empty() && hole.chars().all(|c| c.is_ascii_alphabetic() || c == '_')
        });
        if let Some((piece, after)) = hole.and_then(|(hole, after)| Some((filling(hole)?, after))) {
            filled.push_str(&piece);
            left = after;
        } else {
            filled.push('{');
            left = rest;
        }
    }
    filled + left
}
