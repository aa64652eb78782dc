//! From the content to a matcher.

use rustc_hash::{FxHashMap, FxHashSet};

use super::decide::fit;
use super::features::{Feature, Word, extract, utterance_hash, words};
use super::index::{Dictionary, Postings};
use super::learn::many::Many;
use super::learn::{Dense, Samples};
use super::nearest::Nearest;
use super::overlay::Known;
use super::swap;
use super::vocabulary::Vocabulary;
use super::weights::{DENSE_ENTRIES, FEW_WORDINGS, NEGLIGIBLE, NEGLIGIBLE_KIND};
use super::{Kind, Matcher, person};
use crate::faq::{EntryId, Faq, GREETING};
use crate::text::normalize::normalize;

/// Every utterance that is learned from, with its class: the entries in order, then small talk, topics, and
/// [`person::examples`].
struct Utterances {
    /// One utterance behind the other.
    words: Vec<Word>,
    /// Where each stops.
    ends: Vec<usize>,
    classes: Vec<u32>,
    samples: Samples,
    /// The classes of the samples behind those, which are made (see [`swap`]).
    made: Vec<u32>,
}

impl Matcher {
    /// Learns from everything `faq` holds; the same content gives the same matcher on every machine.
    pub fn learn(faq: &Faq) -> Self {
        let entries = faq.entries.len();
        let kinds: Vec<Kind> = (faq.smalltalk.iter().map(|kind| Kind::Smalltalk(kind.id.clone())))
            .chain(faq.topics.iter().map(|topic| Kind::Topic(topic.id.clone())))
            .collect();
        let (utterances, dictionary) = collect(faq);
        let (meanings, others, persons) = std::thread::scope(|scope| {
            let others = scope.spawn(|| {
                let model = Dense::learn(
                    &utterances.samples,
                    dictionary.len(),
                    kinds.len(),
                    |class| (class as usize).checked_sub(entries).filter(|kind| *kind < kinds.len()),
                    |_| 1.0,
                );
                Postings::of_dense(&model, dictionary.len(), NEGLIGIBLE_KIND)
            });
            let persons =
                scope.spawn(|| person::learn(&utterances.samples, dictionary.len(), entries + kinds.len()));
            let meanings = meanings(faq, &utterances.samples, dictionary.len());
            // A panic over there goes on here.
            let done = |panic| std::panic::resume_unwind(panic);
            (meanings, others.join().unwrap_or_else(done), persons.join().unwrap_or_else(done))
        });
        let starts = std::iter::once(0).chain(utterances.ends.iter().copied());
        let learned = starts
            .zip(&utterances.ends)
            .zip(&utterances.classes)
            .map(|((start, end), class)| (&utterances.words[start..*end], (*class).min(entries as u32)));
        let vocabulary = Vocabulary::of(learned.clone());
        let nearest = Nearest::of(learned, entries as u32);
        let mut verbatim: FxHashMap<u64, Option<u16>> = FxHashMap::default();
        let mut start = 0;
        for (end, class) in utterances.ends.iter().zip(&utterances.classes) {
            let class = (*class).min(entries as u32) as u16;
            verbatim
                .entry(utterance_hash(&utterances.words[start..*end]))
                .and_modify(|known| *known = known.filter(|known| *known == class))
                .or_insert(Some(class));
            start = *end;
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
            vocabulary,
            nearest,
            wordings: wordings(faq).ln(),
            dictionary,
            meanings,
            others,
            persons,
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
fn meanings(faq: &Faq, samples: &Samples, dimensions: usize) -> Postings {
    let none = faq.entries.len();
    let class_of = |class: u32| (class as usize).min(none);
    if none <= DENSE_ENTRIES {
        let model = Dense::learn(samples, dimensions, none + 1, |class| Some(class_of(class)), |_| 1.0);
        Postings::of_dense(&model, dimensions, NEGLIGIBLE)
    } else {
        let model = Many::learn(samples, dimensions, none + 1, class_of);
        let rows = (0..dimensions).map(|dimension| model.row(dimension).to_vec());
        Postings::of_rows(rows, model.bias().to_vec(), NEGLIGIBLE)
    }
}

/// Reads every utterance, and numbers the features that are worth learning.
fn collect(faq: &Faq) -> (Utterances, Dictionary) {
    let mut utterances = Utterances {
        words: Vec::new(),
        ends: Vec::new(),
        classes: Vec::new(),
        samples: Samples::default(),
        made: Vec::new(),
    };
    let mut features: Vec<Feature> = Vec::new();
    let mut feature_ends = Vec::new();
    let greeting = |id: &EntryId| id.as_str() == GREETING;
    let entries =
        faq.entries.iter().map(|entry| std::iter::once(&entry.question).chain(&entry.phrasings).collect());
    let smalltalk = faq.smalltalk.iter().map(|kind| {
        let words = if greeting(&kind.id) { faq.guide.greeting_words.as_slice() } else { &[] };
        kind.phrasings.iter().chain(words).collect()
    });
    let topics = faq.topics.iter().map(|topic| topic.examples.iter().collect());
    let classes: Vec<Vec<&String>> =
        entries.chain(smalltalk).chain(topics).chain(person::examples(faq)).collect();
    for (class, texts) in classes.iter().enumerate() {
        for text in texts {
            let normalized = normalize(text);
            let words = words(&normalized);
            extract(&words, &mut features);
            feature_ends.push(features.len());
            utterances.words.extend(words);
            utterances.ends.push(utterances.words.len());
            utterances.classes.push(class as u32);
        }
    }
    let subject = subject_units(faq);
    let (entries, none) = (faq.entries.len() as u32, classes.len() as u32);
    let mut start = 0;
    for (number, end) in utterances.ends.iter().enumerate() {
        let (words, class) = (&utterances.words[start..*end], utterances.classes[number]);
        start = *end;
        if class >= entries {
            break;
        }
        let swapped = swap::about_another(words, number, |word| subject.contains(&word.unit()));
        let noisy = swap::with_a_strange_word(words, number);
        for (words, class) in
            swapped.map(|words| (words, none)).into_iter().chain(noisy.map(|words| (words, class)))
        {
            extract(&words, &mut features);
            feature_ends.push(features.len());
            utterances.made.push(class);
        }
    }
    let dictionary = Dictionary::of(&features, &feature_ends);
    let mut start = 0;
    for (end, class) in feature_ends.into_iter().zip(utterances.classes.iter().chain(&utterances.made)) {
        utterances.samples.push(dictionary.vector(&features[start..end]), *class);
        start = end;
    }
    (utterances, dictionary)
}

/// The words that name what the guide is about, as units.
fn subject_units(faq: &Faq) -> FxHashSet<u64> {
    let subjects = faq.guide.subjects.iter().chain([&faq.guide.subject]);
    subjects.flat_map(|subject| words(&normalize(subject))).map(|word| word.unit()).collect()
}
