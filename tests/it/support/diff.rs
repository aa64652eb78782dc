//! Two texts side by side, readable where they are Bengali (`assert_eq!` prints escapes).

use std::fmt::Write;

use uttor::text::normalize::compose;

/// Panics with a line by line comparison unless `actual` is `expected`, in whatever Unicode form either is typed.
#[track_caller]
pub fn assert_same(actual: &str, expected: &str, about: &str) {
    let (actual, expected) = (&compose(actual), &compose(expected));
    assert!(actual == expected, "{about}\n{}", diff(expected, actual));
}

/// The lines of both texts: common ones indented, missing ones after `-`, surplus ones after `+`.
pub fn diff(expected: &str, actual: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), actual.lines().collect());
    let mut common = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i][j] = if old[i] == new[j] {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut text = String::new();
    while i < old.len() || j < new.len() {
        let (mark, line) = if i < old.len() && j < new.len() && old[i] == new[j] {
            (i, j) = (i + 1, j + 1);
            (' ', old[i - 1])
        } else if j == new.len() || i < old.len() && common[i + 1][j] >= common[i][j + 1] {
            i += 1;
            ('-', old[i - 1])
        } else {
            j += 1;
            ('+', new[j - 1])
        };
        let _ = writeln!(text, "  {mark} {line}");
    }
    text
}
