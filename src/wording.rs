//! Every sentence the bot itself says, by key: one table a language, and what a content folder puts in their place.
//!
//! A sentence stands in `wording/bn.toml` and `wording/en.toml` under its key; `{title}` and the like are filled in. The
//! files beside these declare the keys, each of which is a method of [`Wording`].
//!
//! ```
//! use uttor::wording::Wording;
//! let own = toml::from_str("did_you_mean = 'Voulez-vous savoir :'").unwrap();
//! let french = Wording::new("fr", own);
//! assert_eq!(french.did_you_mean(), "Voulez-vous savoir :");
//! assert_eq!(french.mail_address("a@example.org"), "E-mail: a@example.org");
//! assert_eq!(Wording::new("bn", Default::default()).number(15), "১৫");
//! ```

/// Declares keys: the name, what is filled in, and how many characters there may be at most.
macro_rules! sentences {
    ($($(#[$doc:meta])* $key:ident $(($($hole:ident),+))? $(<= $most:literal)?;)+) => {
        /// The keys of this file.
        pub(super) const KEYS: &[Key] = &[$(Key {
            name: stringify!($key),
            holes: &[$($(stringify!($hole)),+)?],
            most: &[$($most)?],
        }),+];

        impl Wording {
            $(sentence! { $(#[$doc])* $key $(($($hole),+))? })+
        }
    };
}

/// The method of one key.
macro_rules! sentence {
    ($(#[$doc:meta])* $key:ident) => {
        $(#[$doc])*
        pub fn $key(&self) -> &str {
            self.plain(stringify!($key))
        }
    };
    ($(#[$doc:meta])* $key:ident ($($hole:ident),+)) => {
        $(#[$doc])*
        pub fn $key<'a>(&self, $($hole: impl Into<Piece<'a>>),+) -> String {
            self.filled(stringify!($key), &[$((stringify!($hole), $hole.into())),+])
        }
    };
}

mod chat;
pub mod console;
pub mod group;
mod messenger;
mod outside;
pub mod sentence;
mod settings;
mod teaching;
mod telegram;
mod web;

use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use sentence::{Piece, Sentence, fill};

/// Sentences by key.
pub type Table = BTreeMap<String, Sentence>;

/// A sentence's key.
#[derive(Debug)]
pub struct Key {
    /// Its name in the tables.
    pub name: &'static str,
    /// What is filled in, each written `{like_this}` in the sentence.
    pub holes: &'static [&'static str],
    most: &'static [usize],
}

impl Key {
    /// How many characters there may be, where a platform shows no more.
    pub fn most(&self) -> Option<usize> {
        self.most.first().copied()
    }
}

/// Every key.
pub fn keys() -> impl Iterator<Item = &'static Key> {
    [
        chat::KEYS,
        web::KEYS,
        messenger::KEYS,
        telegram::KEYS,
        group::KEYS,
        settings::KEYS,
        teaching::KEYS,
        outside::KEYS,
    ]
    .into_iter()
    .flatten()
}

/// The bot's name, which may stand in every sentence as `{name}`.
pub const NAME: &str = "name";

/// The English table as it stands in its file, for whoever translates it.
pub const ENGLISH: &str = include_str!("wording/en.toml");

const BENGALI: &str = include_str!("wording/bn.toml");

// That both files can be read and have every key is tested below.
static TABLES: LazyLock<[(&str, Table); 2]> = LazyLock::new(|| {
    [("bn", BENGALI), ("en", ENGLISH)]
        .map(|(language, text)| (language, toml::from_str(text).unwrap_or_default()))
});

/// The program's own sentences in `language`, a BCP 47 tag of which the first part counts; none where it has none.
pub fn table(language: &str) -> Option<&'static Table> {
    let first = language.split(['-', '_']).next().unwrap_or_default();
    TABLES.iter().find(|(own, _)| own.eq_ignore_ascii_case(first)).map(|(_, table)| table)
}

/// The bot's sentences in one language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Wording {
    language: String,
    table: Table,
}

impl Wording {
    /// The program's sentences in `language`, in English where it has none, with `own` in their place.
    pub fn new(language: &str, own: Table) -> Self {
        let mut table = table("en").cloned().unwrap_or_default();
        table.extend(self::table(language).cloned().unwrap_or_default());
        table.extend(own);
        let name = table.get(NAME).map(|name| name.of(&[]).to_owned()).unwrap_or_default();
        for form in table.values_mut().flat_map(Sentence::forms_mut) {
            *form = form.replace("\r\n", "\n").replace("{name}", &name);
        }
        Self { language: language.to_owned(), table }
    }

    /// The language as a BCP 47 tag.
    pub fn language(&self) -> &str {
        &self.language
    }

    /// A number in the language's digits.
    pub fn number(&self, number: impl Display) -> String {
        let digit = |c: char| c.to_digit(10).and_then(|digit| self.digits().chars().nth(digit as usize));
        number.to_string().chars().map(|c| digit(c).unwrap_or(c)).collect()
    }

    fn plain(&self, key: &str) -> &str {
        self.table.get(key).map_or("", |sentence| sentence.of(&[]))
    }

    fn filled(&self, key: &str, pieces: &[(&str, Piece)]) -> String {
        let form = self.table.get(key).map_or("", |sentence| sentence.of(pieces));
        fill(form, |hole| {
            let (_, piece) = pieces.iter().find(|(name, _)| *name == hole)?;
            Some(match piece {
                Piece::Text(text) => (*text).to_owned(),
                Piece::Number(number) => self.number(number),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_every_sentence_and_no_other() {
        for (language, table) in &*TABLES {
            let named: Vec<&str> = keys().map(|key| key.name).collect();
            for key in keys() {
                assert!(table.contains_key(key.name), "{language}.toml lacks {}", key.name);
            }
            for (name, sentence) in table {
                let key = keys().find(|key| key.name == name);
                assert!(named.contains(&name.as_str()), "{language}.toml: {name} is no key");
                let faults = key.map(|key| sentence.faults(key)).unwrap_or_default();
                assert!(faults.is_empty(), "{language}.toml: {name}: {}", faults[0].message);
            }
        }
    }

    #[test]
    fn a_number_chooses_the_form_and_the_digits() {
        let own: Table = toml::from_str("page_of = { 1 = 'the one page', other = '{page} of {pages}' }")
            .unwrap_or_default();
        let english = Wording::new("en", own.clone());
        assert_eq!((english.page_of(1, 3), english.page_of(2, 3)), ("the one page".into(), "2 of 3".into()));
        assert_eq!(Wording::new("bn-BD", own).page_of(2, 13), "২ of ১৩");
    }
}
