//! The phonetic key: one spelling in about twenty ASCII letters for both scripts.
//!
//! A word in, its keys out: one for a Bengali word, up to three readings for a Latin one. The central idea is that
//! অ/ও ("o") is silent in the key unless it starts the word or touches another vowel, so that করতে, korte and krte
//! share `krte`, while কই and koi (`koi`) stay apart from কি and ki (`ki`).

mod bengali;
mod distance;
mod foreign;
mod latin;

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::tokens::{Script, Token};

pub use distance::{similarity, similarity_from};

/// A phonetic key: at most [`Key::LETTERS`] of `a b c d e f g h i j k l m n o p r s t u x`, or digits; of a word in
/// another script than Bengali and Latin, ASCII capitals and signs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    letters: [u8; Key::LETTERS],
    len: u8,
}

impl Key {
    /// A longer word is cut here; no word of the language comes near.
    pub const LETTERS: usize = 23;

    const EMPTY: Key = Key { letters: [0; Key::LETTERS], len: 0 };

    /// Its letters.
    pub fn as_bytes(&self) -> &[u8] {
        self.letters.get(..usize::from(self.len)).unwrap_or_default()
    }

    /// Its letters as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// Whether a word left no sound at all.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The key made of these letters, cut where too long.
    pub fn of_letters(letters: &[u8]) -> Self {
        let mut key = Self::EMPTY;
        letters.iter().for_each(|letter| key.push(*letter));
        key
    }

    /// How much there is to tell it apart by: a consonant counts 1, a vowel 0.4.
    pub fn weight(&self) -> f32 {
        distance::weight(self.as_bytes())
    }

    fn push(&mut self, letter: u8) {
        if let Some(slot) = self.letters.get_mut(usize::from(self.len)) {
            *slot = letter;
            self.len += 1;
        }
    }

    /// The key of a word's sounds: equal neighbours fall together, then every `o` falls that neither starts the
    /// word nor touches a vowel. In this order কখনো (`kkn`) stays apart from কোন (`kn`).
    fn of_sounds(sounds: &[u8]) -> Self {
        let mut collapsed = Self::EMPTY;
        for sound in sounds {
            if collapsed.as_bytes().last() != Some(sound) {
                collapsed.push(*sound);
            }
        }
        let sounds = collapsed.as_bytes();
        let vowel_at =
            |at: Option<usize>| at.and_then(|at| sounds.get(at)).is_some_and(|sound| is_vowel(*sound));
        let mut key = Self::EMPTY;
        for (at, sound) in sounds.iter().enumerate() {
            if *sound != b'o' || at == 0 || vowel_at(at.checked_sub(1)) || vowel_at(Some(at + 1)) {
                key.push(*sound);
            }
        }
        key
    }

    /// Only the frame of consonants, with what is most often mixed up made equal: c, x, s and f, p fall together,
    /// a first vowel is `*`, other vowels fall.
    pub fn skeleton(&self) -> Self {
        let mut skeleton = Self::EMPTY;
        for (at, letter) in self.as_bytes().iter().enumerate() {
            let letter = match letter {
                b'c' | b'x' => b's',
                b'f' => b'p',
                vowel if is_vowel(*vowel) && at == 0 => b'*',
                vowel if is_vowel(*vowel) => continue,
                other => *other,
            };
            if skeleton.as_bytes().last() != Some(&letter) {
                skeleton.push(letter);
            }
        }
        skeleton
    }

    /// Whether it has the look of a word whose vowels were left out ("frlnsng", "shkhte"): three consonants or more, and
    /// no vowel but at its end. Many whole words look so too, as o is silent: ask for unknown ones only.
    pub fn lacks_vowels(&self) -> bool {
        let letters = self.as_bytes();
        let inner = letters.get(..letters.len().saturating_sub(1)).unwrap_or_default();
        let consonants = letters.iter().filter(|letter| letter.is_ascii_lowercase() && !is_vowel(**letter));
        consonants.count() >= 3 && !inner.iter().any(|letter| is_vowel(*letter))
    }

    /// Whether it is `whole` with vowels left out: the same [skeleton](Key::skeleton), and its own vowels in `whole`'s
    /// order.
    ///
    /// ```
    /// use uttor::text::key::readings;
    /// let short = readings("frlnsng").first();
    /// assert!(short.lacks_vowels() && short.is_short_for(&readings("freelancing").first()));
    /// ```
    pub fn is_short_for(&self, whole: &Key) -> bool {
        let fold = |letter: &u8| match letter {
            b'c' | b'x' => b's',
            b'f' => b'p',
            other => *other,
        };
        let mut short = self.as_bytes().iter().map(fold).peekable();
        let in_order = whole
            .as_bytes()
            .iter()
            .map(fold)
            .all(|letter| short.next_if_eq(&letter).is_some() || is_vowel(letter));
        in_order && short.peek().is_none() && self != whole
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.as_bytes())
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::of_letters(<&[u8]>::deserialize(deserializer)?))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The readings of a word, the likeliest first: never empty, no two equal.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Readings {
    keys: [Key; 3],
    len: u8,
}

impl Readings {
    /// A single reading.
    pub fn one(key: Key) -> Self {
        Self { keys: [key, Key::EMPTY, Key::EMPTY], len: 1 }
    }

    fn add(&mut self, key: Key) {
        if !key.is_empty()
            && !self.as_slice().contains(&key)
            && let Some(slot) = self.keys.get_mut(usize::from(self.len))
        {
            *slot = key;
            self.len += 1;
        }
    }

    /// The keys.
    pub fn as_slice(&self) -> &[Key] {
        self.keys.get(..usize::from(self.len)).unwrap_or_default()
    }

    /// The likeliest key.
    pub fn first(&self) -> Key {
        self.keys[0]
    }
}

/// The readings of a word of one script.
pub fn readings_of(token: Token<'_>) -> Readings {
    match token.script {
        Script::Bengali => Readings::one(bengali::key(token.text)),
        Script::Latin => {
            let word = token.text.as_bytes();
            let mut readings = Readings::one(latin::banglish(word));
            readings.add(latin::english(word));
            if let Some(key) = latin::letter_names(word) {
                readings.add(key);
            }
            readings
        }
        Script::Digits => Readings::one(Key::of_letters(token.text.as_bytes())),
        Script::Other => Readings::one(foreign::key(token.text)),
    }
}

/// The readings of the first word in `text`, raw or normalized.
pub fn readings(text: &str) -> Readings {
    let normalized = super::normalize::normalize(text);
    super::tokens::tokens(&normalized).first().map_or(Readings::one(Key::EMPTY), |token| readings_of(*token))
}

pub(super) const fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u')
}

#[cfg(test)]
mod tests {
    use super::{readings, similarity};

    /// Words that must share a key, by the rule that makes them do so.
    #[test]
    fn equal_keys() {
        for (rule, words) in [
            ("o is silent", "করতে korte krte"),
            ("final o", "করব করবো korbo krbo"),
            ("o beside a vowel stays", "কই koi"),
            ("long and short vowels", "কি কী ki kee"),
            ("gemination and ya-phala", "ফ্রিল্যান্সিং ফ্রীল্যান্সিং freelancing frilancing"),
            ("w before a vowel", "পাওয়া pawa paowa"),
            ("bare য়", "কোথায় kothay kothai"),
            ("ক্ষ and ba-phala", "দক্ষ dokkho"),
            ("aspirates", "শিখতে shikhte sikte"),
            ("broken signs", "শেেখা শেখা shekha"),
            ("nukta after the sign", "বিষযে় বিষয়ে"),
            ("English c, silent e", "সাইট site"),
            ("English soft g", "ম্যানেজ manage"),
            ("letter names", "পিসি pc"),
            ("letter names of syllables", "এআই ai"),
            ("four spellings of the English a", "অ্যাপ এ্যাপ আ্যাপ app"),
            ("nasal", "বাংলা bangla"),
        ] {
            let mut words = words.split(' ');
            let first = readings(words.next().unwrap_or_default());
            for word in words {
                let other = readings(word);
                assert!(
                    other.as_slice().iter().any(|key| first.as_slice().contains(key)),
                    "{rule}: {word} reads {other:?}, not {first:?}"
                );
            }
        }
    }

    #[test]
    fn different_keys() {
        for (one, other) in [("কই", "কি"), ("কখনো", "কোন"), ("কত", "কথা"), ("কেন", "কোন"), ("কর", "কার")]
        {
            assert_ne!(readings(one), readings(other), "{one} and {other}");
        }
    }

    #[test]
    fn words_without_vowels_are_short_for_whole_ones() {
        for (short, whole) in
            [("frlnsng", "freelancing"), ("mbl", "mobile"), ("shkhte", "শিখতে"), ("mrktplc", "marketplace")]
        {
            let (short, whole) = (readings(short).first(), readings(whole));
            assert!(short.lacks_vowels(), "{short}");
            assert!(whole.as_slice().iter().any(|whole| short.is_short_for(whole)), "{short} {whole:?}");
        }
        let (whole, other) = (readings("mobile").first(), readings("mela").first());
        assert!(!whole.lacks_vowels() && !readings("mbl").first().is_short_for(&other));
        assert!(!readings("shkhte").first().is_short_for(&readings("শিখতাম").first()));
    }

    /// A letter of another script is not any letter, and its words are no Bengali ones.
    #[test]
    fn words_of_other_scripts_keep_their_letters() {
        let words = ["سيف", "صيف", "кот", "код", "काम", "दाम", "ไม่", "ใหม่", "是", "事", "σπίτι", "שלום"];
        for (at, word) in words.iter().enumerate() {
            let key = readings(word).first();
            assert!(
                key.as_bytes().iter().all(|sign| sign.is_ascii_graphic() && !sign.is_ascii_lowercase()),
                "{word}"
            );
            assert!(words.iter().take(at).all(|other| readings(other).first() != key), "{word}");
        }
        for (one, other) in [("стоимость", "стоимости"), ("التسجيل", "للتسجيل")]
        {
            assert!(similarity(&readings(one).first(), &readings(other).first()) > 0.7, "{one} {other}");
        }
    }

    #[test]
    fn skeletons() {
        for (word, skeleton) in [("freelancing", "prlnsn"), ("একাউন্ট", "*knt"), ("ফাইভার", "pbr")]
        {
            assert_eq!(readings(word).first().skeleton().as_str(), skeleton, "{word}");
        }
    }
}
