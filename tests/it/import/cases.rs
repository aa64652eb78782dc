//! Files as people have them, outside of the repository: each row of `expected.tsv` in the folder that `UTTOR_CASES`
//! names.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use tempfile::TempDir;

use crate::support::program::{stderr, stdout, uttor, uttor_with};

/// A draft as it was written.
struct Written {
    question: String,
    answer: String,
    phrasings: Vec<String>,
    review: String,
}

/// The entries of a folder.
fn written(folder: &Path) -> Vec<Written> {
    let Ok(files) = fs::read_dir(folder) else { return Vec::new() };
    let texts = files
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|own| own == "toml"));
    texts
        .filter_map(|path| {
            let text = fs::read_to_string(path).unwrap();
            let table: toml::Table = text.parse().unwrap();
            let get = |key: &str| table.get(key).and_then(toml::Value::as_str).map(str::to_owned);
            Some(Written {
                question: get("question")?,
                answer: get("answer")?,
                phrasings: table["phrasings"]
                    .as_array()?
                    .iter()
                    .map(|way| way.as_str().unwrap().to_owned())
                    .collect(),
                review: text.lines().filter(|line| line.starts_with("# review:")).collect(),
            })
        })
        .collect()
}

/// Spaces, bullets and a final question mark do not count.
fn plain(text: &str) -> String {
    let text: String = uttor::text::normalize::compose(text);
    let text: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '•' | '*')).collect();
    text.trim_end_matches('?').to_owned()
}

/// What is wrong with a row; nothing when it holds.
fn wrong(kind: &str, question: &str, text: &str, drafts: &[Written], output: &Output) -> Option<String> {
    let named: Vec<&Written> =
        drafts.iter().filter(|draft| plain(&draft.question) == plain(question)).collect();
    let unmarked = drafts.iter().filter(|draft| draft.review.is_empty()).count();
    let holds = match kind {
        "entry" => named.iter().any(|draft| plain(&draft.answer) == plain(text)),
        "has" => named
            .iter()
            .any(|draft| plain(&draft.answer).contains(&plain(text)) || draft.review.contains(text)),
        "lacks" => named.iter().any(|draft| !draft.answer.contains(text)),
        "phrasing" => named.iter().any(|draft| draft.phrasings.iter().any(|way| plain(way) == plain(text))),
        "marked" => named.iter().any(|draft| plain(&draft.answer) == plain(text) && !draft.review.is_empty()),
        "unmarked" => Some(unmarked) == question.trim().parse().ok(),
        "refused_or_marked" => {
            (output.status.code() == Some(2) && !stderr(output).is_empty())
                || (unmarked == 0 && !drafts.is_empty())
                || drafts
                    .iter()
                    .all(|draft| draft.question.chars().any(|c| ('\u{0980}'..='\u{09FF}').contains(&c)))
        }
        other => panic!("a row of an unknown kind, {other}"),
    };
    let found = || -> String {
        let line =
            |draft: &Written| format!("\n    {} -> {}", draft.question, draft.answer.replace('\n', "⏎"));
        drafts.iter().map(line).collect::<Vec<_>>().concat()
    };
    (!holds).then(|| format!("{kind} {question} {text}: found{} {}", found(), stderr(output)))
}

#[test]
fn what_people_have_is_read_right() {
    let Some(cases) = std::env::var_os("UTTOR_CASES").map(PathBuf::from) else {
        crate::support::skipped("UTTOR_CASES names no folder of files");
        return;
    };
    let rows = fs::read_to_string(cases.join("expected.tsv")).expect("expected.tsv");
    let mut by_file: BTreeMap<&str, Vec<Vec<&str>>> = BTreeMap::new();
    for row in rows.lines().skip(1).filter(|row| !row.is_empty()) {
        let cells: Vec<&str> = row.split('\t').collect();
        by_file.entry(cells[0]).or_default().push(cells);
    }
    let mut problems = Vec::new();
    for (file, rows) in by_file {
        let folder = TempDir::new().unwrap();
        let to = folder.path().join("to");
        let output = uttor().arg("import").arg(cases.join(file)).arg("--to").arg(&to).output().unwrap();
        let drafts = written(&to);
        let cell = |row: &[&str], at: usize| row.get(at).copied().unwrap_or_default().to_owned();
        for row in rows {
            let (kind, question, text) = (cell(&row, 1), cell(&row, 2), cell(&row, 3));
            problems.extend(
                wrong(&kind, &question, &text, &drafts, &output).map(|problem| format!("{file}: {problem}")),
            );
        }
        if !drafts.is_empty() {
            let check = uttor_with(&to, "check").output().unwrap();
            if check.status.code() != Some(0) {
                problems.push(format!("{file}: what was written does not load:\n{}", stdout(&check)));
            }
        }
    }
    let marks = uttor_with(&cases.join("marks_left"), "check").output().unwrap();
    let told = stdout(&marks)
        .lines()
        .any(|line| line.contains(".toml:") && line.contains(": warning: to be reviewed"));
    if cases.join("marks_left").exists() && !told {
        problems.push(format!("marks_left: {}", stdout(&marks)));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
