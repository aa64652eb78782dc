//! The mini-markup of answers, resolved: what is seen, which part of it is bold, and where its links are.

use std::ops::Range;

/// Text with its marks taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    visible: String,
    /// Byte ranges of `visible`, in order, none touching another.
    bold: Vec<Range<usize>>,
}

impl Marked {
    /// Takes the marks out of `source`.
    ///
    /// A `*` opens bold at the start of a word and closes it after one, both on one line; every other `*` is
    /// itself, so that `5*3*2` and a lone `*` stay as they are.
    pub fn parse(source: &str) -> Self {
        let mut marked = Self { visible: String::with_capacity(source.len()), bold: Vec::new() };
        for line in source.split_inclusive('\n') {
            marked.line(line);
        }
        marked
    }

    fn line(&mut self, line: &str) {
        let mut rest = line;
        let mut before = None;
        while let Some((plain, after)) = rest.split_once('*') {
            self.visible.push_str(plain);
            before = plain.chars().next_back().or(before);
            if let Some((bold, after)) = bold_at(before, after) {
                let start = self.visible.len();
                self.visible.push_str(bold);
                self.bold.push(start..self.visible.len());
                before = bold.chars().next_back();
                rest = after;
            } else {
                self.visible.push('*');
                before = Some('*');
                rest = after;
            }
        }
        self.visible.push_str(rest);
    }

    /// What is seen.
    pub fn visible(&self) -> &str {
        &self.visible
    }

    /// The visible text in `range`, empty where that is none of its ranges.
    pub fn text(&self, range: Range<usize>) -> &str {
        self.visible.get(range).unwrap_or_default()
    }

    /// The visible text in `range`, cut where bold starts and ends; with each part whether it is bold.
    pub fn runs(&self, range: Range<usize>) -> Vec<(bool, &str)> {
        let mut runs = Vec::new();
        let mut at = range.start;
        for bold in self.bold.iter().filter(|bold| bold.start < range.end && bold.end > range.start) {
            let (start, end) = (bold.start.max(range.start), bold.end.min(range.end));
            runs.push((false, self.text(at..start)));
            runs.push((true, self.text(start..end)));
            at = end;
        }
        runs.push((false, self.text(at..range.end)));
        runs.retain(|(_, run)| !run.is_empty());
        runs
    }
}

/// The bold text that starts `after` a `*` which follows `before`, and what follows its closing `*`.
fn bold_at(before: Option<char>, after: &str) -> Option<(&str, &str)> {
    let at_word_start = before.is_none_or(|before| {
        before.is_whitespace() || before.is_ascii_punctuation() || "“‘–—।•".contains(before)
    });
    if !at_word_start || before == Some('*') || after.starts_with(char::is_whitespace) {
        return None;
    }
    let (bold, rest) = after.split_once('*')?;
    let closes = !bold.is_empty() && !bold.ends_with(char::is_whitespace);
    closes.then_some((bold, rest))
}

/// A stretch of text, or a link in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// Text as it is.
    Text(&'a str),
    /// An `http` or `https` address.
    Link(&'a str),
}

/// The links of `text`, with the text between them.
pub fn links(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    let mut searched = 0;
    while let Some(start) = rest.get(searched..).and_then(next_scheme).map(|at| at + searched) {
        let (before, from) = rest.split_at(start);
        match address(from) {
            Some(address) => {
                parts.push(Part::Text(before));
                parts.push(Part::Link(address));
                rest = from.get(address.len()..).unwrap_or_default();
                searched = 0;
            }
            None => searched = start + "http".len(),
        }
    }
    parts.push(Part::Text(rest));
    parts.retain(|part| *part != Part::Text(""));
    parts
}

fn next_scheme(text: &str) -> Option<usize> {
    [text.find("http://"), text.find("https://")].into_iter().flatten().min()
}

/// The address that `text` opens with: up to white space, less the punctuation that ends a sentence.
fn address(text: &str) -> Option<&str> {
    let end = text.find(|c: char| c.is_whitespace() || c.is_control() || "<>\"“”".contains(c));
    let mut address = text.get(..end.unwrap_or(text.len()))?;
    while let Some(last) = address.chars().next_back() {
        let opened = address.contains('(');
        if !(".,;:!?'*।‘’]}".contains(last) || (last == ')' && !opened)) {
            break;
        }
        address = address.strip_suffix(last)?;
    }
    url::Url::parse(address).ok()?.host_str().map(|_| address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bold_of(source: &str) -> (String, Vec<String>) {
        let marked = Marked::parse(source);
        let whole = 0..marked.visible().len();
        let bold = marked.runs(whole).into_iter().filter(|(bold, _)| *bold);
        (marked.visible().to_owned(), bold.map(|(_, run)| run.to_owned()).collect())
    }

    #[test]
    fn stars_mark_bold_only_around_words() {
        for (source, visible, bold) in [
            ("প্রায় *৪০%* কাজ", "প্রায় ৪০% কাজ", &["৪০%"][..]),
            ("*ক*\n*খ গ*", "ক\nখ গ", &["ক", "খ গ"]),
            ("(*ক*)", "(ক)", &["ক"]),
            ("*ফাইভার*-এ", "ফাইভার-এ", &["ফাইভার"]),
            ("5*3*2 = 30", "5*3*2 = 30", &[]),
            ("a * b * c", "a * b * c", &[]),
            ("একা * তারা", "একা * তারা", &[]),
            ("*খোলা\nআর বন্ধ*", "*খোলা\nআর বন্ধ*", &[]),
            ("**", "**", &[]),
            ("", "", &[]),
        ] {
            let bold: Vec<String> = bold.iter().map(|text| (*text).to_owned()).collect();
            assert_eq!(bold_of(source), (visible.to_owned(), bold), "{source}");
        }
    }

    #[test]
    fn links_end_before_the_sentence_does() {
        use Part::{Link, Text};
        for (text, parts) in [
            ("দেখুন https://example.org/a।", &[Text("দেখুন "), Link("https://example.org/a"), Text("।")][..]),
            ("(http://example.org/x)", &[Text("("), Link("http://example.org/x"), Text(")")]),
            ("http://e.org/a_(b) ক", &[Link("http://e.org/a_(b)"), Text(" ক")]),
            ("http:// না, https://e.org", &[Text("http:// না, "), Link("https://e.org")]),
            ("javascript:alert(1)", &[Text("javascript:alert(1)")]),
            ("http://e.org/\"onclick=x", &[Link("http://e.org/"), Text("\"onclick=x")]),
        ] {
            assert_eq!(links(text), parts, "{text}");
        }
    }
}
