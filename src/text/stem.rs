//! The stem of a word: verbs by closed tables of roots and endings, and light noun suffixes. Free stripping of verb
//! endings over-stems badly (প্রয়োজন, প্রশ্ন and প্রথম all become `pr`).
//!
//! A Bengali word is a verb by its spelling: নিয়ম sounds like a form of নেওয়া and is none. What is misspelled or typed in
//! Latin letters is one by its key, unless it is an English word, or only another Bengali word has that key.

mod verbs;

use std::hash::BuildHasher as _;
use std::sync::LazyLock;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use super::dictionary::{is_real, words};
use super::key::{Key, is_vowel, readings_of};
use super::tokens::{Script, Token};
use verbs::{CLITICS, Kind, NOT_VERB_KEYS, NOT_VERBS, ROOTS, VERBS_ALL_THE_SAME, stems};

/// Case endings, then classifiers, at most one of each, the longest first.
const CASES: &[&str] = &["derke", "der", "era", "ra", "ke", "er", "te", "re", "r", "i", "e", "o"];
const CLASSIFIERS: &[&str] = &["gulr", "guli", "gula", "gul", "tuku", "kani", "kana", "ta", "ti", "te"];

/// [`CLITICS`] in keys.
const CLITIC_KEYS: &[&str] = &["i", "o", "na", "ni", "nai"];

/// A verb: its line in [`ROOTS`].
type Root = u8;

/// The verbs by spelling: every stem with its kinds, and every kind's endings.
struct Spelled {
    stems: FxHashMap<String, Vec<(Kind, Root)>>,
    longest: usize,
    endings: Vec<FxHashSet<&'static str>>,
    not: FxHashSet<&'static str>,
}

static SPELLED: LazyLock<Spelled> = LazyLock::new(|| {
    let mut by_stem: FxHashMap<String, Vec<(Kind, Root)>> = FxHashMap::default();
    for (root, kind, stem) in all_stems() {
        by_stem.entry(stem).or_default().push((kind, root));
    }
    let longest = by_stem.keys().map(|stem| stem.chars().count()).max().unwrap_or_default();
    let endings = Kind::ALL.iter().map(|kind| kind.endings().collect()).collect();
    Spelled { stems: by_stem, longest, endings, not: NOT_VERBS.split_whitespace().collect() }
});

fn all_stems() -> impl Iterator<Item = (Root, Kind, String)> {
    (0..).zip(ROOTS).flat_map(|(root, line)| stems(line).map(move |(kind, stem)| (root, kind, stem)))
}

/// The key that stands for each verb; a capital sets it apart from words that sound like its root (শূন্য beside শুন).
static STANDS_FOR: LazyLock<Vec<Key>> = LazyLock::new(|| {
    let letters = |line| stems(line).next().map(|(_, stem)| key_of(&stem).as_bytes().to_vec());
    ROOTS
        .iter()
        .map(|line| Key::of_letters(&[letters(line).unwrap_or_default().as_slice(), b"V"].concat()))
        .collect()
});

fn key_of(bengali: &str) -> Key {
    readings_of(Token { text: bengali, script: Script::Bengali, sentence: 0 }).first()
}

/// The verb that a Bengali word is a form of.
fn by_spelling(word: &str) -> Option<Root> {
    let table = &*SPELLED;
    if table.not.contains(word) {
        return None;
    }
    let mut found = None;
    for (at, _) in word.char_indices().skip(1).chain([(word.len(), ' ')]).take(table.longest) {
        let (stem, rest) = word.split_at(at);
        let Some(kinds) = table.stems.get(stem) else { continue };
        let kind = kinds.iter().find(|(kind, _)| {
            let endings = table.endings.get(*kind as usize);
            let has = |ending: &str| endings.is_some_and(|endings| endings.contains(ending));
            has(rest) || CLITICS.iter().any(|clitic| rest.strip_suffix(clitic).is_some_and(has))
        });
        // The longest stem: শোন is no form of শো.
        found = kind.map(|(_, root)| *root).or(found);
    }
    found
}

/// The verbs' forms by key, without clitics: the hash of the form's key, in its last byte the number of its root's line;
/// ascending. The keys themselves in a hash map would be a tenth of the program's memory.
static FORMS: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let mut forms = FxHashMap::default();
    let mut form = String::new();
    for (root, kind, stem) in all_stems() {
        for ending in kind.endings() {
            form.clear();
            form.push_str(&stem);
            form.push_str(ending);
            let key = key_of(&form);
            forms.entry(key).or_insert(root);
            // ছ is typed ch and s.
            for typed in [b'c', b's'] {
                let letter = |letter: &u8| if *letter == b'x' { typed } else { *letter };
                let letters: Vec<u8> = key.as_bytes().iter().map(letter).collect();
                forms.entry(Key::of_letters(&letters)).or_insert(root);
            }
        }
    }
    for word in NOT_VERBS.split_whitespace() {
        forms.remove(&key_of(word));
    }
    for key in NOT_VERB_KEYS.split_whitespace() {
        forms.remove(&Key::of_letters(key.as_bytes()));
    }
    // What only words that are no verbs sound like.
    let mut others = FxHashMap::default();
    for word in words(Script::Bengali) {
        let key = key_of(word);
        if forms.contains_key(&key) {
            *others.entry(key).or_insert(true) &= by_spelling(word).is_none();
        }
    }
    forms.retain(|key, _| !others.get(key).is_some_and(|other| *other));
    let mut forms: Vec<u64> = forms.iter().map(|(form, root)| hash(form) | u64::from(*root)).collect();
    forms.sort_unstable();
    forms
});

/// With the last byte empty.
fn hash(form: &Key) -> u64 {
    FxBuildHasher.hash_one(form) & !0xFF
}

/// The verb that a key is a form of.
fn by_key(key: &Key) -> Option<Root> {
    let form = |key: &Key| {
        let hash = hash(key);
        let found = FORMS.get(FORMS.partition_point(|known| *known < hash))?;
        (found & !0xFF == hash).then_some((found & 0xFF) as Root)
    };
    form(key).or_else(|| {
        let mut cut = CLITIC_KEYS.iter().filter_map(|clitic| key.as_bytes().strip_suffix(clitic.as_bytes()));
        cut.find_map(|letters| (letters.len() >= 2).then(|| form(&Key::of_letters(letters)))?)
    })
}

/// The stem of a word that reads as `key`; the key itself where no rule applies.
///
/// ```
/// use uttor::text::{key::readings_of, stem::stem, tokens::tokens};
/// let stem = |word| { let token = tokens(word)[0]; stem(token, &readings_of(token).first()) };
/// for word in ["শিখব", "শিখতে", "shekha", "shikhbo", "শিখমু", "হিখতাম"] {
///     assert_eq!(stem(word).as_str(), "sikV", "{word}");
/// }
/// assert_eq!(stem("ফ্রিল্যান্সারদের"), readings_of(tokens("ফ্রিল্যান্সার")[0]).first());
/// assert_ne!(stem("নিয়ম"), stem("নিব"));
/// ```
pub fn stem(token: Token<'_>, key: &Key) -> Key {
    let verb = match token.script {
        Script::Digits | Script::Other => return *key,
        Script::Bengali => by_spelling(token.text).or_else(|| by_key(key).filter(|_| !is_real(token))),
        Script::Latin => by_key(key).filter(|_| VERBS_ALL_THE_SAME.contains(&token.text) || !is_real(token)),
    };
    verb.map_or_else(|| noun(key), stands_for)
}

/// The stem of a word of which only the key is known.
pub fn stem_of_key(key: &Key) -> Key {
    by_key(key).map_or_else(|| noun(key), stands_for)
}

fn stands_for(root: Root) -> Key {
    STANDS_FOR.get(usize::from(root)).copied().unwrap_or(Key::of_letters(b""))
}

fn noun(key: &Key) -> Key {
    let mut letters = key.as_bytes();
    for suffixes in [CASES, CLASSIFIERS] {
        for suffix in suffixes {
            if let Some(rest) = letters.strip_suffix(suffix.as_bytes())
                && consonants(rest) >= 2
                && fits(rest, suffix)
            {
                letters = rest;
                break;
            }
        }
    }
    Key::of_letters(letters)
}

/// A single r, i or o is a suffix only behind a vowel; a word must keep three letters.
fn fits(rest: &[u8], suffix: &str) -> bool {
    rest.len() >= 3
        && match suffix {
            "r" | "i" | "o" => rest.last().is_some_and(|letter| is_vowel(*letter)),
            _ => true,
        }
}

fn consonants(letters: &[u8]) -> usize {
    letters.iter().filter(|letter| !is_vowel(**letter)).count()
}

#[cfg(test)]
mod tests {
    use super::stem;
    use crate::text::key::{Key, readings_of};
    use crate::text::normalize::normalize;
    use crate::text::tokens::tokens;

    fn stem_of(word: &str) -> Key {
        let normalized = normalize(word);
        let token = tokens(&normalized)[0];
        stem(token, &readings_of(token).first())
    }

    #[test]
    fn forms_join_their_root_whatever_the_dialect() {
        for (root, forms) in [
            ("করি", "করব করতেছি করতাছি করমু করুম করবাম কইরা কইরেন করবাইন করলে করেছিলাম krbo kortesi korchi kormu"),
            ("যাই", "যাব গেলাম গিয়ে যেতে যাইতাম যামু যাইবাম যাওয়া gelam jaite jabo gesi"),
            ("দেই", "দিব দিয়ে দেওয়া দিচ্ছে দিলাম দিমু dibo disse ditesi"),
            ("হবে", "হয় হইবো হওয়া হচ্ছে অইবো হতে হলে hoibo hobe hocche"),
            ("আসি", "এসে আইতে আইছে আসবে আইলাম আইসা asbo aise"),
            ("শুই", "শোয়া শুয়ে"),
            ("শিখি", "শিখব শেখা শিখমু শিখাইতে হিখতাম শিখিয়ে shikhmu sikhtesi shekhate"),
            ("পারি", "পারব পেরেছি পারমু ফারমু পাইরবেন parmu parben"),
            ("খাই", "খেয়ে খাইছি খাওয়া খাইবাম"),
        ] {
            for form in forms.split(' ') {
                assert_eq!(stem_of(form), stem_of(root), "{form}");
            }
        }
    }

    #[test]
    fn what_only_looks_like_a_form_is_left_alone() {
        for (word, verb) in [
            ("নিয়ম", "নিব"),
            ("জাতীয়", "যাই"),
            ("কৃষি", "করি"),
            ("শূন্য", "শুনি"),
            ("পেরোল", "পারি"),
            ("প্রয়োজন", "পড়ি"),
            ("দিন", "দিব"),
            ("আইন", "আসি"),
            ("ফাইল", "পাই"),
            ("বাড়িতে", "বাড়ে"),
            ("can", "খাই"),
            ("cat", "খাই"),
            ("niyom", "নিব"),
        ] {
            assert_ne!(stem_of(word), stem_of(verb), "{word}");
        }
    }
}
