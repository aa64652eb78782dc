//! Whether a heading asks something, with or without a question mark.

use crate::text::normalize::normalize;

/// Bengali words that make a heading a question without a question mark, wherever they stand.
const BENGALI: &[&str] = &[
    "কি",
    "কী",
    "কেন",
    "কিভাবে",
    "কীভাবে",
    "কেমন",
    "কেমনে",
    "কোথায়",
    "কোথা",
    "কোথেকে",
    "কত",
    "কতদিন",
    "কতটুকু",
    "কতগুলো",
    "কতক্ষণ",
    "কখন",
    "কবে",
    "কে",
    "কারা",
    "কাকে",
    "কার",
    "কাদের",
    "কোন",
    "কোনটি",
    "কোনটা",
    "কিনা",
    "নাকি",
    "কয়",
    "কয়টা",
    "কয়টি",
    "কীসের",
    "কিসের",
];

/// English words that open a question.
const ENGLISH: &[&str] = &[
    "how", "what", "why", "when", "where", "who", "whom", "whose", "which", "is", "are", "am", "was", "were",
    "can", "could", "does", "do", "did", "should", "shall", "will", "would", "may", "must", "has", "have",
    "what's", "how's", "where's", "who's",
];

/// Words that stand between an English question's own word and the heading's start.
const LEADING: &[&str] =
    &["and", "but", "so", "then", "also", "if", "in", "for", "from", "to", "at", "on", "by", "with"];

/// Whether a heading asks something.
pub fn asks(heading: &str) -> bool {
    let normalized = normalize(heading);
    if normalized.contains('?') {
        return true;
    }
    let words: Vec<&str> = normalized.split([' ', '.']).filter(|word| !word.is_empty()).collect();
    // "How to pay" asks; "About us and who we are" does not.
    let first =
        words.iter().position(|word| !LEADING.contains(word) && !word.chars().all(|c| c.is_ascii_digit()));
    words.iter().any(|word| BENGALI.contains(word))
        || first.and_then(|at| words.get(at)).is_some_and(|word| ENGLISH.contains(word))
}

#[cfg(test)]
mod tests {
    use super::asks;

    #[test]
    fn headings_ask_by_mark_or_word() {
        for heading in ["টব কি", "কখন খোলা", "3. How to pay", "In which town", "টব?", "Is it open"]
        {
            assert!(asks(heading), "{heading}");
        }
        for heading in ["শেষ কথা", "About us: who we are", "Frequently Asked Questions", "খোলা থাকার সময়"]
        {
            assert!(!asks(heading), "{heading}");
        }
    }
}
