//! Ids that a person can read, from questions in any script.

/// The longest slug, in bytes: with the number before it and room to spare below an id's 48.
const SLUG_BYTES: usize = 40;

const HASANTA: char = '\u{09CD}';

/// A name in `a-z`, `0-9` and `-` that reminds of `question`, cut at a word.
///
/// ```
/// assert_eq!(uttor::faq::import::slug::slug("ছাদবাগান কীভাবে করব?"), "chhadbagan-kivabe-korob");
/// ```
pub fn slug(question: &str) -> String {
    let mut slug = String::new();
    let latin: String = question.split_whitespace().map(latin).collect::<Vec<_>>().join(" ");
    for word in slug::slugify(latin).split('-').filter(|word| !word.is_empty()) {
        if slug.len() + 1 + word.len() > SLUG_BYTES {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(word);
    }
    if slug.is_empty() { "entry".to_owned() } else { slug }
}

/// How a consonant is written in Latin letters.
fn consonant(c: char) -> Option<&'static str> {
    Some(match c {
        'ক' => "k",
        'খ' => "kh",
        'গ' => "g",
        'ঘ' => "gh",
        'ঙ' => "ng",
        'চ' => "ch",
        'ছ' => "chh",
        'জ' | 'য' => "j",
        'ঝ' => "jh",
        'ঞ' | 'ণ' | 'ন' => "n",
        'ট' | 'ত' => "t",
        'ঠ' | 'থ' => "th",
        'ড' | 'দ' => "d",
        'ঢ' | 'ধ' => "dh",
        'প' => "p",
        'ফ' => "f",
        'ব' => "b",
        'ভ' => "v",
        'ম' => "m",
        'র' | 'ড়' => "r",
        'ঢ়' => "rh",
        'ল' => "l",
        'শ' | 'ষ' => "sh",
        'স' => "s",
        'হ' => "h",
        'য়' => "y",
        _ => return None,
    })
}

/// How a vowel, a vowel sign or a mark is written.
fn vowel(c: char) -> Option<&'static str> {
    Some(match c {
        'অ' | 'ও' | 'ো' => "o",
        'আ' | 'া' => "a",
        'ই' | 'ঈ' | 'ি' | 'ী' => "i",
        'উ' | 'ঊ' | 'ু' | 'ূ' => "u",
        'ঋ' | 'ৃ' => "ri",
        'এ' | 'ে' => "e",
        'ঐ' | 'ৈ' => "oi",
        'ঔ' | 'ৌ' => "ou",
        _ => return None,
    })
}

fn is_sign(c: char) -> bool {
    matches!(c, '\u{09BE}'..='\u{09CC}')
}

/// A word in Latin letters; what is no Bengali stays.
fn latin(word: &str) -> String {
    let letters: Vec<char> = crate::text::normalize::compose(word).chars().collect();
    let mut out = String::new();
    for (at, &c) in letters.iter().enumerate() {
        if let Some(written) = consonant(c) {
            // A য below another letter is a y.
            let below = at > 0 && letters.get(at - 1) == Some(&HASANTA);
            out.push_str(if c == 'য' && below { "y" } else { written });
            if has_inherent_vowel(&letters, at) {
                out.push('o');
            }
        } else if let Some(written) = vowel(c) {
            out.push_str(written);
        } else {
            match c {
                'ং' => out.push_str("ng"),
                'ৎ' => out.push('t'),
                '০'..='৯' => out.extend(char::from_digit(c as u32 - '০' as u32, 10)),
                HASANTA | 'ঁ' | 'ঃ' | '\u{200C}' | '\u{200D}' => {}
                c => out.push(c),
            }
        }
    }
    out
}

/// Whether the vowel that no sign writes is heard behind the consonant at `at`.
fn has_inherent_vowel(letters: &[char], at: usize) -> bool {
    let get = |at: Option<usize>| at.and_then(|at| letters.get(at)).copied();
    let Some(next) = get(Some(at + 1)) else {
        // At a word's end it is heard behind letters that are drawn as one (গল্প), not behind a single one (কলম).
        return get(at.checked_sub(1)) == Some(HASANTA);
    };
    if is_sign(next) || next == HASANTA {
        return false;
    }
    if consonant(next).is_none() {
        // Before a vowel of its own (বই), and before what is drawn beside the letter.
        return matches!(next, 'ং' | 'ঁ' | 'ঃ') || vowel(next).is_some();
    }
    // Between a vowel and a consonant with a vowel of its own it is dropped (ছাদবাগান).
    let follows_vowel = get(at.checked_sub(1)).is_some_and(|before| vowel(before).is_some());
    let next_is_full = get(Some(at + 2)).is_some_and(is_sign);
    !(follows_vowel && next_is_full)
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn ids_can_be_read() {
        for (question, expected) in [
            ("ছাদবাগান কি?", "chhadbagan-ki"),
            ("কখন খোলা থাকে?", "kokhon-khola-thake"),
            ("সদস্য হতে কত টাকা লাগে?", "sodosyo-hote-kot-taka-lage"),
            ("প্রশ্ন কোথায় করব?", "proshno-kothay-korob"),
            ("বাংলা ২য় পত্র", "bangla-2y-potro"),
            ("What is SEO?", "what-is-seo"),
            ("???", "entry"),
        ] {
            assert_eq!(slug(question), expected, "{question}");
        }
    }

    #[test]
    fn slugs_are_ids() {
        for question in ["কিভাবে শিখব?", "What is SEO?", "???", "ক".repeat(90).as_str(), "日本 কি?"]
        {
            let slug = slug(question);
            assert!(format!("12345-{slug}").parse::<crate::faq::EntryId>().is_ok(), "{slug}");
        }
    }
}
