//! `uttor check`: what is wrong in the content's files, one line each, and how much there is of everything.

use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::bail;
use time::OffsetDateTime;

use super::eval::folds;
use super::{Ending, FALLS_SHORT};
use crate::config::Config;
use crate::faq::Faq;
use crate::faq::format::{self, Finding, Severity};
use crate::faq::lint::{self, Sources};
use crate::library::source::Source;
use crate::matcher::Matcher;

/// What `check` takes: nothing; `--faq` names the folder.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Prints every finding, and fails on errors.
///
/// # Errors
/// There is no such folder.
pub fn run(_: &Args, config: &Config) -> Ending {
    let source = Source::choose(config.faq_dir.clone());
    match &source {
        Source::Folder(folder) if folder.is_dir() => {}
        Source::Folder(folder) => {
            bail!(
                "{}: there is no such folder; name one of *.toml files with --faq or FAQ_DIR",
                folder.display()
            )
        }
        Source::Builtin => bail!("faq: there is no such folder here; name one with --faq or FAQ_DIR"),
    }
    let mut out = io::stdout().lock();
    let (mut entries, mut phrasings) = (0, 0);
    let mut faq = None;
    let findings = match source.files() {
        Err(findings) => findings,
        Ok(files) => {
            let mut reading = format::read(&files);
            entries = reading.sources.entries.len();
            let today = OffsetDateTime::now_utc().date();
            lint::help_lines(&reading.sources, today, &mut reading.findings);
            phrasings = reading.sources.entries.values().map(|places| places.phrasings.len()).sum();
            if let Some(faq) = &reading.faq {
                reading.findings.extend(strays(faq, &reading.sources));
            }
            faq = reading.faq.take();
            reading.findings.sort();
            reading.findings.into_iter().map(|finding| source.located(finding)).collect()
        }
    };
    for finding in &findings {
        writeln!(out, "{finding}")?;
    }
    if let Some(share) = faq.as_ref().and_then(measured_share_answered) {
        writeln!(out, "{}", share_line(share))?;
    }
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    let warnings = findings.len() - errors;
    writeln!(out, "{entries} entries, {phrasings} phrasings, {errors} errors, {warnings} warnings")?;
    Ok(if errors > 0 { ExitCode::from(FALLS_SHORT) } else { ExitCode::SUCCESS })
}

/// The share of questions, 0..=1, that the bot will answer by itself, measured by leaving wordings out; none where
/// there are too few to measure by.
pub fn measured_share_answered(faq: &Faq) -> Option<f32> {
    folds::share_answered(faq)
}

/// How `check` and `doctor` say a share.
pub fn share_line(share: f32) -> String {
    format!("expected share answered: {:.0} %, measured by leaving wordings out", share * 100.0)
}

/// Phrasings that lead to another entry than their own.
fn strays(faq: &Faq, sources: &Sources) -> Vec<Finding> {
    let matcher = Matcher::learn(faq);
    let mut findings = Vec::new();
    for entry in &faq.entries {
        let Some(places) = sources.entries.get(&entry.id) else { continue };
        for (phrasing, place) in entry.phrasings.iter().zip(&places.phrasings) {
            let Some(other) = matcher.by_weights(phrasing).filter(|other| **other != entry.id) else {
                continue;
            };
            let message = format!(
                "“{phrasing}” is taken for {}, not for {}; move it there or say it more clearly",
                other, entry.id
            );
            findings.push(place.finding(Severity::Warning, message));
        }
    }
    findings
}
