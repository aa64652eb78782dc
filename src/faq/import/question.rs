//! Questions as they are written, compared and recognized.

use super::outline;
use crate::text::normalize::{normalize, written};

/// A question as it is compared with others.
pub fn asked(question: &str) -> String {
    normalize(&tidy(question)).trim_end_matches('?').trim_end().to_owned()
}

/// Whether a line ends with a question mark, whatever closes behind it.
pub fn ends_asking(line: &str) -> bool {
    let closing = |c: char| {
        c.is_whitespace()
            || matches!(c, ')' | ']' | '”' | '’' | '"' | '\'' | '»' | '*' | '_' | '|' | ':' | '-')
    };
    line.trim_end_matches(closing).ends_with(['?', '？', '؟'])
}

/// Signs that people set before a question, as others set a bullet; none says anything.
const SIGNS: [char; 14] =
    ['❓', '❔', '⁉', '\u{FE0F}', '✅', '✔', '☑', '👉', '➡', '➤', '🔹', '🔸', '📌', '⭐'];

/// A heading as a question is written: without its sign, label and number, one space between words, none before the mark.
pub fn tidy(heading: &str) -> String {
    let composed = written(heading);
    let plain = composed.trim().trim_matches('*').trim_start_matches(SIGNS).trim_start();
    let bare = outline::labels::without_question_label(plain).unwrap_or_else(|| unnumbered(plain));
    spaced(bare)
}

/// [`tidy`], but the number is the question's own.
pub fn tidy_numbered(heading: &str) -> String {
    let composed = written(heading);
    let bare = composed.trim();
    // A label before the number says that it only counts.
    spaced(outline::labels::without_question_label(bare).unwrap_or(bare))
}

fn spaced(line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    let mut line = words.join(" ");
    while let Some(at) = line.find(" ?") {
        line.remove(at);
    }
    line
}

/// `heading` without what numbers it: `3.`, `৩।`, `(3)`, `1.2.`; a figure such as `2.5` stays.
pub fn unnumbered(heading: &str) -> &str {
    let line = heading.trim();
    let digit = |c: char| c.is_ascii_digit() || ('০'..='৯').contains(&c);
    let rest = line.trim_start_matches([' ', '(', '#', '[']);
    let after = rest.trim_start_matches(digit);
    if after.len() == rest.len() {
        return line;
    }
    let mark = after.chars().next();
    let behind = after.trim_start_matches(['.', '।', ')', ':', ']', 'ঃ']);
    // Keycaps of emoji: a digit and what frames it.
    if let Some(behind) =
        after.strip_prefix('\u{FE0F}').or(Some(after)).and_then(|after| after.strip_prefix('\u{20E3}'))
    {
        return behind.trim_start();
    }
    match mark {
        Some('.' | '।' | ')' | ':' | ']')
            if behind.starts_with(digit) && !behind.is_empty() && after.starts_with('.') =>
        {
            // `1.2.` numbers, `2.5 hours` measures.
            let deeper = unnumbered(behind);
            if deeper.len() < behind.len() { deeper } else { line }
        }
        Some('.' | '।' | ')' | ':' | ']') => behind.trim_start_matches([' ', '-', '–']),
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_lose_their_number_and_the_space_before_the_mark() {
        for (heading, question) in [
            ("চা কি ?", "চা কি?"),
            ("১। চা কি?", "চা কি?"),
            ("❓ চা কি?", "চা কি?"),
            ("12) What is tea ?", "What is tea?"),
            ("Q3: What is tea?", "What is tea?"),
            ("প্রশ্ন ৩: চা কি?", "চা কি?"),
            ("প্রশ্ন: চা কি?", "চা কি?"),
            ("প্রশ্ন কোথায় করব?", "প্রশ্ন কোথায় করব?"),
            ("3 রকম চা আছে কি?", "3 রকম চা আছে কি?"),
            ("Quality কেমন?", "Quality কেমন?"),
            ("পড়\u{9bc}া  কি\u{200b} ??", "পড়া কি??"),
        ] {
            assert_eq!(tidy(heading), written(question), "{heading}");
        }
    }

    #[test]
    fn figures_stay() {
        for (heading, bare) in [
            ("2.5 ঘণ্টা?", "2.5 ঘণ্টা?"),
            ("১.৫ কেজি?", "১.৫ কেজি?"),
            ("1.2. কি?", "কি?"),
            ("3️⃣ কি?", "কি?"),
            ("24/7 খোলা?", "24/7 খোলা?"),
            ("(৪) কি?", "কি?"),
        ] {
            assert_eq!(unnumbered(heading), bare, "{heading}");
        }
    }
}
