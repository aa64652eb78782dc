//! The stem of a word, in key space, so that one table serves both scripts: closed tables of verb roots and endings,
//! and light noun suffixes. Free stripping of verb endings over-stems badly (প্রয়োজন, প্রশ্ন and প্রথম all become `pr`).

use std::hash::BuildHasher as _;
use std::sync::LazyLock;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::key::{Key, is_vowel};

/// Verb roots: the first of a line stands for all.
const ROOTS: &[&str] = &[
    "kr kir kair kra krai koir",
    "sik sek sika seka",
    "pa pe pei pai pao",
    "lag laga lagai",
    "ja je jai jao ge gi",
    "de di dei dia dio",
    "ne ni nei nio",
    "ho hoi",
    "ka kai kao",
    "ca cai cao",
    "jan jana",
    "par per pair",
    "bl bol",
    "dek dik deka",
    "kin kin ken kena",
    "buj boj bujai",
    "tak",
    "as es ais ax",
    "an en",
    "rak",
    "lik lek",
    "sun son",
    "cal cala",
    "kuj",
    "kam kama kamai",
    "kul kol kola",
    "bana",
    "mil mel",
    "tul tol",
    "ut ot uta ota",
];

/// Verb endings: future, present, infinitive, perfective, conditional, past, habitual, continuous, perfect,
/// imperative, verbal noun. No bare x: it would swallow কোর্স and খরচ.
const ENDINGS: &[&str] = &[
    "b", "ba", "be", "ben", "bi", "bn", "mu", "m", "bam", "i", "e", "en", "n", "a", "is", "te", "ite", "ie",
    "ia", "le", "ile", "l", "la", "lam", "len", "li", "t", "ta", "tam", "ten", "xi", "xe", "xen", "tex",
    "texi", "texe", "texen", "exi", "exe", "exen", "ixi", "ixe", "un", "o", "u", "uk", "oa", "oar", "ar",
    "bar", "ano", "anr", "an",
];

/// Keys that look like a verb and are none: দেশ দিন দিক খরচ কোর্স টাকা প্রতি ডাটা পাশে যেন যেটা কার থেকে.
const NOT_VERBS: &[&str] = &[
    "des", "din", "dik", "krc", "krs", "taka", "takar", "takai", "prti", "prsn", "pran", "pr", "data",
    "pase", "jen", "jeta", "kintu", "kar", "teke", "niim", "sekan", "kaj", "kajr", "kaje", "ami", "amra",
    "tai", "ek",
];

/// Case endings, then classifiers, at most one of each, the longest first.
const CASES: &[&str] = &["derke", "der", "era", "ra", "ke", "er", "te", "re", "r", "i", "e", "o"];
const CLASSIFIERS: &[&str] = &["gulr", "guli", "gula", "gul", "tuku", "kani", "kana", "ta", "ti", "te"];

/// The verbs' forms, some forty thousand: the hash of the form's key, in its last byte the number of its root's line;
/// ascending. The keys themselves in a hash map would be a tenth of the program's memory.
static FORMS: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let mut forms = FxHashMap::default();
    for (number, line) in (0_u8..).zip(ROOTS) {
        for root in line.split(' ') {
            for ending in std::iter::once(&"").chain(ENDINGS) {
                for clitic in ["", "i", "o", "na", "ni"] {
                    for x in [b'x', b's', b'c'] {
                        let form: Vec<u8> = [root, ending, clitic]
                            .concat()
                            .bytes()
                            .map(|letter| if letter == b'x' { x } else { letter })
                            .collect();
                        forms.entry(Key::of_letters(&form)).or_insert(number);
                    }
                }
            }
        }
    }
    for word in NOT_VERBS {
        forms.remove(&Key::of_letters(word.as_bytes()));
    }
    let mut forms: Vec<u64> = forms.iter().map(|(form, root)| hash(form) | u64::from(*root)).collect();
    forms.sort_unstable();
    forms
});

/// With the last byte empty.
fn hash(form: &Key) -> u64 {
    FxBuildHasher.hash_one(form) & !0xFF
}

/// The stem of a verb's form.
fn verb(form: &Key) -> Option<Key> {
    let hash = hash(form);
    let found = FORMS.get(FORMS.partition_point(|known| *known < hash))?;
    let root = ROOTS.get((found ^ hash) as usize)?.split(' ').next()?;
    Some(Key::of_letters(root.as_bytes()))
}

/// The stem of a key; the key itself where no rule applies.
///
/// ```
/// use uttor::text::{key::readings, stem::stem};
/// for word in ["শিখব", "শিখতে", "shekha", "shikhbo"] {
///     assert_eq!(stem(&readings(word).first()).as_str(), "sik", "{word}");
/// }
/// assert_eq!(stem(&readings("ফ্রিল্যান্সারদের").first()), readings("ফ্রিল্যান্সার").first());
/// ```
pub fn stem(key: &Key) -> Key {
    verb(key).unwrap_or_else(|| noun(key))
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
