//! `uttor doctor`: checks the settings, the content and the store, and says in words what is wrong.

use std::process::ExitCode;

use clap::Args as Arguments;
use secrecy::ExposeSecret as _;

use super::check::{measured_share_answered, share_line};
use super::{Ending, FALLS_SHORT, print, runtime};
use crate::config::{Config, ConfigError};
use crate::faq::format::{self, Severity};
use crate::library::source::Source;
use crate::store::{Examination, Store};

/// What `doctor` takes: nothing.
#[derive(Debug, Arguments)]
#[command(after_help = AFTER)]
pub struct Args {}

const AFTER: &str = "\
Lines that begin with `wrong:` or `careful:` need attention. Exit code 1 when something is wrong.";

/// What was found.
#[derive(Default)]
struct Report {
    lines: Vec<String>,
    wrong: usize,
}

/// Checks everything; the exit code is 1 when something is wrong.
///
/// # Errors
/// The report cannot be printed.
pub fn run(_: &Args, config: &Config) -> Ending {
    let mut report = Report::default();
    report.settings(config);
    report.content(config);
    runtime()?.block_on(report.store(config));
    report.finish()
}

/// Reports that the settings cannot be read, without which nothing else can be checked.
///
/// # Errors
/// The report cannot be printed.
pub fn unreadable(error: &ConfigError) -> Ending {
    let mut report = Report::default();
    error.to_string().lines().for_each(|problem| report.wrong(problem));
    report.finish()
}

impl Report {
    fn good(&mut self, line: String) {
        self.lines.push(line);
    }

    fn careful(&mut self, line: &str) {
        self.lines.push(format!("careful: {line}"));
    }

    fn wrong(&mut self, line: &str) {
        self.wrong += 1;
        self.lines.push(format!("wrong: {line}"));
    }

    fn settings(&mut self, config: &Config) {
        let is_on = |is_on| if is_on { "on" } else { "off" };
        let (telegram, messenger) = (config.telegram.is_some(), config.messenger.is_some());
        self.good(format!(
            "settings: web server at {}, Telegram {}, Messenger {}",
            config.listen,
            is_on(telegram),
            is_on(messenger)
        ));
        if (telegram || messenger) && config.links_stay_here() {
            self.careful(super::serve::DEAD_LINKS);
        }
    }

    fn content(&mut self, config: &Config) {
        let source = Source::choose(config.faq_dir.clone());
        let name = match &source {
            Source::Folder(folder) => folder.display().to_string(),
            Source::Builtin => "compiled in".to_owned(),
        };
        let warnings = source.files().map_or(0, |files| {
            let findings = format::read(&files).findings;
            findings.iter().filter(|finding| finding.severity == Severity::Warning).count()
        });
        match source.load() {
            Ok(faq) => {
                let phrasings: usize = faq.entries.iter().map(|entry| entry.phrasings.len()).sum();
                self.good(format!(
                    "content: {} entries, {phrasings} phrasings ({name}); uttor check says more",
                    faq.entries.len()
                ));
                if warnings > 0 {
                    self.careful(&format!("content: {warnings} warnings; uttor check names them"));
                }
                if let Some(share) = measured_share_answered(&faq) {
                    self.good(share_line(share));
                }
            }
            Err(findings) => findings.iter().for_each(|finding| self.wrong(&finding.to_string())),
        }
    }

    async fn store(&mut self, config: &Config) {
        let url = config.database_url.expose_secret();
        match Store::is_there(url) {
            Ok(true) => {}
            Ok(false) => return self.good("store: none yet; uttor serve makes it".to_owned()),
            Err(error) => return self.wrong(&error.to_string()),
        }
        let examined = async {
            let store = Store::open(url).await?;
            let examination = store.examine().await;
            store.close().await;
            examination
        };
        match examined.await {
            Ok(examination) => self.examined(&examination),
            Err(error) => self.wrong(&error.to_string()),
        }
    }

    fn examined(&mut self, examination: &Examination) {
        let Examination { store, schema, counts, findings } = examination;
        self.good(format!("store: {store}, schema {schema}"));
        let counts: Vec<String> = counts.iter().map(|(table, rows)| format!("{table} {rows}")).collect();
        self.good(format!("rows: {}", counts.join(", ")));
        findings.iter().for_each(|finding| self.wrong(&format!("{store}: {finding}")));
    }

    fn finish(self) -> Ending {
        for line in &self.lines {
            print(line)?;
        }
        match self.wrong {
            0 => print(&"all is well")?,
            1 => print(&"1 thing is wrong")?,
            several => print(&format!("{several} things are wrong"))?,
        }
        Ok(if self.wrong == 0 { ExitCode::SUCCESS } else { ExitCode::from(FALLS_SHORT) })
    }
}
