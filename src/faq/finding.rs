//! Something wrong in `faq/`: where, how bad, what, and the remedy.

use std::fmt;
use std::ops::Range;

/// Something wrong in `faq/`, shown as `file:line: error: message`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file's name.
    pub file: String,
    /// Counted from 1.
    pub line: usize,
    /// Whether the content cannot be used with it.
    pub severity: Severity,
    /// What is wrong, with the value and the remedy.
    pub message: String,
}

/// How bad a [`Finding`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The content cannot be used.
    Error,
    /// The content can be used but is worse for it.
    Warning,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{}:{}: {severity}: {}", self.file, self.line, self.message)
    }
}

/// Where a text stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file's name.
    pub file: String,
    /// Counted from 1.
    pub line: usize,
}

/// One file while it is read.
pub(super) struct File<'a> {
    pub name: &'a str,
    pub text: &'a str,
    /// Where its lines end, ascending: every value has a place, and most are never shown.
    line_ends: Vec<usize>,
}

impl<'a> File<'a> {
    pub fn new(name: &'a str, text: &'a str) -> Self {
        Self { name, text, line_ends: text.match_indices('\n').map(|(at, _)| at).collect() }
    }

    /// The line in which `span` begins.
    pub fn place(&self, span: &Range<usize>) -> Place {
        let line = self.line_ends.partition_point(|end| *end < span.start) + 1;
        Place { file: self.name.to_owned(), line }
    }
}

impl Place {
    /// A finding at this place.
    pub fn finding(&self, severity: Severity, message: impl Into<String>) -> Finding {
        Finding { file: self.file.clone(), line: self.line, severity, message: message.into() }
    }
}
