//! The files of `faq/` in, a [`Faq`] out, or every reason why not.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

mod guide;
mod person;
mod raw;
mod wording;

use serde::Deserialize;
use toml::Spanned;

use super::finding::File;
pub use super::finding::{Finding, Place, Severity};
use super::fit::{Calibration, Fit, Threshold, Thresholds};
use super::lint::{self, Role, Said, Sources};
use super::{Distress, Entry, EntryId, Faq, Handoff, Smalltalk, Topic};
use crate::wording::{Table, Wording};
use raw::{
    RawCalibration, RawEntry, RawFit, RawGuide, RawSmalltalk, RawSmalltalkFile, RawThreshold, RawTopic,
    RawTopicFile,
};

/// Names of the files that are not entries.
const GUIDE: &str = "guide.toml";
const SMALLTALK: &str = "smalltalk.toml";
const NOT_IN_GUIDE: &str = "not-in-guide.toml";
/// The bot's own sentences in another language than it has them, or in other words.
pub const WORDING: &str = "wording.toml";
const HANDOFF: &str = "handoff.toml";
const DISTRESS: &str = "distress.toml";
/// What `uttor eval --fit` writes.
pub const FIT: &str = "fit.toml";

/// What was read of a folder.
pub struct Reading {
    /// The content; none when a finding is an error.
    pub faq: Option<Faq>,
    /// Everything found, by file and line.
    pub findings: Vec<Finding>,
    /// Where each text stands.
    pub sources: Sources,
}

/// Reads the files (name without folder, content) of `faq/`.
///
/// # Errors
///
/// Every finding of the severity [`Severity::Error`].
///
/// ```
/// let broken = vec![("mobile.toml".to_owned(), "question = 3".to_owned())];
/// let findings = uttor::faq::format::parse(&broken).unwrap_err();
/// assert!(findings.iter().any(|finding| finding.to_string().starts_with("mobile.toml:1: error: ")));
/// ```
pub fn parse(files: &[(String, String)]) -> Result<Faq, Vec<Finding>> {
    let Reading { faq, mut findings, .. } = read(files);
    faq.ok_or_else(|| {
        findings.retain(|finding| finding.severity == Severity::Error);
        findings
    })
}

/// Reads the files with everything that a linter wants to know of them.
pub fn read(files: &[(String, String)]) -> Reading {
    let mut reader = Reader::default();
    for (name, text) in files {
        reader.file(name, text);
    }
    reader.finish(files)
}

#[derive(Default)]
struct Reader {
    guide: Option<RawGuide>,
    entries: HashMap<String, Entry>,
    /// Names of the entries that are not in service yet.
    drafts: HashSet<String>,
    /// What `wording.toml` says; none without the file.
    wording: Option<Table>,
    smalltalk: Vec<Smalltalk>,
    topics: Vec<Topic>,
    handoff: Option<Handoff>,
    distress: Option<Distress>,
    fit: Option<Fit>,
    findings: Vec<Finding>,
    sources: Sources,
}

impl Reader {
    fn error(&mut self, place: &Place, message: impl Into<String>) {
        self.findings.push(place.finding(Severity::Error, message));
    }

    fn file(&mut self, name: &str, text: &str) {
        let file = File::new(name, text);
        match name {
            GUIDE => self.guide = self.toml(&file),
            SMALLTALK => {
                let kinds = self.toml(&file).map_or_else(Vec::new, |raw: RawSmalltalkFile| raw.kind);
                for raw in kinds {
                    self.smalltalk(&file, &raw);
                }
            }
            NOT_IN_GUIDE => {
                let topics = self.toml(&file).map_or_else(Vec::new, |raw: RawTopicFile| raw.topic);
                for raw in topics {
                    self.topic(&file, &raw);
                }
            }
            WORDING => self.wording = Some(self.wording(&file)),
            HANDOFF => self.handoff = self.handoff(&file),
            DISTRESS => self.distress = self.distress(&file),
            FIT => self.fit = self.toml(&file).map(|raw| self.fit(&file, &raw)),
            _ => self.entry(&file),
        }
    }

    fn toml<T: for<'de> Deserialize<'de>>(&mut self, file: &File<'_>) -> Option<T> {
        toml::from_str(file.text)
            .map_err(|error| {
                let place = file.place(&error.span().unwrap_or(0..0));
                self.error(&place, error.message().trim().replace('\n', ", "));
            })
            .ok()
    }

    fn entry(&mut self, file: &File<'_>) {
        let stem = file.name.strip_suffix(".toml").unwrap_or(file.name);
        let Ok(id) = stem.parse::<EntryId>() else {
            let message =
                format!("the file's name is the entry's id, and {stem:?} is none: use a-z, 0-9 and -");
            return self.error(&file.place(&(0..0)), message);
        };
        self.review_marks(file);
        let Some(raw) = self.toml::<RawEntry>(file) else { return };
        if raw.draft {
            let message = "it is a draft and answers nothing; mend it and take the line `draft = true` out";
            self.findings.push(file.place(&raw.question.span()).finding(Severity::Warning, message));
            self.drafts.insert(stem.to_owned());
            return;
        }
        let question = self.text(file, "question", &raw.question);
        self.said(&id, Role::Question, &question, file.place(&raw.question.span()));
        let (related, related_places) = self.ids(file, &raw.related).into_iter().unzip();
        let (phrasings, phrasing_places) = self.phrasings(file, &id, "phrasing", &raw.phrasings);
        let entry = Entry {
            label: self.text(file, "label", &raw.label),
            // Exactly as the article has it, whatever its Unicode form, or the link finds nothing.
            section: raw.section.as_ref().map(|section| self.filled(file, "section", section)),
            answer: self.text(file, "answer", &raw.answer),
            id,
            question,
            related,
            phrasings,
            picture: None,
        };
        self.sources.entries.insert(
            entry.id.clone(),
            lint::EntryPlaces {
                label: file.place(&raw.label.span()),
                answer: file.place(&raw.answer.span()),
                related: related_places,
                phrasings: phrasing_places,
            },
        );
        self.entries.insert(stem.to_owned(), entry);
    }

    /// What an import left for a person to look at.
    fn review_marks(&mut self, file: &File<'_>) {
        for (at, line) in file.text.lines().enumerate() {
            if let Some(remark) = line.trim_start().strip_prefix("# review:") {
                let place = Place { file: file.name.to_owned(), line: at + 1 };
                let message = format!("to be reviewed: {}; then take this line out", remark.trim());
                self.findings.push(place.finding(Severity::Warning, message));
            }
        }
    }

    fn smalltalk(&mut self, file: &File<'_>, raw: &RawSmalltalk) {
        let Some((id, place)) = self.id(file, &raw.id) else { return };
        if self.smalltalk.iter().any(|other| other.id == id) {
            self.error(&place, format!("{id} stands twice, put both in one"));
        }
        let reply = self.text(file, "reply", &raw.reply);
        let (phrasings, _) = self.phrasings(file, &id, "phrasing", &raw.phrasings);
        self.smalltalk.push(Smalltalk { id, reply, phrasings });
    }

    fn topic(&mut self, file: &File<'_>, raw: &RawTopic) {
        let Some((id, place)) = self.id(file, &raw.id) else { return };
        if self.topics.iter().any(|other| other.id == id) {
            self.error(&place, format!("{id} stands twice, put both in one"));
        }
        let reply = raw.reply.as_ref().map(|reply| self.text(file, "reply", reply));
        let (examples, _) = self.phrasings(file, &id, "example", &raw.examples);
        self.topics.push(Topic { id, statement: raw.statement, reply, examples });
    }

    fn fit(&mut self, file: &File<'_>, raw: &RawFit) -> Fit {
        let mut read = |raw: &RawThreshold| {
            for value in [&raw.accept, &raw.suggest] {
                if !(0.0..=1.0).contains(value.get_ref()) {
                    let message = format!("{} is no threshold, use a number from 0 to 1", value.get_ref());
                    self.error(&file.place(&value.span()), message);
                }
            }
            Threshold { accept: *raw.accept.get_ref(), suggest: *raw.suggest.get_ref() }
        };
        let thresholds = Thresholds {
            private: read(&raw.private),
            addressed: read(&raw.addressed),
            overheard: read(&raw.overheard),
        };
        let RawCalibration { bias, logit } = raw.calibration;
        Fit { thresholds, calibration: Calibration { bias, logit } }
    }

    fn id(&mut self, file: &File<'_>, raw: &Spanned<String>) -> Option<(EntryId, Place)> {
        let place = file.place(&raw.span());
        match raw.get_ref().parse() {
            Ok(id) => Some((id, place)),
            Err(error) => {
                self.error(&place, format!("{:?} is no id: {error}", raw.get_ref()));
                None
            }
        }
    }

    fn ids(&mut self, file: &File<'_>, raw: &[Spanned<String>]) -> Vec<(EntryId, Place)> {
        raw.iter().filter_map(|id| self.id(file, id)).collect()
    }

    fn filled(&mut self, file: &File<'_>, what: &str, raw: &Spanned<String>) -> String {
        let text = raw.get_ref().trim().replace("\r\n", "\n");
        if text.is_empty() {
            let message = format!("the {what} is empty, write one or take the line out");
            self.error(&file.place(&raw.span()), message);
        }
        text
    }

    fn text(&mut self, file: &File<'_>, what: &str, raw: &Spanned<String>) -> String {
        let text = self.filled(file, what, raw);
        self.sources.texts.push((text.clone(), file.place(&raw.span())));
        text
    }

    fn phrasings(
        &mut self,
        file: &File<'_>,
        owner: &EntryId,
        what: &str,
        raw: &[Spanned<String>],
    ) -> (Vec<String>, Vec<Place>) {
        let read = |raw| {
            let (text, place) = (self.text(file, what, raw), file.place(&raw.span()));
            self.said(owner, Role::Phrasing, &text, place.clone());
            (text, place)
        };
        raw.iter().map(read).unzip()
    }

    fn said(&mut self, owner: &EntryId, role: Role, text: &str, place: Place) {
        self.sources.said.push(Said { owner: owner.clone(), role, text: text.to_owned(), place });
    }

    /// What concerns several files at once.
    fn finish(mut self, files: &[(String, String)]) -> Reading {
        let guide = self.guide.take();
        let mut entries = Vec::new();
        let mut parsed_guide = None;
        if let Some(raw) = guide {
            let text = files.iter().find(|(name, _)| name == GUIDE).map_or("", |(_, text)| text);
            let file = File::new(GUIDE, text);
            entries = self.ordered(&file, raw.order.as_deref());
            parsed_guide = Some(self.guide(&file, &raw, &entries));
        } else if !files.iter().any(|(name, _)| name == GUIDE) {
            let place = Place { file: GUIDE.to_owned(), line: 1 };
            self.error(
                &place,
                "the file is missing; it holds title, language and subject; uttor new writes one",
            );
        }
        lint::entries(&entries, &self.sources, &mut self.findings);
        if let Some(guide) = &parsed_guide {
            lint::guide(guide, &entries, &self.sources, &mut self.findings);
            wording::missing(guide, self.wording.as_ref(), &mut self.findings);
        }
        lint::texts(&self.sources, &mut self.findings);
        lint::phrasings(&self.sources.said, &mut self.findings);
        lint::scripts(&self.sources.said, &mut self.findings);
        self.findings.sort();
        let sound = self.findings.iter().all(|finding| finding.severity != Severity::Error);
        let faq = parsed_guide.filter(|_| sound).map(|guide| Faq {
            wording: Arc::new(Wording::new(&guide.language, self.wording.unwrap_or_default())),
            guide,
            entries,
            smalltalk: self.smalltalk,
            topics: self.topics,
            handoff: self.handoff,
            distress: self.distress,
            fit: self.fit,
        });
        Reading { faq, findings: self.findings, sources: self.sources }
    }
}
