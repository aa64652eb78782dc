//! From the content to a matcher.

use rustc_hash::FxHashMap;

use super::features::{Feature, Strange, Word, extract, utterance_hash, words};
use super::index::{Dictionary, Postings};
use super::learn::many::Many;
use super::learn::{Dense, Samples};
use super::vocabulary::Vocabulary;
use super::weights::{DENSE_ENTRIES, NEGLIGIBLE, NEGLIGIBLE_KIND, STATEMENT_IMPORTANCE};
use super::decide::fit;
use super::overlay::Known;
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
    /// The classes of the samples behind those.
    swapped: Vec<u32>,
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
            let persons = scope.spawn(|| person::learn(&utterances.samples, dictionary.len(), entries + kinds.len()));
            let meanings = meanings(faq, &utterances.samples, dictionary.len());
            // A panic over there goes on here.
            let done = |panic| std::panic::resume_unwind(panic);
            (meanings, others.join().unwrap_or_else(done), persons.join().unwrap_or_else(done))
        });
        let starts = std::iter::once(0).chain(utterances.ends.iter().copied());
        let vocabulary = Vocabulary::of(
            starts
                .zip(&utterances.ends)
                .zip(&utterances.classes)
                .map(|((start, end), class)| (&utterances.words[start..*end], (*class).min(entries as u32))),
        );
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
        let few = faq.entries.iter().filter(|entry| entry.phrasings.len() < few_wordings());
        let known = Known::of(few.map(|entry| {
            let wordings = std::iter::once(&entry.question).chain(&entry.phrasings).map(String::as_str);
            (Some(&entry.id), wordings.collect(), Some(entry.answer.as_str()))
        }));
        Self {
            known,
            verbatim,
            subject: faq.guide.subject.clone(),
            entries: faq.entries.iter().map(|entry| entry.id.clone()).collect(),
            kinds,
            vocabulary,
            dictionary,
            meanings,
            others,
            persons,
            calibration: fit(faq).calibration,
        }
    }
}

/// The weights of the entries, of none of them, and of asking.
fn meanings(faq: &Faq, samples: &Samples, dimensions: usize) -> Postings {
    let none = faq.entries.len();
    let class_of = |class: u32| (class as usize).min(none);
    let asking = asking(faq, samples, dimensions);
    let asks = |dimension: usize| ((none + 1) as u16, asking.row(dimension)[1] - asking.row(dimension)[0]);
    let asks_bias = asking.bias()[1] - asking.bias()[0];
    if none <= DENSE_ENTRIES {
        let model = Dense::learn(samples, dimensions, none + 1, |class| Some(class_of(class)), |_| 1.0);
        let row = |dimension| {
            let row = model.row(dimension).iter().enumerate();
            row.map(|(class, weight)| (class as u16, *weight)).chain([asks(dimension)]).collect()
        };
        Postings::of_rows((0..dimensions).map(row), [model.bias(), &[asks_bias]].concat(), NEGLIGIBLE)
    } else {
        let model = Many::learn(samples, dimensions, none + 1, class_of);
        let row = |dimension| model.row(dimension).iter().copied().chain([asks(dimension)]).collect();
        Postings::of_rows((0..dimensions).map(row), [model.bias(), &[asks_bias]].concat(), NEGLIGIBLE)
    }
}

/// Tells what asks (class 1) from what states (class 0): the phrasings and the topics that are questions from those
/// that are not. Small talk is neither.
fn asking(faq: &Faq, samples: &Samples, dimensions: usize) -> Dense {
    let entries = faq.entries.len();
    let class_of = |class: u32| {
        let class = class as usize;
        if class < entries {
            return Some(1);
        }
        let topic = faq.topics.get(class.checked_sub(entries + faq.smalltalk.len())?)?;
        Some(usize::from(!topic.statement))
    };
    Dense::learn(
        samples,
        dimensions,
        2,
        class_of,
        |class| if class == 0 { STATEMENT_IMPORTANCE } else { 1.0 },
    )
}

/// Reads every utterance, and numbers the features that are worth learning.
fn collect(faq: &Faq) -> (Utterances, Dictionary) {
    let mut utterances =
        Utterances { words: Vec::new(), ends: Vec::new(), classes: Vec::new(), samples: Samples::default(), swapped: Vec::new() };
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
    let classes: Vec<Vec<&String>> = entries.chain(smalltalk).chain(topics).chain(person::examples(faq)).collect();
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
    let swapped = swapped(faq, &classes);
    for (words, class) in &swapped {
        extract(words, &mut features);
        feature_ends.push(features.len());
        utterances.swapped.push(*class);
    }
    let dictionary = Dictionary::of(&features, &feature_ends);
    let mut start = 0;
    for (end, class) in feature_ends.into_iter().zip(utterances.classes.iter().chain(&utterances.swapped)) {
        utterances.samples.push(dictionary.vector(&features[start..end]), *class);
        start = end;
    }
    (utterances, dictionary)
}

/// For each phrasing that names the subject, one about another object, which none of the entries answers.
fn swapped(faq: &Faq, classes: &[Vec<&String>]) -> Vec<(Vec<Word>, u32)> {
    let other = classes.len() as u32;
    let mut out = Vec::new();
    let mut n = 0;
    for (class, texts) in classes.iter().take(faq.entries.len()).enumerate() {
        for text in texts {
            let mut own = words(&normalize(text));
            let mut hit = false;
            for word in &mut own {
                if word.concept == Some(crate::text::concept::Concept::Freelancing) {
                    n += 1;
                    word.concept = None;
                    word.strange = Some(if n % 3 == 0 { Strange::Odd } else { Strange::Real });
                    word.swapped = true;
                    hit = true;
                }
            }
            if hit { out.push((own, other)); }
            n += 1;
            let every: usize = std::env::var("NOISE").ok().and_then(|x| x.parse().ok()).unwrap_or(3);
            let mut own = words(&normalize(text));
            if n % every == 0 && own.len() >= 3 {
                let at = n * 7 % own.len();
                if own[at].concept.is_none() || n % 2 == 0 {
                    let mut w = own[at];
                    w.concept = None;
                    w.strange = Some(if n % 4 < 2 { Strange::Odd } else { Strange::Real });
                    w.swapped = true;
                    if own[at].concept.is_none() { own[at] = w } else { own.insert(at, w) }
                    out.push((own, class as u32));
                }
            }
        }
    }
    out
}

fn few_wordings() -> usize { std::env::var("FEW").ok().and_then(|x| x.parse().ok()).unwrap_or(5) }
