//! Normalized text in, words out: runs of one script, so that "courseটা" is two words and ফ্রি stays one.

/// A script, as far as the matcher tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// U+0980 to U+09FF.
    Bengali,
    /// a to z.
    Latin,
    /// 0 to 9.
    Digits,
    /// Any other letters: nothing the guide is written in.
    Other,
}

/// A word of normalized text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    /// Its letters.
    pub text: &'a str,
    /// All of one script.
    pub script: Script,
    /// The sentence it stands in, counted from 0.
    pub sentence: usize,
}

impl std::fmt::Debug for Token<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.text)
    }
}

/// The words of `normalized` in order.
///
/// ```
/// use uttor::text::tokens::tokens;
/// let words: Vec<_> = tokens("courseটা 5k?").iter().map(|token| token.text).collect();
/// assert_eq!(words, ["course", "টা", "5", "k"]);
/// ```
pub fn tokens(normalized: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::with_capacity(normalized.len() / 5 + 1);
    let mut sentence = 0;
    let mut run: Option<(usize, Script)> = None;
    for (at, c) in normalized.char_indices().chain([(normalized.len(), ' ')]) {
        let script = script(c);
        if run.map(|(_, of)| of) != script {
            if let Some((start, script)) = run
                && let Some(text) = normalized.get(start..at)
            {
                tokens.push(Token { text, script, sentence });
            }
            run = script.map(|script| (at, script));
        }
        if matches!(c, '.' | '?') {
            sentence += 1;
        }
    }
    tokens
}

fn script(c: char) -> Option<Script> {
    match c {
        'a'..='z' => Some(Script::Latin),
        '0'..='9' => Some(Script::Digits),
        '\u{0980}'..='\u{09FF}' => Some(Script::Bengali),
        ' ' | '.' | '?' => None,
        _ => Some(Script::Other),
    }
}
