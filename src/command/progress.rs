//! Progress bars of long work.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar of `steps`, on standard error, hidden unless that is a terminal.
pub fn bar(steps: u64, what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::new(steps).with_style(style).with_message(what);
    bar.tick();
    bar
}
