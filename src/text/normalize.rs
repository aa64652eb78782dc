//! One spelling for what Unicode and keyboards write in many ways; the rules and their sources are those of
//! Unicode 16 (composition exclusions, default ignorables) and of how Bengali keyboards misuse them.
//!
//! In: any text. Out: words of letters and digits parted by single spaces, sentence ends as `.` or `?`.

use deunicode::deunicode_char;
use unicode_normalization::UnicodeNormalization;

use super::emoji::emoji;
use super::marks::{foreign, is_joined_on};

const HASANTA: char = '\u{09CD}';
const NUKTA: char = '\u{09BC}';

/// The longest part of a message that is looked at, in characters from its end: what a question can hold.
pub const QUESTION_CHARS: usize = 1_000;

/// The last [`QUESTION_CHARS`] characters of a message.
pub fn question(message: &str) -> &str {
    let cut = message.char_indices().rev().nth(QUESTION_CHARS - 1).map_or(0, |(at, _)| at);
    message.get(cut..).unwrap_or(message)
}

/// The form in which the project itself writes Bengali: NFC, with ড় ঢ় য় as single codes and nothing invisible.
///
/// ```
/// use uttor::text::normalize::compose;
/// assert_eq!(compose("প\u{9a1}\u{9bc}া\u{200b}"), "প\u{9dc}া");
/// ```
pub fn compose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfc().filter(|c| !is_invisible(*c)) {
        push_composed(&mut out, c);
    }
    out
}

/// [`compose`], save that a word keeps the invisible characters that it is drawn by (র‍্যাংক, ❤️).
///
/// ```
/// use uttor::text::normalize::written;
/// assert_eq!(written("র\u{200d}্যাংক প\u{9a1}\u{9bc}া\u{200b}"), "র\u{200d}্যাংক প\u{9dc}া");
/// ```
pub fn written(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_inclusive(char::is_whitespace) {
        let composed = compose(word);
        let drawn = word.chars().filter(|c| !matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE0F}'));
        out.push_str(if drawn.eq(composed.chars()) { word } else { &composed });
    }
    out
}

/// The normalized text. Normalizing twice gives the same as once.
pub fn normalize(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let plain = |c: char| c.is_ascii() || ('\u{0980}'..='\u{09FF}').contains(&c) || c == '।';
    if text.chars().all(plain) {
        text.chars().for_each(|c| push(&mut out, c));
    } else {
        // What is deleted goes first: it would keep apart what composes.
        let mut before = ' ';
        let kept = text.chars().filter_map(|c| {
            let joined = std::mem::replace(&mut before, c) == '\u{200D}';
            match c {
                c if is_deleted(c) => None,
                // A part of one picture: a person at a computer is no computer.
                c if joined && emoji(c).is_some() => Some(' '),
                c => Some(c),
            }
        });
        kept.nfkc().for_each(|c| push(&mut out, c));
    }
    while out.ends_with([' ', '.']) {
        out.pop();
    }
    out
}

/// Deleted wherever it stands: joiners (ZWJ and ZWNJ too: many keyboards drop them), marks of direction,
/// variation selectors, soft hyphens.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{E0000}'..='\u{E0FFF}')
}

/// Invisible, or an apostrophe: "don't" is one word.
fn is_deleted(c: char) -> bool {
    is_invisible(c) || matches!(c, '\'' | '’' | '‘' | '`')
}

fn push(out: &mut String, c: char) {
    match c {
        'a'..='z' => push_latin(out, c),
        'A'..='Z' => push_latin(out, c.to_ascii_lowercase()),
        '0'..='9' => out.push(c),
        '০'..='৯' => out.push(digit(c, '০')),
        '०'..='९' => out.push(digit(c, '०')),
        '?' | '؟' => end(out, '?'),
        // Greek asks with it.
        ';' if out.trim_end().ends_with(|c| matches!(c, 'α'..='ω')) => end(out, '?'),
        '.' | '।' | '॥' | '!' | '|' | '\u{09F7}' | '\n' | ';' | '。' | '۔' | '።' => end(out, '.'),
        '৳' => word(out, "টাকা"),
        '$' => word(out, "dollar"),
        '%' => word(out, "percent"),
        '\u{0901}' | '\u{093C}' if !out.ends_with(is_bengali) => foreign(out, c),
        '\u{0980}'..='\u{09FF}' | '\u{0901}' | '\u{093C}' => push_composed(out, c),
        c if is_deleted(c) => {}
        c if is_latin(c) => fold(out, c),
        c if c.is_alphabetic() || is_joined_on(c) => c.to_lowercase().for_each(|c| foreign(out, c)),
        c if c.is_numeric() => match ascii(c) {
            [digit @ b'0'..=b'9'] => out.push(char::from(*digit)),
            _ => space(out),
        },
        c => match emoji(c) {
            Some("?") => end(out, '?'),
            Some(said) => word(out, said),
            None => space(out),
        },
    }
}

/// Latin letters beyond a to z.
fn is_latin(c: char) -> bool {
    c.is_alphabetic()
        && matches!(c, '\u{AA}'..='\u{2AF}' | '\u{1D00}'..='\u{1DBF}' | '\u{1E00}'..='\u{1EFF}'
            | '\u{2C60}'..='\u{2C7F}' | '\u{A722}'..='\u{A7FF}' | '\u{AB30}'..='\u{AB64}')
}

/// A Latin letter without its accent: é is e, ß is ss, ø is o.
fn fold(out: &mut String, c: char) {
    for letter in ascii(c).iter().filter(|letter| letter.is_ascii_alphabetic()) {
        push_latin(out, char::from(letter.to_ascii_lowercase()));
    }
}

fn ascii(c: char) -> &'static [u8] {
    deunicode_char(c).unwrap_or_default().as_bytes()
}

fn digit(c: char, zero: char) -> char {
    char::from_digit(c as u32 - zero as u32, 10).unwrap_or('0')
}

/// What a symbol says; three of them say no more than one.
fn word(out: &mut String, word: &str) {
    space(out);
    if out.trim_end().rsplit(' ').next() != Some(word) {
        out.push_str(word);
        out.push(' ');
    }
}

fn space(out: &mut String) {
    if !out.is_empty() && !out.ends_with(' ') {
        out.push(' ');
    }
}

/// The end of a sentence stands right behind its last word, once; a question mark wins.
fn end(out: &mut String, mark: char) {
    while out.ends_with(' ') {
        out.pop();
    }
    if out.ends_with('.') && mark == '?' {
        out.pop();
    }
    if !out.is_empty() && !out.ends_with(['.', '?']) {
        out.push(mark);
    }
    space(out);
}

/// Three equal letters in a row say no more than two ("kiiiii", "hmmmm").
fn push_latin(out: &mut String, c: char) {
    let mut last = out.bytes().rev();
    if last.next() != Some(c as u8) || last.next() != Some(c as u8) {
        out.push(c);
    }
}

/// Appends a Bengali character, composing it with what stands before it.
fn push_composed(out: &mut String, c: char) {
    let last = out.chars().next_back();
    let composed = match (last, c) {
        (Some('ড'), NUKTA | '\u{093C}') => Some('\u{09DC}'),
        (Some('ঢ'), NUKTA | '\u{093C}') => Some('\u{09DD}'),
        (Some('য'), NUKTA | '\u{093C}') => Some('\u{09DF}'),
        (Some('অ'), 'া') => Some('আ'),
        (Some('ে'), 'া') => Some('ো'),
        (Some('ে'), '\u{09D7}') => Some('ৌ'),
        _ => None,
    };
    if let Some(composed) = composed {
        out.pop();
        out.push(composed);
        return;
    }
    match c {
        NUKTA | '\u{093C}' => nukta_behind_a_sign(out),
        '\u{09F0}' => out.push('র'),
        '\u{09F1}' => out.push('ৱ'),
        '\u{0901}' => push_sign(out, 'ঁ'),
        '\u{0981}'..='\u{0983}' | '\u{09BE}'..='\u{09CD}' | '\u{09D7}' => push_sign(out, c),
        _ => out.push(c),
    }
}

/// A nukta typed after the vowel sign (যে়) belongs to the letter before it; one that fits nothing is dropped.
fn nukta_behind_a_sign(out: &mut String) {
    let mut back = out.char_indices().rev();
    if let (Some((sign_at, sign)), Some((letter_at, letter))) = (back.next(), back.next()) {
        let composed = match letter {
            'ড' => '\u{09DC}',
            'ঢ' => '\u{09DD}',
            'য' => '\u{09DF}',
            _ => return,
        };
        if is_sign(sign) && sign_at > letter_at {
            out.truncate(letter_at);
            out.push(composed);
            out.push(sign);
        }
    }
}

/// A sign that already stands is not written twice; one without a letter before it is dropped.
fn push_sign(out: &mut String, sign: char) {
    match out.chars().next_back() {
        Some(last) if last == sign => {}
        Some(last) if is_bengali(last) => out.push(sign),
        _ => {}
    }
}

fn is_bengali(c: char) -> bool {
    ('\u{0980}'..='\u{09FF}').contains(&c)
}

/// A sign that cannot stand alone: vowel signs, hasanta, and the three marks.
pub(super) fn is_sign(c: char) -> bool {
    matches!(c, '\u{0981}'..='\u{0983}' | '\u{09BE}'..='\u{09CC}' | HASANTA | '\u{09D7}')
}

#[cfg(test)]
mod tests {
    use super::normalize;

    #[test]
    fn letters_of_every_script_stay_in_their_word() {
        for (typed, expected) in [
            ("Matrícula É Straße Øre Łódź", "matricula e strasse ore lodz"),
            ("ПРИВЕТ Ёлка й", "привет елка й"),
            ("Πόσο ΚΟΣΤΊΖΕΙ ο δρόμος;", "ποσο κοστιζει ο δρομοσ?"),
            ("मैं ज़रूर सीखूँगा क्या", "मैं जरूर सीखूंगा क्या"),
            ("كَمْ التكلفـة؟ أين", "كم التكلفه? اين"),
            ("שָׁלוֹם", "שלום"),
            ("٣ ชั่วโมง ๕", "3 ชั่วโมง 5"),
            ("学费多少。", "学费多少"),
            ("தமிழ் కన్నడ", "தமிழ் కన్నడ"),
        ] {
            assert_eq!(normalize(typed), expected);
            assert_eq!(normalize(expected), expected);
        }
    }

    #[test]
    fn pictures_that_say_something_are_words() {
        for (typed, expected) in [
            ("📱 দিয়ে হবে 🤔🤔", "মোবাইল দিয়ে হবে?"),
            ("koto 💰💰💰 lage ❓", "koto টাকা lage?"),
            ("👩\u{200d}💻 😂 ki", "ki"),
            ("1\u{fe0f}\u{20e3} ki", "1 ki"),
        ] {
            assert_eq!(normalize(typed), normalize(expected), "{typed}");
            assert_eq!(normalize(&normalize(typed)), normalize(typed));
        }
    }
}
