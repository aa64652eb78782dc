//! Something wrong in `faq/`: where, how bad, what, and the remedy.

use std::fmt;

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

impl Place {
    /// A finding at this place.
    pub fn finding(&self, severity: Severity, message: impl Into<String>) -> Finding {
        Finding { file: self.file.clone(), line: self.line, severity, message: message.into() }
    }
}
