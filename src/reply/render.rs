//! Replies as a channel shows them: marks resolved, escaped, and cut to what one message may hold.
//!
//! In goes the mini-markup of a reply (`*bold*`, `- ` lists, bare links); out come plain text, the page's HTML or
//! Telegram's.
//!
//! ```
//! use uttor::reply::render::{page_html, plain, telegram_html, Limit};
//! assert_eq!(plain("প্রায় *৪০%* কাজ"), "প্রায় ৪০% কাজ");
//! assert_eq!(page_html("প্রায় *৪০%* <কাজ>"), "<p>প্রায় <strong>৪০%</strong> &lt;কাজ&gt;</p>");
//! assert_eq!(telegram_html("- *৪০%* কাজ", Limit::TELEGRAM), ["• <b>৪০%</b> কাজ"]);
//! ```

mod ansi;
mod markup;
mod page;
mod split;

pub use self::ansi::ansi;
pub use self::page::page_html;
pub use self::split::{Limit, Unit};

use self::markup::Marked;
use self::split::split;

/// The mini-markup without its marks.
pub fn plain(text: &str) -> String {
    Marked::parse(text).visible().to_owned()
}

/// The mini-markup without its marks, in pieces that each fit `limit`; none for blank text.
///
/// ```
/// use uttor::reply::render::{plain_pieces, Limit, Unit};
/// let pieces = plain_pieces("আগে কাজ শিখুন। তারপর একাউন্ট খুলুন।", Limit::new(20, Unit::Chars));
/// assert_eq!(pieces, ["আগে কাজ শিখুন।", "তারপর একাউন্ট খুলুন।"]);
/// ```
pub fn plain_pieces(text: &str, limit: Limit) -> Vec<String> {
    let marked = Marked::parse(text);
    split(marked.visible(), limit).into_iter().map(|range| marked.text(range).to_owned()).collect()
}

/// Telegram's HTML, in pieces whose visible text each fits `limit`; none for blank text.
///
/// Telegram counts after it has resolved tags, so the cut is made in the visible text; bold that is cut goes on
/// in the next piece. A list's `-` becomes `•`. Links stand bare: Telegram makes them links by itself.
pub fn telegram_html(text: &str, limit: Limit) -> Vec<String> {
    let marked = Marked::parse(text);
    split(marked.visible(), limit)
        .into_iter()
        .map(|range| {
            let mut html = String::new();
            let before = marked.text(0..range.start).trim_end_matches(' ');
            let mut line_start = before.is_empty() || before.ends_with('\n');
            for (bold, run) in marked.runs(range) {
                let text = bullets(run, line_start);
                line_start = run.ends_with('\n');
                let escaped = maud::html! { (text) }.into_string();
                if bold {
                    html.push_str("<b>");
                    html.push_str(&escaped);
                    html.push_str("</b>");
                } else {
                    html.push_str(&escaped);
                }
            }
            html
        })
        .collect()
}

/// The dash that opens a list's line, as `•`: one character for one, so that no limit is passed.
fn bullets(run: &str, line_start: bool) -> String {
    let mut text = String::with_capacity(run.len());
    for (number, line) in run.split_inclusive('\n').enumerate() {
        match line.strip_prefix("- ") {
            Some(rest) if number > 0 || line_start => {
                text.push_str("• ");
                text.push_str(rest);
            }
            _ => text.push_str(line),
        }
    }
    text
}
