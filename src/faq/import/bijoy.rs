//! Text for the fonts of Bijoy (`SutonnyMJ` and its kin), which store Bengali as letters of Windows-1252, to Unicode.
//!
//! The table is the fonts' known layout. Signs that are drawn before their letter (ি ে ৈ) are stored before it, and a
//! reph is stored after the letters that it stands on; both change places.

mod layout;

use crate::text::normalize::compose;
use layout::LETTERS;

const HASANTA: char = '\u{09CD}';

/// A reph while it still stands behind its letters: a র before a hasanta of its own (র্য) is none.
const REPH: char = '\u{E000}';

/// Letters that English text hardly has and these fonts use all the time.
const TELLING: &[char] = &[
    '†', '‡', '©', '¨', 'ª', 'Ö', '¯', '¶', 'Î', '³', 'š', '›', '¤', 'Ï', 'Ë', 'Í', 'œ', '¦', '¡', '÷', '½',
    '„', 'ƒ', 'µ', 'Á', 'ÿ', 'ó', 'Z',
];

/// Whether a font of this name shows Bengali for Latin letters.
pub fn is_font(name: &str) -> bool {
    let name = name.trim_matches(['\'', '"', ' ']);
    // Fonts for Unicode are named OMJ.
    name.ends_with("MJ") && !name.ends_with("OMJ")
        || name.to_ascii_lowercase().starts_with("sutonny") && !name.contains("OMJ")
}

/// The text in Unicode; what the table does not know stays.
///
/// ```
/// use uttor::faq::import::bijoy::unicode;
/// assert_eq!(unicode("Avwg evsjvq Kvg Kwi|"), "আমি বাংলায় কাম করি।");
/// ```
pub fn unicode(text: &str) -> String {
    let mut letters: Vec<char> = Vec::with_capacity(text.len());
    for c in text.chars() {
        match LETTERS.iter().find(|(letter, _)| *letter == c) {
            Some((_, known)) => known.chars().for_each(|c| push(&mut letters, c)),
            None if c.is_ascii_digit() => {
                letters.extend(char::from_u32('০' as u32 + c as u32 - '0' as u32));
            }
            None => letters.push(c),
        }
    }
    compose(&ordered(&letters))
}

/// `অ` before `া` is `আ`; two halves that meet need one hasanta.
fn push(letters: &mut Vec<char>, c: char) {
    match (letters.last(), c) {
        (Some('অ'), 'া') => {
            letters.pop();
            letters.push('আ');
        }
        (Some(&HASANTA), HASANTA) => {}
        _ => letters.push(c),
    }
}

fn is_consonant(c: char) -> bool {
    matches!(c, 'ক'..='হ' | 'ড়' | 'ঢ়' | 'য়' | 'ৎ' | '\u{09BC}')
}

fn is_before(c: char) -> bool {
    matches!(c, 'ি' | 'ে' | 'ৈ')
}

/// Moves signs behind the letters that they are drawn before, and rephs before the letters that they stand on.
fn ordered(letters: &[char]) -> String {
    let mut out: Vec<char> = Vec::with_capacity(letters.len());
    let mut at = 0;
    while let Some(&c) = letters.get(at) {
        at += 1;
        if c == REPH {
            set_reph(&mut out);
        } else if is_before(c) {
            let length = cluster_length(letters.get(at..).unwrap_or_default());
            out.extend_from_slice(letters.get(at..at + length).unwrap_or_default());
            at += length;
            // A reph is stored behind the letters, before a sign that follows them.
            if letters.get(at) == Some(&REPH) {
                set_reph(&mut out);
                at += 1;
            }
            match (c, letters.get(at)) {
                ('ে', Some('া')) => {
                    out.push('ো');
                    at += 1;
                }
                ('ে', Some('ৗ')) => {
                    out.push('ৌ');
                    at += 1;
                }
                _ => out.push(c),
            }
        } else {
            out.push(c);
        }
    }
    out.into_iter().collect()
}

fn set_reph(out: &mut Vec<char>) {
    let start = cluster_start(out);
    out.splice(start..start, ['র', HASANTA]);
}

/// Where the last letters that are drawn as one begin.
fn cluster_start(out: &[char]) -> usize {
    let mut start = out.len();
    while start > 0 && out.get(start - 1).is_some_and(|c| !is_consonant(*c) && *c != HASANTA) {
        start -= 1;
    }
    while start > 0 {
        if out.get(start - 1) == Some(&'\u{09BC}') {
            start -= 1;
        }
        start = start.saturating_sub(1);
        if start == 0 || out.get(start - 1) != Some(&HASANTA) {
            break;
        }
        start -= 1;
    }
    start
}

/// How many of the next characters are letters that are drawn as one.
fn cluster_length(next: &[char]) -> usize {
    let mut length = 0;
    loop {
        if !next.get(length).is_some_and(|c| is_consonant(*c)) {
            return length;
        }
        length += 1;
        while next.get(length) == Some(&'\u{09BC}') {
            length += 1;
        }
        // A reph begins here; it is no part of what a sign before it stands on.
        if next.get(length) == Some(&HASANTA) {
            length += 1;
        } else {
            return length;
        }
    }
}

/// `text` in Unicode, where it is in such a font's letters without a doubt; what is English in it stays.
pub fn mended(text: &str) -> Option<String> {
    if !is_certain(text) {
        return None;
    }
    let mut out = String::with_capacity(text.len() * 3);
    for segment in text.split_inclusive(['\n', '\t', ',', ';', '"']) {
        let body = segment.trim_end_matches(['\n', '\t', ',', ';', '"']);
        let rest = segment.get(body.len()..).unwrap_or_default();
        if is_english(body) {
            out.push_str(body);
        } else {
            out.push_str(&unicode(body));
        }
        out.push_str(rest);
    }
    Some(out)
}

/// Letters in other proportions than any text in Latin letters has them.
fn is_certain(text: &str) -> bool {
    if text.chars().any(|c| ('\u{0980}'..='\u{09FF}').contains(&c)) {
        return false;
    }
    let letters = text.chars().filter(|c| c.is_alphabetic() || TELLING.contains(c)).count();
    let share =
        |fits: &dyn Fn(char) -> bool| text.chars().filter(|c| fits(*c)).count() * 100 / letters.max(1);
    let telling = share(&|c| !c.is_ascii() && TELLING.contains(&c));
    let aa = share(&|c| c == 'v');
    letters >= 12 && aa >= 5 && (telling >= 2 || (aa >= 8 && share(&|c| c == 'w') >= 2 && is_mixed(text)))
}

/// Capitals stand inside of words.
fn is_mixed(text: &str) -> bool {
    let words = text.split_whitespace();
    let (mut all, mut mixed) = (0, 0);
    for word in words.filter(|word| word.chars().count() > 2) {
        all += 1;
        let (lower, upper) = (
            word.contains(|c: char| c.is_ascii_lowercase()),
            word.chars().skip(1).any(|c| c.is_ascii_uppercase()),
        );
        mixed += usize::from(lower && upper);
    }
    mixed * 4 >= all
}

/// A word of a table's head, an address, or a sentence with English vowels.
fn is_english(segment: &str) -> bool {
    let word = segment.trim();
    if word.contains("://") || word.contains('@') {
        return true;
    }
    let letters = word.chars().filter(char::is_ascii_alphabetic).count();
    let vowels = word.chars().filter(|c| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u')).count();
    let telling = word.chars().any(|c| !c.is_ascii() && TELLING.contains(&c));
    let capitals = word.split_whitespace().any(|word| word.chars().skip(1).any(|c| c.is_ascii_uppercase()));
    !telling
        && !capitals
        && letters >= 3
        && vowels * 10 >= letters * 3
        && word.matches('v').count() * 20 <= letters
}

#[cfg(test)]
mod tests {
    use super::{is_font, mended, unicode};

    #[test]
    fn words_of_every_kind_come_out() {
        for (stored, read) in [
            ("Avgvi †mvbvi evsjv", "আমার সোনার বাংলা"),
            ("cÖkœ", "প্রশ্ন"),
            ("m`m¨", "সদস্য"),
            ("Kx fv‡e", "কী ভাবে"),
            ("eB wb‡Z Kq UvKv jv‡M?", "বই নিতে কয় টাকা লাগে?"),
            ("kvwšÍ", "শান্তি"),
            ("Kg©", "কর্ম"),
            ("Avwg©", "আর্মি"),
            ("mg¯Í", "সমস্ত"),
            ("cwi‡cÖw¶Z", "পরিপ্রেক্ষিত"),
            ("wkÿv_©x", "শিক্ষার্থী"),
            ("e¨vsK", "ব্যাংক"),
            ("†cŠi", "পৌর"),
            ("1 Rb", "১ জন"),
            ("wbqgvejx", "নিয়মাবলী"),
            ("¯‹zj", "স্কুল"),
            ("PP©v", "চর্চা"),
            ("‡÷vi", "স্টোর"),
            ("weKvj 5Uvq", "বিকাল ৫টায়"),
        ] {
            assert_eq!(unicode(stored), crate::text::normalize::compose(read), "{stored}");
        }
    }

    #[test]
    fn only_what_is_certain_is_converted() {
        let stored = "question,answer\nm`m¨ n‡Z Kx jv‡M?,dig c~iY K‡i cÂvk UvKv w`b|\n";
        let read = "question,answer\nসদস্য হতে কী লাগে?,ফরম পূরণ করে পঞ্চাশ টাকা দিন।\n";
        assert_eq!(mended(stored).as_deref(), Some(crate::text::normalize::compose(read).as_str()));
        for text in [
            "How do I view every available video? Visit vivid.example over the river.",
            "boi nite koto taka lage vai, ekhon ki korbo?",
            "Où est la bibliothèque ? Ça dépend de l'été.",
            "সদস্য হতে কী লাগে?",
        ] {
            assert_eq!(mended(text), None, "{text}");
        }
    }

    #[test]
    fn fonts_are_known_by_name() {
        assert!(is_font("SutonnyMJ") && is_font("'SutonnyMJ'") && is_font("KarnaphuliMJ"));
        assert!(!is_font("SutonnyOMJ") && !is_font("Nikosh") && !is_font("Arial"));
    }
}
