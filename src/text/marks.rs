//! Letters of scripts other than Bengali and Latin: what is one letter to those who read it stays one, and what people
//! leave out as often as they write it is left out.
//!
//! The folds of Arabic are those that search engines make (alef, yeh, kaf and teh marbuta in one spelling each, no
//! harakat); Greek is written without accents in capitals, Russian with е for ё, Hindi without the dot.

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// A mark that belongs to the letter before it. Those that enclose a character (1⃣) do not.
pub(super) fn is_joined_on(c: char) -> bool {
    is_combining_mark(c) && !matches!(c, '\u{20D0}'..='\u{20FF}')
}

/// Appends a letter in lower case or a mark, in the form that is compared.
pub(super) fn foreign(out: &mut String, c: char) {
    match c {
        // Greek and its accents; ё.
        'ά'..='ώ' | '\u{1F00}'..='\u{1FFF}' | 'ΐ' | 'ё' => {
            decompose_canonical(c, |part| {
                if part.is_alphabetic() && !is_joined_on(part) {
                    out.push(if part == 'ς' { 'σ' } else { part });
                }
            });
        }
        'أ' | 'إ' | 'آ' | 'ٱ' => out.push('ا'),
        'ى' | 'ی' => out.push('ي'),
        'ک' => out.push('ك'),
        'ة' | 'ہ' | 'ۃ' | 'ە' => out.push('ه'),
        '\u{0640}' => {}
        // With a dot below; the dot alone is dropped.
        'ऩ' => out.push('न'),
        'ऱ' => out.push('र'),
        'ऴ' => out.push('ळ'),
        'ँ' => mark(out, 'ं'),
        c if is_left_out(c) => {}
        c if is_joined_on(c) => mark(out, c),
        c => out.push(c),
    }
}

/// Accents, stress, harakat, niqqud, the dots of Devanagari, Gurmukhi and Gujarati.
fn is_left_out(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}' | '\u{0591}'..='\u{05BD}' | '\u{05BF}'..='\u{05C7}'
        | '\u{0610}'..='\u{061A}' | '\u{064B}'..='\u{065F}' | '\u{0670}' | '\u{06D6}'..='\u{06DC}'
        | '\u{06DF}'..='\u{06E8}' | '\u{06EA}'..='\u{06ED}' | '\u{08D3}'..='\u{08FF}'
        | '\u{093C}' | '\u{0A3C}' | '\u{0ABC}')
}

/// A mark without a letter before it says nothing.
fn mark(out: &mut String, mark: char) {
    let on_letter = out
        .chars()
        .next_back()
        .is_some_and(|last| !last.is_ascii() && !('\u{0980}'..='\u{09FF}').contains(&last));
    if on_letter {
        out.push(mark);
    }
}
