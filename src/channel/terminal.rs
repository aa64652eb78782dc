//! The terminal: lines typed or piped in, replies as text out.

use std::env;
use std::io::{self, BufRead, ErrorKind, IsTerminal};

use crate::message::Payload;
use crate::reply::render::{ansi, plain};
use crate::reply::{Action, Reply};
use crate::text::normalize::normalize;

/// How much of a line's end is kept, in bytes: more than a question can hold.
const MAX_LINE_BYTES: usize = 8 * 1024;

/// How replies are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// No escapes.
    Plain,
    /// Bold by ANSI escapes.
    Ansi,
}

impl Style {
    /// What standard output can show; escapes only on a terminal, and not where `NO_COLOR` (no-color.org) is set.
    pub fn of_stdout() -> Self {
        let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = env::var_os("TERM").is_some_and(|value| value == "dumb");
        if io::stdout().is_terminal() && !refused && !dumb { Self::Ansi } else { Self::Plain }
    }
}

/// The reply as text that ends with a line end: links with their address, other buttons with the number that
/// [`pressed`] knows them by. Empty when the bot is silent.
pub fn render(reply: &Reply, style: Style) -> String {
    let mut text = match style {
        Style::Plain => plain(&reply.text),
        Style::Ansi => ansi(&reply.text),
    };
    text.truncate(text.trim_end().len());
    let mut number = 0;
    let mut lines = Vec::new();
    for button in &reply.buttons {
        match &button.action {
            // A fallback's text already has the article's address.
            Action::Open(url) if reply.text.split_whitespace().any(|word| word == url) => {}
            Action::Open(url) => lines.push(format!("{}: {url}", button.label)),
            Action::Press(_) => {
                number += 1;
                lines.push(format!("[{number}] {}", button.label));
            }
        }
    }
    if !lines.is_empty() {
        text.push_str("\n\n");
        text.push_str(&lines.join("\n"));
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// The button of `reply` that `line` names by its number, in Bengali or other digits.
///
/// ```
/// use uttor::{channel::terminal::pressed, message::Payload, reply::{Action, Button, Outcome, Reply}};
/// let topics = Button { label: "সব বিষয়".into(), action: Action::Press(Payload::Topics) };
/// let reply = Reply { outcome: Outcome::Fallback(None), text: String::new(), buttons: vec![topics] };
/// assert_eq!(pressed("১", &reply), Some(Payload::Topics));
/// assert_eq!(pressed("2", &reply), None);
/// ```
pub fn pressed(line: &str, reply: &Reply) -> Option<Payload> {
    let number: usize = normalize(line).parse().ok()?;
    let mut presses = reply.buttons.iter().filter_map(|button| match &button.action {
        Action::Press(payload) => Some(payload),
        Action::Open(_) => None,
    });
    presses.nth(number.checked_sub(1)?).cloned()
}

/// The lines of a stream: without their ends, invalid UTF-8 replaced, overlong ones cut to their last
/// 8 KiB, so that no input fills the memory.
pub struct Lines<R> {
    from: R,
}

impl<R: BufRead> Lines<R> {
    /// The lines of `from`.
    pub fn new(from: R) -> Self {
        Self { from }
    }

    fn line(&mut self) -> io::Result<Option<String>> {
        let mut line = Vec::new();
        let mut begun = false;
        loop {
            let read = match self.from.fill_buf() {
                Ok(read) => read,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if read.is_empty() && !begun {
                return Ok(None);
            }
            begun = true;
            let mut parts = read.splitn(2, |byte| *byte == b'\n');
            let part = parts.next().unwrap_or_default();
            let ended = parts.next().is_some() || read.is_empty();
            line.extend_from_slice(part);
            let used = read.len().min(part.len() + 1);
            self.from.consume(used);
            if line.len() > MAX_LINE_BYTES {
                line.drain(..line.len() - MAX_LINE_BYTES);
            }
            if ended {
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
                return Ok(Some(String::from_utf8_lossy(&line).into_owned()));
            }
        }
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = io::Result<String>;

    fn next(&mut self) -> Option<Self::Item> {
        self.line().transpose()
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;
    use crate::reply::{Button, Outcome};

    fn lines(bytes: &[u8], buffer: usize) -> Vec<String> {
        Lines::new(BufReader::with_capacity(buffer, bytes)).map(Result::unwrap).collect()
    }

    #[test]
    fn lines_are_read_whatever_their_end() {
        for (bytes, expected) in [
            (&b""[..], &[][..]),
            (b"\n", &[""]),
            (b"a", &["a"]),
            (b"a\r\n\n b \nc", &["a", "", " b ", "c"]),
            (b"a\xFFb\n\xE0\xA6", &["a\u{FFFD}b", "\u{FFFD}"]),
            (b"a\rb\n", &["a\rb"]),
        ] {
            for buffer in [1, 2, 3, 64] {
                assert_eq!(lines(bytes, buffer), expected, "{bytes:?} by {buffer}");
            }
        }
    }

    #[test]
    fn endless_lines_keep_their_end() {
        let long = format!("{}শেষ\nnext", "ক".repeat(100_000));
        let lines = lines(long.as_bytes(), 4096);
        assert!(lines[0].ends_with("কশেষ") && lines[0].len() <= MAX_LINE_BYTES + 8);
        assert_eq!(lines[1], "next");
    }

    #[test]
    fn replies_show_links_and_numbers() {
        let open = |label: &str, url: &str| Button { label: label.into(), action: Action::Open(url.into()) };
        let press = |label: &str| Button { label: label.into(), action: Action::Press(Payload::Topics) };
        let reply = |text: &str, buttons: Vec<Button>| Reply {
            outcome: Outcome::Fallback(None),
            text: text.into(),
            buttons,
        };
        let answer = reply("*হ্যাঁ*, হবে।\n", vec![open("পড়ুন", "http://a/#b"), press("👍"), press("সব")]);
        assert_eq!(render(&answer, Style::Plain), "হ্যাঁ, হবে।\n\nপড়ুন: http://a/#b\n[1] 👍\n[2] সব\n");
        assert!(render(&answer, Style::Ansi).starts_with("\u{1b}[1mহ্যাঁ\u{1b}[22m, হবে।\n\n"));
        let fallback = reply("গাইড:\nhttp://a/", vec![open("গাইড", "http://a/")]);
        assert_eq!(render(&fallback, Style::Plain), "গাইড:\nhttp://a/\n");
        assert_eq!(render(&Reply::silent(), Style::Ansi), "");
        assert_eq!(pressed(" ২ ", &answer), Some(Payload::Topics));
        assert_eq!(pressed("0", &answer), None);
        assert_eq!(pressed("5k", &answer), None);
        assert_eq!(pressed("[2]", &answer), Some(Payload::Topics));
    }
}
