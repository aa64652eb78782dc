//! The mini-markup as a terminal shows it.

use super::markup::Marked;

/// The mini-markup with bold in a terminal's escapes.
///
/// ```
/// assert_eq!(uttor::reply::render::ansi("প্রায় *৪০%*"), "প্রায় \u{1b}[1m৪০%\u{1b}[22m");
/// ```
pub fn ansi(text: &str) -> String {
    let marked = Marked::parse(text);
    let runs = marked.runs(0..marked.visible().len());
    runs.iter()
        .map(|(bold, run)| if *bold { format!("\u{1b}[1m{run}\u{1b}[22m") } else { (*run).to_owned() })
        .collect()
}
