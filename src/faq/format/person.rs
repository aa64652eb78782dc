//! `handoff.toml` and `distress.toml`: what people say who want a person or are in despair, and what they get.

use serde::Deserialize;
use time::{Date, Month};
use toml::Spanned;
use toml::value::Datetime;

use super::Reader;
use crate::faq::finding::File;
use crate::faq::lint::Checked;
use crate::faq::{Distress, EntryId, Handoff, HelpLine};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawHandoff {
    reply: Spanned<String>,
    reply_without_contact: Spanned<String>,
    phrasings: Vec<Spanned<String>>,
    #[serde(default)]
    counter_examples: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDistress {
    reply: Spanned<String>,
    phrasings: Vec<Spanned<String>>,
    #[serde(default)]
    counter_examples: Vec<Spanned<String>>,
    lines: Spanned<Vec<RawLine>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLine {
    name: Spanned<String>,
    number: Spanned<String>,
    source: Spanned<String>,
    checked: Spanned<Datetime>,
}

impl Reader {
    pub(super) fn handoff(&mut self, file: &File<'_>) -> Option<Handoff> {
        let raw: RawHandoff = self.toml(file)?;
        let [reply, reply_without_contact] =
            [&raw.reply, &raw.reply_without_contact].map(|raw| self.text(file, "reply", raw));
        let (phrasings, counter_examples) =
            self.examples(file, "handoff", &raw.phrasings, &raw.counter_examples)?;
        Some(Handoff { reply, reply_without_contact, phrasings, counter_examples })
    }

    pub(super) fn distress(&mut self, file: &File<'_>) -> Option<Distress> {
        let raw: RawDistress = self.toml(file)?;
        let reply = self.text(file, "reply", &raw.reply);
        let (phrasings, counter_examples) =
            self.examples(file, "distress", &raw.phrasings, &raw.counter_examples)?;
        if raw.lines.get_ref().is_empty() {
            self.error(&file.place(&raw.lines.span()), "there is no help line, write at least one [[lines]]");
        }
        let lines = raw.lines.get_ref().iter().filter_map(|raw| self.line(file, raw)).collect();
        Some(Distress { reply, lines, phrasings, counter_examples })
    }

    /// The phrasings and the counter-examples.
    fn examples(
        &mut self,
        file: &File<'_>,
        owner: &str,
        phrasings: &[Spanned<String>],
        counter_examples: &[Spanned<String>],
    ) -> Option<(Vec<String>, Vec<String>)> {
        let owner: EntryId = owner.parse().ok()?;
        let counter: EntryId = format!("{owner}-counter-examples").parse().ok()?;
        let (phrasings, _) = self.phrasings(file, &owner, "phrasing", phrasings);
        let (counter_examples, _) = self.phrasings(file, &counter, "counter-example", counter_examples);
        Some((phrasings, counter_examples))
    }

    fn line(&mut self, file: &File<'_>, raw: &RawLine) -> Option<HelpLine> {
        let name = self.text(file, "name", &raw.name);
        let number = raw.number.get_ref().clone();
        let is_number = number.bytes().any(|byte| byte.is_ascii_digit())
            && number.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-'));
        if !is_number {
            let message = format!("{number:?} is no number to call, use 0-9, + and -");
            self.error(&file.place(&raw.number.span()), message);
        }
        let source = raw.source.get_ref().clone();
        if !source.starts_with("https://") && !source.starts_with("http://") {
            let message = format!("{source:?} is no web address, name the page that states the number");
            self.error(&file.place(&raw.source.span()), message);
        }
        let place = file.place(&raw.checked.span());
        let Some(checked) = date(raw.checked.get_ref()) else {
            self.error(&place, format!("{} is no date, write for example 2026-11-30", raw.checked.get_ref()));
            return None;
        };
        self.sources.checked.push(Checked { number: number.clone(), on: checked, place });
        Some(HelpLine { name, number, source, checked })
    }
}

fn date(read: &Datetime) -> Option<Date> {
    let date = read.date.filter(|_| read.time.is_none())?;
    Date::from_calendar_date(date.year.into(), Month::try_from(date.month).ok()?, date.day).ok()
}
