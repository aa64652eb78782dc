//! Replies as a channel shows them.

/// The mini-markup without its marks.
pub fn plain(text: &str) -> String {
    text.replace('*', "")
}
