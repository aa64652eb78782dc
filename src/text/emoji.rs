//! Pictures that stand for a word of a question. All others are blanks: 😂 and 🙏 change nothing about what is asked.

/// The word that the picture says, or `?`.
pub(super) fn emoji(c: char) -> Option<&'static str> {
    Some(match c {
        '📱' | '📲' | '📞' | '☎' => "মোবাইল",
        '💻' | '🖥' => "কম্পিউটার",
        '💰' | '💵' | '💴' | '💶' | '💷' | '💸' | '💲' | '🤑' | '🪙' => "টাকা",
        '🏦' => "ব্যাংক",
        '🎓' => "কোর্স",
        '⏰' | '⏳' | '⌛' => "সময়",
        '❓' | '❔' | '🤔' | '🧐' => "?",
        _ => return None,
    })
}
