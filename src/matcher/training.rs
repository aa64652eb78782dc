//! From the content to a matcher.

use rustc_hash::{FxHashMap, FxHashSet};

use super::decide::fit;
use super::features::{Feature, Word, extract, utterance_hash, words};
use super::index::{Dictionary, Gathered};
use super::learn::many::Many;
use super::learn::{Dense, Samples};
use super::nearest::Nearest;
use super::overlay::Known;
use super::postings::{Learned, Postings};
use super::spellings::{Spelled, Spellings};
use super::swap;
use super::vocabulary::Vocabulary;
use super::weights::{DENSE_ENTRIES, DENSE_WEIGHTS, FEW_WORDINGS, NEGLIGIBLE, NEGLIGIBLE_KIND};
use super::{Kind, Matcher, person};
use crate::faq::{EntryId, Faq, GREETING};
use crate::text::normalize::normalize;

/// Every utterance that is learned from, with its class: the entries in order, then small talk, topics, and
/// [`person::examples`].
#[derive(Default)]
struct Utterances {
    spellings: Spellings,
    /// One utterance behind the other.
    spelled: Vec<Spelled>,
    /// Where each stops.
    ends: Vec<usize>,
    classes: Vec<u32>,
}

impl Utterances {
    /// The words of each, with its class.
    fn words(&self) -> impl Iterator<Item = (Vec<Word>, u32)> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let ranges = starts.zip(&self.ends);
        let words = ranges.map(|(start, end)| self.spellings.words(&self.spelled[start..*end]));
        words.zip(self.classes.iter().copied())
    }

    /// The same, and behind them those that are made of them (see [`swap`]).
    fn with_made(&self, faq: &Faq) -> impl Iterator<Item = (Vec<Word>, u32)> {
        let subject = subject_units(faq);
        let (entries, none) = (faq.entries.len() as u32, u32::MAX);
        let of_entries = self.words().take_while(move |(_, class)| *class < entries);
        let made = of_entries.enumerate().flat_map(move |(number, (words, class))| {
            let swapped = swap::about_another(&words, number, |word| subject.contains(&word.unit()));
            let noisy = swap::with_a_strange_word(&words, number);
            let swapped = swapped.map(|words| (words, none));
            swapped.into_iter().chain(noisy.map(|words| (words, class)))
        });
        self.words().chain(made)
    }

    /// Numbers the features that are worth learning.
    fn dictionary(&self, faq: &Faq) -> Dictionary {
        let mut utterances: FxHashMap<Feature, u32> = FxHashMap::default();
        let (mut total, mut own) = (0, Vec::new());
        for (words, _) in self.with_made(faq) {
            total += 1;
            own.clear();
            extract(&words, |feature| own.push(feature));
            own.sort_unstable();
            own.dedup();
            own.iter().for_each(|feature| *utterances.entry(*feature).or_default() += 1);
        }
        Dictionary::of(utterances, total)
    }

    fn samples<'a>(&self, faq: &Faq, dictionary: &'a Dictionary) -> Samples<'a> {
        let mut samples = Samples::new(dictionary);
        let mut gathered = Gathered::default();
        for (words, class) in self.with_made(faq) {
            self.spellings.gather(&words, dictionary, &mut gathered);
            samples.push(&mut gathered, class);
        }
        samples
    }
}

impl Matcher {
    /// Learns from everything `faq` holds; the same content gives the same matcher on every machine.
    pub fn learn(faq: &Faq) -> Self {
        let entries = faq.entries.len();
        let kinds: Vec<Kind> = (faq.smalltalk.iter().map(|kind| Kind::Smalltalk(kind.id.clone())))
            .chain(faq.topics.iter().map(|topic| Kind::Topic(topic.id.clone())))
            .collect();
        let mut utterances = collect(faq);
        let dictionary = utterances.dictionary(faq);
        utterances.spellings.look_up(&dictionary);
        let samples = utterances.samples(faq, &dictionary);
        let dimensions = dictionary.len();
        let kind = |class: u32| (class as usize).checked_sub(entries).filter(|kind| *kind < kinds.len());
        let (meanings, others, persons) = std::thread::scope(|scope| {
            let others = scope.spawn(|| Dense::learn(&samples, dimensions, kinds.len(), kind, |_| 1.0));
            let persons = scope.spawn(|| person::learn(&samples, dimensions, entries + kinds.len()));
            let meanings = Meanings::learn(&samples, dimensions, entries);
            // A panic over there goes on here.
            let done = |panic| std::panic::resume_unwind(panic);
            (meanings, others.join().unwrap_or_else(done), persons.join().unwrap_or_else(done))
        });
        drop(samples);
        let meant = |class: u32| class.min(entries as u32);
        let vocabulary = Vocabulary::of(utterances.words().map(|(words, class)| (words, meant(class))));
        let nearest =
            Nearest::of(utterances.words().map(|(words, class)| (words, meant(class))), entries as u32);
        let mut verbatim: FxHashMap<u64, Option<u16>> = FxHashMap::default();
        for (words, class) in utterances.words() {
            let class = meant(class) as u16;
            verbatim
                .entry(utterance_hash(&words))
                .and_modify(|known| *known = known.filter(|known| *known == class))
                .or_insert(Some(class));
        }
        let few = faq.entries.iter().filter(|entry| entry.phrasings.len() < FEW_WORDINGS);
        let known = Known::of(few.map(|entry| {
            let wordings = std::iter::once(&entry.question).chain(&entry.phrasings).map(String::as_str);
            (Some(&entry.id), wordings.collect(), Some(entry.answer.as_str()))
        }));
        Self {
            known,
            verbatim,
            subject: faq.guide.subject.clone(),
            subject_units: subject_units(faq),
            entries: faq.entries.iter().map(|entry| entry.id.clone()).collect(),
            kinds,
            spellings: utterances.spellings.kept(),
            vocabulary,
            nearest,
            wordings: wordings(faq).ln(),
            weights: postings(&meanings, &others, &persons, &dictionary.by_frequency()),
            dictionary,
            calibration: fit(faq).calibration,
        }
    }
}

/// How many wordings an entry has, at least 1.
fn wordings(faq: &Faq) -> f32 {
    let all: usize = faq.entries.iter().map(|entry| entry.phrasings.len() + 1).sum();
    (all as f32 / faq.entries.len().max(1) as f32).max(1.0)
}

/// The weights of the entries and of none of them.
enum Meanings {
    Dense(Dense),
    Many(Many),
}

impl Meanings {
    /// Of so many `entries`; all other samples are of none of them.
    fn learn(samples: &Samples<'_>, dimensions: usize, entries: usize) -> Self {
        let class_of = |class: u32| (class as usize).min(entries);
        if entries <= DENSE_ENTRIES || dimensions * (entries + 1) <= DENSE_WEIGHTS {
            let class_of = |class| Some(class_of(class));
            Self::Dense(Dense::learn(samples, dimensions, entries + 1, class_of, |_| 1.0))
        } else {
            Self::Many(Many::learn(samples, dimensions, entries + 1, class_of))
        }
    }
}

/// What was learned, ready to score messages: all in one where that has few classes.
fn postings(meanings: &Meanings, others: &Dense, persons: &Dense, order: &[u32]) -> Vec<Postings> {
    fn row(model: &Dense) -> impl Fn(usize) -> Vec<(u16, f32)> {
        move |dimension| (0..).zip(model.row(dimension).iter().copied()).collect()
    }
    let (of_others, of_persons) = (row(others), row(persons));
    let others = Learned { row: &of_others, bias: others.bias(), negligible: NEGLIGIBLE_KIND };
    let persons = Learned { row: &of_persons, bias: persons.bias(), negligible: NEGLIGIBLE_KIND };
    match meanings {
        Meanings::Dense(model) => {
            let row = row(model);
            let meanings = Learned { row: &row, bias: model.bias(), negligible: NEGLIGIBLE };
            vec![Postings::of(&[meanings, others, persons], order)]
        }
        Meanings::Many(model) => {
            let row = |dimension| model.row(dimension).to_vec();
            let meanings = Learned { row: &row, bias: model.bias(), negligible: NEGLIGIBLE };
            vec![Postings::of(&[meanings], order), Postings::of(&[others, persons], order)]
        }
    }
}

/// Reads every utterance.
fn collect(faq: &Faq) -> Utterances {
    let greeting = |id: &EntryId| id.as_str() == GREETING;
    let entries =
        faq.entries.iter().map(|entry| std::iter::once(&entry.question).chain(&entry.phrasings).collect());
    let smalltalk = faq.smalltalk.iter().map(|kind| {
        let words = if greeting(&kind.id) { faq.guide.greeting_words.as_slice() } else { &[] };
        kind.phrasings.iter().chain(words).collect()
    });
    let topics = faq.topics.iter().map(|topic| topic.examples.iter().collect());
    let classes = entries.chain(smalltalk).chain(topics).chain(person::examples(faq));
    let mut utterances = Utterances::default();
    for (class, texts) in classes.enumerate() {
        let texts: Vec<&String> = texts;
        for text in texts {
            utterances.spellings.learn(&normalize(text), &mut utterances.spelled);
            utterances.ends.push(utterances.spelled.len());
            utterances.classes.push(class as u32);
        }
    }
    utterances
}

/// The words that name what the guide is about, as units.
fn subject_units(faq: &Faq) -> FxHashSet<u64> {
    let subjects = faq.guide.subjects.iter().chain([&faq.guide.subject]);
    subjects.flat_map(|subject| words(&normalize(subject))).map(|word| word.unit()).collect()
}
