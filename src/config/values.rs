//! The values of the variables in the environment and in `.env`, and every problem with them.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::path::Path;

use super::variables::{Variable, is_slip, nearest, variable};

/// Where a value comes from.
const ENVIRONMENT: &str = "environment";
const DOTENV: &str = ".env";

/// A value and where it comes from.
struct Found {
    value: String,
    origin: &'static str,
}

/// The values of the known variables.
pub struct Values {
    found: HashMap<&'static str, Found>,
    problems: Vec<String>,
}

impl Values {
    /// Reads `environment`, then the file `dotenv` for what that does not set; a missing file is an empty one.
    pub fn read(environment: impl IntoIterator<Item = (OsString, OsString)>, dotenv: &Path) -> Self {
        let mut values = Self { found: HashMap::new(), problems: Vec::new() };
        let environment: BTreeMap<_, _> = environment.into_iter().collect();
        for (name, value) in environment {
            // A name that is not UTF-8 is none of uttor's.
            let Ok(name) = name.into_string() else { continue };
            match value.into_string() {
                Ok(value) => values.take(&name, &value, ENVIRONMENT),
                Err(_) if variable(&name).is_some() => {
                    values.problems.push(format!("{ENVIRONMENT}: {name} is not valid UTF-8; set it again"));
                }
                Err(_) => {}
            }
        }
        match dotenv_pairs(dotenv) {
            Ok(pairs) => pairs.into_iter().for_each(|(name, value)| values.take(&name, &value, DOTENV)),
            Err(problem) => values.problems.push(format!("{DOTENV}{problem}")),
        }
        values
    }

    fn take(&mut self, name: &str, value: &str, origin: &'static str) {
        if is_slip(name) {
            self.problems.push(format!(
                "{origin}: {name} is not a variable that uttor reads; did you mean {}?",
                nearest(name)
            ));
        }
        if let Some(Variable { name, .. }) = variable(name)
            && !value.trim().is_empty()
            && !self.found.contains_key(name)
        {
            self.found.insert(name, Found { value: value.trim().to_owned(), origin });
        }
    }

    /// What `parse` makes of the value of `name`, or of its default; none when both are unset or it does not parse.
    ///
    /// `parse` says what is wrong and what to write instead; the value itself is shown here, unless it is secret.
    pub fn parsed<T>(&mut self, name: &str, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let variable = variable(name)?;
        let (value, origin) = match self.found.get(name) {
            Some(found) => (found.value.as_str(), found.origin),
            None if variable.default.is_empty() => return None,
            None => (variable.default, ENVIRONMENT),
        };
        match parse(value) {
            Ok(parsed) => Some(parsed),
            Err(complaint) => {
                let shown =
                    if variable.secret { String::new() } else { format!(" is `{}`:", one_line(value)) };
                self.problems.push(format!("{origin}: {name}{shown} {complaint}"));
                None
            }
        }
    }

    /// The value of `name`, or its default.
    pub fn text(&mut self, name: &str) -> Option<String> {
        self.parsed(name, |value| Ok(value.to_owned()))
    }

    /// Whether `name` is set.
    pub fn is_set(&self, name: &str) -> bool {
        self.found.contains_key(name)
    }

    /// Adds a problem of `name` that depends on other variables.
    pub fn complain(&mut self, name: &str, complaint: &str) {
        let origin = self.found.get(name).map_or(ENVIRONMENT, |found| found.origin);
        self.problems.push(format!("{origin}: {name} {complaint}"));
    }

    /// Everything that is wrong, a line each.
    pub fn into_problems(self) -> Vec<String> {
        self.problems
    }
}

/// `value` as a message may show it.
fn one_line(value: &str) -> String {
    value.chars().take(100).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The pairs of the file, in order; on failure the rest of a line that starts with the file's name.
///
/// The process environment is left alone. No message repeats the file's text, which may hold secrets.
fn dotenv_pairs(path: &Path) -> Result<Vec<(String, String)>, String> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(format!(": {error}; make it readable or remove it")),
    };
    let content = String::from_utf8(bytes).map_err(|_| ": not valid UTF-8; save it as UTF-8".to_owned())?;
    let content = content.strip_prefix('\u{feff}').unwrap_or(&content);
    let mut pairs = Vec::new();
    for pair in dotenvy::from_read_iter(content.as_bytes()) {
        pairs.push(pair.map_err(|error| match error {
            dotenvy::Error::LineParse(text, _) => {
                let number = line_number(content, &text);
                format!(":{number}: not a NAME=value line; quote values that hold spaces or quotes")
            }
            other => format!(": {other}"),
        })?);
    }
    Ok(pairs)
}

/// The number of the line that opens `text`, which the parser could not read.
fn line_number(content: &str, text: &str) -> usize {
    let first = text.lines().next().unwrap_or_default();
    content.lines().position(|line| line.starts_with(first) && !first.is_empty()).map_or(1, |index| index + 1)
}
