//! Statistics: the counts that the store holds of some days, for people and for programs.

use std::collections::BTreeMap;
use std::io;

use serde::{Serialize, Serializer};
use time::Date;

use crate::id::EntryId;
use crate::store::{ClusterState, Clusters, Day, Error, Store, StoredQuestion, Tally, Verdicts};

/// How many unanswered questions are listed.
const MAX_QUESTIONS: u32 = 10;

/// How many questions are listed that led to an answer with many 👎.
const MAX_LED_QUESTIONS: u32 = 5;

/// An answer is listed as disliked from so many 👎 on: one or two say little …
const MIN_UNHELPFUL: u64 = 3;

/// … and only if they are at least one in so many of its judgements.
const UNHELPFUL_ONE_IN: u64 = 4;

/// What the store has counted from one day to another.
#[derive(Debug, Serialize)]
pub struct Statistics {
    /// The first day.
    #[serde(serialize_with = "date")]
    pub from: Day,
    /// The last day.
    #[serde(serialize_with = "date")]
    pub to: Day,
    /// All messages; presses of 👍 and 👎 are none.
    pub messages: Outcomes,
    /// By channel.
    pub channels: Vec<Channel>,
    /// By day; days without messages are left out.
    pub days: Vec<OneDay>,
    /// By entry, those answered most first.
    pub entries: Vec<OneEntry>,
    /// Open unanswered questions, whenever they were asked.
    pub unanswered: Open,
    /// All judgements.
    pub feedback: Judgements,
    /// Answers with many 👎, those with the most first.
    pub disliked: Vec<Disliked>,
}

/// How many messages got which reply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// An answer.
    pub answer: u64,
    /// Suggestions.
    pub suggest: u64,
    /// A way to a person.
    pub handoff: u64,
    /// Help lines.
    pub distress: u64,
    /// A friendly line.
    pub smalltalk: u64,
    /// The article's link.
    pub fallback: u64,
    /// Nothing.
    pub silent: u64,
}

/// A channel's messages.
#[derive(Debug, Serialize)]
pub struct Channel {
    /// Its name.
    pub channel: String,
    /// They got these replies.
    #[serde(flatten)]
    pub messages: Outcomes,
}

/// A day's messages.
#[derive(Debug, Serialize)]
pub struct OneDay {
    /// The day.
    #[serde(serialize_with = "date")]
    pub day: Day,
    /// They got these replies.
    #[serde(flatten)]
    pub messages: Outcomes,
}

/// An entry's answers.
#[derive(Debug, Serialize)]
pub struct OneEntry {
    /// The entry.
    #[serde(serialize_with = "text")]
    pub entry: EntryId,
    /// How often it was answered.
    pub answers: u64,
    /// How that was judged.
    #[serde(flatten)]
    pub judgements: Judgements,
}

/// 👍 and 👎.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Judgements {
    /// 👍
    pub helpful: u64,
    /// 👎
    pub unhelpful: u64,
}

/// Open unanswered questions.
#[derive(Debug, Serialize)]
pub struct Open {
    /// How many groups of questions.
    pub groups: u64,
    /// Those asked most.
    pub questions: Vec<Asked>,
}

/// A question and how often it was asked.
#[derive(Debug, Serialize)]
pub struct Asked {
    /// What `uttor teach` calls its group.
    pub number: i64,
    /// Its wording, masked.
    pub text: String,
    /// How often.
    pub asked: u64,
}

/// An answer with many 👎.
#[derive(Debug, Serialize)]
pub struct Disliked {
    /// Whose answer it is.
    #[serde(serialize_with = "text")]
    pub entry: EntryId,
    /// How it was judged.
    #[serde(flatten)]
    pub judgements: Judgements,
    /// The questions that led to it.
    pub questions: Vec<Asked>,
}

impl Statistics {
    /// Of the last `days` days, today included; `offset` is the guide's time in minutes east of Greenwich.
    ///
    /// # Errors
    ///
    /// The store cannot be read.
    pub async fn read(store: &Store, days: u32, now: i64, offset: i32) -> Result<Self, Error> {
        let to = Day::of(now, offset);
        let from = Day(to.0 - i64::from(days.max(1)) + 1);
        let tallies = store.tallies(from, to).await?;
        let verdicts = store.verdicts(from.start(offset)).await?;
        let which = Clusters { state: ClusterState::Open, scope: None, limit: MAX_QUESTIONS, skip: 0 };
        let questions = store.clusters(&which).await?.into_iter();
        let unanswered = Open {
            groups: store.open_clusters().await?,
            questions: questions
                .map(|cluster| Asked { number: cluster.id.0, text: cluster.text, asked: cluster.asked })
                .collect(),
        };
        let mut disliked = Vec::new();
        for verdict in verdicts.iter().filter(|verdict| is_disliked(verdict)) {
            let questions = store.questions_that_led_to(&verdict.entry, MAX_LED_QUESTIONS).await?;
            disliked.push(Disliked {
                entry: verdict.entry.clone(),
                judgements: verdict.into(),
                questions: questions.into_iter().map(Asked::from).collect(),
            });
        }
        Ok(Self {
            from,
            to,
            messages: sum(&tallies),
            channels: group(&tallies, |tally| tally.channel.clone())
                .map(|(channel, messages)| Channel { channel, messages })
                .collect(),
            days: group(&tallies, |tally| tally.day)
                .map(|(day, messages)| OneDay { day, messages })
                .collect(),
            entries: entries(&tallies, &verdicts),
            unanswered,
            feedback: verdicts.iter().fold(Judgements::default(), |sum, verdict| Judgements {
                helpful: sum.helpful + verdict.helpful,
                unhelpful: sum.unhelpful + verdict.unhelpful,
            }),
            disliked,
        })
    }
}

impl Outcomes {
    /// All messages.
    pub fn total(self) -> u64 {
        self.answer
            + self.suggest
            + self.handoff
            + self.distress
            + self.smalltalk
            + self.fallback
            + self.silent
    }

    /// The share answered of what was asked of the bot, 0..=1; small talk is not asked, and what was passed over in
    /// silence was not asked of the bot. None where nothing was asked.
    pub fn share_answered(self) -> Option<f64> {
        let asked = self.answer + self.suggest + self.fallback;
        (asked > 0).then(|| self.answer as f64 / asked as f64)
    }

    fn add(&mut self, tally: &Tally) {
        let count = match tally.outcome.as_str() {
            "answer" => &mut self.answer,
            "suggest" => &mut self.suggest,
            "handoff" => &mut self.handoff,
            "distress" => &mut self.distress,
            "smalltalk" => &mut self.smalltalk,
            "fallback" => &mut self.fallback,
            "silent" => &mut self.silent,
            // A newer program's.
            _ => return,
        };
        *count += tally.messages;
    }
}

impl Serialize for Outcomes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap as _;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("total", &self.total())?;
        map.serialize_entry("answer", &self.answer)?;
        map.serialize_entry("suggest", &self.suggest)?;
        map.serialize_entry("handoff", &self.handoff)?;
        map.serialize_entry("distress", &self.distress)?;
        map.serialize_entry("smalltalk", &self.smalltalk)?;
        map.serialize_entry("fallback", &self.fallback)?;
        map.serialize_entry("silent", &self.silent)?;
        map.serialize_entry("share_answered", &self.share_answered())?;
        map.end()
    }
}

impl From<&Verdicts> for Judgements {
    fn from(verdicts: &Verdicts) -> Self {
        Self { helpful: verdicts.helpful, unhelpful: verdicts.unhelpful }
    }
}

impl From<StoredQuestion> for Asked {
    fn from(question: StoredQuestion) -> Self {
        Self { number: question.cluster.0, text: question.text, asked: question.asked }
    }
}

fn is_disliked(verdict: &Verdicts) -> bool {
    let judged = verdict.helpful + verdict.unhelpful;
    verdict.unhelpful >= MIN_UNHELPFUL && verdict.unhelpful * UNHELPFUL_ONE_IN >= judged
}

fn sum<'a>(tallies: impl IntoIterator<Item = &'a Tally>) -> Outcomes {
    tallies.into_iter().fold(Outcomes::default(), |mut sum, tally| {
        sum.add(tally);
        sum
    })
}

fn group<K: Ord>(tallies: &[Tally], key: impl Fn(&Tally) -> K) -> impl Iterator<Item = (K, Outcomes)> {
    let mut groups: BTreeMap<K, Outcomes> = BTreeMap::new();
    for tally in tallies {
        groups.entry(key(tally)).or_default().add(tally);
    }
    groups.into_iter()
}

/// Those that were answered or judged, those answered most first.
fn entries(tallies: &[Tally], verdicts: &[Verdicts]) -> Vec<OneEntry> {
    let mut entries: BTreeMap<&EntryId, (u64, Judgements)> = BTreeMap::new();
    for tally in tallies {
        if let Some(entry) = &tally.entry {
            entries.entry(entry).or_default().0 += tally.messages;
        }
    }
    for verdict in verdicts {
        entries.entry(&verdict.entry).or_default().1 = verdict.into();
    }
    let mut entries: Vec<OneEntry> = entries
        .into_iter()
        .map(|(entry, (answers, judgements))| OneEntry { entry: entry.clone(), answers, judgements })
        .collect();
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.answers));
    entries
}

/// The counts as CSV: a row for each day, channel, outcome and entry, and for each entry's judgements; columns `measure`
/// (`messages`, `helpful`, `unhelpful`, `open`), `day`, `channel`, `outcome`, `entry`, `count`.
///
/// # Errors
///
/// `out` cannot be written.
pub fn csv(
    out: impl io::Write,
    tallies: &[Tally],
    verdicts: &[Verdicts],
    open: u64,
) -> Result<(), ::csv::Error> {
    let mut out = ::csv::Writer::from_writer(out);
    out.write_record(["measure", "day", "channel", "outcome", "entry", "count"])?;
    for Tally { day, channel, outcome, entry, messages } in tallies {
        let (day, count) = (iso(*day), messages.to_string());
        let entry = entry.as_ref().map_or("", |entry| entry.as_str());
        out.write_record(["messages", &day, channel, outcome, entry, &count])?;
    }
    for Verdicts { entry, helpful, unhelpful } in verdicts {
        for (measure, count) in [("helpful", helpful), ("unhelpful", unhelpful)] {
            out.write_record([measure, "", "", "", entry.as_str(), &count.to_string()])?;
        }
    }
    out.write_record(["open", "", "", "", "", &open.to_string()])?;
    Ok(out.flush()?)
}

/// A day as ISO 8601 has it.
///
/// ```
/// use uttor::statistics::iso;
/// use uttor::store::Day;
/// assert_eq!(iso(Day::of(1_700_000_000, 0)), "2023-11-14");
/// ```
pub fn iso(day: Day) -> String {
    // 1970-01-01 is Julian day 2,440,588.
    let julian = i32::try_from(day.0 + 2_440_588).ok();
    julian
        .and_then(|julian| Date::from_julian_day(julian).ok())
        .map_or_else(String::new, |date| date.to_string())
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde calls")]
fn date<S: Serializer>(day: &Day, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&iso(*day))
}

fn text<S: Serializer>(entry: &EntryId, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(entry.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_talk_and_silence_are_no_questions() {
        let outcomes = Outcomes {
            answer: 3,
            suggest: 2,
            handoff: 0,
            distress: 0,
            smalltalk: 10,
            fallback: 1,
            silent: 100,
        };
        assert_eq!(outcomes.share_answered(), Some(0.5));
        assert_eq!(outcomes.total(), 116);
        assert_eq!(Outcomes { smalltalk: 1, ..Outcomes::default() }.share_answered(), None);
    }

    #[test]
    fn many_are_three_and_a_quarter_of_all() -> anyhow::Result<()> {
        for (helpful, unhelpful, expected) in [(0, 2, false), (0, 3, true), (9, 3, true), (10, 3, false)] {
            let verdict = Verdicts { entry: "mobile".parse()?, helpful, unhelpful };
            assert_eq!(is_disliked(&verdict), expected, "{helpful} {unhelpful}");
        }
        Ok(())
    }
}
