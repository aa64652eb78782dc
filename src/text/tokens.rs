//! Normalized text in, words out: runs of one script, so that "courseটা" is two words and ফ্রি stays one.

use unicode_normalization::char::is_combining_mark;

/// A script, as far as the matcher tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// U+0980 to U+09FF.
    Bengali,
    /// a to z.
    Latin,
    /// 0 to 9.
    Digits,
    /// Any other letters: read letter by letter, without sounds or stems.
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
        let apart = script == Some(Script::Other) && begins_unspaced(normalized, at, c);
        if run.map(|(_, of)| of) != script || apart {
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

/// Scripts that put no space between words: Chinese and Japanese characters, syllables of Thai, Lao, Burmese and
/// Khmer, each a word of its own, so that one question is many words and not one.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{0E01}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}'
        | '\u{3005}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Whether a word of such a script begins with `c`, which stands at `at`.
fn begins_unspaced(text: &str, at: usize, c: char) -> bool {
    let before = text.get(..at).and_then(|before| before.chars().next_back()).unwrap_or(' ');
    if !is_unspaced(c) {
        return is_unspaced(before) && !is_combining_mark(c);
    }
    // In Thai and Lao some vowels are letters: those before their consonant, and those behind it.
    let leads = |c| matches!(c, '\u{0E40}'..='\u{0E44}' | '\u{0EC0}'..='\u{0EC4}');
    let trails = |c| {
        matches!(
            c,
            '\u{0E2F}'
                | '\u{0E30}'
                | '\u{0E32}'
                | '\u{0E33}'
                | '\u{0E45}'
                | '\u{0E46}'
                | '\u{0EAF}'
                | '\u{0EB0}'
                | '\u{0EB2}'
                | '\u{0EB3}'
                | '\u{0EC6}'
                | 'ー'
        )
    };
    !(leads(before) || trails(c) || is_combining_mark(c))
}
